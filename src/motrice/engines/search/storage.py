"""Append-only files beside the inverted index: postings by document, rows, strings.

Nothing written is ever changed. A commit is a list of lengths (the manifest), kept as a document of the inverted index
itself, so that both become visible in one atomic step; what lies beyond those lengths is the rest of a commit that was
never finished, and the next writer cuts it off.
"""

import json
import os
from pathlib import Path

import numpy as np

from motrice.engines.search.errors import IndexCorrupt

ROW = np.dtype(
    [
        ("posting_end", "<u8"),
        ("owner_end", "<u8"),
        ("tag_end", "<u8"),
        ("text_end", "<u8"),
        ("id_length", "<u4"),
        ("title_length", "<u4"),
        ("body_words", "<u4"),
        ("title_words", "<u4"),
        ("kind", "<u4"),
        ("access", "<u4"),
        ("day", "<i4"),
        ("language", "<u4"),
    ]
)
POSTING = np.dtype([("term", "<u4"), ("body", "u1"), ("title", "u1")])
NO_DAY = -(2**31)
DTYPES = {
    "rows": ROW,
    "postings": POSTING,
    "owners": np.dtype("<u4"),
    "tags": np.dtype("<u4"),
    "dead": np.dtype("<u4"),
    "texts": np.dtype("u1"),
    "strings": np.dtype("u1"),
    "accesses": np.dtype("u1"),
    "terms": np.dtype("u1"),
    "forms": np.dtype("u1"),
    "neural": np.dtype("<f2"),
}
BUFFER_BYTES = 32_000_000
SPREAD = 8  # up to so many numbers for each that is listed, marking them all in an array is faster than sorting
REBUILD = "Restore the directory from a backup, or delete it and index the documents again."


class Appender:
    """The writer's hand on the files: buffers what is added and puts it on disk at commit."""

    def __init__(self, directory: Path, lengths: dict[str, int]) -> None:
        self._files: dict[str, int] = {}
        self._waiting = 0
        self._directory = directory
        self.lengths = {name: int(lengths.get(name, 0)) for name in DTYPES}
        self._buffers: dict[str, list[bytes]] = {name: [] for name in DTYPES}
        self._unsynced: set[str] = set(DTYPES)
        for name, length in self.lengths.items():
            path = directory / f"{name}.bin"
            path.touch(exist_ok=True)
            if path.stat().st_size < length:
                raise IndexCorrupt(f"{path} holds {path.stat().st_size} bytes of {length}. {REBUILD}")
            # Unbuffered append: a kill leaves at most a tail that the next writer cuts.
            self._files[name] = os.open(path, os.O_RDWR)
            os.ftruncate(self._files[name], length)
            os.lseek(self._files[name], length, os.SEEK_SET)

    def append(self, name: str, data: bytes) -> None:
        """Add bytes to a file; they count from now on but are on disk only after `flush`."""
        if data:
            self._buffers[name].append(data)
            self.lengths[name] += len(data)
            self._waiting += len(data)
            if self._waiting > BUFFER_BYTES:
                self.flush(durable=False)

    def flush(self, *, durable: bool) -> None:
        """Write the buffers out, and to the platter when durable."""
        self._waiting = 0
        for name, parts in self._buffers.items():
            file = self._files[name]
            if parts:
                view = memoryview(b"".join(parts))
                while view:
                    view = view[os.write(file, view) :]
                parts.clear()
                self._unsynced.add(name)
            if durable and name in self._unsynced:
                os.fsync(file)
                self._unsynced.discard(name)

    def close(self) -> None:
        """Release the files."""
        while self._files:
            os.close(self._files.popitem()[1])

    def __del__(self) -> None:
        self.close()


class Growing:
    """An array that grows at its end without being copied each time; what was handed out before stays as it was."""

    def __init__(self, values: np.ndarray) -> None:
        self._room = values
        self._size = len(values)

    def longer(self, known: int, fresh: np.ndarray) -> np.ndarray:
        """Return the first `known` items and fresh ones after them."""
        size = known + len(fresh)
        # Room behind the last array handed out belongs to nobody; behind an older one it is another's.
        if known != self._size or size > len(self._room):
            room = np.empty(size + size // 16, dtype=self._room.dtype)
            room[:known] = self._room[:known]
            self._room = room
        self._room[known:size] = fresh
        self._size = size
        return self._room[:size]


def read(directory: Path, name: str, length: int) -> np.ndarray:
    """Return the first `length` bytes of a file as an array mapped from disk."""
    dtype = DTYPES[name]
    if length == 0:
        return np.empty(0, dtype=dtype)
    path = directory / f"{name}.bin"
    try:
        if path.stat().st_size < length:
            raise IndexCorrupt(f"{path} holds {path.stat().st_size} bytes of {length}. {REBUILD}")
        return np.memmap(path, dtype=dtype, mode="r", shape=(length // dtype.itemsize,)).view(np.ndarray)
    except OSError as error:
        raise IndexCorrupt(f"{path} cannot be read ({error}). {REBUILD}") from error


def read_bytes(directory: Path, name: str, start: int, end: int) -> bytes:
    """Return a stretch of a byte file."""
    path = directory / f"{name}.bin"
    try:
        with path.open("rb") as file:
            file.seek(start)
            data = file.read(end - start)
    except OSError as error:
        raise IndexCorrupt(f"{path} cannot be read ({error}). {REBUILD}") from error
    if len(data) != end - start:
        raise IndexCorrupt(f"{path} ends at {start + len(data)} bytes, expected {end}. {REBUILD}")
    return data


def slices(ends: np.ndarray, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return, for rows of a ragged array given by its ends, the positions of their items and whose each is."""
    rows = rows.astype(np.int64)
    stops = ends[rows].astype(np.int64)
    starts = np.where(rows > 0, ends[np.maximum(rows - 1, 0)], 0).astype(np.int64)
    counts = stops - starts
    total = int(counts.sum())
    owner = np.repeat(np.arange(len(rows)), counts)
    offsets = np.arange(total) - np.repeat(np.cumsum(counts) - counts, counts)
    return np.repeat(starts, counts) + offsets, owner


def numbered(values: np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the different numbers among values below a size, in order, and for each value its place among them."""
    if size > SPREAD * len(values):
        return np.unique(values, return_inverse=True)
    values = np.ascontiguousarray(values)
    marked = np.zeros(size, dtype=bool)
    marked[values] = True
    different = np.flatnonzero(marked)
    places = np.empty(size, dtype=np.int32)
    places[different] = np.arange(len(different), dtype=np.int32)
    return different, places[values]


class Interned:
    """Strings numbered in order of arrival, kept as lines of JSON."""

    def __init__(self, directory: Path, name: str) -> None:
        self._directory = directory
        self._name = name
        self.values: list[str] = []
        self.numbers: dict[str, int] = {}
        self.loaded = 0

    def load(self, length: int) -> None:
        """Read what was committed since the last load."""
        if length <= self.loaded:
            return
        data = read_bytes(self._directory, self._name, self.loaded, length)
        try:
            for line in data.decode("ascii").splitlines():
                self._remember(json.loads(line))
        except (UnicodeDecodeError, ValueError) as error:
            raise IndexCorrupt(f"{self._name}.bin in {self._directory} is damaged ({error}). {REBUILD}") from error
        self.loaded = length

    def _remember(self, value: str) -> int:
        number = self.numbers[value] = len(self.values)
        self.values.append(value)
        return number

    def number(self, value: str, appender: Appender) -> int:
        """Return the number of a string, giving it one when it is new."""
        known = self.numbers.get(value)
        if known is not None:
            return known
        line = json.dumps(value).encode("ascii") + b"\n"
        appender.append(self._name, line)
        self.loaded += len(line)
        return self._remember(value)


class Vocabulary:
    """Stems numbered in order of arrival, each with the first word that had it; and forms without accents."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self.terms: list[str] = []
        self.surfaces: list[str] = []
        self.numbers: dict[str, int] = {}
        self.unaccented: dict[str, set[str]] = {}
        self._loaded = {"terms": 0, "forms": 0}

    def load(self, lengths: dict[str, int]) -> None:
        """Read what was committed since the last load."""
        for name, take in (("terms", self._remember), ("forms", self._remember_form)):
            length = lengths[name]
            if length <= self._loaded[name]:
                continue
            data = read_bytes(self._directory, name, self._loaded[name], length)
            try:
                for line in data.decode("utf-8").split("\n")[:-1]:
                    first, second = line.split("\t")
                    take(first, second)
            except ValueError as error:
                raise IndexCorrupt(f"{name}.bin in {self._directory} is damaged ({error}). {REBUILD}") from error
            self._loaded[name] = length

    def _remember(self, term: str, surface: str) -> int:
        number = self.numbers[term] = len(self.terms)
        self.terms.append(term)
        self.surfaces.append(surface)
        return number

    def _remember_form(self, bare: str, term: str) -> None:
        self.unaccented.setdefault(bare, set()).add(term)

    def number(self, term: str, surface: str, appender: Appender) -> int:
        """Return the number of a stem, giving it one when it is new."""
        known = self.numbers.get(term)
        if known is not None:
            return known
        self._append(appender, "terms", term, surface)
        return self._remember(term, surface)

    def note_form(self, bare: str, term: str, appender: Appender) -> None:
        """Remember that an accented word typed without accents would have had another stem."""
        if term not in self.unaccented.get(bare, ()):
            self._append(appender, "forms", bare, term)
            self._remember_form(bare, term)

    def _append(self, appender: Appender, name: str, first: str, second: str) -> None:
        line = f"{first}\t{second}\n".encode()
        appender.append(name, line)
        self._loaded[name] += len(line)
