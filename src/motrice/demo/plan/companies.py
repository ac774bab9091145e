"""The companies of the demonstration world: where they are, what they make, how large they were in each year."""

from datetime import date
from random import Random

from motrice.demo.content.vocabulary import fields
from motrice.demo.plan import identifiers
from motrice.demo.plan.model import Body, World
from motrice.demo.plan.names import NameMaker, cities, street

# Size classes with bounds of the headcount (Commission Recommendation 2003/361/EC; décret 2008-1354 for mid-caps).
SME_CLASSES = (("micro", 2, 9), ("small", 10, 49), ("small", 10, 49), ("medium", 50, 249))
OTHER_CLASSES = (("midcap", 250, 4999), ("midcap", 250, 4999), ("large", 5000, 30000))
FORMS = ("SAS", "SARL", "SA", "SASU", "SCOP")


class Companies:
    """Adds companies, the first ones being small or medium-sized up to the number asked."""

    def __init__(self, world: World, names: NameMaker, rng: Random):
        self.world = world
        self.names = names
        self.rng = rng
        self.companies: list[Body] = []

    def build(self) -> None:
        """Add them with the fields going round, so that each sub-topic has its companies."""
        every = fields()
        for rank in range(self.world.size.companies):
            field = every[rank % len(every)]
            topic = field.topics[(rank // len(every)) % len(field.topics)]
            city = self.rng.choice(cities())
            founded = date(self.rng.randint(1952, 2021), self.rng.randint(1, 12), 1)
            company = self.world.add(
                "company",
                self.names.company(),
                city=city,
                street=street(self.rng),
                starts_on=founded,
                legal_form=self.rng.choice(FORMS),
                subjects=[topic.code],
            )
            company.description = f"{field.names['fr']} : {topic.products[0].fr}, {topic.products[1].fr}."
            company.identifiers += [
                ("siren", identifiers.siren(rank + 1)),
                ("siret", identifiers.siret(rank + 1)),
                ("vat", identifiers.vat(rank + 1)),
            ]
            self._profiles(company, field.naf[rank // 20 % len(field.naf)], is_sme=rank < self.world.size.smes)
            self.companies.append(company)

    def _profiles(self, company: Body, naf: str, *, is_sme: bool) -> None:
        """Three years of size: a few firms were smaller before, so that their status depends on the year."""
        size, low, high = self.rng.choice(SME_CLASSES if is_sme else OTHER_CLASSES)
        staff = self.rng.randint(low, min(high, low * 4))
        was_sme = not is_sme and size == "midcap" and self.rng.random() < 0.05
        last = self.world.today.year - 1
        for year in (last - 2, last - 1, last):
            if was_sme and year == last - 2:
                company.profiles.append((year, "medium", naf, 248))
            else:
                company.profiles.append((year, size, naf, max(low, staff - 3 * (last - year))))
