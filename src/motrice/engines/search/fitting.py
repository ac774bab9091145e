"""What is learnt from the collection, and when: at a commit that has grown a class of documents enough."""

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np

from motrice.engines.search import statistics
from motrice.engines.search.snapshot import Snapshot
from motrice.engines.search.spelling import Spelling
from motrice.engines.search.statistics import EVERYTHING, ClassStatistics, class_of, counted
from motrice.engines.search.storage import read, slices
from motrice.engines.search.tuning import Tuning
from motrice.engines.search.writer import Writer

CHUNK = 200_000


def commit(writer: Writer, snapshot: Snapshot, directory: Path, tuning: Tuning, *, durable: bool) -> dict[str, Any]:
    """Prepare the manifest of the next commit, freezing statistics anew for the classes that have outgrown theirs."""
    writer.appender.flush(durable=False)
    generation = snapshot.manifest["generation"] + 1
    manifest = {
        **snapshot.manifest,
        "generation": generation,
        "lengths": dict(writer.appender.lengths),
        "changes": {name: list(pair) for name, pair in writer.changes.items()},
    }
    stale = outgrown(manifest["changes"], snapshot.classes, tuning)
    if stale:
        classes = dict(snapshot.classes)
        classes.update(frozen(stale, manifest["lengths"], writer, directory))
        name = f"statistics-{generation:08d}.npz"
        statistics.save(directory / name, {key: value for key, value in classes.items() if value.documents})
        manifest["statistics"] = name
        if EVERYTHING in stale:
            manifest["spelling"] = f"spelling-{generation:08d}"
            Spelling.save(directory / manifest["spelling"], writer.vocabulary.terms, classes[EVERYTHING].terms)
        for key in stale:
            manifest["changes"].pop(key, None)
            writer.changes.pop(key, None)
    return manifest


def outgrown(changes: dict[str, list[int]], classes: dict[str, ClassStatistics], tuning: Tuning) -> list[str]:
    """Return the classes that have changed too much since their statistics were frozen."""
    result = []
    for name, (added, removed) in changes.items():
        known = classes[name].documents if name in classes else 0
        limit = max(tuning.refit_minimum, tuning.refit_growth * known) if known else 1
        if added >= limit or removed >= max(tuning.refit_minimum, 0.5 * known):
            result.append(name)
    return result


def frozen(names: list[str], lengths: dict[str, int], writer: Writer, directory: Path) -> dict[str, ClassStatistics]:
    """Count the words of classes of documents anew, from the documents themselves."""
    rows = read(directory, "rows", lengths["rows"])
    postings = read(directory, "postings", lengths["postings"])
    alive = np.ones(len(rows), dtype=bool)
    alive[read(directory, "dead", lengths["dead"])] = False
    ends = np.ascontiguousarray(rows["posting_end"])
    access = np.ascontiguousarray(rows["access"])
    tokens = [set(map(class_of, json.loads(value))) for value in writer.accesses.values]
    order = np.argsort(access, kind="stable")
    starts = np.searchsorted(access[order], np.arange(len(tokens) + 1))
    result = {}
    for name in names:
        if name == EVERYTHING:
            chosen = np.nonzero(alive)[0]
        else:
            groups = [number for number, held in enumerate(tokens) if name in held]
            parts = [order[starts[number] : starts[number + 1]] for number in groups]
            chosen = np.sort(np.concatenate(parts)) if parts else np.empty(0, dtype=np.int64)
            chosen = chosen[alive[chosen]]
        result[name] = count_rows(rows, postings, ends, chosen, len(writer.vocabulary.terms))
    return result


def count_rows(
    rows: np.ndarray, postings: np.ndarray, ends: np.ndarray, chosen: np.ndarray, vocabulary: int
) -> ClassStatistics:
    """Count the words of chosen rows, a stretch at a time so that memory stays small."""
    if len(chosen) < 5_000:
        return counted(rows[chosen], postings["term"][slices(ends, chosen)[0]])
    frequencies = np.zeros(vocabulary, dtype=np.int64)
    for start in range(0, len(chosen), CHUNK):
        places, _ = slices(ends, chosen[start : start + CHUNK])
        frequencies += np.bincount(postings["term"][places], minlength=vocabulary)
    terms = np.nonzero(frequencies)[0]
    return ClassStatistics(
        documents=len(chosen),
        body_words=int(rows["body_words"][chosen].sum()),
        title_words=int(rows["title_words"][chosen].sum()),
        terms=terms.astype(np.uint32),
        frequencies=frequencies[terms].astype(np.uint32),
    )


def sweep(directory: Path, manifest: dict[str, Any]) -> None:
    """Delete what earlier commits learnt, but for the one before, which a reader may be opening."""
    for kind in ("statistics", "spelling"):
        for path in sorted(directory.glob(f"{kind}-*"))[:-2]:
            if path.name == manifest[kind]:
                continue
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)
