"""Plays what co-owners say to one another: agents named and given their mandates, notices sent, read and answered."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from django.utils import timezone

from motrice.demo.plan.assets import AssetPlan
from motrice.demo.writing.portfolio import PortfolioWriter
from motrice.demo.writing.times import later
from motrice.portfolio.enums import NoticeAnswer
from motrice.portfolio.models import Asset, CoOwnerNotice
from motrice.portfolio.operations import abandonment, agents
from motrice.portfolio.queries.coownership import agent_answer

NAMED_ON = date(2021, 1, 1)
GROUND = "Désignation par les tutelles du 15 décembre 2020 (décret n° 2020-24, article 3)"
UNITS, MANDATES, TOLD = 12, 6, 4
DECIDED = "L'extension européenne sera déposée à la fin de l'année de priorité."
GIVEN_UP = "Aucune exploitation depuis la délivrance, et les annuités dépassent les recettes attendues."


class CoOwnerPlayer:
    """The acts of one office with the other owners of its titles, and of those others with it."""

    def __init__(self, portfolio: PortfolioWriter, office: int, rng: Random):
        self.portfolio = portfolio
        self.office = office
        self.rng = rng
        accounts = portfolio.accounts
        self.officers = {key: portfolio.users[held[0].email] for key, held in accounts.keepers.items()}
        self.bodies = portfolio.directory.organisations

    def play(self) -> Iterator[datetime]:
        """Agents on the morning of the taking over, then notices over the days that follow."""
        when = self.portfolio.at + timedelta(hours=4)
        yield when
        self._name_agents(when)
        self._give_mandates(when)
        for act in (self._tell, self._hear, self._answer):
            when = later(when, self.rng, 1, 2)
            yield when
            act(when)

    def _name_agents(self, when: datetime) -> None:
        """One supervisor for all the results of a unit; for the first unit, another one in a field."""
        supervisors: dict[int, list[int]] = {}
        for link in self.portfolio.world.links:
            if link.kind == "supervises" and link.ends_on is None:
                supervisors.setdefault(link.target, []).append(link.source)
        known = {plan.unit for plan in self.portfolio.world.assets if plan.office == self.office}
        units = [unit for unit in sorted(known) if self.office in supervisors.get(unit, ())][:UNITS]
        for rank, unit in enumerate(units):
            others = [key for key in supervisors[unit] if key != self.office]
            self._name(unit, others[0] if others and rank % 3 == 2 else self.office, when)
            if rank == 0 and others:
                self._name(unit, others[0], when, field="santé")

    def _name(self, unit: int, agent: int, when: datetime, *, field: str = "") -> None:
        agents.designate_agent(
            unit=self.bodies[unit],
            agent=self.bodies[agent],
            field=field,
            starts_on=NAMED_ON,
            ground=GROUND,
            actor=self.officers[self.office],
            at=when,
        )

    def _give_mandates(self, when: datetime) -> None:
        """The agent that the rules name, for the first titles where they name one."""
        day, given = timezone.localdate(when), 0
        for _plan, asset in self._shared(held_by_us=True):
            if given == MANDATES:
                return
            if agent_answer(asset, on=day).agent is not None:
                agents.accept_agent(asset=asset, on=day, actor=asset.officer, at=when)
                given += 1

    def _shared(self, *, held_by_us: bool) -> list[tuple[AssetPlan, Asset]]:
        """The live families that others may be told of: ours with other owners, or theirs of which we own a part."""
        pairs = zip(self.portfolio.world.assets, self.portfolio.assets, strict=True)
        return [(plan, asset) for plan, asset in pairs if self._is_shared(plan, asset, held_by_us=held_by_us)]

    def _is_shared(self, plan: AssetPlan, asset: Asset, *, held_by_us: bool) -> bool:
        owners = [key for key, _share, _start, end in plan.owners if end is None]
        is_told = plan.kind == "patent_family" and plan.status == "alive" and plan.level != "circle"
        return is_told and len(owners) > 1 and self.office in owners and (plan.office == self.office) == held_by_us

    def _tell(self, when: datetime) -> None:
        """The office tells its co-owners what it decided for its latest titles."""
        ours = sorted(self._shared(held_by_us=True), key=lambda pair: (pair[0].starts_on, pair[0].number))
        for _plan, asset in ours[-TOLD:]:
            self._notify(asset, when, days=self.rng.randint(10, 30))

    def _notify(self, asset: Asset, when: datetime, *, days: int) -> None:
        decided_on = timezone.localdate(when) - timedelta(days=days)
        abandonment.notify_protection(
            asset=asset, decided_on=decided_on, text=DECIDED, actor=asset.officer, at=when
        )  # fmt: skip

    def _hear(self, when: datetime) -> None:
        """Others offer the office a title that they give up, and tell it what they protect: it has not answered."""
        theirs = self._shared(held_by_us=False)[:3]
        for _plan, asset in theirs[:1]:
            abandonment.start_abandonment(asset=asset, reason=GIVEN_UP, actor=asset.officer, at=when)
        for _plan, asset in theirs[1:]:
            self._notify(asset, when, days=7)

    def _answer(self, when: datetime) -> None:
        """Of those who were told, the first that has an office here notes it; the next has signed a receipt."""
        told: list[Any] = list(
            CoOwnerNotice.objects.filter(asset__office=self.bodies[self.office]).select_related("asset", "owner")
        )
        told.sort(key=lambda notice: notice.pk)
        answering = {self.bodies[key].pk: user for key, user in self.officers.items()}
        noted = next((notice for notice in told if notice.owner_id in answering), None)
        if noted is not None:
            abandonment.answer_notice(
                notice=noted, answer=NoticeAnswer.NOTED, actor=answering[noted.owner_id], at=when
            )  # fmt: skip
        for notice in [notice for notice in told if notice is not noted][:1]:
            abandonment.confirm_receipt(
                notice=notice, received_on=timezone.localdate(when), actor=notice.asset.officer, at=when
            )  # fmt: skip
