"""Writes the portfolio of every office as it was taken over from another tool, whole, on one morning."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db import models

from motrice.core import audit
from motrice.demo import SOURCE
from motrice.demo.plan.accounts import Accounts
from motrice.demo.plan.assets import PARTS, TAKEN_OVER, AssetPlan
from motrice.demo.plan.filings import FilingPlan
from motrice.demo.plan.model import World
from motrice.demo.plan.names import ascii_words
from motrice.demo.writing.directory import DirectoryWriter
from motrice.demo.writing.times import opening
from motrice.portfolio import rules
from motrice.portfolio.models import (
    Applicant,
    Application,
    Asset,
    Classification,
    Contributor,
    Design,
    DocketEvent,
    KnowHow,
    Mark,
    Material,
    Ownership,
    PatentFamily,
    Priority,
    Publication,
    SecrecyMeasure,
    Software,
    SoftwareVersion,
    ThirdPartyPart,
)

DETAILS: dict[str, type[models.Model]] = {
    "software": Software,
    "know_how": KnowHow,
    "material": Material,
    "design": Design,
    "mark": Mark,
}
ROLES = {"patent_family": "inventor", "software": "author", "design": "author"}


class PortfolioWriter:
    """Five thousand families make two hundred thousand rows: they are written in bulk, table by table."""

    def __init__(
        self, world: World, accounts: Accounts, users: dict[str, Any], directory: DirectoryWriter, actor: Any
    ):
        self.world = world
        self.accounts = accounts
        self.users = users
        self.directory = directory
        self.actor = actor
        self.at = opening(world.today - TAKEN_OVER + timedelta(days=1))

    def play(self) -> Iterator[datetime]:
        """One step: the morning of the taking over."""
        yield self.at
        self.write()

    def write(self) -> None:
        """Assets first, then what hangs on each."""
        plans: list[AssetPlan] = self.world.assets
        self.assets = [self._asset(rank, plan) for rank, plan in enumerate(plans)]
        pairs = list(zip(plans, self.assets, strict=True))
        filings = [
            (filing, self._application(asset, filing), asset, plan) for plan, asset in pairs for filing in plan.filings
        ]
        self._link_parents(filings)
        with audit.operation(self.actor, "asset.take_over", reason="demonstration world", at=self.at) as op:
            op.create_many(self.assets)
            op.create_many([self._family(plan, asset) for plan, asset in pairs if plan.kind == "patent_family"])
            self._write_details(op, pairs)
            op.create_many([row for plan, asset in pairs for row in self._owners(plan, asset)])
            op.create_many([row for plan, asset in pairs for row in self._makers(plan, asset)])
            op.create_many([row for plan, asset in pairs for row in self._classes(plan, asset)])
            # A filing is written before those that descend from it.
            for depth in range(3):
                op.create_many([row for filing, row, _asset, _plan in filings if self.depths[id(filing)] == depth])
            op.create_many([row for each in filings for row in self._applicants(*each)])
            op.create_many([row for each in filings for row in self._priorities(*each)])
            op.create_many([row for each in filings for row in self._publications(*each)])
            op.create_many([row for each in filings for row in self._events(*each)])

    def _asset(self, rank: int, plan: AssetPlan) -> Asset:
        officers = self.accounts.keepers[plan.office]
        engineers = self.accounts.engineers.get(plan.office, ())
        return Asset(
            kind=plan.kind,
            status=plan.status,
            level=plan.level,
            title=plan.title[:300],
            summary=plan.summary,
            language=plan.language,
            docket_number=plan.number,
            office=self.directory.organisations[plan.office],
            officer=self.users[officers[rank % len(officers)].email],
            officer_since=self.at.date(),
            engineer=self.users[engineers[rank % len(engineers)].email] if engineers and plan.filings else None,
            firm=self.directory.organisations[plan.firm] if plan.firm is not None else None,
            unit=self.directory.organisations[plan.unit],
            trl=plan.trl,
            starts_on=plan.starts_on,
            ends_on=plan.ends_on,
        )

    def _family(self, plan: AssetPlan, asset: Asset) -> PatentFamily:
        filed = [filing.filed_on for filing in plan.filings]
        published = [day for filing in plan.filings for _number, _kind, day in filing.publications]
        return PatentFamily(
            asset=asset, first_filed_on=min(filed), first_published_on=min(published) if published else None
        )

    def _write_details(self, op: audit.Recorder, pairs: list[tuple[AssetPlan, Asset]]) -> None:
        for kind, model in DETAILS.items():
            rows = [model(asset=asset, **plan.detail) for plan, asset in pairs if plan.kind == kind]
            op.create_many(rows)
            if kind == "software":
                self._write_software(op, rows)
            if kind == "know_how":
                op.create_many(
                    [
                        SecrecyMeasure(asset=row.asset, kind="access", text="Armoire fermée, deux clefs.",
                                       starts_on=row.asset.starts_on)
                        for row in rows
                    ]
                )  # fmt: skip

    def _write_software(self, op: audit.Recorder, rows: list[Software]) -> None:
        op.create_many([SoftwareVersion(software=row, label="1.0", released_on=row.deposited_on) for row in rows])
        op.create_many(
            [
                ThirdPartyPart(software=row, name=name, version="2.1", licence=licence, use="linked")
                for rank, row in enumerate(rows)
                for name, licence in PARTS[: rank % 4]
            ]
        )

    def _owners(self, plan: AssetPlan, asset: Asset) -> list[Ownership]:
        return [
            Ownership(
                asset=asset,
                organisation=self.directory.organisations[key],
                numerator=share.numerator,
                denominator=share.denominator,
                starts_on=start,
                ends_on=end,
                ground="règlement de copropriété" if len(plan.owners) > 1 else "",
            )
            for key, share, start, end in plan.owners
        ]

    def _makers(self, plan: AssetPlan, asset: Asset) -> list[Contributor]:
        unit = self.directory.organisations[plan.unit]
        return [
            Contributor(
                asset=asset,
                person=self.directory.people[key],
                name=str(self.directory.people[key]),
                role=ROLES.get(plan.kind, "contributor"),
                employer=self.directory.organisations[plan.office],
                unit=unit,
                position=place,
                numerator=share.numerator,
                denominator=share.denominator,
            )
            for place, (key, share) in enumerate(plan.makers, start=1)
        ]

    def _classes(self, plan: AssetPlan, asset: Asset) -> list[Classification]:
        return [
            Classification(asset=asset, scheme="ipc", symbol=symbol, is_first=not rank)
            for rank, symbol in enumerate(dict.fromkeys(plan.classes))
        ]

    def _application(self, asset: Asset, filing: FilingPlan) -> Application:
        status, since, granted = rules.filing_state(_Event(event.kind, event.day) for event in filing.events)
        return Application(
            asset=asset,
            office=filing.office,
            route=filing.route,
            number=filing.number,
            filed_on=filing.filed_on,
            descent=filing.descent,
            status=status,
            status_on=since,
            granted_on=granted,
            grant_number=next((number for number, kind, _day in filing.publications if kind[0] in "BC"), ""),
            expires_on=filing.expires_on,
            language="en" if filing.office in ("EP", "US", "GB") else "fr" if filing.office == "FR" else "",
            agent=asset.firm,
            source=SOURCE,
        )

    def _link_parents(self, filings: list) -> None:
        """Point each filing to its parent, and keep how deep it stands in its family."""
        self.depths: dict[int, int] = {}
        self.rows_of: dict[int, list[Application]] = {}
        for filing, row, _asset, plan in filings:
            before = self.rows_of.setdefault(id(plan), [])
            self.depths[id(filing)] = 0
            if filing.parent is not None:
                row.parent = before[filing.parent]
                self.depths[id(filing)] = self.depths[id(plan.filings[filing.parent])] + 1
            before.append(row)

    def _applicants(self, filing: FilingPlan, row: Application, asset: Asset, plan: AssetPlan) -> Iterator[Applicant]:
        if filing.route in ("validation", "unitary"):
            return
        names = [key for key, _share, start, _end in plan.owners if start == plan.starts_on]
        for place, key in enumerate(names, start=1):
            organisation = self.directory.organisations[key]
            printed = " ".join(ascii_words(organisation.name)).upper()
            yield Applicant(
                application=row, name=printed[:300], country="FR", organisation=organisation, position=place
            )

    def _priorities(self, filing: FilingPlan, row: Application, asset: Asset, plan: AssetPlan) -> Iterator[Priority]:
        if filing.claims_first:
            first = self.rows_of[id(plan)][0]
            yield Priority(
                application=row, office=first.office, number=first.number, filed_on=first.filed_on, earlier=first
            )

    def _publications(
        self, filing: FilingPlan, row: Application, asset: Asset, plan: AssetPlan
    ) -> Iterator[Publication]:
        for number, kind, day in filing.publications:
            yield Publication(
                application=row, office=filing.office, number=number, kind_code=kind, published_on=day,
                language="fr" if filing.office in ("FR", "WO") else "en",
            )  # fmt: skip

    def _events(self, filing: FilingPlan, row: Application, asset: Asset, plan: AssetPlan) -> Iterator[DocketEvent]:
        for event in filing.events:
            yield DocketEvent(
                application=row,
                kind=event.kind,
                occurred_on=event.day,
                year=event.year,
                source=SOURCE,
                recorded_by=asset.officer,
                recorded_at=self.at,
            )


class _Event:
    """An event as the state of a filing reads it."""

    __slots__ = ("kind", "occurred_on")

    def __init__(self, kind: str, occurred_on: Any):
        self.kind, self.occurred_on = kind, occurred_on
