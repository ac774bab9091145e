"""How long a demonstration world takes, part by part: `python -m benchmarks.demo_world --size network`.

Works on a database of its own in a temporary folder (or on `DATABASE_URL` when it is set, which must then be empty),
and ends by checking that the log replays to what was written.
"""

import argparse
import sys
from random import Random
from time import perf_counter

from benchmarks.own_database import TODAY, opened


def main() -> int:
    """Print one line per part."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=["small", "network"], default="small")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--texts", type=int, default=15_000, help="how many abstracts to write without a database")
    options = parser.parse_args()
    time_texts(options.texts, options.seed)
    with opened(None):
        return time_world(options.size, options.seed)


def time_texts(count: int, seed: int) -> None:
    """Write abstracts, half in each language, and count those that are alike."""
    from motrice.demo.content.texts import Writer
    from motrice.demo.content.vocabulary import topics

    start = perf_counter()
    writer, known = Writer(Random(seed)), topics()
    bodies = [
        writer.evidence(known[rank % len(known)], "publication", ("fr", "en")[rank % 2]).body for rank in range(count)
    ]
    print(f"{count} abstracts: {perf_counter() - start:.1f} s, {len(set(bodies))} distinct")


def time_world(size: str, seed: int) -> int:
    """Make the world, and replay the log."""
    from django.core.management import call_command

    from motrice.core import audit
    from motrice.demo.plan.model import SIZES
    from motrice.demo.world import make_world

    call_command("catalogue", "sync", verbosity=0)
    start = perf_counter()

    def say(line: str) -> None:
        print(f"  {perf_counter() - start:7.1f} s  {line}")

    made = make_world(SIZES[size], seed, today=TODAY, say=say)
    print(f"{size}: {perf_counter() - start:.1f} s, {len(made.organisations)} organisations, {len(made.needs)} needs")
    start = perf_counter()
    found = audit.differences()
    print(f"replay of the log: {perf_counter() - start:.1f} s, {len(found)} differences")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
