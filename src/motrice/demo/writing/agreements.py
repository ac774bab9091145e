"""Writes the licences as they were taken over with the portfolio, through the operations of the site."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from motrice.agreements.enums import PartyRole
from motrice.agreements.operations.agreements import bring_into_force, end_agreement, terminate_agreement
from motrice.agreements.operations.licences import Bundled, LicenceContent, PartyNamed, register_licence
from motrice.demo.plan.agreements import LicencePlan
from motrice.demo.writing.portfolio import PortfolioWriter


class LicenceWriter:
    """One licence after another, on the morning after the portfolio was taken over."""

    def __init__(self, portfolio: PortfolioWriter):
        self.portfolio = portfolio
        self.at = portfolio.at + timedelta(hours=3)

    def play(self) -> Iterator[datetime]:
        """One step, after the portfolio and the domains."""
        yield self.at
        rows = {id(plan): row for plan, row in zip(self.portfolio.world.assets, self.portfolio.assets, strict=True)}
        for plan in self.portfolio.world.licences:
            self._write(plan, [Bundled(rows[id(asset)], share) for asset, share in plan.bundle])

    def _write(self, plan: LicencePlan, bundle: list[Bundled]) -> None:
        """The officer of the most secret asset answers for the licence: nobody else may see all of it."""
        actor, bodies = self.portfolio.actor, self.portfolio.directory.organisations
        secret = next((row.asset for row in bundle if row.asset.level == "circle"), bundle[0].asset)
        agreement = register_licence(
            office=bodies[plan.office],
            content=LicenceContent(
                title=plan.title,
                number=plan.number,
                exclusivity=plan.exclusivity,
                field_of_use=plan.field_of_use,
                territories=plan.territories,
                is_worldwide=not plan.territories,
                parties=[
                    PartyNamed(PartyRole.LICENSOR, bodies[plan.office]),
                    PartyNamed(PartyRole.LICENSEE, bodies[plan.licensee]),
                ],
                bundle=bundle,
            ),
            level=plan.level,
            officer=secret.officer,
            actor=actor,
            at=self.at,
        )
        if plan.signed_on is None:
            return
        bring_into_force(
            agreement=agreement,
            signed_on=plan.signed_on,
            starts_on=plan.signed_on,
            ends_on=plan.ends_on,
            actor=actor,
            at=self.at,
        )
        if plan.closed_on == plan.ends_on:
            end_agreement(agreement=agreement, closed_on=plan.closed_on, actor=actor, at=self.at)
        elif plan.closed_on is not None:
            reason = "L'entreprise a cessé la fabrication."
            terminate_agreement(agreement=agreement, closed_on=plan.closed_on, actor=actor, reason=reason, at=self.at)
