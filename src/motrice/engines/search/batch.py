"""Documents analysed but not yet laid out: a stretch of them becomes rows and postings in one pass over arrays."""

from dataclasses import dataclass, field

import numpy as np

from motrice.engines.search.documents import LANGUAGES, Document
from motrice.engines.search.storage import POSTING, ROW


@dataclass(slots=True)
class Batch:
    """Documents with the numbers of their words, in order; the first has the row `first`."""

    first: int
    documents: list[Document] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)
    bodies: list[list[int]] = field(default_factory=list)
    titles: list[list[int]] = field(default_factory=list)
    encoded: list[bytes] = field(default_factory=list)

    def keep(self, document: Document, language: str, body: list[int], title: list[int], vector: bytes) -> None:
        """Take one more document."""
        self.documents.append(document)
        self.languages.append(language)
        self.bodies.append(body)
        self.titles.append(title)
        self.encoded.append(vector)

    def postings(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the postings, by document and in the order in which its words are met, and how many each has."""
        size = len(self.documents)
        lengths = [np.fromiter(map(len, part), np.int64, size) for part in (self.bodies, self.titles)]
        terms = np.concatenate([flat(self.bodies, lengths[0]), flat(self.titles, lengths[1])])
        owner = np.concatenate([np.repeat(np.arange(size), length) for length in lengths])
        keys = owner << 32 | terms
        order = np.argsort(keys, kind="stable")
        ordered = keys[order]
        starts = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]])) if len(keys) else order
        total = int(lengths[0].sum())
        in_body = np.add.reduceat(order < total, starts, dtype=np.int64) if len(keys) else starts
        met = np.diff(starts, append=len(keys))
        # The first place of a word in its document; those of titles come after those of bodies.
        first = order[starts]
        laid = np.lexsort((first, owner[first]))
        found = np.zeros(len(starts), dtype=POSTING)
        found["term"] = terms[first][laid]
        found["body"] = np.minimum(in_body, 255)[laid]
        found["title"] = np.minimum(met - in_body, 255)[laid]
        return found, np.bincount(owner[first], minlength=size)

    def rows(self) -> np.ndarray:
        """Return the rows, but for where their parts end and what is numbered."""
        rows = np.zeros(len(self.documents), dtype=ROW)
        rows["body_words"] = [len(body) for body in self.bodies]
        rows["title_words"] = [len(title) for title in self.titles]
        rows["language"] = [LANGUAGES.index(language) + 1 for language in self.languages]
        return rows


def flat(lists: list[list[int]], lengths: np.ndarray) -> np.ndarray:
    """Return lists of numbers one after the other."""
    return np.fromiter((number for numbers in lists for number in numbers), np.int64, int(lengths.sum()))
