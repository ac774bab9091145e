"""What is learnt from the collection, and when: at a commit that has grown a class of documents enough."""

import json
import secrets
import shutil
from dataclasses import replace
from functools import reduce
from pathlib import Path
from typing import Any

import numpy as np

from motrice.engines.search import statistics, vectors
from motrice.engines.search.calibration import calibrated
from motrice.engines.search.shapes import Shapes
from motrice.engines.search.snapshot import Snapshot
from motrice.engines.search.spelling import Spelling
from motrice.engines.search.statistics import EVERYTHING, ClassStatistics, class_of, counted, squared_words, times
from motrice.engines.search.storage import read, slices
from motrice.engines.search.tuning import Tuning
from motrice.engines.search.vectors import Corpus
from motrice.engines.search.voting import fitted_votes
from motrice.engines.search.writer import Writer

CHUNK = 200_000
COUNTED_AT_ONCE = 5_000
UNCLUSTERED: dict[str, Any] = {"clusters": "", "clustered": 0}


def commit(writer: Writer, snapshot: Snapshot, directory: Path, tuning: Tuning, *, durable: bool) -> dict[str, Any]:
    """Prepare the manifest of the next commit, freezing statistics anew for the classes that have outgrown theirs."""
    writer.appender.flush(durable=False)
    generation = snapshot.manifest["generation"] + 1
    manifest = {
        **snapshot.manifest,
        "generation": generation,
        # Names this index among those that may come to stand in its directory after it.
        "born": snapshot.manifest.get("born") or secrets.token_hex(8),
        "lengths": dict(writer.appender.lengths),
        "changes": {name: list(pair) for name, pair in writer.changes.items()},
    }
    corpus, access = corpus_of(writer, manifest["lengths"], directory)
    classes = dict(snapshot.classes)
    stale = outgrown(manifest["changes"], classes, tuning)
    if stale:
        owners = read(directory, "owners", manifest["lengths"]["owners"])
        classes.update(fitted(frozen(stale, corpus, access), classes, corpus, access, owners, tuning))
        name = f"statistics-{generation:08d}.npz"
        statistics.save(directory / name, {key: value for key, value in classes.items() if value.documents})
        manifest["statistics"] = name
        shared = class_of(tuning.shared_access)
        if EVERYTHING in stale or shared in stale:
            # Every word of the open documents stands in the table, however few they are among all.
            held = [classes[name].terms for name in (EVERYTHING, shared) if name in classes]
            manifest["spelling"] = f"spelling-{generation:08d}"
            shutil.rmtree(directory / manifest["spelling"], ignore_errors=True)  # of a commit that was killed
            Spelling.save(directory / manifest["spelling"], writer.vocabulary.terms, reduce(np.union1d, held))
            Shapes.save(directory / manifest["spelling"], writer.vocabulary.terms)
        for key in stale:
            manifest["changes"].pop(key, None)
            writer.changes.pop(key, None)
    manifest["models"] = learnt(generation, snapshot, classes, corpus, access, directory, tuning)
    if snapshot.mark is not None:
        entry = {**manifest.get("neural", UNCLUSTERED), "rows": len(corpus.rows)}
        stored = vectors.mapped_vectors(directory / "neural.bin", (len(corpus.rows), snapshot.mark.dimensions))
        manifest["neural"] = entry | clustered(entry, stored, f"clusters-neural-{generation:08d}", directory, tuning)
    return manifest


def learnt(
    generation: int,
    snapshot: Snapshot,
    classes: dict[str, ClassStatistics],
    corpus: Corpus,
    access: "AccessGroups",
    directory: Path,
    tuning: Tuning,
) -> dict[str, Any]:
    """Learn the models that are due and write the vectors of new rows under the others."""
    models = snapshot.manifest["models"]
    wanted = vectors.due(classes, models, tuning) if tuning.latent_weight else {}
    result = {}
    for key in sorted({*models, *wanted}):
        if key in wanted:
            chosen = access.rows_of(wanted[key])
            model = vectors.learn_model(corpus, chosen, classes[wanted[key]], tuning)
            entry: dict[str, Any] = {"name": f"model-{key}-{generation:08d}", "learnt_from": len(chosen)}
            entry |= UNCLUSTERED
            shutil.rmtree(directory / entry["name"], ignore_errors=True)
            model.save(directory / entry["name"])
            start = 0
        else:
            entry = models[key]
            model = snapshot.vectors[key].model
            start = entry["rows"]
        path = directory / entry["name"] / "vectors.bin"
        if start < len(corpus.rows):
            vectors.write_vectors(path, model, corpus, start)
        result[key] = {**entry, "rows": len(corpus.rows)}
        stored = vectors.mapped_vectors(path, (len(corpus.rows), model.dimensions))
        result[key] |= clustered(result[key], stored, f"clusters-{key}-{generation:08d}", directory, tuning)
    return result


def clustered(entry: dict[str, Any], stored: np.ndarray, name: str, directory: Path, tuning: Tuning) -> dict[str, Any]:
    """Sort the vectors into clusters anew when there are many that no cluster holds."""
    count = len(stored)
    waiting = count - entry["clustered"]
    if waiting <= max(tuning.latent_exact_limit, tuning.latent_tail_share * entry["clustered"]):
        return {}
    shutil.rmtree(directory / name, ignore_errors=True)
    vectors.write_clusters(directory / name, stored, tuning)
    return {"clusters": name, "clustered": count}


def corpus_of(writer: Writer, lengths: dict[str, int], directory: Path) -> tuple[Corpus, "AccessGroups"]:
    """Return the documents as they will stand after the commit."""
    rows = read(directory, "rows", lengths["rows"])
    postings = read(directory, "postings", lengths["postings"])
    alive = np.ones(len(rows), dtype=bool)
    alive[read(directory, "dead", lengths["dead"])] = False
    corpus = Corpus(rows, postings, alive, writer.vocabulary)
    return corpus, AccessGroups(writer.accesses.values, rows, alive)


class AccessGroups:
    """The living rows of each class of documents."""

    def __init__(self, accesses: list[str], rows: np.ndarray, alive: np.ndarray) -> None:
        self._tokens = accesses
        self._rows = rows
        self._alive = alive
        self._order: np.ndarray | None = None

    def rows_of(self, name: str) -> np.ndarray:
        """Return the rows of a class, in order."""
        if name == EVERYTHING:
            return np.nonzero(self._alive)[0]
        if self._order is None:
            access = np.ascontiguousarray(self._rows["access"])
            self._order = np.argsort(access, kind="stable")
            self._starts = np.searchsorted(access[self._order], np.arange(len(self._tokens) + 1))
            self._groups = self._by_class()
        groups = self._groups.get(name, ())
        parts = [self._order[self._starts[number] : self._starts[number + 1]] for number in groups]
        chosen = np.sort(np.concatenate(parts)) if parts else np.empty(0, dtype=np.int64)
        return chosen[self._alive[chosen]]

    def _by_class(self) -> dict[str, list[int]]:
        """The groups of each class, in order: with thousands of classes, looking into each group for one is slow."""
        found: dict[str, list[int]] = {}
        for number, value in enumerate(self._tokens):
            for name in set(map(class_of, json.loads(value))):
                found.setdefault(name, []).append(number)
        return found


def outgrown(changes: dict[str, list[int]], classes: dict[str, ClassStatistics], tuning: Tuning) -> list[str]:
    """Return the classes that have changed too much since their statistics were frozen."""
    result = []
    for name, (added, removed) in changes.items():
        known = classes[name].documents if name in classes else 0
        limit = max(tuning.refit_minimum, tuning.refit_growth * known) if known else 1
        if added >= limit or removed >= max(tuning.refit_minimum, 0.5 * known):
            result.append(name)
    return result


def frozen(names: list[str], corpus: Corpus, access: AccessGroups) -> dict[str, ClassStatistics]:
    """Count the words of classes of documents anew, from the documents themselves."""
    return {name: count_rows(corpus, access.rows_of(name)) for name in names}


def fitted(
    fresh: dict[str, ClassStatistics],
    known: dict[str, ClassStatistics],
    corpus: Corpus,
    access: AccessGroups,
    owners: np.ndarray,
    tuning: Tuning,
) -> dict[str, ClassStatistics]:
    """Fit BM25 and votes to the open documents, and to all of them where the open ones are not most of them."""
    result = dict(fresh)
    name = class_of(tuning.shared_access)
    if name in result:
        result[name] = suited(result[name], access.rows_of(name), corpus, owners, tuning)
    if EVERYTHING in result:
        shared = result.get(name) or known.get(name)
        if shared is not None and shared.documents >= vectors.MOSTLY_OPEN * result[EVERYTHING].documents:
            alike = {name: getattr(shared, name) for name in ("k1", "b", "power", "decay")}
            result[EVERYTHING] = replace(result[EVERYTHING], **alike)
        else:
            result[EVERYTHING] = suited(result[EVERYTHING], access.rows_of(EVERYTHING), corpus, owners, tuning)
    return result


def suited(
    statistics: ClassStatistics, chosen: np.ndarray, corpus: Corpus, owners: np.ndarray, tuning: Tuning
) -> ClassStatistics:
    """Return the statistics of a class with BM25 and votes fitted to its rows."""
    k1, b = calibrated(corpus, chosen, statistics, tuning)
    known = replace(statistics, k1=k1, b=b)
    power, decay = fitted_votes(corpus, owners, chosen, known, tuning)
    return replace(known, power=power, decay=decay)


def count_rows(corpus: Corpus, chosen: np.ndarray) -> ClassStatistics:
    """Count the words of chosen rows, a stretch at a time so that memory stays small."""
    rows, postings, ends = corpus.rows, corpus.postings, corpus.ends
    if len(chosen) < COUNTED_AT_ONCE:
        return counted(rows[chosen], postings[slices(ends, chosen)[0]])
    size = len(corpus.vocabulary.terms)
    frequencies = np.zeros(size, dtype=np.int64)
    occurrences = np.zeros(size, dtype=np.float64)
    for start in range(0, len(chosen), CHUNK):
        places, _ = slices(ends, chosen[start : start + CHUNK])
        found = postings[places]
        frequencies += np.bincount(found["term"], minlength=size)
        occurrences += np.bincount(found["term"], times(found), minlength=size)
    terms = np.nonzero(frequencies)[0]
    return ClassStatistics(
        documents=len(chosen),
        body_words=int(rows["body_words"][chosen].sum()),
        title_words=int(rows["title_words"][chosen].sum()),
        squared_words=squared_words(rows[chosen]),
        french=int(np.count_nonzero(corpus.languages[chosen] == 1)),
        terms=terms.astype(np.uint32),
        frequencies=frequencies[terms].astype(np.uint32),
        occurrences=occurrences[terms].astype(np.uint32),
    )


def sweep(directory: Path, manifest: dict[str, Any]) -> None:
    """Delete what earlier commits learnt, but for the one before, which a reader may be opening."""
    models = [*manifest["models"].values(), {"name": "", "clusters": "", **manifest.get("neural", {})}]
    current = {manifest["statistics"], manifest["spelling"]}
    current |= {model[name] for model in models for name in ("name", "clusters")}
    kinds = [f"{kind}-{key}" for kind in ("model", "clusters") for key in ("shared", "everything")]
    for kind in ("statistics", "spelling", "clusters-neural", *kinds):
        for path in sorted(directory.glob(f"{kind}-*"))[:-2]:
            if path.name in current:
                continue
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)
