"""Answers of the USPTO's Open Data Portal (JSON), and of the service before it (PEDS); recorded transfers (XML)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from typing import Any, BinaryIO

from motrice.engines.patentfiles import numbers
from motrice.engines.patentfiles.codes import country_of
from motrice.engines.patentfiles.errors import PatentFileError
from motrice.engines.patentfiles.gathering import Draft, document
from motrice.engines.patentfiles.shapes import (
    Claim,
    Document,
    LegalEvent,
    Link,
    Party,
    PatentRecord,
    RegisterEntry,
)
from motrice.engines.patentfiles.text import classification, day, squeezed
from motrice.engines.patentfiles.xmlnodes import Node

LARGEST = 200_000_000
HIDDEN = re.compile(rb"\\u(?:0000|d[89a-f])", re.IGNORECASE)
NULL = re.compile(rb"(?<!\\)\\u0000")
RELATIONS = {"PRO": "provisional", "CON": "continuation", "CIP": "continuation-in-part", "DIV": "division"}
RELATIONS |= {"NST": "international", "REI": "reissue", "REX": "reexamination", "SUB": "substitution"}
WANTED = ("doc",)
NOTHING = ("NULL", "null", "")


def records(stream: BinaryIO, where: str) -> Iterator[PatentRecord]:
    """Every application of an answer."""
    raw = stream.read(LARGEST + 1)
    if len(raw) > LARGEST:
        raise PatentFileError("too_long", "The answer is too long.", advice="Ask for fewer results.", where=where)
    answer = _table(_loaded(raw, where))
    rows = answer.get("patentBag") or answer.get("patentFileWrapperDataBag")
    if isinstance(rows, list):
        for number, row in enumerate(rows):
            if isinstance(row, dict):
                yield _portal({**_table(row.get("applicationMetaData")), **row}, number)
        return
    old = answer
    for name in ("queryResults", "searchResponse", "response"):
        old = _table(old.get(name))
    if isinstance(old.get("docs"), list):
        for number, row in enumerate(old["docs"]):
            if isinstance(row, dict):
                yield _peds(row, number)
        return
    keys = ", ".join(sorted(answer)[:8])
    raise PatentFileError(
        "no_patents",
        f"The answer holds no list of patents (it holds: {keys}).",
        advice="Choose an answer about applications, with `patentBag`.",
        where=where,
    )


def _loaded(raw: bytes, where: str) -> Any:
    try:
        answer = json.loads(raw)
        if HIDDEN.search(raw):  # no database keeps a null character or half a character
            json.dumps(answer, ensure_ascii=False).encode()
            raw = NULL.sub(rb" ", raw)
            return json.loads(raw)
    except UnicodeError as error:
        raise PatentFileError(
            "not_json", f"This is not UTF-8: {error}.", advice="Save it as UTF-8.", where=where
        ) from error
    except (ValueError, RecursionError) as error:
        raise PatentFileError(
            "not_json",
            f"This is not JSON, or it is cut: {error}.",
            advice="Fetch the answer again.",
            where=where,
            line=getattr(error, "lineno", 0),
        ) from error
    return answer


def _table(value: Any) -> dict[str, Any]:
    """An object of the answer; an empty one where something else stands."""
    return value if isinstance(value, dict) else {}


def _bag(row: dict[str, Any], name: str) -> list[dict[str, Any]]:
    value = row.get(name) or []
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _portal(row: dict[str, Any], number: int) -> PatentRecord:
    draft = Draft("uspto-odp", number + 1)
    filed = draft.day(str(row.get("filingDate") or ""), f"patentBag[{number}].filingDate")
    text = str(row.get("applicationNumberText") or "")
    if not text:  # an answer about one aspect names its application only in its links
        children = [
            item.get("childApplicationNumberText")
            for item in _bag(_table(row.get("continuityBag")), "parentContinuityBag")
        ]
        text = str(children[0] or "") if children else ""
    if text:
        draft.application = document(
            numbers.international(text) or numbers.application("US", text, "", filed), filed, text
        )
    draft.language = "en"
    _publications(draft, row, number)
    draft.title("en", str(row.get("inventionTitle") or ""), f"patentBag[{number}].inventionTitle")
    symbols, path = row.get("cpcClassificationBag"), f"patentBag[{number}].cpcClassificationBag"
    for symbol in symbols if isinstance(symbols, list) else []:
        draft.classify(classification("CPC", str(symbol)), str(symbol), path)
    _people(draft, row, number)
    for order, claim in enumerate(_bag(row, "foreignPriorityBag"), start=1):
        on = draft.day(str(claim.get("filingDate") or ""), f"patentBag[{number}].foreignPriorityBag")
        named = str(claim.get("countryName") or claim.get("ipOfficeName") or "")
        country = country_of(named)
        if not country:
            draft.find("unknown_country", f"patentBag[{number}].foreignPriorityBag[{order - 1}].countryName", named)
        original = str(claim.get("priorityNumberText") or claim.get("applicationNumberText") or "")
        draft.priorities.append(
            Claim(numbers.application(country, original, "", on), on, order, "national", original=original)
        )
    _continuity(draft, row)
    document_of = draft.application.number if draft.application else None
    for item in [*_bag(row, "transactionContentBag"), *_bag(row, "eventDataBag")]:
        on = day(str(item.get("recordedDate") or item.get("eventDate") or ""))
        code = str(item.get("caseActionCode") or item.get("eventCode") or "")
        words = str(item.get("caseActionDescriptionText") or item.get("eventDescriptionText") or "")
        draft.events.append(LegalEvent("US", code, squeezed(words), "", on, document_of))
    draft.entries += [_assignment(item) for item in _bag(row, "assignmentBag")]
    return draft.done()


def _publications(draft: Draft, row: dict[str, Any], number: int) -> None:
    grant = str(row.get("patentNumber") or "")
    granted = day(str(row.get("grantDate") or _table(row.get("patentTermAdjustmentData")).get("grantDate") or ""))
    early = str(row.get("earliestPublicationNumber") or "")
    if grant:
        draft.publication = document(numbers.publication("US", grant, "", granted), granted, grant)
        draft.is_grant, draft.granted_on = True, granted
    elif early:
        on = day(str(row.get("earliestPublicationDate") or ""))
        whole = numbers.whole(early, on)
        if whole is None:
            draft.find("wrong_number", f"patentBag[{number}].earliestPublicationNumber", early)
        else:
            draft.publication = Document(whole, on, early)
    draft.granted_on = draft.granted_on or granted


def _people(draft: Draft, row: dict[str, Any], number: int) -> None:
    applicants = [
        str(item.get("applicant") or item.get("applicantNameText") or "") for item in _bag(row, "applicantBag")
    ]
    applicants = applicants or [str(row.get("firstApplicantName") or "")]
    for order, name in enumerate(filter(None, applicants), start=1):
        draft.party(Party("applicant", squeezed(name), name, "", order), f"patentBag[{number}].applicantBag")
    for order, item in enumerate(_bag(row, "inventorBag"), start=1):
        name = f"{item.get('lastName') or ''} {item.get('firstName') or ''}".strip() or item.get(
            "inventorNameText", ""
        )
        raw = str(item.get("inventorNameText") or name)
        draft.party(Party("inventor", squeezed(name), raw, "", order), f"patentBag[{number}].inventorBag")


def _continuity(draft: Draft, row: dict[str, Any]) -> None:
    bag = _table(row.get("continuityBag")) or row
    for name, other, is_parent in (
        ("parentContinuityBag", "parentApplicationNumberText", True),
        ("childContinuityBag", "childApplicationNumberText", False),
    ):
        for item in _bag(bag, name):
            text = str(item.get(other) or "")
            stated = item.get("filingDate") or item.get(f"{other[:6].rstrip('A')}ApplicationFilingDate")
            on = day(str(stated or ""))
            code = str(item.get("claimParentageTypeCode") or "")
            number = numbers.international(text) or numbers.application("US", text, "", on)
            own = str(item.get("childApplicationNumberText") or "")
            kind = RELATIONS.get(code, code or "related")
            if is_parent and draft.application and own and own != draft.application.original:
                kind = f"{kind}:ancestor"
            draft.links.append(Link(kind, number, on, is_parent, text))


def _assignment(item: dict[str, Any]) -> RegisterEntry:
    givers = _bag(item, "assignorBag")
    return RegisterEntry(
        number=str(item.get("reelNumber/frameNumber") or item.get("reelAndFrameNumber") or ""),
        on=day(str(item.get("assignmentRecordedDate") or "")),
        nature=squeezed(str(item.get("conveyanceText") or "")),
        executed_on=next((day(str(giver.get("executionDate") or "")) for giver in givers), None),
        givers=tuple(Party("assignor", squeezed(str(giver.get("assignorName") or ""))) for giver in givers),
        takers=tuple(
            Party(
                "assignee",
                squeezed(str(taker.get("assigneeNameText") or "")),
                city=str(_table(taker.get("assigneeAddress")).get("cityName") or ""),
            )
            for taker in _bag(item, "assigneeBag")
        ),
    )


def _peds(row: dict[str, Any], number: int) -> PatentRecord:
    """The shape of the former service: month first in its days, countries in brackets."""
    draft = Draft("uspto-peds", number + 1)
    filed = day(str(row.get("appFilingDate") or ""))
    text = str(row.get("applId") or "")
    if text:
        draft.application = document(
            numbers.international(text) or numbers.application("US", text, "", filed), filed, text
        )
    grant, granted = str(row.get("patentNumber") or ""), day(str(row.get("patentIssueDate") or ""))
    early = numbers.whole(str(row.get("appEarlyPubNumber") or ""))
    if grant:
        draft.publication = document(numbers.publication("US", grant, "", granted), granted, grant)
        draft.is_grant, draft.granted_on = True, granted
    elif early is not None:
        draft.publication = Document(early, day(str(row.get("appEarlyPubDate") or "")))
    draft.language = "en"
    draft.title("en", str(row.get("patentTitle") or ""), f"docs[{number}].patentTitle")
    for order, item in enumerate(_bag(row, "inventors"), start=1):
        name = squeezed(f"{item.get('nameLineOne') or ''} {item.get('nameLineTwo') or ''}")
        country = country_of(str(item.get("country") or ""))
        draft.party(
            Party("inventor", name, name, country, order, str(item.get("city") or "").strip(" ,")),
            f"docs[{number}].inventors",
        )
    for name, key, is_parent in (
        ("parentContinuity", "claimApplicationNumberText", True),
        ("childContinuity", "claimApplicationNumberText", False),
    ):
        for item in _bag(row, name):
            on = day(str(item.get("filingDate") or ""), american=True)
            words = str(item.get("applicationStatusDescription") or "")
            kind = "provisional" if "rovisional" in words else "division" if "ivision" in words else "continuation"
            original = str(item.get(key) or "")
            parent = numbers.international(original) or numbers.application("US", original, "", on)
            draft.links.append(Link(kind, parent, on, is_parent, original))
    for item in _bag(row, "transactions"):
        on = day(str(item.get("recordDate") or ""))
        own = draft.application.number if draft.application else None
        draft.events.append(
            LegalEvent("US", str(item.get("code") or ""), squeezed(str(item.get("description") or "")), "", on, own)
        )
    for item in _bag(row, "assignments"):
        draft.entries.append(
            RegisterEntry(
                f"{item.get('reelNumber')}/{item.get('frameNumber')}",
                day(str(item.get("recordedDate") or ""), american=True),
                nature=squeezed(str(item.get("converyanceName") or item.get("conveyanceName") or "")),
                givers=tuple(
                    Party("assignor", squeezed(str(one.get("assignorName")))) for one in _bag(item, "assignors")
                ),
                takers=tuple(
                    Party("assignee", squeezed(str(one.get("assigneeName")))) for one in _bag(item, "assignee")
                ),
            )
        )
    return draft.done()


# Recorded transfers


def transfer_of(node: Node) -> PatentRecord:
    """A recorded transfer of ownership, on as many titles as it names; the record itself is of no single title."""
    draft = Draft("uspto-assignment", node.line)
    values: dict[str, list[str]] = {}
    for field in node:
        name = field.get("name")
        values[name] = [child.value() for child in field] if field.tag == "arr" else [field.value()]

    def one(name: str) -> str:
        return next((value for value in values.get(name, []) if value not in NOTHING), "")

    def at(name: str, number: int) -> str:
        found = values.get(name, [])
        return "" if number >= len(found) or found[number] in NOTHING else found[number]

    documents: list[Document] = []
    for number in range(len(values.get("applNum", []))):
        filed = day(at("filingDate", number))
        documents += _titles(at("applNum", number), filed, at("publNum", number), day(at("publDate", number)))
        documents += _titles("", None, at("patNum", number), day(at("issueDate", number)))
        draft.title(at("inventionTitleLang", number) or "en", at("inventionTitle", number), "inventionTitle")
    executed = [found for text in values.get("patAssignorExDate", []) if (found := day(text))]
    takers = [
        Party(
            "assignee",
            name,
            country=country_of(at("patAssigneeCountryName", number))
            or ("US" if at("patAssigneeState", number) else ""),
            city=at("patAssigneeCity", number),
            sequence=number + 1,
        )
        for number, name in enumerate(values.get("patAssigneeName", []))
        if name not in NOTHING
    ]
    entry = RegisterEntry(
        number=one("displayId") or one("id"),
        on=day(one("recordedDate")),
        code=one("actionKeyCode"),
        nature=one("conveyanceText"),
        executed_on=min(executed, default=None),
        givers=tuple(Party("assignor", name) for name in values.get("patAssignorName", []) if name not in NOTHING),
        takers=tuple(takers),
        documents=tuple(documents),
    )
    draft.entries.append(entry)
    for party in takers:
        draft.party(party, "patAssigneeName")
    if not documents:
        draft.find("no_number", "doc/applNum", one("displayId") or one("id"))
    draft.application = next((item for item in documents if item.number.kind in ("A", "P", "F")), None)
    draft.publication = next((item for item in documents if item is not draft.application), None)
    return draft.done()


def _titles(text: str, filed: date | None, published: str, on: date | None) -> list[Document]:
    found = []
    if text:
        found.append(Document(numbers.application("US", text, "", filed), filed, text))
    if published:
        found.append(Document(numbers.publication("US", published, "", on), on, published))
    return found
