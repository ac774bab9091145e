"""Reading of patent files: `python -m benchmarks.patent_files FOLDER`, the folder of public data files.

Each file is read whole, three times; the best time counts. `records/s` is of that best time; `peak` is the memory that
Python took at most while the file was read once more, record by record, none kept.
"""

from __future__ import annotations

import argparse
import time
import tracemalloc
from pathlib import Path

from motrice.engines.patentfiles import read

FILES = (
    "patents/patentscope-csv/pizza_10000.csv.gz",
    "patents/lens-csv/drones_families.csv.gz",
    "patents/docdb-xml/DE-backfile.xml",
    "patents/epo-ops-xml/family_WO2009085664.A2.xml",
    "patents/ep-st36-xml/v1-5-1-A2.xml",
)


def best_time(path: Path, rounds: int) -> tuple[int, float]:
    """How many records, and the best time in seconds."""
    times, count = [], 0
    for _round in range(rounds):
        start = time.perf_counter()
        count = sum(1 for _record in read(path))
        times.append(time.perf_counter() - start)
    return count, min(times)


def peak(path: Path) -> float:
    """The most memory in MB."""
    tracemalloc.start()
    for _record in read(path):
        pass
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most / 1e6


def main() -> None:
    """Measure each file that is there."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    print(f"{'file':<55} {'records':>8} {'s':>8} {'records/s':>10} {'peak MB':>8}")
    for name in FILES:
        path = options.folder / name
        if not path.is_file():
            print(f"{name:<55} absent")
            continue
        count, seconds = best_time(path, options.rounds)
        print(f"{name:<55} {count:>8} {seconds:>8.3f} {count / seconds:>10.0f} {peak(path):>8.1f}")


if __name__ == "__main__":
    main()
