"""The secret address by which an inventor without an account reads what they sign, confirms their share and signs."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.urls import reverse

from motrice.inventions.models import Inventor

SALT = "motrice.inventions.sign"
OPEN_FOR = timedelta(days=365)


def sign_token(inventor: Inventor) -> str:
    """What opens one disclosure to one inventor: it holds their key, so that a new key closes it."""
    return signing.dumps([inventor.reference, inventor.key], salt=SALT)


def sign_address(inventor: Inventor) -> str:
    """The whole address, for the mail."""
    return f"{settings.SITE_URL}{reverse('inventions:outside', args=[sign_token(inventor)])}"


def inventor_of(token: str) -> Inventor | None:
    """The inventor whom a token names; None when it is forged, too old or closed."""
    try:
        reference, key = signing.loads(token, salt=SALT, max_age=OPEN_FOR)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    rows = Inventor._base_manager.filter(reference=reference, key=key)
    return rows.select_related("disclosure__unit", "person").first()
