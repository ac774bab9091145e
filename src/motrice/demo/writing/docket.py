"""Plays the docket since the taking over: fees are paid, acts done, titles kept or let go, reminders sent."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.utils import timezone

from motrice.demo.writing.portfolio import PortfolioWriter
from motrice.demo.writing.times import is_working, opening
from motrice.portfolio.enums import Choice
from motrice.portfolio.models import Deadline
from motrice.portfolio.operations import docket
from motrice.portfolio.operations.docket_clock import run_docket_clock
from motrice.portfolio.queries.coownership import owners_on
from motrice.portfolio.tables.docket import rulebook

SOON, EARLY, YEAR = timedelta(days=45), timedelta(days=120), timedelta(days=365)
# How many each office does on a day; the fees that are due first wait for who visits.
FEES_PAID, CHOSEN, LEFT_OPEN = 2, 3, 4
REASONS = (
    "Aucun partenaire industriel depuis trois ans, et le marché visé est couvert par la demande européenne.",
    "Le procédé a été dépassé : le laboratoire a déposé depuis une amélioration qui le remplace.",
    "Le licencié n'exploite pas dans ce pays et n'y prévoit rien.",
)


class DocketPlayer:
    """Works on the dockets of some offices each working day, by who answers for each title."""

    def __init__(self, portfolio: PortfolioWriter, offices: list[int], rng: Random):
        self.portfolio = portfolio
        self.offices = offices
        self.rng = rng
        self.count = 0

    def play(self) -> Iterator[datetime]:
        """The dockets of all on the morning after the taking over, then day after day until today."""
        at = self.portfolio.at + timedelta(hours=3)
        yield at
        docket.refresh_docket(today=timezone.localdate(at))
        day = timezone.localdate(at)
        while day < self.portfolio.world.today:
            day += timedelta(days=1)
            if not is_working(day):
                continue
            yield opening(day)
            run_docket_clock(now=opening(day), is_silent=True)
            self.when = opening(day) + timedelta(minutes=90)
            yield self.when
            with docket.derived_together(today=day):
                for office in self.offices:
                    self._work(self.portfolio.directory.organisations[office].pk)

    def _work(self, office: int) -> None:
        self.day = timezone.localdate(self.when)
        self.open = Deadline.objects.awaited().filter(asset__office_id=office, choice="")
        self.open = self.open.select_related("asset__engineer", "asset__officer", "application")
        fees = self.open.exclude(amount=None).filter(year__isnull=False)
        soon = fees.filter(due_on__range=(self.day, self.day + EARLY))
        self._some(soon, FEES_PAID, self._pay, left=LEFT_OPEN)
        acts = self.open.filter(year=None, due_on__range=(self.day, self.day + SOON))
        self._some(acts, self.count % 2, self._act)
        later = fees.filter(due_on__range=(self.day + SOON, self.day + YEAR))
        self._some(later, CHOSEN, self._choose)
        self.count += 1

    def _some(self, rows: Any, count: int, act: Callable[[Deadline, Any], None], *, left: int = 0) -> None:
        held = list(rows.order_by("due_on", "application_id", "rule", "trigger", "term"))[left:]
        for deadline in self.rng.sample(held, min(count, len(held))):
            act(deadline, deadline.asset.engineer or deadline.asset.officer)

    def _pay(self, deadline: Deadline, actor: Any) -> None:
        docket.record_payment(
            deadline=deadline,
            paid_on=self.day,
            amount=deadline.amount,
            currency=deadline.currency,
            receipt=f"{deadline.application.office}-{self.day:%y%m%d}-{self.rng.randint(1000, 9999)}",
            actor=actor,
            at=self.when,
        )

    def _act(self, deadline: Deadline, actor: Any) -> None:
        """An extension where the rule knows one, else it is done."""
        rule = rulebook().rules[deadline.rule]
        if rule.extension is not None:
            docket.extend_deadline(deadline=deadline, granted_on=self.day, actor=actor, at=self.when)
        else:
            docket.mark_done(deadline=deadline, done_on=self.day, actor=actor, at=self.when)

    def _choose(self, deadline: Deadline, actor: Any) -> None:
        """Kept, but for half of those with a single owner, whom nobody else has to be asked about."""
        is_dropped = len(owners_on(deadline.asset, self.day)) < 2 and self.rng.random() < 0.5
        docket.choose(
            deadline=deadline,
            choice=Choice.DROP if is_dropped else Choice.KEEP,
            reason=self.rng.choice(REASONS) if is_dropped else "",
            actor=actor,
            at=self.when,
        )
