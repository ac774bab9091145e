"""Identifiers with right check characters, in ranges that no register has given.

Ranges (looked up on 2026-11-22 in the public lists named): SIREN beginning with 000, never attributed by INSEE; RNSR
sequences from 90000, where the list of 2022 stops at 24999; ROR identifiers beginning with 0dem, absent from the
registry; ORCID numbers at the very end of the second block, 0009-0009-9; UAI numbers of a département 099.
"""

CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"
FRENCH_KEY = "ABCDEFGHJKLMNPRSTUVWXYZ"


def _luhn(digits: str) -> str:
    """The last digit that makes a number pass ISO/IEC 7812-1."""
    total = 0
    for position, character in enumerate(reversed(digits)):
        value = int(character) * (2 if position % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def siren(rank: int) -> str:
    """The SIREN number of the invented company of this rank."""
    body = f"000{rank:05d}"
    return body + _luhn(body)


def siret(rank: int, establishment: int = 1) -> str:
    """The SIRET number of an establishment of the invented company of this rank."""
    body = f"{siren(rank)}{establishment:04d}"
    return body + _luhn(body)


def vat(rank: int) -> str:
    """The French VAT number that goes with a SIREN number."""
    number = siren(rank)
    return f"FR{(12 + 3 * (int(number) % 97)) % 97:02d}{number}"


def rnsr(year: int, rank: int) -> str:
    """The number of an invented research structure created in a year."""
    body = f"{year}{90000 + rank:05d}"
    return body + FRENCH_KEY[int(body) % 23]


def uai(rank: int) -> str:
    """The number of an invented school or university."""
    body = f"099{rank:04d}"
    return body + FRENCH_KEY[int(body) % 23]


def ror(rank: int) -> str:
    """The ROR identifier of the invented organisation of this rank."""
    body = "0dem" + "".join(CROCKFORD[rank // 32**power % 32] for power in (2, 1, 0))
    number = 0
    for character in body:
        number = number * 32 + CROCKFORD.index(character)
    return f"{body}{98 - (number * 100) % 97:02d}"


def orcid(rank: int) -> str:
    """The ORCID number of the invented person of this rank (ISO/IEC 7064 MOD 11-2)."""
    body = f"000900099{rank:06d}"
    total = 0
    for character in body:
        total = (total + int(character)) * 2
    key = (12 - total % 11) % 11
    full = body + ("X" if key == 10 else str(key))
    return "-".join(full[start : start + 4] for start in range(0, 16, 4))
