"""How fast disclosures answer at national size: `python -m benchmarks.disclosures`.

Writes 40,000 invented disclosures (a dozen years of a national network) with their inventors,
signatures, opinions, decisions and timelines over the directory of the demonstration world of size `network`, in the
log like every write, then asks each page several times as those who open it. Works on a database of its own: in a
temporary folder, in `--keep FOLDER` (made once, used again), or on `DATABASE_URL`. Elapsed time is that of the clock
on the wall, processor time that of this process (a PostgreSQL server is another).
"""

import argparse
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter, process_time
from typing import Any

from benchmarks.own_database import TODAY, count_rows, laid, opened

BATCH = 500
# How the states stand in twelve years of disclosures: nearly all were decided.
STATES = ["decided"] * 88 + ["evaluation"] * 5 + ["received"] * 2 + ["submitted"] + ["draft"] * 2 + ["withdrawn"] * 2
DECISIONS = ["patent"] * 5 + ["software"] * 2 + ["secret", "publish", "release", "more_work"]


def main() -> int:
    """Print one line a page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--disclosures", type=int, default=40_000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--keep", type=Path, help="the folder of a database made once and used again")
    parser.add_argument("--only", default="", help="ask only the pages whose name holds this")
    options = parser.parse_args()
    with opened(options.keep):
        from django.core.management import call_command

        from motrice.inventions.models import Disclosure

        if not Disclosure.objects.exists():
            write(options.disclosures)
            start = perf_counter()
            call_command("search-index", "rebuild", verbosity=0)
            print(f"search index: {perf_counter() - start:.0f} s")
            count_rows()
        return measure(options.rounds, options.only)


def write(count: int) -> None:
    """Write the directory and the accounts of the network, then so many disclosures."""
    from motrice.core.references import references_from

    with laid(families=1):
        pass
    start = perf_counter()
    with references_from(Random(2)):
        _Filler(Random(3)).fill(count)
    print(f"{count} disclosures: {perf_counter() - start:.0f} s")


class _Filler:
    """Rows as the operations leave them, in the log, without asking the rules one by one."""

    def __init__(self, rng: Random) -> None:
        from motrice.accounts.models import User
        from motrice.accounts.operations.roles import grant_role
        from motrice.accounts.operations.users import system_user
        from motrice.core import audit
        from motrice.demo.content.texts import Writer
        from motrice.demo.content.vocabulary import topics
        from motrice.directory.enums import UNIT_KINDS
        from motrice.directory.models import Affiliation, Organisation
        from motrice.inventions import rules
        from motrice.inventions.models import Disclosure
        from motrice.inventions.operations.routing import office_officers, offices_of

        self.rng, self.system, self.writer = rng, system_user(), Writer(rng)
        self.topics, self.promise = list(topics()), rules.current_promise().entry
        self.criteria = rules.ordered(rules.CRITERION)
        self.rules = {kind: rules.decision_rule(kind) for kind in set(DECISIONS)}
        self.domains = [code for code, _name in rules.choices(rules.DOMAIN)]
        self.experts = list(User.objects.active().filter(roles__kind="lab_director")[:400])
        people: dict[int, dict[int, Any]] = {}
        for row in Affiliation.objects.select_related("person__user").iterator():
            people.setdefault(row.organisation_id, {})[row.person_id] = row.person
        self.units, offices = [], {}
        for unit in Organisation.objects.live().filter(kind__in=UNIT_KINDS, pk__in=people).order_by("pk"):
            body = offices_of(unit, TODAY)[1:2]
            if not body:
                continue
            office = body[0][0]
            if office.pk not in offices:
                offices[office.pk] = office_officers(Disclosure(unit=unit, office=office), on=TODAY)
                while len(offices[office.pk]) < 6:
                    name = f"officer-{len(offices)}-{len(offices[office.pk])}"
                    with audit.operation(self.system, "benchmark.account") as op:
                        account = User(username=name, email=f"{name}@bench.invalid", display_name=name)
                        account.set_unusable_password()
                        offices[office.pk].append(op.create(account))
                    grant_role(user=offices[office.pk][-1], kind="officer", on=office, actor=self.system,
                               starts_on=date(2015, 1, 1))  # fmt: skip
            self.units.append((unit, office, offices[office.pk], list(people[unit.pk].values())))
        print(f"{len(self.units)} laboratories, {len(offices)} offices")

    def fill(self, count: int) -> None:
        from motrice.core import audit

        for first in range(0, count, BATCH):
            at = self._time(date(2026, 11, 1) - timedelta(days=4380 * (count - first) // count))
            with audit.operation(self.system, "benchmark.fill", at=at) as op:
                for rows in self._batch(min(BATCH, count - first), at):
                    op.create_many(rows)

    def _time(self, day: date) -> datetime:
        from django.utils import timezone

        return timezone.make_aware(datetime.combine(day, time(10)))

    def _batch(self, count: int, at: datetime) -> Iterator[list[Any]]:
        made = [self._disclosure(at + timedelta(hours=self.rng.randint(0, 700))) for _turn in range(count)]
        yield [row for row, _place in made]
        inventors = [part for row, place in made for part in self._inventors(row, place)]
        yield inventors
        yield [self._signature(part) for part in inventors if part.disclosure.received_at]
        asked = [part for row, _place in made if row.evaluated_at for part in self._evaluators(row)]
        yield asked
        yield [self._opinion(part) for part in asked if part.disclosure.status == "decided"]
        yield [self._decision(row) for row, _place in made if row.status == "decided"]
        yield [self._divulgation(row) for row, _place in made if self.rng.random() < 0.4]
        yield [event for row, _place in made for event in self._events(row)]

    def _disclosure(self, at: datetime) -> tuple[Any, Any]:
        from motrice.inventions.models import Disclosure

        rng = self.rng
        place = unit, office, officers, people = rng.choice(self.units)
        status = rng.choice(STATES) if at.date() > date(2026, 1, 1) else rng.choice(["decided"] * 30 + ["withdrawn"])
        language = "en" if rng.random() < 0.2 else "fr"
        patent = self.writer.evidence(rng.choice(self.topics), "patent", language)
        is_sent, is_received = status != "draft", status in ("received", "evaluation", "decided")
        decided_at = at + timedelta(days=rng.randint(20, 120)) if status == "decided" else None
        author = next((person.user for person in people if person.user_id), self.system)
        row = Disclosure(
            unit=unit, status=status, language=language, title=patent.title[:200], summary=patent.body,
            novelty=self.writer.evidence(rng.choice(self.topics), "publication", language).body[:1500],
            keywords=patent.title[:80], domain=rng.choice(self.domains), trl=rng.randint(1, 7),
            kind=rng.choice(["invention"] * 7 + ["software"] * 2 + ["know_how"]), invented_on=at.date(), author=author,
            owner=rng.choice(officers) if is_sent else None, office=office if is_sent else None, promise=self.promise,
            created_at=at, state_since=decided_at or at, submitted_at=at if is_sent else None,
            received_at=at if is_received else None, evaluated_at=at if status in ("evaluation", "decided") else None,
            due_at=at + timedelta(days=90) if is_received else None, decided_at=decided_at,
            decision=rng.choice(DECISIONS) if decided_at else "",
            decision_days=float((decided_at - at).days * 5 // 7) if decided_at else None, has_no_tie=True,
        )  # fmt: skip
        return row, place

    def _inventors(self, row: Any, place: Any) -> list[Any]:
        from motrice.inventions.models import Inventor

        people = self.rng.sample(place[3], k=min(len(place[3]), self.rng.randint(1, 3)))
        named = [{"person": person, "name": str(person), "email": person.email} for person in people]
        named.append({"name": "Chloé Dehors", "email": "chloe@example.org"})
        return [
            Inventor(
                disclosure=row, position=n + 1, numerator=1, denominator=len(named), employer=place[1].name, **who
            )
            for n, who in enumerate(named)
        ]

    def _signature(self, part: Any) -> Any:
        from motrice.inventions.models import Signature

        return Signature(
            inventor=part, content_sha256="0" * 64, typed_name=part.name, numerator=1, denominator=part.denominator,
            signed_at=part.disclosure.received_at, by_address=part.email,
        )  # fmt: skip

    def _evaluators(self, row: Any) -> list[Any]:
        from motrice.inventions.models import Evaluator

        return [
            Evaluator(disclosure=row, user=user, invited_by=row.owner, invited_at=row.received_at, due_at=row.due_at)
            for user in self.rng.sample(self.experts, k=2)
        ]

    def _opinion(self, part: Any) -> Any:
        from motrice.inventions.models import Opinion

        scores = [
            {"criterion": entry.code, "version": entry.version, "score": self.rng.randint(0, entry.data["scale"]),
             "scale": entry.data["scale"], "weight": str(entry.data["weight"]), "reason": "Vu."}
            for entry in self.criteria
        ]  # fmt: skip
        return Opinion(evaluator=part, scores=scores, summary="Bon travail.", advice="patent",
                       given_at=part.disclosure.decided_at)  # fmt: skip

    def _decision(self, row: Any) -> Any:
        from motrice.inventions.models import Decision

        other = next((user for user in self.experts if user.pk != row.owner_id), self.system)
        return Decision(
            disclosure=row, kind=row.decision, status="taken", reasons="Nouveau et demandé.", next_step="Déposer",
            next_step_on=row.decided_at.date() + timedelta(days=60), rule=self.rules[row.decision],
            needs_approval=True, proposed_by=row.owner, approved_by=other, proposed_at=row.decided_at,
            closed_at=row.decided_at,
        )  # fmt: skip

    def _divulgation(self, row: Any) -> Any:
        from motrice.inventions.models import Divulgation

        day = row.created_at.date() + timedelta(days=self.rng.randint(30, 400))
        return Divulgation(disclosure=row, kind="article", title="Revue inventée", dated_on=day)

    def _events(self, row: Any) -> list[Any]:
        from motrice.inventions.models import DisclosureEvent

        kinds = ["started"]
        if row.submitted_at:
            kinds += ["submitted", "assigned"]
        if row.received_at:
            kinds += ["signed", "signed", "received"]
        if row.evaluated_at:
            kinds += ["evaluation", "evaluator", "evaluator"]
        if row.decided_at:
            kinds += ["opinion", "opinion", "decided"]
        data = {"decided": {"decision": row.decision, "next": "Déposer"}, "assigned": {"officer": str(row.owner)}}
        plain = {"name": "Chloé Dehors"}
        return [
            DisclosureEvent(disclosure=row, kind=kind, at=row.created_at + timedelta(days=n), actor=self.system,
                            data=data.get(kind, plain))
            for n, kind in enumerate(kinds)
        ]  # fmt: skip


def readers() -> dict[str, Any]:
    """Who has most to read of each sort, and an auditor, who reads everything."""
    from motrice.accounts.models import User
    from motrice.accounts.operations.roles import grant_role
    from motrice.accounts.operations.users import system_user
    from motrice.inventions.models import Disclosure, Evaluator, Inventor

    def most(rows: Any) -> Any:
        return User.objects.get(pk=Counter(rows).most_common(1)[0][0])

    auditor = User.objects.filter(roles__kind="auditor").first()
    if auditor is None:
        auditor = User.objects.active().filter(is_system=False).exclude(roles__kind="officer").first()
        grant_role(user=auditor, kind="auditor", actor=system_user())
    named = Inventor.objects.exclude(person__user=None).values_list("person__user_id", flat=True)
    return {
        "officer": most(Disclosure.objects.exclude(owner=None).values_list("owner_id", flat=True)),
        "auditor": auditor,
        "inventor": most(named.iterator()),
        "evaluator": most(Evaluator.objects.values_list("user_id", flat=True).iterator()),
    }


def addresses(people: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """The pages by name, with who asks: every facet of the list, pairs, texts, one disclosure, the figures."""
    from django.http import QueryDict

    from motrice.inventions.lists import DISCLOSURES
    from motrice.inventions.models import Disclosure
    from motrice.web.lists import DateFacet
    from motrice.web.lists.state import read_state

    for who in ("officer", "auditor"):
        actor = people[who]
        seen = Disclosure.objects.permitted(actor)
        state = read_state(QueryDict(""), DISCLOSURES.columns, DISCLOSURES.facets, seen)
        _total, facets = DISCLOSURES.counts(seen, state, actor)
        single = {shown.facet.key: shown.values[0].value for shown in facets if shown.values}
        for facet in DISCLOSURES.facets:
            if isinstance(facet, DateFacet):
                single[f"{facet.key}_from"] = "2026-01-01"
        asked = {"everything": "", "a word": "q=laser", "two words": "q=capteur+optique", "no match": "q=zzzzzz"}
        asked |= {key: f"{key}={value}" for key, value in single.items()}
        asked |= {"late and a field": f"progress=late&domain={single['domain']}", "page 100": "page=100&sort=title"}
        for name, query in asked.items():
            yield f"list: {name}", who, f"/disclosures/?{query}"
        yield "report", who, "/disclosures/report/"
        yield "home", who, "/"
        yield "api: list", who, "/api/v1/inventions/disclosures?limit=50"
    for name, status in (("decided", "decided"), ("evaluated", "evaluation")):
        row = Disclosure.objects.filter(status=status).order_by("-pk").first()
        for what, path in (("a disclosure", "/disclosures/{}/"), ("its evaluation", "/disclosures/{}/evaluation/"),
                           ("its history", "/history/inventions.disclosure/{}/")):  # fmt: skip
            yield f"{what}, {name}", "auditor", path.format(row.reference)
    for who in ("inventor", "evaluator"):
        yield "list: everything", who, "/disclosures/"
        yield "home", who, "/"


def measure(rounds: int, only: str) -> int:
    """Ask each page; the first answers warm what is kept between requests and are left out."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from motrice.inventions.models import Disclosure

    people, clients = readers(), {}
    for who, user in people.items():
        clients[who] = Client(headers={"host": "localhost"})
        clients[who].force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        print(f"{connection.vendor}: {who} sees {Disclosure.objects.permitted(user).count()}")
    print("| page | asked by | median ms | slowest ms | processor ms | queries | KB |")
    print("|---|---|---|---|---|---|---|")
    for name, who, address in addresses(people):
        if only not in name:
            continue
        clients[who].get(address)
        with CaptureQueriesContext(connection) as queries:
            clients[who].get(address)
        asked = len(queries)
        times, work = [], []
        for _round in range(rounds):
            start, started = perf_counter(), process_time()
            answer = clients[who].get(address)
            times.append((perf_counter() - start) * 1000)
            work.append((process_time() - started) * 1000)
        if answer.status_code != 200:
            raise SystemExit(f"{address} answered {answer.status_code}")
        figures = " | ".join(f"{figure:.0f}" for figure in (median(times), max(times), median(work)))
        print(f"| {name} | {who} | {figures} | {asked} | {len(answer.content) / 1024:.0f} |", flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
