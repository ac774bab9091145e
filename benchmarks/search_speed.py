"""Size and speed of the search engine at several sizes of collection.

    python benchmarks/search_speed.py 10000 100000 1000000

The texts are random but not easy: words are drawn with the frequencies of real French and English texts, mixed with
the words of a topic and a long tail of rare words; each document has two owners out of one for twenty documents.
Building is timed from `add` to the end of `commit`, making the texts apart. Beside the time that passed stands that of
the processor, which tells more on a machine with other work. Memory is that of a process that opens the index and
answers.
"""

import argparse
import json
import multiprocessing
import os
import resource
import shutil
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))

from motrice.engines.search import Document, Index
from motrice.engines.search.lexicon import entries
from motrice.engines.search.stopwords import ENGLISH_STOPWORDS, FRENCH_STOPWORDS

WORDS = 150
BATCH = 20_000
SYLLABLES = "ba ce di fo gu la me ni po ru sa te vi xo zu bra cli dro fle gri plu sco tra".split()  # noqa: SIM905 - easier to read


class Texts:
    """Makes documents and questions from a seed."""

    def __init__(self, size: int, seed: int) -> None:
        self.size = size
        self.random = np.random.default_rng(seed)
        self.pools = {}
        for language, stopwords in (("fr", FRENCH_STOPWORDS), ("en", ENGLISH_STOPWORDS)):
            known = sorted(word for word in entries.direction(language).forms if word.isalpha())
            rare = ["".join(self.random.choice(SYLLABLES, 4)) for _ in range(60_000)]
            words = np.array([*self.random.permutation(sorted(stopwords)), *self.random.permutation(known), *rare])
            ranks = np.arange(1, len(words) + 1)
            weights = 1.0 / (ranks + 2.7) ** 1.05
            self.pools[language] = (words, np.cumsum(weights / weights.sum()))
        self.owners = max(20, size // 20)

    def text(self, language: str, count: int, topic: int) -> list[str]:
        """Return words, a quarter of them from a topic."""
        words, cumulated = self.pools[language]
        drawn = np.searchsorted(cumulated, self.random.random(count))
        special = self.random.random(count) < 0.25
        drawn[special] = 400 + (topic * 37 + self.random.integers(0, 60, int(special.sum()))) % (len(words) - 400)
        return words[np.minimum(drawn, len(words) - 1)].tolist()

    def document(self, number: int) -> Document:
        """Return one document."""
        language = "en" if number % 5 < 3 else "fr"
        topic = int(self.random.integers(0, 2000))
        words = self.text(language, WORDS + 8, topic)
        owners = self.random.integers(0, self.owners, 2)
        return Document(
            id=f"doc-{number}",
            title=" ".join(words[:8]),
            text=" ".join(words[8:]),
            owners=[f"lab-{owner}" for owner in owners],
            date=date(2010, 1, 1) + timedelta(days=number % 5000),
            kind=("project", "offer", "publication")[number % 3],
            tags=[f"field-{topic % 35}"],
            access=["public"] if number % 10 else ["network", f"unit-{number % 1000}"],
        )

    def question(self, number: int) -> str:
        """Return a question: three quarters short, one quarter a paragraph."""
        language = "en" if number % 2 else "fr"
        topic = int(self.random.integers(0, 2000))
        return " ".join(self.text(language, 60 if number % 4 == 0 else 8, topic))


def build(directory: Path, size: int) -> dict[str, float]:
    """Build an index in batches and return its figures."""
    texts = Texts(size, seed=1)
    index = Index.create(directory)
    spent = 0.0
    for first in range(0, size, BATCH):
        batch = [texts.document(number) for number in range(first, min(first + BATCH, size))]
        start = time.perf_counter()
        index.add(batch)
        spent += time.perf_counter() - start
    start = time.perf_counter()
    index.commit()
    committed = time.perf_counter() - start
    index.close()
    used = sum(path.stat().st_size for path in directory.rglob("*") if path.is_file())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "documents per second": size / (spent + committed),
        "commit s": committed,
        "disk MB": used / 1e6,
        "peak MiB": peak,
    }


def percentile(times: list[float], share: float) -> float:
    """Return a percentile in milliseconds."""
    return float(np.percentile(times, share * 100)) * 1000


def ask(directory: Path, size: int, questions: int) -> dict[str, float]:
    """Ask questions and change single documents; return the figures."""
    texts = Texts(size, seed=2)
    start = time.perf_counter()
    index = Index.open(directory)
    figures = {"open s": time.perf_counter() - start}
    access = ["public", "network", "unit-17"]
    asked = [texts.question(number) for number in range(questions)]
    for question in asked[:20]:
        index.search(question, access=access)
        index.rank_owners(question, access=access)
    for name, call in (
        ("search", lambda q: index.search(q, access=access)),
        ("search, trusted", index.search),
        ("search, filtered", lambda q: index.search(q, access=access, filters={"kind": "offer", "language": "fr"})),
        ("owners", lambda q: index.rank_owners(q, access=access)),
        ("count", lambda q: index.count(q, access=access)),
    ):
        times, worked = [], []
        for question in asked:
            start, work = time.perf_counter(), time.process_time()
            call(question)
            times.append(time.perf_counter() - start)
            worked.append(time.process_time() - work)
        for unit, measured in (("ms", times), ("processor ms", worked)):
            figures[f"{name} p50 {unit}"] = percentile(measured, 0.5)
            figures[f"{name} p95 {unit}"] = percentile(measured, 0.95)
    figures |= change(index, texts, access)
    figures["resident MiB"] = int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
    return figures


def change(index: Index, texts: Texts, access: list[str]) -> dict[str, float]:
    """Add and remove one document at a time until it shows."""
    added, worked, removed = [], [], []
    for number in range(10):
        word = f"newword{number}"
        start, work = time.perf_counter(), time.process_time()
        index.add([Document(f"new-{number}", word, f"{word} battery", access=["public"])])
        if number == 0:
            first = time.perf_counter() - start
        index.commit()
        assert index.search(word, access=access)[0].id == f"new-{number}"
        added.append(time.perf_counter() - start)
        worked.append(time.process_time() - work)
    for number in range(10):
        start = time.perf_counter()
        index.remove([f"new-{number}"])
        index.commit()
        removed.append(time.perf_counter() - start)
    index.close()
    return {
        "first write s": first,
        "add one, visible, p50 ms": percentile(added[1:], 0.5),
        "add one, visible, max ms": percentile(added[1:], 1),
        "add one, processor p50 ms": percentile(worked[1:], 0.5),
        "remove one p50 ms": percentile(removed, 0.5),
    }


def in_process(function: object, *arguments: object) -> dict[str, float]:
    """Run in a process of its own, so that memory is told apart."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(function, arguments)


def main() -> None:
    """Print a table of figures for each size asked for."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("sizes", nargs="*", type=int, default=[10_000])
    parser.add_argument("--questions", type=int, default=400)
    parser.add_argument("--keep", type=Path, help="directory in which the indexes stay and are found again")
    parser.add_argument("--json", type=Path, help="file to write the figures to")
    arguments = parser.parse_args()
    table = {}
    for size in arguments.sizes:
        root = Path(arguments.keep or tempfile.mkdtemp())
        directory = root / f"index-{size}"
        figures = {} if directory.exists() else in_process(build, directory, size)
        figures |= in_process(ask, directory, size, arguments.questions)
        if not arguments.keep:
            shutil.rmtree(root)
        table[size] = figures
        print(f"\n{size:,} documents of {WORDS} words")
        for name, value in figures.items():
            print(f"  {name:34} {value:12,.2f}", flush=True)
    if arguments.json:
        arguments.json.write_text(json.dumps(table, indent=1))


if __name__ == "__main__":
    main()
