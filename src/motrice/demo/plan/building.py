"""Puts a demonstration world together: the same size, seed and day always give the same world."""

from dataclasses import dataclass
from datetime import date
from random import Random

from motrice.demo.plan.accounts import Accounts
from motrice.demo.plan.agreements import Agreements
from motrice.demo.plan.assets import Assets
from motrice.demo.plan.companies import Companies
from motrice.demo.plan.demands import Demands
from motrice.demo.plan.institutions import Institutions
from motrice.demo.plan.laboratories import Laboratories
from motrice.demo.plan.model import Size, World
from motrice.demo.plan.names import NameMaker
from motrice.demo.plan.records import Records

# The day on which the demonstration happens when none is given.
TODAY = date(2026, 11, 20)


@dataclass(frozen=True, slots=True)
class Plan:
    """A world and those who can sign in to it."""

    world: World
    accounts: Accounts
    # The words planted in assets that only their circle may read.
    asset_canaries: tuple[str, ...] = ()


def build_world(size: Size, seed: int, *, today: date = TODAY) -> Plan:
    """Compute a world; each part draws from its own source of chance, so that one part can grow alone."""
    world = World(size, seed, today)
    names = NameMaker(Random(f"{seed}-names"))
    institutions = Institutions(world, names, Random(f"{seed}-institutions"))
    institutions.build()
    laboratories = Laboratories(world, names, Random(f"{seed}-laboratories"), institutions)
    laboratories.build()
    companies = Companies(world, names, Random(f"{seed}-companies"))
    companies.build()
    Records(world, Random(f"{seed}-records"), laboratories).build()
    Demands(world, Random(f"{seed}-demands"), companies, laboratories).build()
    assets = Assets(world, names, Random(f"{seed}-assets"), institutions, laboratories)
    assets.build()
    Agreements(world, Random(f"{seed}-agreements")).build()
    accounts = Accounts(world, Random(f"{seed}-accounts"), institutions, laboratories)
    accounts.build()
    return Plan(world, accounts, tuple(assets.canaries))
