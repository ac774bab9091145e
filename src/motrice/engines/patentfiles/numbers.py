"""Numbers in DOCDB form, from the many ways in which offices and services write them."""

from __future__ import annotations

import re
from datetime import date

from motrice.engines.patentfiles.codes import is_country, is_kind
from motrice.engines.patentfiles.shapes import Number

WHOLE = re.compile(r"^([A-Za-z]{2})[ /._-]*([A-Za-z]{0,4}[ /._-]*[0-9][0-9A-Za-z /.,_-]*?)[ ._/-]*([A-Za-z][0-9]?)?$")
PCT = re.compile(r"^(?:PCT[ /]*)?([A-Z]{2})[ /]*((?:19|20)\d{2}|\d{2})[ /]*(\d{4,7})$")
PCT_EPODOC = re.compile(r"^WO(\d{4})([A-Z]{2})(\d{4,6})$")
CHECK_DIGIT = frozenset({"EP", "DE", "GB"})
DIGITS = re.compile(r"\D")
SIX_DIGITS_SINCE = date(2002, 7, 1)  # from then on a WO publication has six digits after its year
US_LONG_FORM_SINCE = date(2010, 12, 17)  # from then on DOCDB writes year and series before the US serial number
MEXICAN = re.compile(r"^mx[ ]?(MX|PA)/[a-z]/(\d{4})/(\d{6})$", re.IGNORECASE)
US_SUFFIX = re.compile(r"^(.*\d) ?([AFPR])$")
JAPAN_OWN_YEARS_UNTIL = 2000
ERAS = {"T": 1911, "S": 1925, "H": 1988}


def bare(text: str) -> str:
    """A number without spaces and punctuation."""
    return re.sub(r"[^0-9A-Z]", "", text.upper())


def publication(country: str, text: str, kind: str = "", on: date | None = None) -> Number:
    """A publication number in DOCDB form."""
    country, kind, text = country.strip().upper(), kind.strip().upper(), text.strip()
    number = bare(text)
    if number.startswith(country) and number[2:3].isdigit():
        number = number[2:]
    if country == "EP" and number.isdigit():
        number = number.lstrip("0").zfill(7)
    elif country == "WO" and number.isdigit():
        number = _wo(number, on)
    elif country == "US":
        number = _us_publication(number)
    elif country in ("DE", "GB", "FR", "NO") and number.isdigit():
        number = number.lstrip("0") or number
    return Number(country, number, kind)


def _wo(number: str, on: date | None) -> str:
    """Ten digits since 2004, eight from July 2002, seven before: `WO02020444` of March 2002 is `0220444`."""
    if len(number) == 10 and number[:4] < "2004":
        number = number[2:4] + number[4:]
    if len(number) == 8 and number[2] == "0" and (number[:2] > "77" or (on is not None and on < SIX_DIGITS_SINCE)):
        return number[:2] + number[3:]
    return number


def _us_publication(number: str) -> str:
    """A grant has no leading zeros; an application has its year and six digits."""
    if len(number) == 11 and number[:2] == "20" and number[4] == "0":
        return number[:4] + number[5:]
    if found := re.match(r"^([A-Z]{1,2})0*(\d+)$", number):
        return found[1] + found[2]
    return number.lstrip("0") or number


def application(country: str, text: str, kind: str = "", on: date | None = None) -> Number:
    """An application number in DOCDB form; of an international one, the receiving office and the kind W."""
    country, kind, text = country.strip().upper(), kind.strip().upper(), text.strip().upper()
    world = international(f"{country}{text}", is_bare=True) if kind == "W" else international(text)
    if world is not None and (text.startswith(("PCT", "WO")) or kind == "W"):
        return world
    if country in CHECK_DIGIT:
        text = re.sub(r"[.\-]\d$", "", text)
    if country == "US":
        return _us_application(text, kind, on)
    if country == "JP" and (era := re.match(r"^([TSH]?)0*(\d{1,2})[-/ ]+0*(\d{1,6})$", text)):
        return _japanese(era, kind, on)
    if country == "JP" and (found := re.match(r"^((?:19|20)\d\d)[-/ ](\d{1,6})$", text)):
        number = found[1] + found[2].zfill(6) if int(found[1]) >= JAPAN_OWN_YEARS_UNTIL else found[2] + found[1][2:]
        return Number(country, number, kind or "A")
    number = bare(text)
    if number.startswith(country) and number[2:3].isdigit():
        number = number[2:]
    if country == "EP" and number.isdigit():
        number = number.zfill(8)
    return Number(country, number, kind or "A")


def international(text: str, *, is_bare: bool = False) -> Number | None:
    """A PCT application: `PCT/US15/27322` is US 2015027322 W, as is `WO2015US027322`; before 2004 a short year."""
    text = text.strip().upper()
    if found := PCT_EPODOC.match(text):
        year, office, serial = found[1], found[2], found[3]
    elif (is_bare or text.startswith("PCT")) and (found := PCT.match(text)):
        office, year, serial = found[1], found[2], found[3]
    else:
        return None
    if not is_country(office):
        return None
    if len(year) == 2:
        year = ("19" if year > "77" else "20") + year
    serial = serial.lstrip("0")
    number = year + serial.zfill(6) if year >= "2004" else year[2:] + serial.zfill(5)
    return Number(office, number, "W")


def _us_application(text: str, kind: str, on: date | None) -> Number:
    """`13/949,141` filed in 2013 is 201313949141; `09/083,597` filed in 1998 is 8359798 (serial, then year)."""
    if (found := US_SUFFIX.match(text)) and len(bare(found[1])) > 5:
        text, kind = found[1], kind or found[2]
    number = bare(text)
    if number.startswith("US") and number[2:3].isdigit():
        number = number[2:]
    if len(number) == 12 and number[:4] >= "2010":
        return Number("US", number, kind or _us_kind(number[4:6]))
    if len(number) == 6:  # an old file without its series
        number = "00" + number
    if len(number) != 8 or on is None or not number.isdigit():
        return Number("US", number, kind or "A")
    series, serial = number[:2], number[2:]
    kind = kind or _us_kind(series)
    if on >= US_LONG_FORM_SINCE:
        return Number("US", f"{on.year}{number}", kind)
    return Number("US", f"{serial.lstrip('0')}{on.year % 100:02d}", kind)


def _us_kind(series: str) -> str:
    return {"60": "P", "61": "P", "62": "P", "63": "P", "29": "F"}.get(series, "A")


def _japanese(found: re.Match[str], kind: str, on: date | None) -> Number:
    """`53/84696` filed in 1978 (Showa 53) is 8469678; the era comes from the letter, or from the day."""
    year = int(found[2])
    if found[1]:
        year += ERAS[found[1]]
    elif on is not None:
        year = on.year
    if year >= JAPAN_OWN_YEARS_UNTIL:
        return Number("JP", f"{year}{found[3].zfill(6)}", kind or "A")
    return Number("JP", f"{found[3]}{year % 100:02d}", kind or "A")


def whole(text: str, on: date | None = None) -> Number | None:
    """A publication number written in one piece: `WO2007091771A1`, `US 2013/0101709 A1`, `ep1820402`."""
    if found := MEXICAN.match(text.strip()):
        old = f"PA{found[2][2:]}{found[3]}"
        return Number("MX", old if found[1].upper() == "PA" else f"{found[2]}{found[3]}", "A")
    found = WHOLE.match(text.strip())
    if found is None or not is_country(found[1].upper()):
        return None
    kind = (found[3] or "").upper()
    return publication(found[1], found[2], kind if is_kind(kind) else "", on)
