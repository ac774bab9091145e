"""Public references of records: random, so that neither order nor number of records can be read from them."""

import secrets

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # no 0/O, 1/I/L, U: read aloud without doubt
LENGTH = 8


def new_reference() -> str:
    """Eight characters out of thirty: one chance in 650 billion to meet a given one."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
