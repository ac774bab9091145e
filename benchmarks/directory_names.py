"""The one search box over the directory in the database: `python -m benchmarks.directory_names`.

Fill the database first with `motrice import …` (or `motrice real-world`) and `motrice search-index rebuild`. Records
are drawn with a seed; what is typed is made from their names: one wrong letter, two, letters swapped, accents and
hyphens lost, the beginning alone, words in another order, the acronym, a former or other name, a number with spaces or
as an address. A record counts as found when it, or another that bears the very same name, is among the first five.
`cpu` is the processor's time of one search in this process, the database's work included on SQLite.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from collections.abc import Callable
from random import Random

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "motrice.config.settings")

import django

django.setup()

from motrice.accounts.operations.users import system_user  # noqa: E402 - Django must be set up first
from motrice.directory.models import Identifier, Organisation, OrganisationName  # noqa: E402 - Django must be set up first
from motrice.directory.queries.search import find_records  # noqa: E402 - Django must be set up first
from motrice.directory.rules import fold  # noqa: E402 - Django must be set up first

LETTERS = "abcdefghijklmnopqrstuvwxyz"
FIRST = 5
Typed = list[tuple[str, Organisation]]


def wrong_letter(name: str, random: Random) -> str:
    """One letter dropped, doubled, replaced or swapped with the next, not the first of the name."""
    places = [n for n, letter in enumerate(name) if n and letter.isalpha()]
    if len(places) < 3:
        return name
    at = random.choice(places[:-1])
    way = random.randrange(4)
    if way == 0:
        return name[:at] + name[at + 1 :]
    if way == 1:
        return name[:at] + name[at] + name[at:]
    if way == 2:
        return name[:at] + random.choice(LETTERS) + name[at + 1 :]
    return name[:at] + name[at + 1] + name[at] + name[at + 2 :]


def beginning(name: str, _random: Random) -> str:
    """What is typed before one stops: the first two thirds."""
    return name[: max(6, len(name) * 2 // 3)]


def other_order(name: str, random: Random) -> str:
    """The same words in another order."""
    words = name.split()
    random.shuffle(words)
    return " ".join(words)


WAYS: dict[str, Callable[[str, Random], str]] = {
    "one wrong letter": wrong_letter,
    "two wrong letters": lambda name, random: wrong_letter(wrong_letter(name, random), random),
    "accents and hyphens lost": lambda name, _random: fold(name),
    "the beginning": beginning,
    "words in another order": other_order,
}


def bodies(random: Random, count: int) -> list[Organisation]:
    """Live public records with a name long enough to be misspelt, drawn with the seed."""
    pks = list(
        Organisation.objects.live()
        .filter(level="public")
        .exclude(name__regex=r"[0-9]{6}")
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    found = Organisation.objects.in_bulk(random.sample(pks, min(len(pks), count * 3)))
    return [body for body in found.values() if len(fold(body.name)) >= 8][:count]


def misspelt(random: Random, count: int) -> dict[str, Typed]:
    """Names typed wrongly, the ways shared out evenly."""
    sets: dict[str, Typed] = {way: [] for way in WAYS}
    for number, body in enumerate(bodies(random, count)):
        way = list(WAYS)[number % len(WAYS)]
        sets[way].append((WAYS[way](body.name, random), body))
    return sets


def others(random: Random, count: int) -> dict[str, Typed]:
    """Acronyms, other names and pasted numbers."""
    with_acronym = list(Organisation.objects.live().filter(level="public").exclude(short_name="").order_by("pk"))
    names = list(
        OrganisationName.objects.filter(organisation__merged_into=None, kind__in=("alias", "former", "translation"))
        .select_related("organisation")
        .order_by("pk")
    )
    numbers = list(
        Identifier.objects.filter(organisation__merged_into=None, scheme__in=("rnsr", "ror", "siret", "siren"))
        .select_related("organisation")
        .order_by("pk")
    )
    return {
        "acronym": [(body.short_name, body) for body in random.sample(with_acronym, min(count, len(with_acronym)))],
        "other or former name": [
            (row.value, row.organisation) for row in random.sample(names, min(count, len(names)))
        ],
        "number with spaces": [
            (" ".join(row.value[n : n + 3] for n in range(0, len(row.value), 3)), row.organisation)
            for row in random.sample(numbers, min(count, len(numbers)))
        ],
        "number with dashes": [
            ("-".join(row.value[n : n + 4] for n in range(0, len(row.value), 4)), row.organisation)
            for row in random.sample(numbers, min(count, len(numbers)))
        ],
        "number as an address": [
            (f"https://ror.org/{row.value}/", row.organisation)
            for row in random.sample([row for row in numbers if row.scheme == "ror"] or numbers[:1], count)
        ],
    }


def measured(typed: Typed) -> tuple[int, int, list[float], list[str]]:
    """How often the record is first, and among the first five; the times; what was missed."""
    first = five = 0
    times, missed = [], []
    for text, body in typed:
        start = time.process_time()
        found = find_records(text, actor=system_user(), limit=FIRST)
        times.append((time.process_time() - start) * 1000)
        names = [(item.record.pk, fold(getattr(item.record, "name", ""))) for item in found]
        places = [n for n, (pk, name) in enumerate(names) if pk == body.pk or name == fold(body.name)]
        first += bool(places) and places[0] == 0
        five += bool(places)
        missed += [] if places else [f"{text!r} for {body}"]
    return first, five, times, missed


def main() -> None:
    """Print one line for each way of typing, and the whole of the misspellings."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--missed", action="store_true", help="print what was not found")
    options = parser.parse_args()
    random = Random(options.seed)
    wrong = misspelt(random, options.count)
    total = [0, 0, 0]
    print(f"{Organisation.objects.live().count()} records")
    for title, typed in (wrong | others(random, options.count // 5)).items():
        first, five, times, missed = measured(typed)
        print(
            f"{title:26} {len(typed):4}  first {first / len(typed):5.1%}  first five {five / len(typed):5.1%}"
            f"  cpu {statistics.median(times):5.1f} ms, 95 % under {sorted(times)[int(len(times) * 0.95) - 1]:5.1f} ms"
        )
        if title in wrong:
            total = [a + b for a, b in zip(total, (len(typed), first, five), strict=True)]
        if options.missed:
            print("\n".join(f"    {line}" for line in missed))
    count, first, five = total
    print(f"{'misspellings together':26} {count:4}  first {first / count:5.1%}  first five {five / count:5.1%}")


if __name__ == "__main__":
    main()
