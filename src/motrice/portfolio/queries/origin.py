"""What an asset can be made of: a decided disclosure, with its people, its day and the owners to propose."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from motrice.directory.models import Organisation, Person
from motrice.inventions.enums import DecisionKind, DisclosureStatus
from motrice.inventions.models import Disclosure, Inventor
from motrice.portfolio.enums import AssetKind
from motrice.portfolio.queries.coownership import OwnerProposal, joint_unit_owners

KINDS = {
    DecisionKind.PATENT: AssetKind.PATENT_FAMILY,
    DecisionKind.SOFTWARE: AssetKind.SOFTWARE,
    DecisionKind.SECRET: AssetKind.KNOW_HOW,
}


@dataclass(frozen=True)
class ProposedMaker:
    """An inventor as the disclosure names them, with the exact share that they signed."""

    name: str
    share: Fraction
    person: Person | None
    employer: Organisation | None
    unit: Organisation | None


@dataclass(frozen=True)
class Origin:
    """What a disclosure proposes for the asset that is made of it."""

    disclosure: Disclosure
    kind: str
    owners: list[OwnerProposal] = field(default_factory=list)
    makers: list[ProposedMaker] = field(default_factory=list)


def kind_from(disclosure: Disclosure) -> str:
    """The kind of asset that the decision asks for; empty when it asks for none."""
    if disclosure.status != DisclosureStatus.DECIDED:
        return ""
    return str(KINDS.get(DecisionKind(disclosure.decision), ""))


def origin_of(disclosure: Disclosure, *, actor: Any) -> Origin:
    """What a decided disclosure proposes: owners are those who supervised its laboratory on the day of invention."""
    day = disclosure.invented_on
    owners = joint_unit_owners(disclosure.unit, day, actor=actor) if day is not None else []
    rows = Inventor.objects.permitted(actor).filter(disclosure=disclosure)
    makers = [
        ProposedMaker(row.name, row.share, row.person, row.employer_body, row.unit or disclosure.unit)
        for row in rows.select_related("person", "employer_body", "unit")
        if row.share
    ]
    return Origin(disclosure, kind_from(disclosure), owners, makers)
