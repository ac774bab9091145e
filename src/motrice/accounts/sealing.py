"""Seal secrets that must be read again: whoever reads the database alone, or a backup of it, signs in as nobody.

The keys are derived from the site's secret key, the newest first; earlier ones still open what they sealed.
"""

from __future__ import annotations

import base64
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

SECOND_FACTOR = b"motrice: secrets of the second factor"
SHOWN_ONCE = b"motrice: secrets on their way to the page that shows them"


def seal(text: str, purpose: bytes = SECOND_FACTOR) -> str:
    """The text, unreadable without the site's secret key."""
    return _keys(purpose).encrypt(text.encode()).decode("ascii")


def unseal(sealed: str, purpose: bytes = SECOND_FACTOR) -> str:
    """The text again; a secret sealed with a key that the site no longer has is a fault of its settings."""
    try:
        return _keys(purpose).decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise ImproperlyConfigured(
            "A secret was sealed with another secret key: add that key to MOTRICE_OLD_SECRET_KEYS."
        ) from None


def _keys(purpose: bytes) -> MultiFernet:
    return _keys_of(purpose, settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)


@lru_cache(maxsize=8)
def _keys_of(purpose: bytes, *secrets: str) -> MultiFernet:
    return MultiFernet([Fernet(base64.urlsafe_b64encode(_derived(secret, purpose))) for secret in secrets])


def _derived(secret: str, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(secret.encode())
