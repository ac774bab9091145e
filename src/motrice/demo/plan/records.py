"""What laboratories have done and offer: texts with their holders, and offers in both languages."""

from datetime import date, timedelta
from random import Random

from motrice.demo.content.texts import Text, Writer
from motrice.demo.content.vocabulary import Topic, topics
from motrice.demo.plan.laboratories import Laboratories
from motrice.demo.plan.model import Body, OfferText, Paper, World

KINDS = (("publication", 58), ("patent", 13), ("project", 16), ("contract", 6), ("equipment", 6), ("award", 1))
# A patent application is secret for about eighteen months after its filing (European Patent Convention, article 93).
SECRECY = timedelta(days=548)
AWARDS = {"fr": "Prix Boussole de l'innovation : {}", "en": "Compass Innovation Prize: {}"}
# Words planted where nobody but the named few may read: a leak test looks for them everywhere else.
CANARY_WORDS = (
    "zircopal", "quartenoise", "melbrisque", "tovandière", "urselline-noire", "pamprezol", "grivolante", "oxymandre",
    "balzéphyr", "cormelune", "drosillage", "funambrelle", "hydrovalse", "jaspérine", "kobolière", "lazulienne",
)  # fmt: skip


def canary(rank: int) -> str:
    """The canary word of a rank: a word of the list and its turn, found nowhere else in the world."""
    return f"{CANARY_WORDS[rank % len(CANARY_WORDS)]}{rank:04d}"


class Records:
    """Adds the evidence of the units and their offers."""

    def __init__(self, world: World, rng: Random, laboratories: Laboratories):
        self.world = world
        self.rng = rng
        self.laboratories = laboratories
        self.writer = Writer(rng)
        self.by_code = {topic.code: topic for topic in topics()}
        self.secret_count = 0

    def build(self) -> None:
        """Write the texts of every unit in turn, then the offers."""
        units = self.laboratories.units
        for rank in range(self.world.size.texts):
            self._paper(units[rank % len(units)])
        for rank in range(self.world.size.offers):
            self._offer(units[rank % len(units)], rank)

    def _topic(self, unit: Body) -> Topic:
        """Two texts in three are on the main sub-topic of the unit."""
        if len(unit.subjects) == 1 or self.rng.random() < 0.68:
            return self.by_code[unit.subjects[0]]
        return self.by_code[self.rng.choice(unit.subjects[1:])]

    def _paper(self, unit: Body) -> None:
        topic = self._topic(unit)
        kind = self.rng.choices([name for name, _weight in KINDS], [weight for _name, weight in KINDS])[0]
        language = self._language(kind)
        text = self.writer.evidence(topic, "project" if kind == "award" else kind, language)
        title = AWARDS[language].format(text.title) if kind == "award" else text.title
        first = max(date(2014, 1, 1), unit.starts_on)
        dated = first + timedelta(days=self.rng.randrange((self.world.today - first).days - 3))
        level, body = self._level(kind, dated, text)
        self.world.papers.append(
            Paper(
                kind, topic.code, title, body, language, dated, level, self._holders(unit), self._authors(unit, kind)
            )
        )

    def _language(self, kind: str) -> str:
        """Laboratories publish mostly in English and write the rest mostly in French."""
        return "en" if self.rng.random() < {"publication": 0.7, "patent": 0.4}.get(kind, 0.2) else "fr"

    def _level(self, kind: str, dated: date, text: Text) -> tuple[str, str]:
        if kind == "patent" and dated > self.world.today - SECRECY:
            self.secret_count += 1
            mark = canary(5000 + self.secret_count)
            words = f" Nom de code : {mark}." if text.language == "fr" else f" Code name: {mark}."
            return "circle", text.body + words
        if kind == "contract":
            return "organisation", text.body
        if kind == "project" and self.rng.random() < 0.2:
            return "network", text.body
        return "public", text.body

    def _holders(self, unit: Body) -> tuple[int, ...]:
        """One text in eight is shared with another unit of the same main sub-topic."""
        if self.rng.random() < 0.125:
            kin = [other for other in self._kin(unit) if other is not unit]
            if kin:
                return (unit.key, self.rng.choice(kin).key)
        return (unit.key,)

    def _kin(self, unit: Body) -> list[Body]:
        every = self.laboratories.units
        step = len(topics())
        place = unit.key % step
        return [other for other in every[place::step] if other.subjects[0] == unit.subjects[0]]

    def _authors(self, unit: Body, kind: str) -> tuple[int, ...]:
        if kind == "equipment":
            return ()
        staff = self.laboratories.staff[unit.key]
        return tuple(self.rng.sample(staff, min(len(staff), self.rng.choice((1, 1, 2)))))

    def _offer(self, unit: Body, rank: int) -> None:
        topic = self._topic(unit)
        kind = ("offer", "capability", "capability", "platform")[rank % 4]
        texts = {}
        for language in ("fr", "en"):
            # The same seed chooses the same facts in both languages.
            writer = Writer(Random(f"{self.world.seed}-offer-{rank}"))
            texts[language] = writer.offer(topic, language)
            if kind == "platform":
                platform = Writer(Random(f"{self.world.seed}-platform-{rank}")).evidence(topic, "equipment", language)
                sentences = platform.body.split(". ")
                texts[language]["equipment"] = ". ".join(sentences[:2]).rstrip(".") + "."
                texts[language]["access"] = ". ".join(sentences[2:])
        low = self.rng.choice((2, 3, 4))
        reviewed = self.world.today - timedelta(days=self.rng.randint(5, 400))
        is_draft = rank % 17 == 16
        self.world.offers.append(
            OfferText(
                kind,
                topic.code,
                unit.key,
                self.laboratories.staff[unit.key][min(1, len(self.laboratories.staff[unit.key]) - 1)],
                texts,
                (low, low + self.rng.choice((2, 3))),
                "draft" if is_draft else "retired" if rank % 23 == 22 else "published",
                "network" if rank % 12 == 11 else "public",
                None if is_draft else reviewed,
                reviewed + timedelta(days=365),
            )
        )
