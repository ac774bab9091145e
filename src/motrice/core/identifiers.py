"""Identifiers that registers give: cleaned, checked by their check characters, recognised in pasted text.

`normalise` gives the form that Motrice stores, or says in words what is wrong; `identify` finds what a pasted address
or number may be. Where python-stdnum knows a number it decides; the others are checked here, with their source.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import stdnum
import stdnum.exceptions
import stdnum.fr.siren
import stdnum.fr.siret
import stdnum.isni
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motrice.core.errors import RuleViolation
from motrice.engines.characters import plain_characters

CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"
# The key letter of RNSR and UAI numbers: the number modulo 23 in this alphabet. Found to hold for all 4,506 structures
# of the RNSR list of February 2022 and for the 291 UAI numbers in it (read 2026-11-22).
FRENCH_KEY = "ABCDEFGHJKLMNPRSTUVWXYZ"
SPACES = re.compile(r"[\s\u00a0\u202f\u2009]+")


class _Wrong(Exception):
    """What is wrong with a number, in words."""


@dataclass(frozen=True)
class Register:
    """How the numbers of one register are read, checked, shown and linked."""

    scheme: str
    label: Any
    example: str
    clean: Callable[[str], str]
    pasted: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    address: str = ""


def _digits(text: str) -> str:
    return re.sub(r"[\s.\-\u00a0\u202f\u2009]", "", text)


def _shape(pattern: str, text: str, message: str) -> str:
    if not re.fullmatch(pattern, text):
        raise _Wrong(message)
    return text


def _clean_ror(text: str) -> str:
    """Crockford base 32 with an ISO/IEC 7064 MOD 97-10 checksum (ror.readme.io, "ROR identifier pattern")."""
    value = text.strip().lower()
    _shape(rf"0[{CROCKFORD}]{{6}}\d{{2}}", value, _("it has nine characters and starts with 0"))
    number = 0
    for character in value[:7]:
        number = number * 32 + CROCKFORD.index(character)
    if int(value[7:]) != 98 - (number * 100) % 97:
        raise _Wrong(_("its last two digits do not agree with the rest"))
    return value


def _french_key(pattern: str, message: Any) -> Callable[[str], str]:
    def clean(text: str) -> str:
        value = _shape(pattern, _digits(text).upper(), message)
        if FRENCH_KEY[int(value[:-1]) % 23] != value[-1]:
            raise _Wrong(_("its key letter does not agree with the digits"))
        return value

    return clean


def _clean_idref(text: str) -> str:
    """Eight digits and a check character modulo 11 (weights 9 to 2, X for ten), as all ABES record numbers."""
    value = _shape(r"\d{8}[\dX]", _digits(text).upper(), _("it has eight digits and a check character"))
    total = sum(int(digit) * weight for digit, weight in zip(value[:8], range(9, 1, -1), strict=True))
    if "0123456789X"[-total % 11] != value[8]:
        raise _Wrong(_("its check character does not agree with the digits"))
    return value


def _by_library(module: Any, length: Any, pattern: str) -> Callable[[str], str]:
    def clean(text: str) -> str:
        value = _shape(pattern, _digits(text).upper(), length)
        try:
            return module.validate(value)
        except stdnum.exceptions.ValidationError as error:
            raise _Wrong(_("its check digit does not agree with the rest")) from error

    return clean


def _clean_vat(text: str) -> str:
    """A VAT number with its country prefix: each country's own rule, from python-stdnum."""
    value = re.sub(r"[^0-9A-Z+*]", "", text.upper())
    country = "GR" if value[:2] == "EL" else value[:2]
    module = stdnum.get_cc_module(country.lower(), "vat") if country.isalpha() and len(country) == 2 else None
    if module is None:
        raise _Wrong(_("it starts with the two letters of a country that has VAT numbers"))
    for candidate in (value, value[2:]):
        try:
            body = module.compact(candidate)
            module.validate(candidate)
        except stdnum.exceptions.ValidationError:
            continue
        return body if body.startswith(value[:2]) else value[:2] + body
    raise _Wrong(_("it does not follow the rule of its country"))


def _clean_orcid(text: str) -> str:
    value = _by_library(stdnum.isni, _("it has sixteen characters"), r"\d{15}[\dX]")(text)
    if not _in_orcid_block(value):
        raise _Wrong(_("it lies outside the numbers kept for ORCID"))
    return "-".join(value[start : start + 4] for start in range(0, 16, 4))


def _in_orcid_block(value: str) -> bool:
    """ORCID numbers are the ISNI numbers of these two blocks (support.orcid.org, "Structure of the identifier")."""
    number = int(value[:15])
    return 15_000_000 <= number <= 35_000_000 or 900_000_000_000 <= number <= 900_100_000_000


def _pattern(pattern: str, message: Any, *, case: Callable[[str], str] = str) -> Callable[[str], str]:
    return lambda text: _shape(pattern, case(SPACES.sub("", text)), message)


def _clean_label(text: str) -> str:
    """A label number as its supervisors write it ("UMR 5800"): letters, then a number, one space between."""
    value = SPACES.sub(" ", text.strip().upper().replace("_", " ").replace("-", " "))
    match = re.fullmatch(r"([A-Z]{1,6}) ?([A-Z]? ?\d{1,6}(?: ?\d)?)", value)
    if not match:
        raise _Wrong(_("it has some letters, then a number"))
    return f"{match[1]} {match[2].replace(' ', '')}"


REGISTERS: dict[str, Register] = {
    register.scheme: register
    for register in (
        Register(
            "ror",
            "ROR",
            "https://ror.org/02feahw73",
            _clean_ror,
            (r"ror\.org/([0-9a-z]{9})\b",),
            ("ror",),
            "https://ror.org/{}",
        ),
        Register(
            "rnsr",
            "RNSR",
            "200412238P",
            _french_key(r"\d{9}[A-Z]", gettext_lazy("it has nine digits and a letter")),
            (r"numNatStruct=(\d{9}[A-Za-z])",),
            ("rnsr",),
        ),
        Register(
            "siret",
            "SIRET",
            "180 089 013 03720",
            _by_library(stdnum.fr.siret, gettext_lazy("it has fourteen digits"), r"\d{14}"),
            (r"annuaire-entreprises\.data\.gouv\.fr/etablissement/(\d{14})",),
            ("siret",),
            "https://annuaire-entreprises.data.gouv.fr/etablissement/{}",
        ),
        Register(
            "siren",
            "SIREN",
            "180 089 013",
            _by_library(stdnum.fr.siren, gettext_lazy("it has nine digits"), r"\d{9}"),
            (r"annuaire-entreprises\.data\.gouv\.fr/entreprise/(?:[\w-]*-)?(\d{9})",),
            ("siren",),
            "https://annuaire-entreprises.data.gouv.fr/entreprise/{}",
        ),
        Register(
            "orcid",
            "ORCID",
            "0000-0002-1825-0097",
            _clean_orcid,
            (r"orcid\.org/([\dxX-]{16,19})",),
            ("orcid",),
            "https://orcid.org/{}",
        ),
        Register(
            "isni",
            "ISNI",
            "0000 0001 2259 7504",
            _by_library(stdnum.isni, gettext_lazy("it has sixteen characters"), r"\d{15}[\dX]"),
            (r"isni\.org/(?:isni/)?([\dxX]{16})",),
            ("isni",),
            "https://isni.org/isni/{}",
        ),
        Register(
            "idref",
            "IdRef",
            "02636817X",
            _clean_idref,
            (r"idref\.fr/(\d{8}[\dxX])",),
            ("idref", "ppn"),
            "https://www.idref.fr/{}",
        ),
        Register(
            "wikidata",
            "Wikidata",
            "Q280413",
            _pattern(r"Q[1-9]\d*", gettext_lazy("it is Q and a number"), case=str.upper),
            (r"wikidata\.org/(?:wiki|entity)/(Q\d+)",),
            ("wikidata",),
            "https://www.wikidata.org/wiki/{}",
        ),
        Register(
            "grid",
            "GRID",
            "grid.4444.0",
            _pattern(
                r"grid\.\d{3,6}\.[0-9a-f]{1,2}",
                gettext_lazy("it reads grid.4444.0"),
                case=str.lower,
            ),
            (r"grid\.ac/institutes/(grid\.\d+\.\w+)",),
            (),
            "",
        ),
        Register(
            "fundref",
            gettext_lazy("Funder Registry"),
            "501100004794",
            _pattern(r"(?:50110|10)\d{4,10}", gettext_lazy("it is a number that starts with 10 or 50110")),
            (r"10\.13039/(\d+)",),
            ("fundref", "funder"),
            "https://doi.org/10.13039/{}",
        ),
        Register(
            "uai",
            "UAI",
            "0753639Y",
            _french_key(r"\d{7}[A-Z]", gettext_lazy("it has seven digits and a letter")),
            (),
            ("uai", "rne"),
        ),
        Register(
            "pic",
            "PIC",
            "999997930",
            _pattern(r"[89]\d{8}", gettext_lazy("it has nine digits and starts with 8 or 9")),
            (r"(?:orgdetails?|participant)[^\s]*?\b([89]\d{8})\b",),
            ("pic",),
        ),
        Register(
            "vat",
            gettext_lazy("VAT number"),
            "FR40303265045",
            _clean_vat,
            (),
            ("vat", "tva"),
        ),
        Register(
            "anr",
            "ANR",
            "ANR-10-SATT-0008",
            _pattern(
                r"ANR-\d{2}-[A-Z0-9]{4}-\d{4}(?:-\d{2})?",
                gettext_lazy("it reads ANR-10-SATT-0008"),
                case=str.upper,
            ),
            (r"(ANR-\d{2}-[A-Z0-9]{4}-\d{4}(?:-\d{2})?)\b",),
            (),
            "https://anr.fr/Project-{}",
        ),
        Register(
            "label_number",
            gettext_lazy("label number"),
            "UMR 5800",
            _clean_label,
        ),
    )
}
# A bare number may be of several registers: those with a check character are tried first.
BARE_ORDER = tuple(scheme for scheme in REGISTERS if scheme != "label_number")


def normalise(scheme: str, text: str, *, field: str = "value") -> str:
    """The form in which Motrice keeps a number of this register; refuses a wrong one, saying what is wrong."""
    register = REGISTERS.get(scheme)
    if register is None:
        raise RuleViolation(_("Motrice knows no register called “%(scheme)s”.") % {"scheme": scheme}, field="scheme")
    plain = plain_characters(str(text)).strip()
    for pattern in register.pasted:
        if match := re.search(pattern, plain, re.IGNORECASE):
            plain = match[1]
            break
    else:
        plain = _without_word(register, plain)
    try:
        return register.clean(plain)
    except _Wrong as error:
        raise RuleViolation(
            _("“%(value)s” is not valid as %(register)s: %(why)s. Example: %(example)s.")
            % {"value": text, "register": register.label, "why": error, "example": register.example},
            field=field,
        ) from error


def _without_word(register: Register, text: str) -> str:
    for word in register.words:
        match = re.match(rf"{word}\b\s*(?:id|n[°o]\.?)?\s*[:=]?\s*(.+)", text, re.IGNORECASE)
        if match:
            return match[1]
    return text


def is_valid(scheme: str, text: str) -> bool:
    """Whether a text is a number of this register."""
    try:
        normalise(scheme, text)
    except RuleViolation:
        return False
    return True


def identify(text: str) -> list[tuple[str, str]]:
    """What a pasted text may be, surest first: `[(scheme, value)]`; empty when it is no number of any register."""
    plain = str(text).strip().strip("<>()[]\"'.,;")
    if not plain or len(plain) > 300:
        return []
    for register in REGISTERS.values():
        named = any(re.search(pattern, plain, re.IGNORECASE) for pattern in register.pasted)
        named = named or _without_word(register, plain) != plain
        if named and is_valid(register.scheme, plain):
            return [(register.scheme, normalise(register.scheme, plain))]
    if "://" in plain or not any(character.isdigit() for character in plain):
        return []
    found = [(scheme, normalise(scheme, plain)) for scheme in BARE_ORDER if is_valid(scheme, plain)]
    if not found and is_valid("label_number", plain):
        found.append(("label_number", normalise("label_number", plain)))
    return found


def address_of(scheme: str, value: str) -> str:
    """The public address of a number, or an empty text when its register has none."""
    register = REGISTERS.get(scheme)
    return register.address.format(value) if register and register.address else ""


def shown(scheme: str, value: str) -> str:
    """A number as people read it: SIREN and SIRET in groups of three."""
    if scheme == "siren":
        return f"{value[:3]} {value[3:6]} {value[6:]}"
    if scheme == "siret":
        return f"{value[:3]} {value[3:6]} {value[6:9]} {value[9:]}"
    if scheme == "isni":
        return " ".join(value[start : start + 4] for start in range(0, 16, 4))
    return value
