"""What is kept of a secret that is shown once: its hash."""

import hashlib


def digest(secret: str) -> str:
    """SHA-256 of a secret of 256 random bits: it cannot be searched, so that no slow hash is needed."""
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()
