"""What the offices license: mostly one family to one company, and one licence that bundles assets of three kinds."""

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from random import Random

from motrice.demo.content.vocabulary import topics
from motrice.demo.plan.assets import PARTS, AssetPlan
from motrice.demo.plan.model import World

FEWEST, ONE_IN = 6, 40
BUNDLE = (("patent_family", Fraction(1, 2)), ("software", Fraction(1, 3)), ("know_how", Fraction(1, 6)))
PLACES = (("FR",), ("EP",), ("BE", "CH", "FR", "LU"), ("DE", "FR", "IT"), ("JP", "KR"), ("CA", "US"))


@dataclass(frozen=True, slots=True)
class LicencePlan:
    """One licence: of which assets in what parts, to whom, where, from when to when, and how it stands today."""

    office: int
    licensee: int
    bundle: tuple[tuple[AssetPlan, Fraction], ...]
    title: str
    number: str
    exclusivity: str
    field_of_use: str
    territories: tuple[str, ...]
    level: str
    signed_on: date | None
    ends_on: date | None
    closed_on: date | None


class Agreements:
    """Adds the licences of a world, from a source of chance of their own."""

    def __init__(self, world: World, rng: Random):
        self.world = world
        self.rng = rng
        self.products = {topic.code: topic.products[0].fr for topic in topics()}
        self.companies = [body.key for body in world.of_kind("company")]
        self.counts: dict[int, int] = {}

    def build(self) -> None:
        """The bundle, an exclusive licence of software with copyleft in it, then families."""
        held = [asset for asset in self.world.assets if asset.status == "alive"]
        software = [asset for asset in self.world.assets if asset.kind == "software"]
        # The writer gives each its third parties' parts in turn: the last of the turn has one under a strong copyleft.
        parts = {id(asset): rank % (len(PARTS) + 1) for rank, asset in enumerate(software)}
        bundle = self._bundle(held, parts)
        if bundle:
            self._licence(bundle, "Licence groupée : brevet, logiciel et savoir-faire", exclusivity="exclusive")
        for asset in [asset for asset in held if parts.get(id(asset)) == len(PARTS)][:1]:
            self._licence(((asset, Fraction(1)),), f"Licence : {asset.title}"[:300], exclusivity="exclusive")
        families = [asset for asset in held if asset.kind == "patent_family"]
        wanted = FEWEST + self.world.size.families // ONE_IN
        for asset in self.rng.sample(families, min(len(families), wanted - len(self.world.licences))):
            self._licence(((asset, Fraction(1)),), f"Licence : {asset.title}"[:300])

    def _bundle(self, held: list[AssetPlan], parts: dict[int, int]) -> tuple[tuple[AssetPlan, Fraction], ...]:
        """One asset of each kind at the office that keeps most; its software with most parts of third parties."""
        offices = [asset.office for asset in held]
        for office in sorted(set(offices), key=lambda key: (-offices.count(key), key)):
            found = []
            for kind, share in BUNDLE:
                of_kind = [asset for asset in held if asset.kind == kind and asset.office == office]
                of_kind.sort(key=lambda asset: -parts.get(id(asset), 0))
                found += [(asset, share) for asset in of_kind[:1]]
            if len(found) == len(BUNDLE):
                return tuple(found)
        return ()

    def _licence(self, bundle: tuple[tuple[AssetPlan, Fraction], ...], title: str, *, exclusivity: str = "") -> None:
        rng, today = self.rng, self.world.today
        first = bundle[0][0]
        latest = max(asset.starts_on for asset, _share in bundle)
        signed = latest + timedelta(days=rng.randint(0, max(0, (today - latest).days - 20)))
        ends = signed + timedelta(days=365 * rng.choice((5, 10, 15)))
        stands = "live" if exclusivity else rng.choice(("draft", "live", "live", "live", "live", "stopped"))
        closed = None
        if stands == "stopped":
            closed = min(ends, signed + timedelta(days=rng.randint(0, max(0, (today - signed).days - 20))))
        elif stands == "live" and ends < today and (today - ends).days > 60:
            closed = ends
        self.counts[first.office] = self.counts.get(first.office, 0) + 1
        house = self.world.bodies[first.office]
        self.world.licences.append(
            LicencePlan(
                office=first.office,
                licensee=rng.choice(self.companies),
                bundle=bundle,
                title=title,
                number=f"{house.short_name or house.name.split()[0]}-LIC-{self.counts[first.office]:03d}",
                exclusivity=exclusivity or rng.choice(("exclusive", "sole", "non_exclusive", "non_exclusive")),
                field_of_use=self.products[first.topic],
                territories=() if rng.random() < 0.4 else rng.choice(PLACES),
                level="network" if not exclusivity and rng.random() < 0.2 else "organisation",
                signed_on=None if stands == "draft" else signed,
                ends_on=None if stands == "draft" else ends,
                closed_on=closed,
            )
        )
