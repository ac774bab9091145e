"""What public files get wrong: lost apostrophes, wrong encodings, numbers of the wrong sort. Told, never mended."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

from motrice.core.errors import RuleViolation
from motrice.core.identifiers import normalise
from motrice.core.imports import Proposed, register_findings

VOWELS = "AEIOUYÀÂÉÈÊËÎÏÔÛÙ"
# "lEnvironnement", "dEtudes": an elided article glued to a capital.
GLUED = re.compile(rf"\b([ldLD]|[qQ]u)([{VOWELS}H][a-zà-ÿ]{{2,}})")
# In capitals only words that are frequent in names are sure: "LENERGIE", "DETUDES".
CAPITALS = re.compile(
    r"\b(L|D)((?:ENERGIES?|ETUDES?|ENVIRONNEMENT|INFORMATION|INFORMATIQUE|UNIVERSITE|INGENIERIE|AGRICULTURE|"
    r"ALIMENTATION|EVOLUTION|ECOLE|EAU|ENSEIGNEMENT|AMENAGEMENT|ARCHITECTURE|ASTROPHYSIQUE|HISTOIRE|HOMME|ESPACE|"
    r"ORGANISATION|OPTIQUE|ACOUSTIQUE|ELECTRONIQUE|INVESTISSEMENT|INNOVATION|INSTITUT|EXPLOITATION|IMAGERIE)\b)"
)
FRENCH = re.compile(r"\b(?:de|des|du|la|le|les|et|pour|en|sur|aux?)\b", re.IGNORECASE)
DOUBLE_ENCODED = re.compile(r"Ã[\u0080-\u00bf©¨ª«´®¯»¢§]|â€|Â[\u00a0-\u00bf]|\ufffd|√[©®†¢¥¶]|[a-zà-ÿ]\?[A-Za-zà-ÿ]")
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")

register_findings(
    {
        "lost_apostrophe": _("An apostrophe seems lost in “%(value)s”: perhaps “%(detail)s”. Kept as found."),
        "wrong_encoding": _("Letters are garbled in “%(value)s”: perhaps “%(detail)s”. Kept as found."),
        "control_character": _("“%(value)s” holds characters that cannot be shown; they were left out."),
        "too_long": _("“%(value)s” is too long for this field and was cut at %(detail)s characters."),
        "wrong_address": _("“%(value)s” is not a web address; the field is left empty."),
        "wrong_identifier": _("%(detail)s The number is not taken."),
        "identifier_of_other_kind": _(
            "“%(value)s” stands where another register's number is expected: it is a %(detail)s number."
        ),
        "identifier_taken": _("%(detail)s already holds the number %(value)s: it is given once. Perhaps one body."),
        "identifier_held": _(
            "Another record of the directory holds the number %(value)s: it is given once. Search for the number: "
            "perhaps it is one body."
        ),
        "in_the_way": _(
            "“%(value)s”: a record that you may not see stands in the way, and nothing is proposed here. Ask an "
            "auditor of the site, who sees every record, to put you in touch with who keeps it."
        ),
        "undecided": _(
            "“%(value)s”: whether its number is that of a known record waits for a decision in the import %(detail)s. "
            "Decide there and write it, then read this file again."
        ),
        "doubled_row": _("“%(value)s” was on line %(detail)s already: this row is left out."),
        "same_name": _("Line %(detail)s bears the same name, “%(value)s”, under another number: perhaps one body."),
        "missing_number": _("The row of “%(value)s” has no valid number of its register: it is left out."),
        "missing_name": _("The row has no name: it is left out."),
        "unknown_unit": _("No unit has the number %(value)s: closed, or not imported yet."),
        "unknown_body": _("No body of the directory is called “%(value)s”."),
        "unknown_region": _("The catalogue has no region “%(value)s”; kept as found."),
        "unknown_sort": _("“%(value)s” is a sort that Motrice does not know: taken as %(detail)s."),
        "unit_by_mention": _(
            "No register read so far has the number %(value)s: the unit is kept under the name “%(detail)s”."
        ),
        "nameless_company": _(
            "The row gives no name for the company %(value)s: it is kept by its number until another file names it."
        ),
        "without_company": _("The row names no company: its text is kept as evidence of %(value)s alone."),
        "no_holder": _("None of the holders is in the directory: the text “%(value)s” is left out."),
        "known_by_number_only": _(
            "%(value)s is named as a predecessor but absent from the file: kept by its number alone."
        ),
        "other_end_missing": _(
            "The other end of a link, %(value)s, is not in the directory: the link is not written."
        ),
        "circle": _("The link with %(value)s would make a circle: it is not written."),
        "changed_since": _("The record changed after the file was read (%(value)s): read the file again."),
        "exists_now": _("A record with the number %(value)s was made after the file was read: read the file again."),
        "refused": _("The directory refuses this: %(value)s"),
        "wrong_year": _("“%(value)s” is not a year."),
        "wrong_position": _("“%(value)s” is not a position on Earth; left empty."),
    }
)


def mended(text: str) -> str:
    """A garbled text as it probably was, or the same text."""
    for wrong, right in (("cp1252", "utf-8"), ("latin-1", "utf-8"), ("mac_roman", "utf-8")):
        try:
            candidate = text.encode(wrong).decode(right)
        except (UnicodeEncodeError, UnicodeDecodeError):
            continue
        if candidate != text:
            return candidate
    return re.sub(r"(?<=[a-zà-ÿ])\?(?=[A-Za-zà-ÿ])", "'", text)


def apostrophised(text: str) -> str:
    """A text with the apostrophes that seem lost; a capital inside a word proves nothing if no French word is near."""
    if FRENCH.search(text):
        text = GLUED.sub(r"\1'\2", text)
    return CAPITALS.sub(r"\1'\2", text)


def clean(found: Proposed, line: int, name: str, value: Any, *, limit: int = 0, prose: bool = False) -> str:
    """A text on one line, with what is wrong in it reported; cut only where the column ends, and then it says so."""
    text = str(value or "").strip()
    if CONTROL.search(text):
        found.find(line, name, "control_character", CONTROL.sub("·", text))
        text = CONTROL.sub(" ", text)
    if not prose:
        text = " ".join(text.split())
    if not text:
        return ""
    if match := DOUBLE_ENCODED.search(text):
        excerpt = text if not prose else text[max(0, match.start() - 40) : match.end() + 40]
        found.find(line, name, "wrong_encoding", excerpt, mended(excerpt))
    if not prose and apostrophised(text) != text:
        found.find(line, name, "lost_apostrophe", text, apostrophised(text))
    if limit and len(text) > limit:
        found.find(line, name, "too_long", text, limit)
        text = text[: limit - 1].rstrip() + "…"
    return text


_valid_url = URLValidator(schemes=["http", "https"])


@lru_cache(maxsize=20_000)
def _is_address(text: str) -> bool:
    try:
        _valid_url(text)
    except ValidationError:
        return False
    return len(text) <= 500


def clean_address(found: Proposed, line: int, name: str, value: Any) -> str:
    """A web address, or nothing with a finding."""
    text = str(value or "").strip()
    if not text:
        return ""
    candidate = text if "://" in text else f"http://{text}"
    if " " not in text and _is_address(candidate):
        return candidate
    found.find(line, name, "wrong_address", text)
    return ""


def clean_number(found: Proposed, line: int, name: str, scheme: str, value: Any) -> str:
    """A register's number, or nothing with a finding that says why."""
    text = str(value or "").strip()
    if not text:
        return ""
    try:
        return normalise(scheme, text)
    except RuleViolation as error:
        found.find(line, name, "wrong_identifier", text, error)
        return ""
