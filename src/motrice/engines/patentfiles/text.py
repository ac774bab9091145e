"""Days, classes and party names as the formats write them."""

from __future__ import annotations

import html
import re
from datetime import date
from html.entities import html5

from motrice.engines.patentfiles.codes import country_of, is_country
from motrice.engines.patentfiles.shapes import Classification

SYMBOL = re.compile(r"^\s*\d?\s*([A-HY])\s*(\d\d)\s*([A-Z])\s*(\d{1,4})\s*/\s*(\d{1,6})(.*)$")
SUBCLASS = re.compile(r"^([A-HY])\s*(\d\d)\s*([A-Z])\s*$")
GLUED = re.compile(r"^\s*\d?\s*([A-HY])\s*(\d\d)\s*([A-Z])([\d ]{3})(\d{2,6})(.*)$")
TAIL = re.compile(r"^\s*(\d{8})?\s*([ACS])?\s?([FL])?\s?([IAN])?")
PARTY = re.compile(r"^(.*?)\s*\[([A-Z]{2})\]\s*$", re.S)
CUT_AFTER_COUNTRY = re.compile(r"(?<=\[[A-Z]{2}\])[\s;,]+")
ENTITY = re.compile(r"&(#\d{1,7}|#x[0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
UNKNOWN_DAYS = ("0001", "0000", "9999")
DAY_FORMS = (
    (re.compile(r"^(\d{4})-?(\d{2})-?(\d{2})"), (1, 2, 3)),
    (re.compile(r"^(\d{1,2})\.(\d{1,2})\.(\d{4})$"), (3, 2, 1)),
    (re.compile(r"^(\d{1,2})/(\d{1,2})/(\d{4}|\d{2})$"), (3, 2, 1)),
)
OLDEST_YEAR = 1830
CENTURY_TURNS = 40  # two digits of year: 40 is 1940, 39 is 2039


def squeezed(text: str) -> str:
    """A text on one line."""
    return " ".join(text.split())


def day(text: str, *, american: bool = False) -> date | None:
    """A day in any of the forms met, or nothing: `20000517`, `2000-05-17`, `17.05.2000`, `17/05/00`.

    The day 00 of citations, and days that no calendar holds, give nothing. `american` reads `05-17-2000`.
    """
    text = text.strip()
    if american and (found := re.match(r"^(\d\d)[-/](\d\d)[-/](\d{4})", text)):
        return _day(found[3], found[1], found[2])
    if not text or text.startswith(UNKNOWN_DAYS):
        return None
    for form, (year, month, number) in DAY_FORMS:
        if found := form.match(text):
            return _day(found[year], found[month], found[number])
    return None


def _day(year: str, month: str, number: str) -> date | None:
    value = int(year)
    if len(year) == 2:
        value += 1900 if value >= CENTURY_TURNS else 2000
    try:
        found = date(value, int(month), int(number))
    except ValueError:
        return None
    return found if found.year >= OLDEST_YEAR else None


def classification(scheme: str, text: str) -> Classification | None:
    """A symbol of the IPC or CPC from its printed form, its ST.8 form or its glued form; nothing if it is none."""
    found = SYMBOL.match(text) or GLUED.match(text)
    if found is None:
        subclass = SUBCLASS.match(text.strip())
        return Classification(scheme, f"{subclass[1]}{subclass[2]}{subclass[3]}") if subclass else None
    tail = TAIL.match(found[6])
    symbol = f"{found[1]}{found[2]}{found[3]} {int(found[4])}/{found[5]}"
    version = (tail[1] or "") if tail else ""
    value = (tail[4] or "") if tail else ""
    return Classification(
        scheme,
        symbol,
        version,
        is_first=bool(tail and tail[3] == "F"),
        is_inventive=None if not value else value == "I",
    )


def parted(text: str) -> list[tuple[str, str]]:
    """The parties of one cell: after each `[CC]` another may begin, on the same line or on the next."""
    found = []
    for piece in CUT_AFTER_COUNTRY.split(text.strip()):
        for line in [piece] if PARTY.match(piece) else piece.split("\n"):
            name, country = with_country(line)
            if name:
                found.append((name, country))
    return found


def with_country(text: str) -> tuple[str, str]:
    """A name that ends with its country in brackets, in two: `ESSILOR INT [FR]`."""
    found = PARTY.match(text.strip())
    if found and is_country(found[2]):
        return squeezed(found[1]), country_of(found[2])
    return squeezed(text), ""


def unescaped(text: str) -> tuple[str, bool]:
    """A text whose HTML entities are characters again, and whether it held any."""
    plain = ENTITY.sub(lambda found: html.unescape(found[0]) if _is_entity(found[1]) else found[0], text)
    return plain, plain != text


def _is_entity(name: str) -> bool:
    return name.startswith("#") or f"{name};" in html5
