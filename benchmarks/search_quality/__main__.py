"""Print how good the answers are: `python -m benchmarks.search_quality [--set NAME] [--split tune] [--json]`."""

import argparse
import json
import sys

import numpy as np

from benchmarks.search_quality import metrics, systems
from benchmarks.search_quality.sets import REPORT, SETS, TUNE, Judged
from benchmarks.search_quality.topical import MORE_SETS
from motrice.engines.search import Encoder, FolderEncoder, Tuning

ALL_SETS = {**SETS, **MORE_SETS}


def table(judged: Judged, rankings: systems.Rankings) -> np.ndarray:
    """Return a row of measures for each question."""
    pairs = zip(rankings, judged.queries, strict=True)
    return np.array([metrics.measured(ranking, query.grades) for ranking, query in pairs])


def mean_ndcg(judged: Judged, rankings: systems.Rankings) -> float:
    """Return the measure that is tuned for."""
    return float(table(judged, rankings)[:, 0].mean())


def compared(name: str, split: str, *, databases: bool, encoder: Encoder | None = None) -> dict:
    """Measure every system on one set."""
    tune, judged = ALL_SETS[name](TUNE), ALL_SETS[name](split)
    engine = systems.Engine(judged, encoder=encoder)
    chosen, answers = systems.tuned_bm25(tune, judged, mean_ndcg)
    results = {"motrice": table(judged, engine.rankings(judged, Tuning())), "bm25": table(judged, answers)}
    if databases and judged.family != "owners":
        results["postgresql"] = table(judged, systems.postgres_rankings(judged))
        results["sqlite"] = table(judged, systems.sqlite_rankings(judged))
    ours, theirs = results["motrice"][:, 0], results["bm25"][:, 0]
    return {
        "set": name,
        "family": judged.family,
        "split": split,
        "documents": len(judged.documents),
        "queries": len(judged.queries),
        "bm25_settings": list(chosen),
        "gain": float(ours.mean() / theirs.mean() - 1) if theirs.mean() else None,
        "p": metrics.paired_p(ours, theirs),
        "systems": {
            system: {
                "ndcg@10": round(float(rows[:, 0].mean()), 4),
                "interval": [round(bound, 4) for bound in metrics.interval(rows[:, 0])],
                "recall@100": round(float(rows[:, 1].mean()), 4),
                "mrr": round(float(rows[:, 2].mean()), 4),
            }
            for system, rows in results.items()
        },
    }


def line(result: dict) -> str:
    """Return one set as lines of the printed table."""
    gain = "" if result["gain"] is None else f"{100 * result['gain']:+.1f} %"
    head = (
        f"{result['set']} ({result['split']}, {result['queries']} of {result['documents']}) {gain} p={result['p']:.3f}"
    )
    rows = [
        f"  {system:<11} {m['ndcg@10']:.3f} [{m['interval'][0]:.3f}, {m['interval'][1]:.3f}]"
        f"  {m['recall@100']:.3f}  {m['mrr']:.3f}"
        for system, m in result["systems"].items()
    ]
    return "\n".join([head, *rows])


def main(arguments: list[str] | None = None) -> int:
    """Measure the chosen sets and print them."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.search_quality", description=__doc__)
    parser.add_argument("--set", action="append", choices=sorted(ALL_SETS), help="a set (repeatable; default: all)")
    parser.add_argument("--split", choices=(TUNE, REPORT), default=REPORT)
    parser.add_argument("--json", action="store_true", help="print JSON lines instead of a table")
    parser.add_argument("--without-databases", action="store_true", help="leave PostgreSQL and SQLite out")
    parser.add_argument("--encoder", metavar="FOLDER", help="a neural encoder to add to Motrice's views")
    options = parser.parse_args(arguments)
    encoder = FolderEncoder(options.encoder) if options.encoder else None
    if not options.json:
        print("system       nDCG@10 [95 % interval]   recall@100  MRR; gain and p against tuned BM25")
    for name in options.set or list(ALL_SETS):
        result = compared(name, options.split, databases=not options.without_databases, encoder=encoder)
        print(json.dumps(result) if options.json else line(result), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
