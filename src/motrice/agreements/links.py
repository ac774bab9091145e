"""Where agreements are shown."""

from __future__ import annotations

from urllib.parse import urlencode

from django.urls import reverse

from motrice.agreements.models import Agreement
from motrice.web.addresses import path_to


def agreement_url(agreement: Agreement) -> str:
    """The page of an agreement."""
    return path_to("agreements:agreement", agreement.reference)


def list_url(**chosen: object) -> str:
    """The list of agreements under these filters."""
    return f"{reverse('agreements:agreements')}?{urlencode(chosen, doseq=True)}"
