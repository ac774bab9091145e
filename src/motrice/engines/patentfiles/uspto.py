"""Documents of the USPTO since 2001 in XML: grants of 2001 (ST.32), applications of 2001, both since 2004 (ST.36)."""

from __future__ import annotations

from motrice.engines.patentfiles import numbers
from motrice.engines.patentfiles.codes import country_of, is_grant
from motrice.engines.patentfiles.gathering import Draft, document
from motrice.engines.patentfiles.shapes import Citation, Claim, Classification, Link, Number, Party, PatentRecord, Text
from motrice.engines.patentfiles.text import classification, day, squeezed
from motrice.engines.patentfiles.xmlnodes import Node

WANTED = ("us-patent-grant", "us-patent-application", "patent-application-publication", "PATDOC")
RELATIONS = (
    "addition",
    "continuation",
    "continuation-in-part",
    "continuing-reissue",
    "division",
    "reissue",
    "reexamination",
    "substitution",
    "us-divisional-reissue",
    "us-reexamination-reissue-merger",
    "utility-model-basis",
)


def record_of(node: Node) -> PatentRecord:
    """A record from one document, whatever its generation."""
    if node.tag == "PATDOC":
        return _st32(node)
    if node.tag == "patent-application-publication":
        return _of_2001(node)
    return _st36(node)


# Since 2004


def _st36(node: Node) -> PatentRecord:
    draft = Draft("uspto", node.line)
    biblio = node.one("us-bibliographic-data-grant") or node.one("us-bibliographic-data-application")
    if biblio is None:
        draft.find("no_bibliography", node.path(), node.get("file"))
        biblio = node
    _references(draft, biblio)
    for claim in biblio.all("priority-claims/priority-claim"):
        on = draft.day(claim.value("date"), f"{claim.path()}/date", claim.line)
        country = draft.country(claim.value("country"), f"{claim.path()}/country", claim.line)
        text = claim.value("doc-number")
        number = numbers.application(country, text, "", on)
        order = claim.get("sequence").lstrip("0")
        draft.priorities.append(
            Claim(number, on, int(order) if order.isdigit() else 0, claim.get("kind"), original=text)
        )
    draft.title("en", biblio.value("invention-title"), "invention-title")
    for abstract in node.all("abstract"):
        draft.abstracts.append(Text("en", abstract.value()))
    _classes(draft, biblio)
    _people(draft, biblio)
    _citations(draft, biblio)
    _relations(draft, biblio)
    return draft.done()


def _references(draft: Draft, biblio: Node) -> None:
    reference = biblio.one("publication-reference/document-id")
    if reference is not None:
        on = draft.day(reference.value("date"), reference.path(), reference.line)
        text, kind = reference.value("doc-number"), reference.value("kind")
        number = numbers.publication(reference.value("country") or "US", text, kind, on)
        draft.publication = document(draft.checked(number, reference.path(), reference.line), on, text)
        draft.is_grant = is_grant("US", kind)
        draft.granted_on = on if draft.is_grant else None
    reference = biblio.one("application-reference/document-id")
    if reference is not None:
        on = draft.day(reference.value("date"), reference.path(), reference.line)
        text = reference.value("doc-number")
        draft.application = document(numbers.application("US", text, "", on), on, text)
    draft.language = "en"


def _classes(draft: Draft, biblio: Node) -> None:
    for scheme, path in (
        ("IPC", "classifications-ipcr/classification-ipcr"),
        ("CPC", "classifications-cpc/main-cpc/classification-cpc"),
        ("CPC", "classifications-cpc/further-cpc/classification-cpc"),
    ):
        for node in biblio.all(path):
            text = (
                f"{node.value('section')}{node.value('class')}{node.value('subclass')} "
                f"{node.value('main-group')}/{node.value('subgroup')}"
            )
            found = classification(scheme, text)
            if found is not None:
                version = node.value("ipc-version-indicator/date") or node.value("cpc-version-indicator/date")
                first, value = node.value("symbol-position") == "F", node.value("classification-value")
                found = Classification(scheme, found.symbol, version, first, value == "I" if value else None)
            draft.classify(found, text, node.path(), node.line)
    for tag in ("main-classification", "further-classification"):
        for node in biblio.all(f"classification-ipc/{tag}"):
            draft.classify(classification("IPC", node.value()), node.value(), node.path(), node.line)
    for node in biblio.all("classification-locarno/main-classification"):
        draft.classify(Classification("LOC", node.value()), node.value(), node.path(), node.line)


def _people(draft: Draft, biblio: Node) -> None:
    """Before 2012 applicants are the inventors unless they say otherwise; later both are named."""
    parties = biblio.one("us-parties") or biblio.one("parties")
    if parties is not None:
        for tag in ("us-applicants/us-applicant", "applicants/applicant"):
            for node in parties.all(tag):
                _person(draft, node, "applicant")
                if node.get("app-type") == "applicant-inventor":
                    _person(draft, node, "inventor")
        for node in parties.all("inventors/inventor"):
            _person(draft, node, "inventor")
        for node in parties.all("agents/agent"):
            _person(draft, node, "agent")
    for node in biblio.all("assignees/assignee"):
        _person(draft, node, "assignee")


def _person(draft: Draft, node: Node, role: str) -> None:
    book = node.one("addressbook") or node
    name = book.value("orgname") or squeezed(
        f"{book.value('last-name')} {book.value('first-name')} {book.value('middle-name')} {book.value('suffix')}"
    )
    if not name:
        draft.find("no_name", node.path(), node.value(), line=node.line)
        return
    country = book.value("address/country") or node.value("residence/country")
    code = country_of(country) or draft.country(country, node.path(), node.line)
    order = 1 + sum(1 for party in draft.parties if party.role == role)
    draft.party(Party(role, name, name, code, order, book.value("address/city")), node.path())


def _citations(draft: Draft, biblio: Node) -> None:
    for path in ("us-references-cited/us-citation", "references-cited/citation"):
        for node in biblio.all(path):
            category = node.value("category")
            identity = node.one("patcit/document-id")
            if identity is not None:
                country = identity.value("country")
                number = numbers.publication(country, identity.value("doc-number"), identity.value("kind"))
                draft.citations.append(Citation(number, identity.value("name"), category))
            elif node.one("nplcit") is not None:
                draft.citations.append(Citation(None, node.value("nplcit/othercit"), category))


def _relations(draft: Draft, biblio: Node) -> None:
    own = draft.application.original if draft.application else ""
    for block in biblio.all("us-related-documents"):
        for node in block:
            if node.tag == "us-provisional-application":
                _link(draft, "provisional", node.one("document-id"), True)
            elif node.tag in RELATIONS:
                parent = node.one("relation/parent-doc")
                child = node.value("relation/child-doc/document-id/doc-number")
                if parent is not None and (not own or not child or child == own):
                    _link(draft, node.tag, parent.one("document-id"), True)
                elif parent is not None:  # a link further up the chain: between two other applications
                    _link(draft, f"{node.tag}:ancestor", parent.one("document-id"), True)
    for node in biblio.all("pct-or-regional-filing-data"):
        _link(draft, "international", node.one("document-id"), True)


def _link(draft: Draft, kind: str, identity: Node | None, is_parent: bool) -> None:
    if identity is None:
        return
    text, on = identity.value("doc-number"), day(identity.value("date"))
    country = identity.value("country")
    number = numbers.international(text) or numbers.application(country if country != "WO" else "US", text, "", on)
    draft.links.append(Link(kind, number, on, is_parent, text))


# Applications of 2001 to 2004


def _of_2001(node: Node) -> PatentRecord:
    draft = Draft("uspto", node.line)
    head = node.one("subdoc-bibliographic-information") or node
    on = draft.day(head.value("document-id/document-date"), "document-id/document-date", node.line)
    text, kind = head.value("document-id/doc-number"), head.value("document-id/kind-code")
    draft.publication = document(draft.checked(numbers.publication("US", text, kind, on), "document-id"), on, text)
    filed = draft.day(head.value("domestic-filing-data/filing-date"), "filing-date", node.line)
    text = head.value("domestic-filing-data/application-number/doc-number")
    draft.application = document(numbers.application("US", text, "", filed), filed, text) if text else None
    draft.language = "en"
    for order, claim in enumerate(head.all("foreign-priority-data"), start=1):
        text = claim.value("priority-application-number/doc-number")
        claimed = draft.day(claim.value("filing-date"), claim.path(), claim.line)
        country = draft.country(claim.value("country-code"), claim.path(), claim.line)
        number = numbers.application(country, text, "", claimed)
        draft.priorities.append(Claim(number, claimed, order, "national", original=text))
    technical = head.one("technical-information") or head
    draft.title("en", technical.value("title-of-invention"), "title-of-invention")
    for item in technical.below("ipc"):
        draft.classify(classification("IPC", item.value()), item.value(), item.path(), item.line)
    for item in [*head.all("inventors/first-named-inventor"), *head.all("inventors/inventor")]:
        _person_of_2001(draft, item, "inventor")
    for item in head.all("assignee"):
        _person_of_2001(draft, item, "assignee")
    for item in node.all("subdoc-abstract"):
        draft.abstracts.append(Text("en", item.value()))
    _continuity_of_2001(draft, head)
    return draft.done()


def _person_of_2001(draft: Draft, node: Node, role: str) -> None:
    name = node.value("organization-name") or squeezed(
        f"{node.value('name/family-name')} {node.value('name/given-name')} {node.value('name/middle-name')}"
    )
    if not name:
        draft.find("no_name", node.path(), node.value(), line=node.line)
        return
    country = next((item.value() for item in node.below("country-code")), "")
    if not country and node.one("residence/residence-us") is not None:
        country = "US"
    city = next((item.value() for item in node.below("city")), "")
    order = 1 + sum(1 for party in draft.parties if party.role == role)
    draft.party(Party(role, name, name, draft.country(country, node.path(), node.line), order, city), node.path())


def _continuity_of_2001(draft: Draft, head: Node) -> None:
    for block in head.all("continuity-data"):
        for relation in block.below("parent-child"):
            parent = relation.one("parent/document-id")
            if parent is None or relation.up is None:
                continue
            text, on = parent.value("doc-number"), day(parent.value("document-date"))
            number = numbers.international(text) or numbers.application("US", text, "", on)
            draft.links.append(Link(relation.up.tag.removesuffix("-of"), number, on, True, text))
        for item in block.below("non-provisional-of-provisional"):
            text, on = item.value("document-id/doc-number"), day(item.value("document-id/document-date"))
            if text:
                draft.links.append(Link("provisional", numbers.application("US", text, "P", on), on, True, text))


# Grants of 2001 to 2004


def _st32(node: Node) -> PatentRecord:
    draft = Draft("uspto", node.line)
    head = node.one("SDOBI") or node
    kind, text = head.value("B100/B130"), head.value("B100/B110")
    on = draft.day(head.value("B100/B140"), "SDOBI/B100/B140", node.line)
    number = numbers.publication("US", text, kind, on)
    draft.publication = document(draft.checked(number, "SDOBI/B100"), on, text)
    draft.is_grant = is_grant("US", kind)
    draft.granted_on = on if draft.is_grant else None
    filed = draft.day(head.value("B200/B220"), "SDOBI/B200/B220", node.line)
    text = head.value("B200/B210")
    draft.application = document(numbers.application("US", text, "", filed), filed, text) if text else None
    draft.language = "en"
    _st32_claims(draft, head)
    draft.title("en", head.value("B500/B540"), "SDOBI/B500/B540")
    for abstract in node.all("SDOAB"):
        draft.abstracts.append(Text("en", abstract.value()))
    scheme = "LOC" if kind.startswith("S") else "IPC"
    for tag in ("B511", "B512"):
        for item in head.all(f"B500/B510/{tag}"):
            text = item.whole().strip()  # the places count: "B32B  302" is 3/02
            found = Classification("LOC", text) if scheme == "LOC" else classification("IPC", text)
            draft.classify(found, text, item.path(), item.line)
    for tag, role in (("B721", "inventor"), ("B731", "assignee"), ("B741", "agent")):
        for item in head.all(f"B700/{tag[:3]}0/{tag}"):
            _st32_party(draft, item, role)
    for item in head.all("B500/B560/B561/PCIT"):
        number = numbers.publication(item.value("DOC/CTRY") or "US", item.value("DOC/DNUM"), item.value("DOC/KIND"))
        draft.citations.append(Citation(number, item.value("PARTY-US")))
    for item in head.all("B500/B560/B562"):
        draft.citations.append(Citation(None, item.value()))
    _st32_links(draft, head)
    return draft.done()


def _st32_claims(draft: Draft, head: Node) -> None:
    text, on, order = "", None, 0
    for field in [part for block in head.all("B300") for part in block]:
        if field.tag == "B310":
            text, on = field.value(), None
        elif field.tag == "B320":
            on = draft.day(field.value(), field.path(), field.line)
        elif field.tag == "B330" and text:
            country = draft.country(field.value(), field.path(), field.line)
            order += 1
            claim = Claim(numbers.application(country, text, "", on), on, order, "national", original=text)
            draft.priorities.append(claim)
            text = ""


def _st32_party(draft: Draft, node: Node, role: str) -> None:
    for party in node.all("PARTY-US"):
        name = party.value("NAM/ONM") or squeezed(f"{party.value('NAM/SNM')} {party.value('NAM/FNM')}")
        country = party.value("ADR/CTRY") or ("US" if party.one("ADR/STATE") is not None else "")
        order = 1 + sum(1 for known in draft.parties if known.role == role)
        code = draft.country(country, party.path(), party.line)
        draft.party(Party(role, name, name, code, order, party.value("ADR/CITY")), party.path())


ST32_RELATIONS = {
    "B621": "addition",
    "B622": "division",
    "B631": "continuation",
    "B632": "continuation-in-part",
    "B633": "continuing-reissue",
    "B641US": "division",
    "B645": "reexamination",
    "B651": "related",
    "B660": "substitution",
}


def _st32_links(draft: Draft, head: Node) -> None:
    for block in head.all("B600"):
        for field in block:
            if field.tag in ST32_RELATIONS:
                for parent in field.below("PDOC"):
                    _st32_link(draft, ST32_RELATIONS[field.tag], parent)
            elif field.tag == "B680US":
                _st32_link(draft, "provisional", field)
    for field in head.all("B800/B860/B861"):
        _st32_link(draft, "international", field)


def _st32_link(draft: Draft, kind: str, node: Node) -> None:
    text = next((item.value() for item in node.below("DNUM")), "")
    on = day(next((item.value() for item in node.below("DATE")), ""))
    if text:
        number: Number = numbers.international(text) or numbers.application("US", text, "", on)
        draft.links.append(Link(kind, number, on, True, text))
