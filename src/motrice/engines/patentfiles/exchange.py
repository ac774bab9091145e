"""DOCDB exchange documents: the answers of OPS and the files of DOCDB, which say the same in two ways."""

from __future__ import annotations

from collections.abc import Iterable

from motrice.engines.patentfiles import numbers
from motrice.engines.patentfiles.codes import is_grant
from motrice.engines.patentfiles.gathering import Draft, document
from motrice.engines.patentfiles.shapes import (
    Citation,
    Claim,
    Classification,
    Document,
    LegalEvent,
    Number,
    Party,
    PatentRecord,
    Text,
)
from motrice.engines.patentfiles.text import classification, day, squeezed, with_country
from motrice.engines.patentfiles.xmlnodes import Node

WANTED = ("exchange-document", "family-member")
CONVERTED = frozenset({"US", "FR", "GB", "EP", "JP", "DE", "KR", "WO"})  # whose epodoc form is turned with certainty


def record_of(node: Node) -> PatentRecord:
    """A record from an exchange document or a member of a family answer."""
    is_member = node.tag == "family-member"
    draft = Draft("docdb" if not is_member and node.get("date-of-last-exchange") else "ops", node.line)
    draft.family_id = node.get("family-id").strip()
    inner = node.one("exchange-document") if is_member else node
    biblio = inner.one("bibliographic-data") if inner is not None else None
    biblio = biblio if biblio is not None else node
    _references(draft, node, biblio)
    claims = biblio.all("priority-claims/priority-claim") or node.all("priority-claim")
    _claims(draft, claims)
    _words(draft, inner if inner is not None else node, biblio)
    for role in ("applicant", "inventor"):
        _parties(draft, biblio.all(f"parties/{role}s/{role}"), role)
    _classes(draft, biblio)
    for region in biblio.all("designation-of-states"):
        draft.designated += [draft.country(item.value(), item.path(), item.line) for item in region.below("country")]
    for citation in biblio.all("references-cited/citation"):
        _cite(draft, citation)
    draft.events += [_event(draft, legal) for legal in node.all("legal")]
    return draft.done()


def _form(node: Node) -> str:
    return node.get("document-id-type") or node.get("data-format")


def _identities(references: Iterable[Node]) -> dict[str, Node]:
    """The document ids of a reference by form: OPS puts the form on the id, DOCDB on the reference."""
    found: dict[str, Node] = {}
    for reference in references:
        for identity in reference.all("document-id"):
            found.setdefault(_form(identity) or _form(reference), identity)
    return found


def _references(draft: Draft, node: Node, biblio: Node) -> None:
    identities = _identities(biblio.all("publication-reference"))
    on = next((found for item in identities.values() if (found := day(item.value("date")))), None)
    on = on or day(node.get("date-publ"))
    docdb = identities.get("docdb")
    if docdb is not None:
        country, text, kind = docdb.value("country"), docdb.value("doc-number"), docdb.value("kind")
    else:
        country, text, kind = node.get("country"), node.get("doc-number"), node.get("kind")
    if text:
        number = draft.checked(Number(country, text, kind), "publication-reference", node.line)
        original = identities["original"].value("doc-number") if "original" in identities else ""
        draft.publication = Document(number, on, original)
        draft.is_grant = is_grant(country, kind)
        draft.granted_on = on if draft.is_grant else None
    draft.language = docdb.get("lang") if docdb is not None else ""
    draft.language = biblio.value("language-of-publication") or draft.language
    identities = _identities(biblio.all("application-reference"))
    if identities:
        draft.application = _application(draft, identities)


def _application(draft: Draft, identities: dict[str, Node]) -> Document | None:
    on = next((found for item in identities.values() if (found := day(item.value("date")))), None)
    original = identities["original"].value("doc-number") if "original" in identities else ""
    number = _number(identities)
    return document(draft.checked(number, "application-reference"), on, original) if number else None


def _number(identities: dict[str, Node]) -> Number | None:
    """The DOCDB form as it stands; failing it, one made of the epodoc form: country, year, serial."""
    if (docdb := identities.get("docdb")) is not None:
        return Number(docdb.value("country"), docdb.value("doc-number"), docdb.value("kind"))
    epodoc = identities.get("epodoc")
    if epodoc is None:
        return None
    text = epodoc.value("doc-number")
    return of_epodoc(text)


def of_epodoc(text: str) -> Number | None:
    """`NL19981010536` is NL 1010536 A; `WO1998US16128` is US 9816128 W; `US19980083597` is US 8359798 A."""
    text = squeezed(text).upper()
    if (world := numbers.international(text)) is not None:
        return world
    country, rest = text[:2], text[2:]
    if not rest or not rest[0].isdigit():
        return Number(country, rest) if rest else None
    year = rest[:4]
    if year[:2] not in ("18", "19", "20") or len(rest) < 8:
        return Number(country, rest, "A")
    return Number(country, _of_year(country, year, rest[4:]), "A")


def _of_year(country: str, year: str, serial: str) -> str:
    """The serial number as DOCDB writes it, from the year and the padded serial of the epodoc form."""
    if country == "US":  # seven digits: the form before the series was written
        return f"{serial.lstrip('0')}{year[2:]}" if len(serial) == 7 else f"{year}{serial}"
    if country in ("FR", "GB") and len(serial) == 7:
        return f"{year[2:]}{serial[-5:]}"
    if country == "EP":
        return serial.lstrip("0").zfill(8)
    if country == "JP" and len(serial) == 7:
        recent = int(year) >= numbers.JAPAN_OWN_YEARS_UNTIL
        return f"{year}{serial[1:]}" if recent else f"{serial.lstrip('0')}{year[2:]}"
    if country == "DE" and len(serial) == 8:
        return f"{serial[:2]}{year}{serial[2:]}"
    if country == "KR":
        return f"{year}{serial}"
    return serial


def _claims(draft: Draft, claims: list[Node]) -> None:
    """The claims by sequence, each told in several forms; originals of OPS share the claim, of DOCDB stand apart."""
    gathered: dict[str, dict[str, tuple[Node, Node]]] = {}
    for claim in claims:
        for identity in claim.all("document-id"):
            form = _form(identity) or _form(claim)
            gathered.setdefault(claim.get("sequence"), {}).setdefault(form, (claim, identity))
    for sequence, forms in gathered.items():
        identities = {form: identity for form, (_claim, identity) in forms.items()}
        on = next((found for item in identities.values() if (found := day(item.value("date")))), None)
        number = _number(identities)
        claim = forms["docdb"][0] if "docdb" in forms else next(iter(forms.values()))[0]
        if number is None:
            draft.find("no_number", claim.path(), claim.value(), line=claim.line)
            continue
        if "docdb" not in identities and number.country not in CONVERTED and number.kind != "W":
            draft.find("converted_number", claim.path(), identities["epodoc"].value("doc-number"), str(number))
        indicator = claim.value("priority-active-indicator").upper()[:1]
        draft.priorities.append(
            Claim(
                draft.checked(number, claim.path(), claim.line),
                on,
                int(sequence) if sequence.isdigit() else 0,
                claim.get("kind"),
                {"Y": True, "N": False}.get(indicator),
                claim.value("priority-linkage-type"),
                identities["original"].value("doc-number") if "original" in identities else "",
            )
        )


def _words(draft: Draft, node: Node, biblio: Node) -> None:
    for title in biblio.all("invention-title"):
        draft.title(title.get("lang"), title.value(), title.path())
    for abstract in [*node.all("abstract"), *biblio.all("abstract")]:
        if text := abstract.value():
            draft.abstracts.append(Text(abstract.get("lang").lower(), text))


def _parties(draft: Draft, rows: list[Node], role: str) -> None:
    """The forms of one party are brought together by their sequence."""
    gathered: dict[str, dict[str, Node]] = {}
    for row in rows:
        gathered.setdefault(row.get("sequence"), {}).setdefault(row.get("data-format"), row)
    for sequence, forms in gathered.items():
        shown = forms.get("docdb") or forms.get("epodoc") or next(iter(forms.values()))
        written = forms.get("docdba") or forms.get("original") or shown
        name, country = with_country(shown.value(f"{role}-name/name"))
        raw = written.value(f"{role}-name/name")
        for row in forms.values():
            country = country or row.value("residence/country")
        country = draft.country(country, shown.path(), shown.line)
        if name:
            order = int(sequence) if sequence.isdigit() else 0
            draft.party(Party(role, name, with_country(raw)[0].rstrip(","), country, order), shown.path())


def _classes(draft: Draft, biblio: Node) -> None:
    for node in biblio.all("classifications-ipcr/classification-ipcr/text"):
        draft.classify(classification("IPC", node.value()), node.value(), node.path(), node.line)
    if not draft.classifications:
        for node in [*biblio.all("classification-ipc/text"), *biblio.all("classification-ipc/main-classification")]:
            draft.classify(classification("IPC", node.value()), node.value(), node.path(), node.line)
    seen = set()
    for node in biblio.all("patent-classifications/patent-classification"):
        scheme = node.one("classification-scheme")
        if scheme is None or not scheme.get("scheme").startswith("CPC"):
            continue
        text = node.value("classification-symbol") or (
            f"{node.value('section')}{node.value('class')}{node.value('subclass')} "
            f"{node.value('main-group')}/{node.value('subgroup')}"
        )
        found = classification("CPC", text)
        value = node.value("classification-value")
        if found is not None:
            found = Classification(
                "CPC",
                found.symbol,
                scheme.value("date"),
                node.value("symbol-position") == "F",
                None if not value else value == "I",
            )
            if found.symbol in seen:  # the same symbol, given by several offices
                continue
            seen.add(found.symbol)
        draft.classify(found, text, node.path(), node.line)


def _cite(draft: Draft, node: Node) -> None:
    category = next((item.value() for item in node.below("category")), "")
    phase = node.get("cited-phase")
    for patent in node.all("patcit"):
        identities = _identities([patent])
        identity = identities.get("docdb") or identities.get("") or next(iter(identities.values()), None)
        if identity is None:
            continue
        if identity.value("country"):
            number = Number(identity.value("country"), identity.value("doc-number"), identity.value("kind"))
        else:
            number = numbers.whole(identity.value("doc-number")) or Number("", identity.value("doc-number"))
        draft.citations.append(Citation(number, identity.value("name"), category, phase))
    for other in node.all("nplcit"):
        draft.citations.append(Citation(None, other.value("text"), category, phase))


DETAILS = {
    "L501EP": "country",
    "L502EP": "national_code",
    "L518EP": "paid",
    "L520EP": "year",
    "L525EP": "effective",
}


def _event(draft: Draft, node: Node) -> LegalEvent:
    """One event of INPADOC; details stand in numbered fields below `L500EP`."""
    details: dict[str, str] = {}
    words = []
    for field in node.all("L500EP"):
        for item in field:
            details.setdefault(DETAILS.get(item.tag, item.tag), item.value())
            words.append(f"{item.get('desc')}: {item.value()}")
    number = Number(node.value("L001EP"), node.value("L003EP"), node.value("L004EP"))
    code = node.get("code").strip() or node.value("L008EP")
    year = details.get("year", "").lstrip("0")
    country = details.get("country", "") if code in ("PG25", "PGFP", "REG") else ""
    return LegalEvent(
        office=draft.country(node.value("L001EP"), node.path(), node.line),
        code=code,
        description=squeezed(node.get("desc")),
        influence=node.get("infl").strip(),
        on=draft.day(node.value("L007EP"), f"{node.path()}/L007EP", node.line),
        document=number,
        country=draft.country(country, f"{node.path()}/L501EP", node.line),
        effective_on=day(details.get("effective", "")),
        paid_on=day(details.get("paid", "")),
        fee_year=int(year) if year.isdigit() else None,
        text="; ".join(words)[:2000],
    )
