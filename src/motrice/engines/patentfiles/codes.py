"""Codes of countries and offices (WIPO ST.3) and kinds of documents (ST.16), as small tables."""

from __future__ import annotations

import re


def _codes(text: str) -> frozenset[str]:
    return frozenset(text.split())


# ISO 3166-1 two-letter codes, as ST.3 takes them over.
STATES = _codes(
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY "
    "BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK "
    "FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR "
    "IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK "
    "ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM "
    "PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF "
    "TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW"
)
# Regional and international offices, and states that are no more but whose documents are cited.
OFFICES = _codes("AP BX EA EM EP GC IB OA QZ WO XN XV XU XX UP")
FORMER = _codes("DD SU YU CS")
KNOWN = STATES | OFFICES | FORMER
KIND = re.compile(r"^[A-Z][0-9]?$")
# What a kind says of a document, for the four offices most met: EPO, WIPO, USPTO, INPI.
GRANTS = {
    "EP": frozenset({"B1", "B2", "B3", "B8", "B9"}),
    "US": frozenset({"A", "B1", "B2", "C1", "E", "E1", "H", "P", "P2", "P3", "S", "S1"}),
    "FR": frozenset({"B1", "B3", "B2"}),
    "WO": frozenset(),
}
SEARCH_REPORTS = {"EP": frozenset({"A3", "A4"}), "WO": frozenset({"A3"})}
US_PUBLISHED_APPLICATIONS_SINCE = 2001
# The letter of the old US files (country of a party with a trailing X), and names written out, met in US files.
COUNTRY_NAMES = {
    "AUSTRALIA": "AU",
    "AUSTRIA": "AT",
    "BELGIUM": "BE",
    "CANADA": "CA",
    "CHINA": "CN",
    "DENMARK": "DK",
    "EUROPEAN PATENT OFFICE (EPO)": "EP",
    "FINLAND": "FI",
    "FRANCE": "FR",
    "GERMANY": "DE",
    "INDIA": "IN",
    "ISRAEL": "IL",
    "ITALY": "IT",
    "JAPAN": "JP",
    "KOREA, REPUBLIC OF": "KR",
    "NETHERLANDS": "NL",
    "NORWAY": "NO",
    "REPUBLIC OF KOREA": "KR",
    "SPAIN": "ES",
    "SWEDEN": "SE",
    "SWITZERLAND": "CH",
    "TAIWAN": "TW",
    "UNITED KINGDOM": "GB",
    "UNITED STATES": "US",
}


def is_country(code: str) -> bool:
    """Whether ST.3 knows a code."""
    return code in KNOWN


def is_kind(code: str) -> bool:
    """Whether a code has the form of a kind of document (a letter, perhaps a digit)."""
    return bool(KIND.match(code))


def country_of(text: str) -> str:
    """A country as a code: `fr`, `JPX`, `(US)` or `JAPAN` mean what they seem to; nothing when unknown."""
    text = text.strip(" ()[]").upper()
    if text in KNOWN:
        return text
    if len(text) == 3 and text.endswith("X") and text[:2] in KNOWN:
        return text[:2]
    return COUNTRY_NAMES.get(text, "")


def is_grant(country: str, kind: str) -> bool:
    """Whether a kind of document is a granted title; by its letter where the office has no table here."""
    known = GRANTS.get(country)
    return kind in known if known is not None else kind[:1] in ("B", "C")
