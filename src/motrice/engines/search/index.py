"""The index: add, remove, commit, search, rank owners. One writer, many readers, each commit whole or absent."""

import json
import threading
from collections.abc import Collection, Iterable
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import tantivy

from motrice.engines.search import fitting, inverted
from motrice.engines.search.documents import Document, Hit, OwnerHit, checked_limit
from motrice.engines.search.encoders import Encoder, EncoderMark
from motrice.engines.search.errors import EncoderMismatch, IndexCorrupt, IndexMissing
from motrice.engines.search.lock import Lock
from motrice.engines.search.owners import OwnerRanking
from motrice.engines.search.ranking import Ranker, Ranking
from motrice.engines.search.snapshot import Snapshot
from motrice.engines.search.storage import DTYPES, REBUILD, Interned, Vocabulary
from motrice.engines.search.tuning import Tuning
from motrice.engines.search.writer import Writer

FORMAT = 4
FIRST = {
    "format": FORMAT,
    "generation": 0,
    "lengths": dict.fromkeys(DTYPES, 0),
    "statistics": "",
    "spelling": "",
    "models": {},
    "changes": {},
}


def read_head(directory: Path) -> EncoderMark | None:
    """Check that there is an index that this version reads; return what it remembers of its encoder."""
    head = directory / "motrice-search.json"
    if not head.is_file():
        raise IndexMissing(f"There is no index in {directory}. Make one with Index.create.")
    try:
        kept = json.loads(head.read_text(encoding="ascii"))
        found = kept.get("format")
        mark = EncoderMark(**kept["encoder"]) if kept.get("encoder") else None
    except (OSError, ValueError, AttributeError, TypeError) as error:
        raise IndexCorrupt(f"{head} cannot be read ({error}). {REBUILD}") from error
    if found != FORMAT:
        raise IndexCorrupt(f"{directory} has format {found!r}, this version reads {FORMAT}. {REBUILD}")
    return mark


def remade(before: dict[str, Any], now: dict[str, Any]) -> bool:
    """Say whether the directory holds another index than before: it was deleted and filled anew, or restored."""
    is_other = before.get("born") != now.get("born") or before["generation"] > now["generation"]
    return before["generation"] > 0 and is_other


class Index:
    """A searchable collection of documents in a directory."""

    def __init__(
        self,
        directory: Path,
        index: tantivy.Index,
        tuning: Tuning,
        encoder: Encoder | None = None,
        mark: EncoderMark | None = None,
    ) -> None:
        self.directory = directory
        self.tuning = tuning
        self._encoder = encoder
        self._mark = mark
        self._index = index
        self._writer: Writer | None = None
        self._lock = threading.RLock()
        self._ranker = Ranker(tuning, encoder)
        self._forget()
        self.reload()

    @classmethod
    def create(cls, path: str | Path, *, tuning: Tuning | None = None, encoder: Encoder | None = None) -> "Index":
        """Make an empty index in a new or empty directory; with an encoder, its view of the texts is one more."""
        directory = Path(path)
        if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
            raise IndexMissing(f"{directory} is not empty. Open it with Index.open, or choose an empty directory.")
        mark = EncoderMark.of(encoder) if encoder is not None else None
        index = inverted.open_tantivy(directory / "inverted", create=True)
        head = directory / "motrice-search.json"
        kept = {"format": FORMAT} | ({"encoder": mark.plain()} if mark else {})
        head.write_text(json.dumps(kept), encoding="ascii")
        return cls(directory, index, tuning or Tuning(), encoder, mark)

    @classmethod
    def open(cls, path: str | Path, *, tuning: Tuning | None = None, encoder: Encoder | None = None) -> "Index":
        """Open an index that exists.

        One made with an encoder is given the same; without it, it can be read, by its other views, but not added to.
        """
        directory = Path(path)
        mark = read_head(directory)
        if not tantivy.Index.exists(str(directory / "inverted")):
            raise IndexCorrupt(f"The inverted index in {directory} is missing. {REBUILD}")
        if encoder is not None:
            if mark is None:
                raise EncoderMismatch(
                    f"The index in {directory} was made without an encoder. Open it without one, or index the "
                    f"documents again with {encoder.name!r}."
                )
            mark.check(encoder, directory)
        opened = inverted.open_tantivy(directory / "inverted", create=False)
        return cls(directory, opened, tuning or Tuning(), encoder, mark)

    @classmethod
    def encoder_of(cls, path: str | Path) -> str | None:
        """Return the name of the encoder that an index was made with, or nothing."""
        mark = read_head(Path(path))
        return mark.name if mark is not None else None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def __len__(self) -> int:
        return int(self._current().alive.sum())

    # Writing

    def add(self, documents: Iterable[Document]) -> int:
        """Add documents, or put them in the place of those with the same id; seen by readers after `commit`."""
        if isinstance(documents, Document):
            documents = [documents]
        with self._lock:
            return self._writing().add(documents)

    def remove(self, ids: Iterable[str]) -> int:
        """Remove documents by id; unknown ids are passed over. Returns how many were there."""
        with self._lock:
            return self._writing().remove(ids)

    def commit(self, *, durable: bool = True) -> None:
        """Make what was added and removed visible, all at once; learn from the collection when it has grown enough."""
        with self._lock:
            writer = self._writer
            if writer is None or not writer.dirty:
                return
            with writer.whole():
                manifest = fitting.commit(writer, self._snapshot, self.directory, self.tuning, durable=durable)
                writer.commit(manifest, durable=durable)
                self.reload()
                writer.started(self._snapshot.searcher)
                fitting.sweep(self.directory, manifest)

    def close(self) -> None:
        """Let go of the writer's lock; what was not committed is dropped."""
        with self._lock:
            if self._writer is None:
                return
            dirty = self._writer.dirty
            self._writer.close()
            self._writer = None
            if dirty:
                self._forget()
                self.reload()

    def _writing(self) -> Writer:
        if self._writer is None:
            if self._mark is not None and self._encoder is None:
                raise EncoderMismatch(
                    f"The index in {self.directory} was made with the encoder {self._mark.name!r}: open it with that "
                    "encoder to add or remove documents, or index them again without one."
                )
            lock = Lock(self.directory / "writer.lock")
            try:
                self.reload()
                shared = (self._vocabulary, self._strings, self._accesses)
                encoder = (self._encoder, self._mark) if self._encoder and self._mark else None
                self._writer = Writer(
                    self.directory, self._index, self._snapshot.manifest, shared, lock, self._tokens_of, encoder
                )
            except BaseException:
                lock.release()
                raise
        return self._writer

    def _tokens_of(self, row: int) -> tuple[str, ...]:
        return self._snapshot.tokens_of(row)

    # Reading

    def _forget(self) -> None:
        self._vocabulary = Vocabulary(self.directory)
        self._strings = Interned(self.directory, "strings")
        self._accesses = Interned(self.directory, "accesses")
        self._snapshot: Snapshot = None  # type: ignore[assignment]  # reload() follows at once
        self._stamp = 0

    def _meta_stamp(self) -> int:
        try:
            return (self.directory / "inverted" / "meta.json").stat().st_mtime_ns
        except OSError as error:
            raise IndexCorrupt(f"The inverted index in {self.directory} is missing ({error}). {REBUILD}") from error

    def reload(self) -> None:
        """See the last commit, whoever made it; searching does this by itself."""
        with self._lock:
            stamp = self._meta_stamp()
            try:
                self._index.reload()
                searcher = self._index.searcher()
            except (ValueError, OSError) as error:
                raise IndexCorrupt(f"The index in {self.directory} cannot be read ({error}). {REBUILD}") from error
            manifest = inverted.read_manifest(searcher) or FIRST
            if self._snapshot is not None and remade(self._snapshot.manifest, manifest):
                self._forget()
            old = self._snapshot
            if old is None or old.manifest["generation"] != manifest["generation"]:
                shared = (self._vocabulary, self._strings, self._accesses)
                self._snapshot = Snapshot(self.directory, manifest, searcher, shared, old, self._mark)
            self._stamp = stamp

    def _current(self) -> Snapshot:
        if self._meta_stamp() != self._stamp:
            self.reload()
        return self._snapshot

    def search(
        self,
        text: str,
        *,
        limit: int = 10,
        filters: dict[str, Any] | None = None,
        access: Collection[str] | None = None,
    ) -> list[Hit]:
        """Return the best documents for a question; `access` holds the caller's tokens, None trusts the caller."""
        limit = checked_limit(limit)
        ranking = self._ranking(text, filters, access, limit, for_owners=False)
        return ranking.hits(limit) if ranking else []

    def rank_owners(
        self,
        text: str,
        *,
        limit: int = 10,
        filters: dict[str, Any] | None = None,
        access: Collection[str] | None = None,
    ) -> list[OwnerHit]:
        """Return the owners whose documents answer a question best, each with its evidence."""
        limit = checked_limit(limit)
        owners = self.owner_ranking(text, limit=limit, filters=filters, access=access)
        return [owners.explained(standing) for standing in owners.standings(limit)] if owners else []

    def owner_ranking(
        self,
        text: str,
        *,
        limit: int = 10,
        filters: dict[str, Any] | None = None,
        access: Collection[str] | None = None,
    ) -> OwnerRanking | None:
        """Return the ranking itself, for who shows a few of many owners and wants the evidence of these alone."""
        ranking = self._ranking(text, filters, access, checked_limit(limit), for_owners=True)
        if not ranking:
            return None
        snapshot = ranking.snapshot
        power, decay = snapshot.caller(inverted.checked_access(access)).voting(self.tuning)
        voting = replace(self.tuning, owner_power=power, owner_decay=decay)
        return OwnerRanking(ranking.rows, ranking.scores, snapshot, voting, ranking.matches)

    def count(
        self, text: str = "", filters: dict[str, Any] | None = None, access: Collection[str] | None = None
    ) -> int:
        """Return how many visible documents hold a word of the question (or meet the filters, without one)."""
        snapshot = self._current()
        query = self._matching(snapshot, text, filters, access)
        return inverted.count(snapshot.searcher, query) if query else 0

    def facets(
        self,
        text: str,
        field: str,
        filters: dict[str, Any] | None = None,
        access: Collection[str] | None = None,
        *,
        limit: int = 100,
    ) -> list[tuple[str, int]]:
        """Return the values of a field among the visible documents that match, the most frequent first."""
        snapshot, limit = self._current(), checked_limit(limit)
        query = self._matching(snapshot, text, filters, access)
        # One is asked for at least, so that an unknown field is always told.
        return inverted.facet_counts(snapshot.searcher, query, field, limit or 1)[:limit] if query else []

    def _matching(
        self, snapshot: Snapshot, text: str, filters: dict[str, Any] | None, access: Collection[str] | None
    ) -> tantivy.Query | None:
        held, filters = inverted.checked_access(access), inverted.plain(filters)
        conditions = inverted.filter_query(filters, held)
        if not isinstance(text, str):
            raise TypeError(f"The question must be a string, got {type(text).__name__}.")
        if not text.strip():
            return inverted.filtered(None, conditions)
        query = self._ranker.parse(text, snapshot, held)
        words, terms = query.said(snapshot)
        return inverted.filtered(inverted.any_of("words", words, terms), conditions) if words or terms else None

    def _ranking(
        self,
        text: str,
        filters: dict[str, Any] | None,
        access: Collection[str] | None,
        limit: int,
        *,
        for_owners: bool,
    ) -> Ranking | None:
        if not isinstance(text, str):
            raise TypeError(f"The question must be a string, got {type(text).__name__}.")
        held, filters = inverted.checked_access(access), inverted.plain(filters)
        conditions = inverted.filter_query(filters, held)
        if limit == 0 or not text.strip():
            return None
        snapshot = self._current()
        return self._ranker.rank(text, snapshot, held, filters, conditions, limit, for_owners=for_owners)
