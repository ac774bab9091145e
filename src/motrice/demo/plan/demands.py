"""The needs of companies over three years, the laboratories that know each best, and how each story goes."""

from datetime import timedelta
from random import Random

from motrice.demo.content.texts import Writer
from motrice.demo.content.vocabulary import Topic, topics
from motrice.demo.plan.companies import Companies
from motrice.demo.plan.laboratories import Laboratories
from motrice.demo.plan.model import Body, NeedText, World
from motrice.demo.plan.records import canary

# How stories end, and the least and greatest age in days of a need that is there today.
STORIES = (
    ("received", 3, 1, 3),
    ("late", 2, 8, 15),
    ("analysis", 5, 3, 20),
    ("referred", 8, 8, 30),
    ("questioned", 4, 10, 35),
    ("answered", 8, 15, 60),
    ("introduced", 8, 30, 150),
    ("fallen_back", 3, 20, 60),
    ("contract", 17, 120, 1090),
    ("nda", 9, 90, 1090),
    ("joint", 5, 90, 1090),
    ("no_budget", 9, 60, 1090),
    ("all_refused", 8, 60, 1090),
    ("silent", 5, 60, 1090),
    ("out_of_scope", 4, 10, 1090),
    ("withdrawn", 2, 40, 1090),
)
BEST_COUNT = 12


class Demands:
    """Adds needs; the laboratories of a need's sub-topic are its right answer by construction."""

    def __init__(self, world: World, rng: Random, companies: Companies, laboratories: Laboratories):
        self.world = world
        self.rng = rng
        self.companies = companies.companies
        self.writer = Writer(rng)
        self.by_code = {topic.code: topic for topic in topics()}
        self.main: dict[str, list[Body]] = {}
        self.side: dict[str, list[Body]] = {}
        for unit in laboratories.units:
            self.main.setdefault(unit.subjects[0], []).append(unit)
            for code in unit.subjects[1:]:
                self.side.setdefault(code, []).append(unit)

    def build(self) -> None:
        """State the needs from the oldest to the newest."""
        names = [story[0] for story in STORIES]
        weights = [story[1] for story in STORIES]
        count = self.world.size.needs
        # Each story at least once, then by weight.
        chosen = names[:count] + self.rng.choices(names, weights, k=max(0, count - len(names)))
        ages = {name: (low, high) for name, _weight, low, high in STORIES}
        dated = [(self.rng.randint(*ages[story]), rank, story) for rank, story in enumerate(chosen)]
        for key, (age, _rank, story) in enumerate(sorted(dated, reverse=True)):
            self._need(key, story, age)

    def _need(self, key: int, story: str, age: int) -> None:
        company = self._company()
        topic = self.by_code[company.subjects[0]]
        language = "fr" if self.rng.random() < 0.78 else "en"
        place = company.city
        answers = self.writer.need(
            topic, language, city=place.name, staff=company.profiles[-1][3], since=company.starts_on.year
        )
        mark = canary(key)
        secret = ""
        if self.rng.random() < 0.6 or story in ("nda", "contract"):
            client = self.rng.choice(self.companies).name
            secret = self.writer.confidential(topic, language, client=client, canary=mark)
            secret = secret if mark in secret else f"{secret} ({mark})"
        self.world.needs.append(
            NeedText(
                key,
                company.key,
                topic.code,
                language,
                answers,
                secret,
                mark if secret else "",
                self.world.today - timedelta(days=age),
                story,
                tuple(unit.key for unit in self.best(topic)),
                tuple(unit.key for unit in self.side.get(topic.code, ())[:BEST_COUNT]),
            )
        )

    def _company(self) -> Body:
        """A company whose sub-topic has a laboratory; small firms ask more often."""
        for _attempt in range(400):
            company = self.rng.choice(self.companies)
            if self.main.get(company.subjects[0]) and (
                company.profiles[-1][1] not in ("midcap", "large") or self.rng.random() < 0.4
            ):
                return company
        raise ValueError("No company works on the sub-topic of a laboratory.")

    def best(self, topic: Topic) -> list[Body]:
        """The laboratories whose main sub-topic this is."""
        return self.main.get(topic.code, [])[:BEST_COUNT]
