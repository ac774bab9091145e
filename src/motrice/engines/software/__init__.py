"""Software as an asset: licences by their SPDX identifiers, and the identifiers of Software Heritage."""

from motrice.engines.software.licences import (
    Concern,
    Family,
    LicenceTable,
    Part,
    UnknownLicence,
    concerns,
    normalise,
)
from motrice.engines.software.swhid import Swhid, UnfitSwhid, parse_swhid

__all__ = [
    "Concern",
    "Family",
    "LicenceTable",
    "Part",
    "Swhid",
    "UnfitSwhid",
    "UnknownLicence",
    "concerns",
    "normalise",
    "parse_swhid",
]
