"""The European publication server: `ep-patent-document` in all its versions, whose fields bear INID-like numbers."""

from __future__ import annotations

from motrice.engines.patentfiles import numbers
from motrice.engines.patentfiles.codes import is_grant
from motrice.engines.patentfiles.gathering import Draft, document
from motrice.engines.patentfiles.shapes import Citation, Claim, LegalEvent, Link, Number, Party, PatentRecord, Text
from motrice.engines.patentfiles.text import classification, day, squeezed
from motrice.engines.patentfiles.xmlnodes import Node

WANTED = ("ep-patent-document",)
VERSIONS = ("v1-0", "v1-01", "v1-1", "v1-2", "v1-3", "v1-4", "v1-5", "v1-5-1")
ROLES = (("B711", "applicant"), ("B731", "proprietor"), ("B721", "inventor"), ("B741", "agent"), ("B781", "opponent"))
PARENT, DIVISIONS = "B620", "B620EP"


def record_of(node: Node) -> PatentRecord:
    """A record from one document of the European publication server."""
    draft = Draft("ep", node.line)
    version = node.get("dtd-version").removeprefix("ep-patent-document-")
    if version not in VERSIONS:
        draft.find("unknown_version", node.path(), node.get("dtd-version"), ", ".join(VERSIONS))
    head = node.one("SDOBI")
    if head is None:
        draft.find("no_bibliography", node.path(), node.get("id"))
        head = node
    _references(draft, node, head)
    _claims(draft, head)
    _titles(draft, head)
    for abstract in node.all("abstract"):
        if text := abstract.value():
            draft.abstracts.append(Text(abstract.get("lang").lower(), text))
    _classes(draft, head)
    for tag, role in ROLES:
        for party in head.all(f"B700/{tag[:3]}0/{tag}"):
            _party(draft, party, role)
    for country in head.all("B800/B840/ctry"):
        draft.designated.append(draft.country(country.value(), country.path(), country.line))
    _citations(draft, head)
    _related(draft, head)
    return draft.done()


def _titles(draft: Draft, head: Node) -> None:
    """Each language stands before its title, not around it."""
    for title in head.all("B500/B540"):
        language = ""
        for part in title:
            if part.tag == "B541":
                language = part.value()
            elif part.tag == "B542":
                draft.title(language, part.value(), part.path())


def _references(draft: Draft, node: Node, head: Node) -> None:
    kind = head.value("B100/B130") or node.get("kind")
    text = head.value("B100/B110") or node.get("doc-number")
    on = draft.day(head.value("B100/B140/date") or node.get("date-publ"), "SDOBI/B100/B140", node.line)
    number = numbers.publication(head.value("B100/B190") or node.get("country") or "EP", text, kind, on)
    draft.publication = document(draft.checked(number, "SDOBI/B100"), on, text)
    filed = draft.day(head.value("B200/B220/date"), "SDOBI/B200/B220", node.line)
    original = head.value("B200/B210")
    if original:
        draft.application = document(numbers.application("EP", original, "A", filed), filed, original)
    draft.language = (head.value("B200/B260") or node.get("lang")).lower()
    draft.is_grant = is_grant("EP", kind)
    draft.granted_on = day(head.value("B400/B450/date")) or (on if kind == "B1" else None)


def _claims(draft: Draft, head: Node) -> None:
    """The fields of each priority stand one after the other, not in groups."""
    text, on, sequence = "", None, 0
    for field in [part for block in head.all("B300") for part in block]:
        if field.tag == "B310":
            text, on = field.value(), None
        elif field.tag == "B320":
            on = draft.day(field.value("date"), field.path(), field.line)
        elif field.tag == "B330" and text:
            country = draft.country(field.value("ctry"), field.path(), field.line)
            sequence += 1
            number = numbers.application(country, text, "", on)
            draft.priorities.append(Claim(number, on, sequence, original=text))
            text = ""


def _classes(draft: Draft, head: Node) -> None:
    for node in head.all("B500/B510EP/classification-ipcr/text"):
        draft.classify(classification("IPC", node.value()), node.value(), node.path(), node.line)
    for tag in ("B511", "B512", "B513"):
        for node in head.all(f"B500/B510/{tag}"):
            draft.classify(classification("IPC", node.value()), node.value(), node.path(), node.line)
    for node in head.all("B500/B520EP/classifications-cpc/classification-cpc/text"):
        draft.classify(classification("CPC", node.value()), node.value(), node.path(), node.line)


def _party(draft: Draft, node: Node, role: str) -> None:
    name = squeezed(f"{node.value('fnm')} {node.value('snm')}") if node.one("fnm") else node.value("snm")
    name = name or node.value("onm")
    if not name:
        draft.find("no_name", node.path(), node.value(), line=node.line)
        return
    country = draft.country(node.value("adr/ctry"), f"{node.path()}/adr/ctry", node.line)
    order = 1 + sum(1 for party in draft.parties if party.role == role)
    draft.party(Party(role, name, name, country, order, node.value("adr/city"), node.value("iid")), node.path())


def _citations(draft: Draft, head: Node) -> None:
    for node in head.all("B500/B560/B561"):
        text = node.value("text") or node.value()
        draft.citations.append(Citation(_cited(text), text))
    for node in head.all("B500/B560/B562"):
        draft.citations.append(Citation(None, node.value()))


def _cited(text: str) -> Number | None:
    """`US-A1- 2007 204 872` as a number."""
    country, _, rest = text.partition("-")
    kind, _, number = rest.partition("-")
    if len(country) == 2 and number.strip():
        return numbers.publication(country, number, kind)
    return numbers.whole(text)


def _related(draft: Draft, head: Node) -> None:
    """The parent of a divisional, its own divisions, the international application and publication, oppositions."""
    for tag, is_parent in ((PARENT, True), (DIVISIONS, False)):
        for node in head.all(f"B600/{tag}"):
            for other in [*node.below("pdoc"), *node.below("cdoc")]:
                _division(draft, other, is_parent)
    for node in head.all("B800/B860"):
        text, on = node.value("B861/dnum/anum"), day(node.value("B861/date"))
        number = numbers.international(text, is_bare=True)
        if number is not None:
            draft.links.append(Link("international", number, on, True, text))
        elif text:
            draft.find("wrong_number", f"{node.path()}/B861", text, line=node.line)
    for node in head.all("B800/B870/B871"):
        text, on = node.value("dnum/pnum"), day(node.value("date"))
        world = numbers.whole(text, on)
        if world is not None:
            draft.links.append(Link("international-publication", world, on, True, text))
    for node in head.all("B700/B780/B781"):
        own = draft.publication.number if draft.publication else None
        draft.events.append(
            LegalEvent("EP", "26", "OPPOSITION FILED", "-", day(node.value("date")), own, text=node.value("snm"))
        )


def _division(draft: Draft, node: Node, is_parent: bool) -> None:
    text = node.value("dnum/anum")
    if text:
        number = numbers.application("EP", text, "A")
        draft.links.append(Link("division", number, day(node.value("date")), is_parent, text))
