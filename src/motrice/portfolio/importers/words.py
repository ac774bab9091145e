"""What is said of patent files: findings, faults of files, differences."""

from __future__ import annotations

from typing import Any

from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motrice.core.errors import RuleViolation
from motrice.core.imports import register_findings
from motrice.directory.models import Organisation
from motrice.engines.patentfiles import PatentFileError
from motrice.portfolio.enums import Descent, EventKind, Route
from motrice.portfolio.importers.supposed import is_stated, parts_of
from motrice.portfolio.models import Asset, PatentFamily
from motrice.portfolio.rules import share_words

register_findings(
    {
        "patent_missing_publication": gettext_lazy("%(value)s: the file gives no publication number."),
        "patent_missing_publication_date": gettext_lazy("%(value)s: the file gives no publication date."),
        "patent_missing_application": gettext_lazy("%(value)s: the file gives no application number."),
        "patent_missing_filing_date": gettext_lazy("%(value)s: the file gives no filing date."),
        "patent_missing_title": gettext_lazy("%(value)s: no title in the file."),
        "patent_missing_applicant": gettext_lazy("%(value)s: no applicant in the file."),
        "patent_missing_inventor": gettext_lazy("%(value)s: no inventor in the file."),
        "patent_missing_class": gettext_lazy("%(value)s: no class in the file."),
        "patent_list_without": gettext_lazy("Lists of %(value)s never give: %(detail)s."),
        "patent_cut": gettext_lazy("The file could not be read further: %(value)s"),
        "patent_without_number": gettext_lazy("“%(value)s” has no number: it is left out."),
        "patent_without_day": gettext_lazy("%(value)s has no date at all: it cannot be a family, and is left out."),
        "patent_two_families": gettext_lazy("%(value)s joins what the portfolio holds as two families: look at both."),
        "patent_in_the_way": gettext_lazy(
            "%(value)s is held in a record that you do not keep, and nothing is proposed here. Search for the number: "
            "if you find the record, ask the office that it names; if not, ask an auditor of the site, who sees every "
            "record, to put you in touch with who keeps it."
        ),
        "patent_refused": gettext_lazy("%(value)s was not written: %(detail)s"),
        "patent_unknown_event": gettext_lazy("The catalogue does not know the legal event %(value)s: left out."),
        "patent_late_priority": gettext_lazy("%(value)s claims %(detail)s, filed later: the claim is left out."),
        "joined_parties": gettext_lazy("“%(value)s” names several parties: taken apart."),
        "semicolon_in_name": gettext_lazy("“%(value)s” is taken as one person."),
        "wrong_date": gettext_lazy("“%(value)s” is no date: left empty."),
        "unknown_country": gettext_lazy("“%(value)s” is no country or office of WIPO ST.3; kept as found."),
        "unknown_kind": gettext_lazy(
            "“%(value)s” has not the form of a kind of document (WIPO ST.16); kept as found."
        ),
        "unknown_version": gettext_lazy("The version “%(value)s” of the format is not known; read all the same."),
        "unknown_entity": gettext_lazy("The character %(value)s is not known; kept as it stands."),
        "escaped_text": gettext_lazy("“%(value)s” held characters by name: put right."),
        "bare_ampersand": gettext_lazy("A lone “&” near “%(value)s”: read as it is meant."),
        "unreadable_text": gettext_lazy("The text of the document is not XML (%(value)s); its bibliography was read."),
        "no_bibliography": gettext_lazy("A document without bibliography: %(value)s."),
        "no_number": gettext_lazy("A number is missing: %(value)s."),
        "no_name": gettext_lazy("A party without a name is left out: %(value)s."),
        "wrong_number": gettext_lazy("“%(value)s” is not a number that can be read; left out."),
        "wrong_priority": gettext_lazy("The priority “%(value)s” cannot be read; left out."),
        "wrong_class": gettext_lazy("“%(value)s” is not a class that can be read; left out."),
        "wrong_siren": gettext_lazy("“%(value)s”, given for %(detail)s, is not a SIREN; left out."),
        "wrong_rank": gettext_lazy("“%(value)s” is not the rank of an annuity."),
        "wrong_width": gettext_lazy("The row has not as many cells as the list has columns (%(detail)s): %(value)s."),
        "not_utf8": gettext_lazy("The list is not in UTF-8; it was read as Windows letters: %(value)s."),
        "converted_number": gettext_lazy("“%(value)s” was turned into %(detail)s without certainty."),
        "priority_without_number": gettext_lazy("A priority of %(value)s without its number: left out."),
    }
)

FAULTS = {
    "unsafe_entity": gettext_lazy("The file declares an entity that could open or expand something: it is refused."),
    "too_deep": gettext_lazy("This is nested too deep to be a patent file."),
    "too_long": gettext_lazy("The file, or one document in it, is too long: split it."),
    "cut": gettext_lazy("The file ends in the middle of a document: fetch it again."),
    "not_xml": gettext_lazy("Something here is not XML, or not in the encoding declared: fetch the file again."),
    "not_json": gettext_lazy("This is not JSON, or it is cut: fetch the answer again."),
    "no_patents": gettext_lazy("The answer holds no list of patents: choose an answer about applications."),
    "not_greenbook": gettext_lazy("The file does not begin with a PATN section."),
    "no_header": gettext_lazy("No line names the columns of a known list: export it again with all columns."),
    "missing_columns": gettext_lazy("The list lacks columns: export it again with all of them."),
    "wrong_csv": gettext_lazy("A row cannot be read, probably a quotation mark that is not closed: export it again."),
    "empty": gettext_lazy("The file is empty: choose another."),
    "damaged": gettext_lazy("The packed file is damaged: fetch it again."),
    "locked": gettext_lazy("The archive is locked: unlock it first."),
    "other_answer": gettext_lazy("This answer of OPS holds no family: choose a biblio, family or legal answer."),
    "unknown": gettext_lazy("No patent document is in this file: choose one of the formats listed."),
    "no_file": gettext_lazy("There is no such file."),
}


def fault_words(error: PatentFileError) -> str:
    """A fault of a file with its place, in the reader's language."""
    place = _("%(name)s, line %(line)d") % {"name": error.where, "line": error.line} if error.line else error.where
    return f"{place}: {FAULTS.get(error.code, error.message)}"


def refusal(error: PatentFileError) -> RuleViolation:
    """The same as a refusal of the form."""
    return RuleViolation(fault_words(error), field="file")


REASONS = {
    "identifier": gettext_lazy("same number"),
    "same_name": gettext_lazy("same name"),
    "same_words": gettext_lazy("same words"),
    "acronym": gettext_lazy("same acronym"),
    "near_acronym": gettext_lazy("nearly the same acronym"),
    "shortened": gettext_lazy("words shortened"),
    "likeness": gettext_lazy("alike"),
    "same_country": gettext_lazy("same country"),
    "other_country": gettext_lazy("another country"),
    "several": gettext_lazy("several bodies are as near"),
}
EFFECTS = {
    "closes": gettext_lazy("closes what was due"),
    "ends": gettext_lazy("the title has ended"),
    "revives": gettext_lazy("the title lives again"),
    "informs": "",
}
CONTESTS = {
    "paid": gettext_lazy("the docket holds a later annuity as paid"),
    "live": gettext_lazy("the docket holds the filing as live"),
    "ended": gettext_lazy("the docket holds the filing as ended"),
}
LABELS = {
    "owners": gettext_lazy("Owners"),
    "makers": gettext_lazy("Inventors"),
    "class": gettext_lazy("Class"),
    "application": gettext_lazy("Filing"),
    "publication": gettext_lazy("Publication"),
    "priority": gettext_lazy("Priority"),
    "applicants": gettext_lazy("Applicants as printed"),
    "organisation": gettext_lazy("Applicant recognised as"),
    "event": gettext_lazy("Official event"),
    "filed_on": gettext_lazy("Filed on"),
    "number": gettext_lazy("Application number"),
}


def _day(text: str) -> str:
    day = parse_date(text) if text else None
    return date_format(day, "DATE_FORMAT") if day else ""


def label_of(name: str) -> str:
    """The name of a difference."""
    if name in LABELS:
        return str(LABELS[name])
    model: Any = PatentFamily if name == "docdb_family" else Asset
    return str(model._meta.get_field(name).verbose_name)


def words_of(name: str, value: Any) -> str:
    """The value of a difference for people."""
    if value in (None, "", []):
        return ""
    writer = WRITERS.get(name)
    return writer(value) if writer is not None else str(value)


def _filing(value: dict[str, Any]) -> str:
    parts = [f"{value['office']} {value['number']}".strip(), str(Route(value["route"]).label), _day(value["filed_on"])]
    if value["parent"]:
        parts.append(f"{Descent(value['descent']).label} {' '.join(value['parent'])}")
    if value["priorities"]:
        parts.append(_("claims %(list)s") % {"list": ", ".join(f"{row[0]} {row[1]}" for row in value["priorities"])})
    if value["publications"]:
        shown = ", ".join(f"{row[0]}{row[1]}{row[2]} ({_day(row[3])})" for row in value["publications"])
        parts.append(_("published %(list)s") % {"list": shown})
    if value["applicants"]:
        parts.append(_applicants(value["applicants"]))
    return " · ".join(filter(None, parts))


def _applicants(rows: list[list[Any]]) -> str:
    known = Organisation.objects.in_bulk([row[2] for row in rows if row[2]])
    texts = []
    for name, country, pk in rows:
        text = f"{name} [{country}]" if country else name
        texts.append(f"{text} = {known[pk]}" if pk in known else text)
    return "; ".join(texts)


def _organisation(value: dict[str, Any]) -> str:
    reasons = ", ".join(str(REASONS.get(reason, reason)) for reason in value["reasons"])
    text = f"{value['name']} ({reasons})"
    if value["others"]:
        others = ", ".join(value["others"])
        text = _("%(body)s; near it: %(others)s") % {"body": text, "others": others}
    return text


def _event(value: dict[str, Any]) -> str:
    kind = str(EventKind(value["kind"]).label)
    if value["year"]:
        kind = _("%(kind)s, year %(year)d") % {"kind": kind, "year": value["year"]}
    code = " ".join(filter(None, (value["code"], value["state"])))
    where = f"{value['office']} {value['number']}"
    parts = [where, kind, code, _day(value["occurred_on"]), str(EFFECTS.get(value["effect"], ""))]
    if value["deadline"]:
        parts[-1] = _("closes the deadline of %(day)s") % {"day": _day(value["deadline"])}
    if value["contests"]:
        parts.append(_("contested: %(why)s") % {"why": CONTESTS[value["contests"]]})
    return " · ".join(filter(None, parts))


def _on_filing(value: list[Any]) -> str:
    texts = [f"{value[0]} {value[1]}".strip()]
    for part in value[3:]:
        if isinstance(part, list):
            texts.append(_applicants(part))
        elif isinstance(part, str) and part:
            texts.append(_day(part) or part)
    return " · ".join(filter(None, texts))


def _parts(names: list[str], value: dict[str, Any]) -> str:
    told = ", ".join(
        f"{name} {share_words(share)}" for name, (_key, share) in zip(names, parts_of(value), strict=True)
    )
    if is_stated(value):
        return _("%(parts)s: to be confirmed") % {"parts": told}
    if len(names) == 1:
        return _("%(parts)s: supposed, to be confirmed") % {"parts": told}
    return _("%(parts)s: equal parts supposed, to be confirmed") % {"parts": told}


def owner_names(pks: list[int]) -> list[str]:
    """The owners of a proposal by name, in its order."""
    known = Organisation.objects.in_bulk(pks)
    return [str(known.get(pk, "?")) for pk in pks]


def _owners(value: dict[str, Any]) -> str:
    return _parts(owner_names([pk for pk, _share in parts_of(value)]), value)


def _makers(value: dict[str, Any]) -> str:
    return _parts([name for name, _share in parts_of(value)], value)


WRITERS: dict[str, Any] = {
    "owners": _owners,
    "makers": _makers,
    "class": lambda pair: f"{pair[0].upper()} {pair[1]}",
    "starts_on": _day,
    "application": _filing,
    "publication": _on_filing,
    "priority": _on_filing,
    "applicants": _on_filing,
    "filed_on": _on_filing,
    "number": _on_filing,
    "organisation": _organisation,
    "event": _event,
}
