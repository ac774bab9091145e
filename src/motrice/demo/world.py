"""Makes a demonstration world: the directory first, then three years of the desk in the order of time."""

import contextlib
import gc
import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from django.db import transaction
from django.utils.translation import gettext as _

from motrice.accounts.models import User
from motrice.accounts.operations.users import system_user
from motrice.core.errors import RuleViolation
from motrice.core.references import references_from
from motrice.demo import SOURCE
from motrice.demo.plan.accounts import Account
from motrice.demo.plan.building import Plan, build_world
from motrice.demo.plan.model import Size
from motrice.demo.plan.records import canary
from motrice.demo.writing.absences import absences
from motrice.demo.writing.accounts import AccountWriter
from motrice.demo.writing.agreements import LicenceWriter
from motrice.demo.writing.co_owners import CoOwnerPlayer
from motrice.demo.writing.desk import DeskPlayer
from motrice.demo.writing.directory import DirectoryWriter
from motrice.demo.writing.disclosures import DisclosurePlayer, clock_days
from motrice.demo.writing.docket import DocketPlayer
from motrice.demo.writing.domains import DomainWriter
from motrice.demo.writing.offers import OfferWriter, written_at
from motrice.demo.writing.portfolio import PortfolioWriter
from motrice.demo.writing.rankings import RankingWriter
from motrice.demo.writing.times import is_working, opening
from motrice.directory.models import Organisation
from motrice.inventions.operations.clock import run_clock as run_disclosure_clock
from motrice.sourcing.models import Need
from motrice.sourcing.operations.clock import run_clock

# The history begins a little before the oldest need.
HISTORY = timedelta(days=1120)
Say = Callable[[str], None]


@dataclass(frozen=True)
class Made:
    """What was made, and what a visitor or a test may want of it."""

    plan: Plan
    organisations: list[Organisation]
    needs: dict[int, Need]
    documented: list[Account]
    canaries: tuple[str, ...]


def require_no_other_data(*, force: bool = False) -> None:
    """Refuse to write beside anything that is not this demonstration, and to write a second world over a first."""
    if Organisation.objects.filter(source=SOURCE).exists():
        raise RuleViolation(_("A demonstration world is there already: empty the database to make another."))
    others = User.objects.filter(is_system=False).exists() or Organisation.objects.exists()
    if others and not force:
        raise RuleViolation(
            _(
                "This database holds records or accounts that are not of the demonstration, which opens accounts with "
                "a password that everybody knows. Use an empty database, or --force if you accept that."
            )
        )


def make_world(size: Size, seed: int, *, today: date, force: bool = False, say: Say = lambda _line: None) -> Made:
    """Compute a world and write it, whole or not at all."""
    require_no_other_data(force=force)
    plan = build_world(size, seed, today=today)
    say(_("computed: %(bodies)d organisations, %(texts)d texts") % _counts(plan))
    with _seldom_collecting(), transaction.atomic(), references_from(Random(f"{seed}-references")):
        return _Making(plan, say).run()


@contextlib.contextmanager
def _seldom_collecting() -> Iterator[None]:
    """A world is a million objects that all stay: looking through them for cycles took a fifth of the time."""
    held = gc.get_threshold()
    gc.set_threshold(200_000, 50, 1000)
    try:
        yield
    finally:
        gc.set_threshold(*held)


def _counts(plan: Plan) -> dict[str, int]:
    return {"bodies": len(plan.world.bodies), "texts": len(plan.world.papers)}


class _Making:
    """Writes one plan; what happens at a time waits in a queue ordered by time."""

    def __init__(self, plan: Plan, say: Say):
        self.plan = plan
        self.world = plan.world
        self.say = say
        self.actor = system_user()
        self.first = self.world.today - HISTORY
        self.directory = DirectoryWriter(self.world, self.actor, Random(f"{self.world.seed}-positions"))
        self.accounts = AccountWriter(plan.accounts.accounts, self.actor)
        self.queue: list[tuple[datetime, int, Iterator[datetime]]] = []

    def run(self) -> Made:
        """Lay the directory, then let time pass until the morning of today."""
        self.lay()
        self.say(_("written: organisations, people and accounts"))
        player = self._player()
        self._queue_all(player)
        self._let_time_pass(opening(self.world.today))
        self.say(_("written: texts, offers and needs"))
        return Made(
            self.plan,
            self.directory.organisations,
            player.written,
            [account for account in self.accounts.accounts if account.titles],
            canaries(self.plan),
        )

    def lay(self) -> None:
        """Write the accounts and the directory, as they stand on the first morning."""
        at = opening(self.first)
        self.accounts.open(at)
        self.directory.bodies(at)
        self.directory.links(at)
        self.directory.humans(self.accounts.of_human, at)
        self.accounts.grant(self.directory.organisations, at)

    def _player(self) -> DeskPlayer:
        return DeskPlayer(
            self.world,
            self.plan.accounts,
            self.accounts.users,
            self.directory.organisations,
            self.actor,
            Random(f"{self.world.seed}-desk"),
            Random(f"{self.world.seed}-files"),
        )

    def _portfolio(self) -> PortfolioWriter:
        return PortfolioWriter(self.world, self.plan.accounts, self.accounts.users, self.directory, self.actor)

    def _queue_all(self, player: DeskPlayer) -> None:
        for day, papers in self.directory.batches(self.first).items():
            self._queue(
                self._once(opening(day), lambda papers=papers, day=day: self.directory.papers(papers, opening(day)))
            )
        self._queue(self._offers())
        portfolio = self._portfolio()
        self._queue(portfolio.play())
        for office in self.plan.accounts.engineers:  # the national body alone has engineers, and a strategy
            heads = [self.accounts.users[account.email] for account in self.plan.accounts.keepers[office]]
            self._queue(DomainWriter(portfolio, office, heads).play())
            self._queue(RankingWriter(portfolio, office, heads[0]).play())
            self._queue(CoOwnerPlayer(portfolio, office, Random(f"{self.world.seed}-co-owners")).play())
        self._queue(LicenceWriter(portfolio).play())
        offices = sorted(self.plan.accounts.engineers)
        self._queue(DocketPlayer(portfolio, offices, Random(f"{self.world.seed}-docket")).play())
        self._queue(absences(self._officers(), self.first, self.world.today))
        for need in self.world.needs:
            self._queue(player.play(need))
        self._queue(self._clock())
        inventions = DisclosurePlayer(self.world, self.plan.accounts, self.accounts.users, self.directory)
        for story in inventions.stories(self.world.size.disclosures):
            self._queue(story)
        for office in offices:
            for story in inventions.stories_of(office):
                self._queue(story)
        self._queue(self._disclosure_clock())

    def _disclosure_clock(self) -> Iterator[datetime]:
        """The clock of disclosures, whose reminders leave their trace too."""
        for day in clock_days(self.first, self.world.today):
            yield opening(day)
            run_disclosure_clock(now=opening(day), is_silent=True)

    def _queue(self, steps: Iterator[datetime]) -> None:
        """Put a story where its next step falls in time; one without a next step has ended."""
        when = next(steps, None)
        if when is not None:
            self.number = getattr(self, "number", 0) + 1
            heapq.heappush(self.queue, (when, self.number, steps))

    def _let_time_pass(self, until: datetime) -> None:
        while self.queue and self.queue[0][0] <= until:
            _when, _number, steps = heapq.heappop(self.queue)
            self._queue(steps)

    def _officers(self) -> list[User]:
        """Everyone at a desk who is not shown to visitors: those can be given a need on any day."""
        shown = {account.email for account in self.accounts.accounts if account.titles}
        held = self.plan.accounts.officers.values()
        return [self.accounts.users[account.email] for account in held if account.email not in shown]

    def _once(self, at: datetime, act: Callable[[], None]) -> Iterator[datetime]:
        yield at
        act()

    def _offers(self) -> Iterator[datetime]:
        """Offers are written on the first of each month for all those reviewed in it."""
        writer = OfferWriter(self.directory, self.actor)
        months: dict[datetime, list] = {}
        for offer in self.world.offers:
            day = written_at(offer, self.first)
            months.setdefault(day.replace(day=1), []).append(offer)
        for month, offers in sorted(months.items()):
            at = max(month, opening(self.first) + timedelta(hours=1))
            yield at
            writer.write(offers, at)

    def _clock(self) -> Iterator[datetime]:
        """The desk's clock: reminders and escalations leave their trace, no mail is sent.

        It runs each working morning of the last six weeks, and every other Monday before, enough for the past.
        """
        day = min(need.received_on for need in self.world.needs)
        while day <= self.world.today:
            if is_working(day) and (day.toordinal() % 14 == 1 or day > self.world.today - timedelta(days=42)):
                yield opening(day)
                run_clock(now=opening(day), is_silent=True)
            day += timedelta(days=1)


def canaries(plan: Plan) -> tuple[str, ...]:
    """The words planted in confidential parts and secret texts: seen anywhere else, they are a leak."""
    found = [need.canary for need in plan.world.needs if need.canary]
    secret = sum(1 for paper in plan.world.papers if paper.level == "circle")
    texts = (canary(5000 + rank) for rank in range(1, secret + 1))
    return (*found, *texts, *plan.asset_canaries)
