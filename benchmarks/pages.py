"""The ten main pages over the world in the database, one request at a time: `python -m benchmarks.pages`.

Fill the database first with `motrice migrate`, `motrice catalogue sync`, `motrice demo-world --size network --seed 1`
and `motrice search-index rebuild`; `DATABASE_URL` names a PostgreSQL one. The time is that of the whole request inside
the server, from the first middleware to the last byte of the body, without the network. `cpu` is the processor's share
of it in this process: on SQLite the database's work too, on PostgreSQL without it; it says what a page costs on a
machine that others use as well. Aims: 95 % of lists under 50 ms, the heaviest page under 150 ms.
"""

from __future__ import annotations

import argparse
import math
import os
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "motrice.config.settings")
os.environ.setdefault("MOTRICE_DEMO", "1")

import django

django.setup()

from django.db import connection  # noqa: E402 - Django must be set up first
from django.test import Client  # noqa: E402 - Django must be set up first
from django.urls import reverse  # noqa: E402 - Django must be set up first

from motrice.accounts.models import User  # noqa: E402 - Django must be set up first
from motrice.config.settled import settle  # noqa: E402 - Django must be set up first
from motrice.directory.models import Organisation  # noqa: E402 - Django must be set up first
from motrice.sourcing.models import Need  # noqa: E402 - Django must be set up first

LIST_AIM, PAGE_AIM = 50.0, 150.0


@dataclass(frozen=True)
class Page:
    """One page as one role asks for it."""

    name: str
    email: str
    path: Callable[[], str]
    is_list: bool = True


def _busy_unit() -> str:
    unit = Organisation.objects.live().filter(kind="unit", evidence_links__isnull=False).order_by("pk").first()
    return reverse("directory:organisation", args=[unit.reference])


def _big_body() -> str:
    body = Organisation.objects.live().filter(kind="research_body").order_by("pk").first()
    return reverse("directory:organisation", args=[body.reference])


def _open_need(name: str) -> Callable[[], str]:
    def path() -> str:
        owner = User.objects.get(email="desk@demo.motrice.invalid")
        need = Need.objects.filter(owner=owner).order_by("-received_at").first()
        return reverse(f"sourcing:{name}", args=[need.reference])

    return path


def _named(name: str, query: str = "") -> Callable[[], str]:
    return lambda: reverse(name) + query


PAGES = [
    Page("home of the desk", "desk@demo.motrice.invalid", _named("portal:home")),
    Page("queue of needs", "coordinator@demo.motrice.invalid", _named("sourcing:queue")),
    Page("laboratories", "coordinator@demo.motrice.invalid", _named("directory:units")),
    Page("laboratories, searched", "coordinator@demo.motrice.invalid", _named("directory:units", "?q=batteries")),
    Page("companies", "coordinator@demo.motrice.invalid", _named("directory:companies")),
    Page("people", "coordinator@demo.motrice.invalid", _named("directory:people")),
    Page("offers", "coordinator@demo.motrice.invalid", _named("sourcing:offers")),
    Page("a laboratory", "coordinator@demo.motrice.invalid", _busy_unit, is_list=False),
    Page("a national body", "coordinator@demo.motrice.invalid", _big_body, is_list=False),
    Page("a need", "desk@demo.motrice.invalid", _open_need("need"), is_list=False),
    Page("who can answer", "desk@demo.motrice.invalid", _open_need("ranking"), is_list=False),
    Page("report of the desk", "coordinator@demo.motrice.invalid", _named("sourcing:report"), is_list=False),
    Page("find a door (public)", "", _named("sourcing:find", "?q=ma+colle+perd+sa+force+au+froid"), is_list=False),
]


def _under(times: list[float], share: float = 0.95) -> float:
    """The time under which this share of the requests stayed."""
    return sorted(times)[math.ceil(len(times) * share) - 1]


def measure(page: Page, rounds: int) -> dict[str, Any]:
    """Ask for one page often; the first answers warm the caches and are left out."""
    client = Client(HTTP_HOST="localhost")
    if page.email:
        client.force_login(User.objects.get(email=page.email))
    path = page.path()
    for _warm in range(3):
        response = client.get(path)
        if response.status_code != 200:
            raise SystemExit(f"{page.name}: {path} answered {response.status_code}")
    asked: list[str] = []

    def count(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        asked.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        client.get(path)
    times, spent = [], []
    for _round in range(rounds):
        began, began_cpu = time.perf_counter(), time.process_time()
        body = client.get(path).content
        times.append((time.perf_counter() - began) * 1000)
        spent.append((time.process_time() - began_cpu) * 1000)
    return {
        "page": page.name,
        "p50": statistics.median(times),
        "p95": _under(times),
        "cpu50": statistics.median(spent),
        "cpu95": _under(spent),
        "queries": len(asked),
        "kilobytes": len(body) / 1000,
        "aim": LIST_AIM if page.is_list else PAGE_AIM,
    }


def main() -> None:
    """Measure every page and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--only", default="", help="pages whose name holds this text")
    options = parser.parse_args()
    rounds, only = options.rounds, options.only
    settle()  # as the web server does
    counts = f"{Organisation.objects.count()} organisations, {Need.objects.count()} needs, {connection.vendor}"
    print(f"{counts}; milliseconds over {rounds} requests")
    print(f"{'page':<26}{'median':>8}{'95 %':>8}{'cpu':>8}{'95 %':>8}{'aim':>6}{'queries':>9}{'kB':>7}")
    for page in (page for page in PAGES if only in page.name):
        row = measure(page, rounds)
        mark = "" if row["p95"] <= row["aim"] else "  over"
        print(
            f"{row['page']:<26}{row['p50']:>8.1f}{row['p95']:>8.1f}{row['cpu50']:>8.1f}{row['cpu95']:>8.1f}"
            f"{row['aim']:>6.0f}{row['queries']:>9}{row['kilobytes']:>7.0f}{mark}"
        )


if __name__ == "__main__":
    main()
