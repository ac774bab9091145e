"""INPI's `fr-patent-document`, a variant of ST.36, with the official state of fees and the register's entries.

Written from the paths that public readers of these files name; no file of INPI was at hand, so what a path holds
there is known, what stands elsewhere is not.
"""

from __future__ import annotations

import re
from datetime import date

from motrice.engines.patentfiles import numbers
from motrice.engines.patentfiles.codes import is_grant
from motrice.engines.patentfiles.gathering import Draft, document
from motrice.engines.patentfiles.shapes import (
    Citation,
    Claim,
    FeeState,
    LegalEvent,
    Link,
    Party,
    PatentRecord,
    RegisterEntry,
    Text,
)
from motrice.engines.patentfiles.text import classification, day, squeezed
from motrice.engines.patentfiles.xmlnodes import Node

WANTED = ("fr-patent-document",)
BIBLIO = "fr-bibliographic-data"
PREFERRED = ("inpi", "docdb", "original", "epodoc", "")
SCHEMES = (
    ("IPC", "classifications-ipcr/classification-ipcr/text"),
    ("CPC", "classifications-cpc/classification-cpc/text"),
)
PARTIES = (
    ("parties/applicants/applicant", "applicant"),
    ("parties/inventors/inventor", "inventor"),
    ("parties/agents/agent", "agent"),
    ("fr-owners/fr-owner", "owner"),
    ("parties/fr-owners/fr-owner", "owner"),
)
SIREN = re.compile(r"^\d{9}$")


def record_of(node: Node) -> PatentRecord:
    """A record from one French document."""
    draft = Draft("inpi", node.line)
    biblio = node.one(BIBLIO)
    if biblio is None:
        draft.find("no_bibliography", node.path(), node.get("id"))
        biblio = node
    draft.family_id, draft.language = node.get("family-id").strip(), (node.get("lang") or "fr").lower()
    _references(draft, node, biblio)
    for claim in biblio.all("fr-priority-claims/fr-priority-claim"):
        _claim(draft, claim)
    _words(draft, node, biblio)
    for scheme, path in SCHEMES:
        for item in biblio.all(path):
            draft.classify(classification(scheme, item.value()), item.value(), item.path(), item.line)
    for path, role in PARTIES:
        for item in biblio.all(path):
            _party(draft, item, role)
    _citations(draft, biblio)
    for item in biblio.all("related-documents/division"):
        _division(draft, item)
    life = node.one("fr-patent-life") or biblio.one("fr-patent-life")
    if life is not None:
        _life(draft, life)
    return draft.done()


def _words(draft: Draft, node: Node, biblio: Node) -> None:
    for title in [*biblio.all("invention-title"), *biblio.all("fr-invention-title")]:
        draft.title(title.get("lang") or "fr", title.value(), title.path())
    for abstract in node.all("abstract"):
        draft.abstracts.append(Text((abstract.get("lang") or "fr").lower(), abstract.value()))


def _citations(draft: Draft, biblio: Node) -> None:
    for item in [*biblio.all("references-cited/citation"), *biblio.all("fr-references-cited/citation")]:
        text = item.value("patcit/document-id/doc-number")
        country = item.value("patcit/document-id/country")
        number = numbers.publication(country, text, item.value("patcit/document-id/kind")) if text else None
        draft.citations.append(Citation(number, item.value("nplcit"), item.value("category")))


def _best(nodes: list[Node]) -> Node | None:
    """The form of a reference that INPI itself uses."""
    return min(nodes, key=lambda item: _rank(item.get("data-format")), default=None)


def _rank(form: str) -> int:
    return PREFERRED.index(form) if form in PREFERRED else len(PREFERRED)


def _references(draft: Draft, node: Node, biblio: Node) -> None:
    best = _best(biblio.all("fr-publication-data/fr-publication-reference"))
    identity = best.one("document-id") if best is not None else None
    identity = identity or best
    text = (identity.value("doc-number") if identity is not None else "") or node.get("doc-number")
    kind = (identity.value("kind") if identity is not None else "") or node.get("kind")
    country = (identity.value("country") if identity is not None else "") or node.get("country") or "FR"
    on = draft.day(identity.value("date"), identity.path(), identity.line) if identity is not None else None
    if text:
        number = draft.checked(numbers.publication(country, text, kind, on), BIBLIO, node.line)
        draft.publication = document(number, on, text)
        draft.is_grant = is_grant("FR", kind)
    best = _best(biblio.all("fr-application-reference"))
    identity = best.one("document-id") if best is not None else None
    identity = identity or best
    if identity is not None and identity.value("doc-number"):
        filed = draft.day(identity.value("date"), identity.path(), identity.line)
        text = identity.value("doc-number")
        draft.application = document(numbers.application("FR", text, "A", filed), filed, text)


def _claim(draft: Draft, claim: Node) -> None:
    identity = claim.one("document-id") or claim
    text, country = identity.value("doc-number"), draft.country(identity.value("country"), claim.path(), claim.line)
    on = draft.day(identity.value("date"), claim.path(), claim.line)
    if not text:
        draft.find("no_number", claim.path(), claim.value(), line=claim.line)
        return
    order = claim.get("sequence")
    number = numbers.application(country, text, identity.value("kind"), on)
    draft.priorities.append(
        Claim(number, on, int(order) if order.isdigit() else 0, claim.get("kind") or "national", original=text)
    )


def _party(draft: Draft, node: Node, role: str) -> None:
    """`iid` holds the SIREN of a French body; a number of another form is kept out, with a finding."""
    for book in node.all("addressbook") or [node]:
        name = book.value("orgname") or squeezed(f"{book.value('last-name')} {book.value('first-name')}")
        if not name:
            draft.find("no_name", node.path(), node.value(), line=node.line)
            continue
        siren = re.sub(r"\D", "", book.value("iid"))
        if siren and not SIREN.match(siren):
            draft.find("wrong_siren", f"{node.path()}/addressbook/iid", book.value("iid"), name, line=node.line)
            siren = ""
        country = draft.country(book.value("address/country"), f"{node.path()}/addressbook/address", node.line)
        order = node.get("sequence")
        draft.party(
            Party(role, name, name, country, int(order) if order.isdigit() else 0, book.value("address/city"), siren),
            node.path(),
        )


def _division(draft: Draft, node: Node) -> None:
    for parent in [*node.below("parent-doc"), *node.below("child-doc")]:
        identity = parent.one("document-id") or parent
        text, on = identity.value("doc-number"), day(identity.value("date"))
        if text:
            number = numbers.application("FR", text, "A", on)
            draft.links.append(Link("division", number, on, parent.tag == "parent-doc", text))


def _life(draft: Draft, life: Node) -> None:
    """What INPI says of the title's life: fees, grant, lapse, entries of the register."""
    last = next(life.below("fr-last-fee-payement"), None)
    following = next(life.below("fr-next-fee-payement"), None)

    def on(name: str) -> tuple[Node | None, str]:
        node = next(life.below(name), None)
        return node, (node.value("date") or node.value()) if node is not None else ""

    dates = {}
    for name in ("fr-date-granted", "fr-date-lapsed", "fr-date-notification-lapsed"):
        node, text = on(name)
        dates[name] = draft.day(text, node.path(), node.line) if node is not None and text else None
    status = next((item.value() for item in life.below("fr-status")), "")
    draft.fees = FeeState(
        last_paid_on=_date(draft, last),
        last_rank=_rank_of(draft, last),
        next_due_on=_date(draft, following),
        next_rank=_rank_of(draft, following),
        granted_on=dates["fr-date-granted"],
        lapsed_on=dates["fr-date-lapsed"],
        lapse_notified_on=dates["fr-date-notification-lapsed"],
        status=status,
    )
    draft.granted_on = draft.fees.granted_on
    number = draft.publication.number if draft.publication else None
    if draft.fees.last_paid_on:
        rank = draft.fees.last_rank
        paid = LegalEvent("FR", "PLFP", "FEE PAYMENT", "+", draft.fees.last_paid_on, number, "FR", fee_year=rank)
        draft.events.append(paid)
    if draft.fees.lapsed_on:
        draft.events.append(LegalEvent("FR", "ST", "LAPSED", "-", draft.fees.lapsed_on, number, "FR"))
    for entry in life.below("fr-inscription"):
        draft.entries.append(
            RegisterEntry(
                entry.value("registered-number"),
                draft.day(entry.value("date"), f"{entry.path()}/date", entry.line),
                entry.value("fr-code-inscription"),
                entry.value("fr-nature-inscription"),
            )
        )


def _date(draft: Draft, node: Node | None) -> date | None:
    return draft.day(node.value("date"), node.path(), node.line) if node is not None else None


def _rank_of(draft: Draft, node: Node | None) -> int | None:
    """The year of the annuity; in the files the attribute is spelt `percentile`."""
    if node is None:
        return None
    text = node.get("percentile") or next((item.get("percentile") for item in node if item.get("percentile")), "")
    if text and not text.isdigit():
        draft.find("wrong_rank", node.path(), text, line=node.line)
    return int(text) if text.isdigit() else None
