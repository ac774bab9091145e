"""Plays the stories of disclosures through their operations, from a draft to a decision, in the order of time."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from fractions import Fraction
from random import Random
from typing import Any

from motrice.accounts.models import User
from motrice.demo.content.texts import Writer
from motrice.demo.content.vocabulary import Topic, topics
from motrice.demo.plan.accounts import Account, Accounts
from motrice.demo.plan.model import World
from motrice.demo.writing.directory import DirectoryWriter
from motrice.demo.writing.times import at_office, later
from motrice.inventions import rules
from motrice.inventions.models import Disclosure, Inventor
from motrice.inventions.operations import decisions, drafting, evaluation, opinions, outside_opinions, signing
from motrice.inventions.operations.routing import approvers

# How a story ends, the first ones being those of the documented researcher; one in five ends under evaluation.
STORIES = (
    "draft", "submitted", "evaluation", "patent", "returned", "received", "proposed", "publish", "software",
    "evaluation", "patent", "secret", "withdrawn", "more_work", "release", "evaluation", "publish", "patent",
    "contested", "draft",
)  # fmt: skip
# The stories of what falls to an office that has patent engineers, who are asked for their opinion.
OFFICE_STORIES = ("evaluation", "submitted", "received", "proposed", "patent")
OPEN = {"draft": 20, "submitted": 8, "contested": 9, "received": 5, "returned": 20, "evaluation": 60, "proposed": 70}
KINDS = {"software": "software", "secret": "know_how"}
SHARES = (
    (Fraction(1, 2), Fraction(1, 2)),
    (Fraction(1, 3), Fraction(2, 3)),
    (Fraction(3, 5), Fraction(2, 5)),
    (Fraction(1, 3), Fraction(1, 3), Fraction(1, 3)),
)
REASONS = {
    "fr": "Les essais sont convaincants et deux lecteurs ont vu peu d'antériorités proches.",
    "en": "The trials convince, and two readers found little prior art nearby.",
}
OUTSIDE = ("Université inventée des Confins", "Institut inventé d'Ailleurs", "Société inventée des Essais")
Step = Iterator[datetime]


class DisclosurePlayer:
    """One disclosure at a time; each step is an operation at one time, by the person whose turn it is."""

    def __init__(self, world: World, accounts: Accounts, users: dict[str, User], directory: DirectoryWriter):
        self.world = world
        self.accounts = accounts
        self.users = users
        self.directory = directory
        self.by_code = {topic.code: topic for topic in topics()}
        self.authors = self._authors()

    def _authors(self) -> list[tuple[Account, int]]:
        """Who discloses in which laboratory: the documented researcher first, then the heads."""
        shown = [
            (account, key)
            for account in self.accounts.accounts
            for kind, key, _until in account.roles
            if kind == "researcher" and account.titles and key is not None
        ]
        heads = [(account, key) for key, account in sorted(self.accounts.heads.items())]
        return [*shown[:1] * 5, *heads]

    def stories(self, count: int) -> Iterator[Step]:
        """Every story, each from its own source of chance."""
        for rank in range(count):
            yield self._play(rank, STORIES[rank % len(STORIES)])

    def stories_of(self, office: int) -> Iterator[Step]:
        """Results of the laboratories for which an office answers, judged with its patent engineer."""
        engineer = self.users[self.accounts.engineers[office][0].email]
        authors = [
            (account, key) for key, account in sorted(self.accounts.heads.items()) if self._office_of(key) == office
        ]
        for rank, story in enumerate(OFFICE_STORIES if authors else ()):
            rng = Random(f"{self.world.seed}-disclosure-{office}-{rank}")
            author, unit = authors[rank % len(authors)]
            yield self._tell(rng, author, unit, story, engineer)

    def _office_of(self, unit: int) -> int | None:
        """The body whose officer takes what a laboratory discloses: its host, else the first of its supervisors."""
        links = [link for link in self.world.links if link.target == unit and link.ends_on is None]
        hosts = [link.source for link in links if link.kind == "hosts"]
        supervisors = sorted((link for link in links if link.kind == "supervises"), key=lambda link: link.rank or 99)
        nearest = [unit, *hosts, *(link.source for link in supervisors)]
        return next((key for key in nearest if key in self.accounts.officers or key in self.accounts.keepers), None)

    def _play(self, rank: int, story: str) -> Step:
        rng = Random(f"{self.world.seed}-disclosure-{rank}")
        author, unit = self.authors[rank % len(self.authors)]
        return self._tell(rng, author, unit, story)

    def _tell(self, rng: Random, author: Account, unit: int, story: str, engineer: User | None = None) -> Step:
        first = self.world.today - timedelta(days=OPEN.get(story, rng.randint(150, 1000)) + rng.randint(0, 8))
        return _Story(self, rng, self.users[author.email], unit, story, engineer).tell(at_office(first, rng))

    def evaluators(self, rng: Random, but: set[int]) -> list[User]:
        """Two people of other laboratories who are asked for an opinion."""
        people = [self.users[account.email] for _key, account in sorted(self.accounts.heads.items())]
        return rng.sample([user for user in people if user.pk not in but], k=2)


class _Story:
    """What happens to one result."""

    def __init__(
        self, player: DisclosurePlayer, rng: Random, author: User, unit: int, story: str, engineer: User | None
    ):
        self.player = player
        self.rng = rng
        self.author = author
        self.key = unit
        self.unit = player.directory.organisations[unit]
        self.story = story
        self.engineer = engineer
        self.language = "en" if rng.random() < 0.2 else "fr"

    def _topic(self) -> Topic:
        subjects = self.player.world.bodies[self.key].subjects
        known = [code for code in subjects if code in self.player.by_code]
        return self.player.by_code[self.rng.choice(known or sorted(self.player.by_code))]

    def tell(self, when: datetime) -> Step:
        """From the first word to the end of the story."""
        yield when
        disclosure = self._write(when)
        if self.story == "draft":
            return
        when = later(when, self.rng, 1, 3)
        yield when
        signing.submit_disclosure(disclosure=disclosure, actor=self.author, at=when)
        if self.story in ("submitted", "contested"):
            self._sign_some(disclosure, when)
            return
        when = later(when, self.rng, 1, 4)
        yield when
        self._sign_all(disclosure, when)
        disclosure.refresh_from_db()
        if self.story == "received":
            return
        when = later(when, self.rng, 1, 4)
        yield when
        yield from self._judge(disclosure, when)

    def _write(self, when: datetime) -> Disclosure:
        rng, topic = self.rng, self._topic()
        writer = Writer(rng)
        patent = writer.evidence(topic, "patent", self.language)
        paper = writer.evidence(topic, "publication", self.language)
        row = drafting.start_disclosure(
            unit=self.unit,
            actor=self.author,
            kind=KINDS.get(self.story, "invention"),
            language=self.language,
            at=when,
        )
        answers: dict[str, Any] = {
            "title": patent.title[:200],
            "summary": patent.body,
            "novelty": paper.body,
            "keywords": f"{getattr(topic.name, self.language)}, {getattr(topic.methods[0], self.language)}"[:300],
            "domain": f"wipo-{rng.randint(1, 35):02d}",
            "trl": rng.randint(2, 6),
            "invented_on": when.date() - timedelta(days=rng.randint(10, 90)),
            "has_no_tie": True,
            "has_no_divulgation": True,
        }
        drafting.answer_disclosure(disclosure=row, answers=answers, actor=self.author, at=when)
        self._name(row, when)
        if rng.random() < 0.4 or self.story == "evaluation":
            self._tell_others(row, when)
        return row

    def _name(self, row: Disclosure, when: datetime) -> None:
        """The author, a colleague, and now and then somebody of elsewhere; a draft's shares need not sum to one."""
        shares = self.rng.choice(SHARES)
        first = Inventor.objects.filter(disclosure=row).first()
        if first is None:
            first = drafting.add_inventor(
                disclosure=row, person=self.author.person, unit=self.unit, actor=self.author, at=when
            )
        common = {"employer": self.unit.name[:200], "actor": self.author, "at": when}
        drafting.change_inventor(inventor=first, share=shares[0], **common)
        staff = [self.player.directory.people[key] for key in self.player.accounts.laboratories.staff[self.key]]
        others = [person for person in staff if person.pk != first.person_id and person.email]
        for rank, share in enumerate(shares[1:]):
            if rank == 1 or not others:
                name = self.rng.choice(staff)
                drafting.add_inventor(
                    disclosure=row,
                    name=f"{name.given_name} Dehors",
                    email=f"dehors{rank}.{row.reference.lower()}@demo.motrice.invalid",
                    employer=self.rng.choice(OUTSIDE),
                    share=share,
                    actor=self.author,
                    at=when,
                )
            else:
                drafting.add_inventor(disclosure=row, person=others[0], unit=self.unit, share=share, **common)

    def _tell_others(self, row: Disclosure, when: datetime) -> None:
        days = self.rng.randint(70, 120)
        drafting.add_divulgation(
            disclosure=row,
            kind=self.rng.choice(("conference", "article", "thesis")),
            title={"fr": "Congrès inventé des procédés", "en": "Invented congress of processes"}[self.language],
            dated_on=when.date() + timedelta(days=days),
            actor=self.author,
            at=when,
        )

    def _inventors(self, row: Disclosure) -> list[Inventor]:
        rows = Inventor.objects.filter(disclosure=row).select_related("person__user", "disclosure")
        return list(rows)

    def _sign(self, inventor: Inventor, when: datetime) -> None:
        fields = {"inventor": inventor, "typed_name": inventor.name, "confirms_share": True, "at": when}
        if inventor.is_outside:
            signing.sign_outside(**fields)
        else:
            signing.sign_disclosure(actor=inventor.person.user, **fields)

    def _sign_all(self, row: Disclosure, when: datetime) -> None:
        for inventor in self._inventors(row):
            self._sign(inventor, when)

    def _sign_some(self, row: Disclosure, when: datetime) -> None:
        first, *others = self._inventors(row)
        self._sign(first, when)
        outside = [inventor for inventor in others if inventor.is_outside]
        if self.story == "contested" and outside:
            reason = {"fr": "La moitié du travail a été faite chez nous.", "en": "Half of the work was done here."}
            signing.contest_share(inventor=outside[0], reason=reason[self.language], at=when)

    def _judge(self, row: Disclosure, when: datetime) -> Step:
        evaluation.begin_evaluation(disclosure=row, actor=row.owner, at=when)
        if self.story == "returned":
            reason = {"fr": "Précisez la date des premiers essais.", "en": "Say when the first trials were made."}
            evaluation.return_disclosure(disclosure=row, reason=reason[self.language], actor=row.owner, at=when)
            return
        if self.story == "withdrawn":
            reason = {"fr": "Le résultat ne se reproduit pas.", "en": "The result cannot be reproduced."}
            decisions.withdraw_disclosure(disclosure=row, actor=self.author, reason=reason[self.language], at=when)
            return
        known = {inventor.person.user_id for inventor in self._inventors(row) if inventor.person is not None}
        readers = self.player.evaluators(self.rng, known | {row.author_id, row.owner_id})
        if self.engineer is not None:  # the last to answer: what is still evaluated waits for this opinion
            readers = [readers[0], self.engineer]
        asked = [opinions.invite_evaluator(disclosure=row, user=user, actor=row.owner, at=when) for user in readers]
        if self.story == "evaluation":
            self._ask_outside(row, when)
        for evaluator in asked[: 1 if self.story == "evaluation" else 2]:
            when = later(when, self.rng, 3, 8)
            yield when
            self._opine(evaluator, when)
        if self.story == "evaluation":
            return
        when = later(when, self.rng, 5, 25)
        yield when
        yield from self._decide(row, when)

    def _ask_outside(self, row: Disclosure, when: datetime) -> None:
        """Somebody of elsewhere, who has promised secrecy and not answered yet."""
        asked = outside_opinions.invite_outside(
            disclosure=row,
            name="Dominique Dehors",
            email=f"expert.{row.reference.lower()}@demo.motrice.invalid",
            language=self.language,
            question={"fr": "Le marché est-il assez grand ?", "en": "Is the market large enough?"}[self.language],
            shown=("problem", "uses"),
            open_until=when.date() + timedelta(days=170),
            actor=row.owner,
            at=when,
        )
        outside_opinions.promise_secrecy(
            evaluator=asked, typed_name=asked.name, promises=True, is_free=True, at=when
        )  # fmt: skip

    def _opine(self, evaluator: Any, when: datetime) -> None:
        reason = {"fr": "Au vu du dossier et de deux textes proches.", "en": "From the file and two texts nearby."}
        scores = {
            entry.code: {"score": self.rng.randint(1, entry.data["scale"]), "reason": reason[self.language]}
            for entry in rules.ordered(rules.CRITERION)
        }
        opinions.give_opinion(
            evaluator=evaluator,
            scores=scores,
            summary=REASONS[self.language],
            advice="patent" if self.story in ("patent", "proposed", "secret") else "publish",
            actor=evaluator.user,
            at=when,
        )

    def _decide(self, row: Disclosure, when: datetime) -> Step:
        people = approvers(row, but=row.owner)
        kind = "patent" if self.story == "proposed" else self.story
        if not people and rules.decision_rule(kind).data["needs_approval"]:
            kind = "publish"
        decision = decisions.propose_decision(
            disclosure=row,
            kind=kind,
            reasons=REASONS[self.language],
            next_step=rules.decision_rule(kind).data["next_step"][self.language],
            actor=row.owner,
            at=when,
        )
        if self.story == "proposed" or not decision.needs_approval:
            return
        when = later(when, self.rng, 1, 5)
        yield when
        decisions.approve_decision(decision=decision, actor=people[0], at=when)


def clock_days(first: date, today: date) -> Iterator[date]:
    """The Mondays on which the clock of disclosures leaves its trace: the last six weeks, one in eight before."""
    day = first + timedelta(days=-first.weekday() % 7)
    while day <= today:
        if day > today - timedelta(days=42) or day.toordinal() // 7 % 8 == 0:
            yield day
        day += timedelta(days=7)
