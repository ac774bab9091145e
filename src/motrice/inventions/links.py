"""Secret addresses for who has no account: an inventor signs by theirs, an evaluator gives an opinion by theirs."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.urls import reverse

from motrice.inventions.models import Evaluator, Inventor

SALT, OPINION_SALT = "motrice.inventions.sign", "motrice.inventions.opinion"
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


def opinion_token(evaluator: Evaluator) -> str:
    """What opens one invitation to one evaluator from outside; the invitation itself says until when."""
    return signing.dumps([evaluator.reference, evaluator.key], salt=OPINION_SALT)


def opinion_address(evaluator: Evaluator) -> str:
    """The whole address, for the mail."""
    return f"{settings.SITE_URL}{reverse('inventions:outside_opinion', args=[opinion_token(evaluator)])}"


def evaluator_of(token: str) -> Evaluator | None:
    """The evaluator whom a token names, whether the address is still open or not; None when it is forged."""
    try:
        reference, key = signing.loads(token, salt=OPINION_SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    rows = Evaluator._base_manager.filter(reference=reference, key=key, user=None)
    return rows.select_related("disclosure__unit", "disclosure__office", "disclosure__owner", "invited_by").first()
