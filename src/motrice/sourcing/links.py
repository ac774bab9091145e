"""Secret signed addresses for who has no account: confirming a submission, following one's need."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.core import signing

from motrice.sourcing.models import Need, VisitorSubmission

CONFIRM_SALT, FOLLOW_SALT = "motrice.sourcing.confirm", "motrice.sourcing.follow"
FOLLOW_FOR = timedelta(days=365)


def confirmation_address(submission: VisitorSubmission) -> str:
    """Where a visitor confirms what they sent; the address expires with the submission."""
    token = signing.dumps(submission.reference, salt=CONFIRM_SALT)
    return f"{settings.SITE_URL}/needs/confirm/{token}/"


def read_confirmation(token: str) -> str:
    """The reference of the submission that a token confirms; raises `BadSignature`."""
    return str(signing.loads(token, salt=CONFIRM_SALT))


def follow_token(need: Need) -> str:
    """What opens a need to its contact without an account: it holds the address, so that changing it closes it."""
    return signing.dumps([need.reference, need.contact_email], salt=FOLLOW_SALT)


def follow_address(need: Need) -> str:
    """Where a contact without an account follows their need and answers the desk."""
    return f"{settings.SITE_URL}/needs/follow/{follow_token(need)}/"


def read_follow(token: str) -> tuple[str, str]:
    """The need and the mail address of a token, for a year; raises `BadSignature`."""
    reference, email = signing.loads(token, salt=FOLLOW_SALT, max_age=FOLLOW_FOR)
    return str(reference), str(email)
