"""The inverted index (tantivy): candidates, filters, counts, facets, and the manifest of each commit."""

import json
from collections.abc import Collection, Iterable
from datetime import date
from pathlib import Path
from typing import Any

import tantivy

from motrice.engines.search.documents import day_of, strings
from motrice.engines.search.errors import IndexCorrupt
from motrice.engines.search.storage import REBUILD

Must, Should, MustNot = tantivy.Occur.Must, tantivy.Occur.Should, tantivy.Occur.MustNot
FILTERS = ("kind", "language", "tags", "owners", "date_from", "date_to")
FACETS = ("kind", "language", "tags", "owners")


def schema() -> tantivy.Schema:
    """Return the fields of the inverted index."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field("row", fast=True)
    builder.add_text_field("words", tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field("access", tokenizer_name="raw", index_option="basic")
    for name in FACETS:
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    builder.add_integer_field("day", indexed=True, fast=True)
    builder.add_text_field("manifest", tokenizer_name="raw", index_option="basic")
    builder.add_bytes_field("payload", stored=True)
    return builder.build()


SCHEMA = schema()


def term(field: str, value: Any, option: str = "basic") -> tantivy.Query:
    """Return a query for one exact term."""
    return tantivy.Query.term_query(SCHEMA, field, value, option)


def any_of(field: str, values: Iterable[str], terms: Iterable[Iterable[str]] = ()) -> tantivy.Query:
    """Return a query for any of these exact values, or for all of the values of one of the terms, without a score."""
    parts = [(Should, term(field, value)) for value in values]
    parts += [(Should, tantivy.Query.boolean_query([(Must, term(field, v)) for v in several])) for several in terms]
    if not parts:
        return tantivy.Query.empty_query()
    query = parts[0][1] if len(parts) == 1 else tantivy.Query.boolean_query(parts)
    return tantivy.Query.const_score_query(query, 0.0)


def open_tantivy(path: Path, *, create: bool) -> tantivy.Index:
    """Open or create the inverted index and its analyser, which every process must register."""
    try:
        if create:
            path.mkdir(parents=True, exist_ok=True)
            index = tantivy.Index(SCHEMA, str(path), reuse=False)
        else:
            index = tantivy.Index(SCHEMA, str(path), reuse=True)
    except (ValueError, OSError) as error:
        raise IndexCorrupt(f"The inverted index in {path} cannot be opened ({error}). {REBUILD}") from error
    analyzer = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
    index.register_tokenizer("whitespace", analyzer)
    return index


def read_manifest(searcher: tantivy.Searcher) -> dict[str, Any] | None:
    """Return the manifest of the commit that the searcher sees, or nothing before the first commit."""
    try:
        found = searcher.search(term("manifest", "current"), 1).hits
        if not found:
            return None
        return json.loads(bytes(searcher.doc(found[0][1])["payload"][0]))
    except (ValueError, OSError, KeyError, IndexError) as error:
        raise IndexCorrupt(f"The manifest of the index cannot be read ({error}). {REBUILD}") from error


def write_manifest(writer: tantivy.IndexWriter, manifest: dict[str, Any]) -> None:
    """Replace the manifest in the commit under way."""
    writer.delete_documents_by_term("manifest", "current")
    document = tantivy.Document()
    document.add_text("manifest", "current")
    document.add_bytes("payload", json.dumps(manifest, separators=(",", ":")).encode("ascii"))
    writer.add_document(document)


def listed(value: Any, name: str) -> tuple[str, ...]:
    """Return filter values as a tuple; one string stands for itself."""
    return strings([value] if isinstance(value, str) else value, f"filter {name!r}")


def checked_access(access: Any) -> frozenset[str] | None:
    """Return the tokens a caller holds; nothing means a trusted caller."""
    if access is None:
        return None
    return frozenset(strings(access, "access"))


def day_number(value: Any) -> int:
    """Return a date of a filter as days."""
    found = day_of(value)
    if found is None:
        raise ValueError("A date filter needs a date, such as 2026-11-22.")
    return found.toordinal()


def plain(filters: dict[str, Any] | None) -> dict[str, Any] | None:
    """Return filters with their values as tuples: an iterator is read once, and a long array is written out whole."""
    return filters and {
        name: listed(value, name) if name in FACETS and value is not None else value for name, value in filters.items()
    }


def filter_query(filters: dict[str, Any] | None, access: Collection[str] | None) -> list[tantivy.Query]:
    """Return the conditions every result must meet, or say which filter is unknown."""
    conditions = []
    if access is not None:
        conditions.append(any_of("access", sorted(access)))
    filters = {name: value for name, value in (filters or {}).items() if value is not None}
    for name in filters:
        if name not in FILTERS:
            raise ValueError(f"Unknown filter {name!r}; the filters are {', '.join(FILTERS)}.")
    for name in FACETS:
        if name in filters:
            conditions.append(any_of(name, listed(filters[name], name)))
    if "date_from" in filters or "date_to" in filters:
        first = day_number(filters.get("date_from", date.min))
        last = day_number(filters.get("date_to", date.max))
        between = tantivy.Query.range_query(SCHEMA, "day", tantivy.FieldType.Integer, first, last)
        conditions.append(tantivy.Query.const_score_query(between, 0.0))
    return conditions


def filtered(query: tantivy.Query | None, conditions: list[tantivy.Query]) -> tantivy.Query:
    """Join a query (or everything) with conditions; the manifest is never found."""
    if query is not None and not conditions:
        return query
    parts = [(Must, condition) for condition in conditions]
    if query is not None:
        parts.insert(0, (Must, query))
    else:
        parts.append((Must, tantivy.Query.const_score_query(tantivy.Query.all_query(), 0.0)))
        parts.append((MustNot, term("manifest", "current")))
    return tantivy.Query.boolean_query(parts)


def weighted_words(weights: list[tuple[str, float]]) -> tantivy.Query:
    """Return the ranked union of weighted stems."""
    parts = [
        (Should, tantivy.Query.boost_query(term("words", word, "freq"), max(weight, 1e-6))) for word, weight in weights
    ]
    return tantivy.Query.boolean_query(parts)


def count(searcher: tantivy.Searcher, query: tantivy.Query) -> int:
    """Count the results of a query."""
    found: Any = searcher.search(query, 1, count=True)
    return int(found.count or 0)


def facet_counts(searcher: tantivy.Searcher, query: tantivy.Query, name: str, limit: int) -> list[tuple[str, int]]:
    """Count the values of a field among the results of a query."""
    if name not in FACETS:
        raise ValueError(f"Unknown facet {name!r}; the facets are {', '.join(FACETS)}.")
    request = {"values": {"terms": {"field": name, "size": limit, "order": {"_count": "desc"}}}}
    buckets = searcher.aggregate(query, request)["values"]["buckets"]
    found = [(bucket["key"], int(bucket["doc_count"])) for bucket in buckets if bucket["key"] != ""]
    return sorted(found, key=lambda pair: (-pair[1], pair[0]))
