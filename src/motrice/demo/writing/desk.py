"""Plays the stories of the needs through the operations of the desk, in the order of time."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from motrice.accounts.models import User
from motrice.demo.content.texts import Writer
from motrice.demo.content.vocabulary import Topic, topics
from motrice.demo.plan.accounts import Account, Accounts
from motrice.demo.plan.model import NeedText, Paper, World
from motrice.demo.writing.files import files_of
from motrice.demo.writing.times import in_daytime, later, opening
from motrice.directory.models import Organisation
from motrice.sourcing.enums import Channel, NeedLevel, OutcomeKind
from motrice.sourcing.models import Need, Referral
from motrice.sourcing.operations import attachments, candidates, desk, joint, needs, outcomes, referrals

REFUSALS = (
    ("no-capacity", 24),
    ("too-early", 20),
    ("out-of-field", 18),
    ("benefit-unclear", 12),
    ("description-unclear", 10),
    ("route-to-market-unclear", 8),
    ("terms-unsuitable", 5),
    ("conflict-of-interest", 3),
)
ENDINGS = {
    "no_budget": ("project-stopped", "terms-not-met"),
    "silent": ("company-silent", "solved-elsewhere"),
    "all_refused": ("no-team",),
}
# Needs of these stories still wait for something; those of the others went on to their end.
PROOFS = 4  # texts kept with a team that was looked at
UNANSWERED = ("received", "late")
Step = Iterator[datetime]


class DeskPlayer:
    """Plays one need at a time; each step is one operation at one time, by the person whose turn it is."""

    def __init__(self, world: World, accounts: Accounts, users: dict[str, User], organisations: list[Organisation],
                 system: User, rng: Random, files_rng: Random):  # fmt: skip
        self.world = world
        self.accounts = accounts
        self.users = users
        self.organisations = organisations
        self.system = system
        self.rng = rng
        self.files_rng = files_rng
        self.proofs: dict[int, list[Paper]] = {}
        for paper in world.papers:
            for body in paper.bodies if paper.level == "public" else ():
                self.proofs.setdefault(body, []).append(paper)
        self.writer = Writer(rng)
        self.by_code = {topic.code: topic for topic in topics()}
        self.written: dict[int, Need] = {}
        self.recent = opening(world.today - timedelta(days=200))

    def user(self, account: Account) -> User:
        """The user of an account of the plan."""
        return self.users[account.email]

    def play(self, plan: NeedText) -> Step:
        """Tell the story of a need, giving before each step the time at which it happens."""
        when = in_daytime(plan.received_on, self.rng)
        yield when
        need = self.written[plan.key] = self._submit(plan, when)
        if plan.key % 3 == 1:
            self._attach(plan, need, when)
        if plan.story in UNANSWERED:
            return
        story = _Story(self, plan, need, self.by_code[plan.topic])
        yield from story.begin(when)

    def _attach(self, plan: NeedText, need: Need, when: datetime) -> None:
        """Files come with the statement, from its contact; those told by telephone from the officer in charge."""
        for name, content, is_confidential in files_of(plan.answers, plan.language, self.files_rng):
            attachments.attach_file(
                need=need,
                name=name,
                content=content,
                is_confidential=is_confidential,
                actor=need.contact or need.owner,
                at=when,
            )

    def standing(self, plan: NeedText, key: int, rank: int, on: date) -> candidates.Standing:
        """How a team stood in the ranking of that day: its latest texts, those of the sub-topic first."""
        known = [paper for paper in self.proofs.get(key, ()) if paper.dated_on <= on]
        best = sorted(known, key=lambda paper: (paper.topic != plan.topic, -paper.dated_on.toordinal(), paper.title))
        weights = [1 / (place + 1) for place in range(len(best[:PROOFS]))]
        evidence = [
            {"title": paper.title, "share": round(weight / sum(weights), 4), "rank_without": rank + 1 + (place == 0)}
            for place, (paper, weight) in enumerate(zip(best, weights, strict=False))
        ]
        return candidates.Standing(rank=rank, score=round(0.8 / rank, 2), evidence=evidence)

    def _submit(self, plan: NeedText, when: datetime) -> Need:
        company = self.organisations[plan.company]
        contact = self.user(self.accounts.contacts[plan.company])
        statement = needs.Statement(
            title=plan.answers["title"][:200],
            problem=plan.answers["problem"],
            tried=plan.answers["tried"],
            constraints=plan.answers["constraints"],
            language=plan.language,
            trl=self.rng.choice((None, 3, 4, 5, 6)),
            deadline_on=(when + timedelta(days=self.rng.randint(60, 400))).date() if self.rng.random() < 0.6 else None,
            level=NeedLevel.CIRCLE if plan.key % 19 == 18 else NeedLevel.ORGANISATION,
            hides_company=plan.key % 7 == 6,
            secret=plan.secret,
        )
        channel, actor = Channel.SITE, contact
        stated = needs.Contact(company=company, user=contact)
        if plan.is_from_visitor:
            channel, actor = Channel.VISITOR, self.system
            stated = needs.Contact(
                company_name=company.name, name=contact.display_name, email=contact.email, confirmed_at=when
            )
        elif plan.key % 9 == 7:
            channel, actor = Channel.OFFICER, self.users["desk@demo.motrice.invalid"]
        return needs.submit_need(actor=actor, statement=statement, contact=stated, channel=channel, at=when)


class _Story:
    """What happens to one need after it was received."""

    def __init__(self, player: DeskPlayer, plan: NeedText, need: Need, topic: Topic):
        self.player = player
        self.rng = player.rng
        self.plan = plan
        self.need = need
        self.topic = topic
        self.language = plan.language
        self.when = need.received_at
        self.asked: list[Referral] = []

    def say(self, part: str) -> str:
        """A sentence of the desk on the subject of the need."""
        return self.player.writer.desk(self.topic, part, self.language)

    def reply(self, part: str) -> str:
        """A sentence of a team on the subject of the need."""
        return self.player.writer.exchange(self.topic, part, self.language)

    def pause(self, low: int, high: int) -> datetime:
        """Let some working days pass."""
        self.when = later(self.when, self.rng, low, high)
        return self.when

    def _fresh(self) -> Need:
        self.need.refresh_from_db()
        return self.need

    @property
    def owner(self) -> User:
        """The officer in charge."""
        return self.need.owner

    def head(self, referral: Referral) -> Any:
        """Who answers for a team."""
        key = next(key for key in (*self.plan.best, *self.plan.others)
                   if self.player.organisations[key].pk == referral.organisation_id)  # fmt: skip
        return self.player.user(self.player.accounts.heads[key])

    def begin(self, received: datetime) -> Step:
        """Answer the company, choose teams, then go on as the story has it."""
        self.when = received
        if self.plan.story == "out_of_scope":
            yield self.pause(1, 2)
            outcomes.decline_need(need=self._fresh(), message=self.say("decline"), actor=self.owner, at=self.when)
            return
        yield self.pause(0, 2)
        needs.qualify_need(need=self._fresh(), message=self.say("qualify"), actor=self.owner, at=self.when)
        yield from self._choose()
        if self.plan.story == "analysis":
            return
        yield self.pause(1, 3)
        self._refer()
        yield from getattr(self, f"_{self.plan.story}")()

    def _teams(self) -> list[int]:
        best = list(self.plan.best)
        count = min(len(best), 2 if len(best) < 6 else 3)
        # The story of a world shown to visitors always reaches the first laboratory of the sub-topic.
        return [best[0], *self.rng.sample(best[1:], count - 1), *self.plan.others[:1]]

    def _choose(self) -> Step:
        teams = self._teams()
        if len(teams) > 1 and self.rng.random() < 0.3:
            yield self.pause(0, 1)
            dropped = self.player.organisations[teams.pop()]
            candidates.exclude(
                need=self._fresh(), organisation=dropped, actor=self.owner, reason=self.say("exclude"), at=self.when
            )
        yield self.pause(0, 1)
        self.chosen = teams
        if self.plan.key % 3 and self.need.received_at < self.player.recent:
            return  # referred at once: nobody looks up the shortlists of two years ago
        for rank, key in enumerate(teams):
            by_hand = key in self.plan.others
            candidates.shortlist(
                need=self._fresh(),
                organisation=self.player.organisations[key],
                actor=self.owner,
                standing=None if by_hand else self.standing(key, rank + 1),
                reason=self.say("hand") if by_hand else "",
                at=self.when,
            )

    def standing(self, key: int, rank: int) -> candidates.Standing:
        """How a team stands in the ranking now."""
        return self.player.standing(self.plan, key, rank, self.when.date())

    def _refer(self) -> None:
        targets = [
            referrals.Target(
                self.player.organisations[key],
                standing=None if key in self.plan.others else self.standing(key, rank + 1),
            )
            for rank, key in enumerate(self.chosen)
        ]
        self.asked = referrals.refer_need(
            need=self._fresh(), targets=targets, message=self.reply("message"), actor=self.owner, at=self.when
        )

    def _accept(self, referral: Referral) -> Step:
        yield self.pause(2, 8)
        self._load(referral)
        referrals.accept_referral(
            referral=referral, answer=self.reply("accept"), actor=self.head(referral), at=self.when
        )

    def _refuse(self, referral: Referral) -> Step:
        yield self.pause(1, 6)
        self._load(referral)
        codes, weights = zip(*REFUSALS, strict=True)
        referrals.refuse_referral(
            referral=referral,
            refusal=self.rng.choices(codes, weights)[0],
            text=self.reply("refuse"),
            actor=self.head(referral),
            at=self.when,
        )

    def _load(self, referral: Referral) -> None:
        referral.refresh_from_db()
        referral.need.refresh_from_db()

    def _talk(self, referral: Referral) -> Step:
        """A question of a team, put to the company, answered, and given back."""
        yield self.pause(1, 4)
        self._load(referral)
        question = referrals.ask_question(
            referral=referral, text=self.reply("question"), actor=self.head(referral), at=self.when
        )
        yield self.pause(0, 1)
        needs.write_to_company(
            need=self._fresh(),
            text=self.say("wait"),
            actor=self.owner,
            awaits_reply=True,
            forwards=question,
            at=self.when,
        )
        if self.plan.story == "questioned":
            return
        yield self.pause(1, 5)
        text = self.reply("reply")
        if self.need.contact is not None:
            needs.reply_to_desk(need=self._fresh(), text=text, actor=self.need.contact, at=self.when)
        else:
            needs.end_wait(need=self._fresh(), actor=self.owner, at=self.when)
        yield self.pause(0, 1)
        self._load(referral)
        referrals.answer_question(referral=referral, text=text, actor=self.owner, at=self.when)

    def _others(self) -> Step:
        """The teams asked beside the first: most refuse, some stay silent."""
        for referral in self.asked[1:]:
            if self.rng.random() < 0.75:
                yield from self._refuse(referral)

    def _introduce(self, referral: Referral) -> Step:
        yield self.pause(2, 8)
        self._load(referral)
        self._outcome(OutcomeKind.INTRODUCTION, referral)

    def _outcome(self, kind: str, referral: Referral, agreement: str = "") -> None:
        outcomes.record_outcome(
            need=self._fresh(),
            kind=kind,
            dated_on=self.when.date(),
            actor=self.owner,
            referral=referral,
            agreement=agreement,
            at=self.when,
        )

    def _close(self, ending: str = "") -> Step:
        yield self.pause(3, 20)
        outcomes.close_need(
            need=self._fresh(),
            actor=self.owner,
            ending=ending,
            note=self.reply("close") if not ending else "",
            at=self.when,
        )

    def _number(self, kind: str) -> str:
        return f"{kind}-{self.when.year}-{900 + self.plan.key:04d}"

    def _nda_signed(self, referral: Referral) -> Step:
        yield self.pause(3, 12)
        number = self._number("NDA")
        desk.record_nda(
            need=self._fresh(),
            organisation=referral.organisation,
            recorded_on=self.when.date(),
            agreement=number,
            actor=self.owner,
            at=self.when,
        )
        self._outcome(OutcomeKind.NDA, referral, number)

    # The stories, by the name that the plan gives them.

    def _referred(self) -> Step:
        yield from self._refuse(self.asked[-1]) if len(self.asked) > 2 else ()

    def _questioned(self) -> Step:
        yield from self._talk(self.asked[0])

    def _answered(self) -> Step:
        yield from self._others()
        yield from self._accept(self.asked[0])

    def _introduced(self) -> Step:
        yield from self._answered()
        yield from self._introduce(self.asked[0])

    def _fallen_back(self) -> Step:
        for referral in self.asked:
            yield from self._refuse(referral)

    def _all_refused(self) -> Step:
        yield from self._fallen_back()
        yield from self._close(ENDINGS["all_refused"][0])

    def _contract(self) -> Step:
        if self.rng.random() < 0.5:
            yield from self._talk(self.asked[0])
        yield from self._introduced()
        if self.plan.secret:
            yield from self._nda_signed(self.asked[0])
        yield self.pause(15, 40)
        self._outcome(OutcomeKind.CONTRACT, self.asked[0], self._number("C"))
        yield from self._close()

    def _nda(self) -> Step:
        yield from self._introduced()
        yield from self._nda_signed(self.asked[0])
        yield from self._close()

    def _joint(self) -> Step:
        if len(self.asked) < 2:
            yield from self._introduced()
        else:
            yield from self._joined(*self.asked[:2])
            yield from self._introduce(self.asked[0])
        yield from self._close()

    def _joined(self, lead: Referral, partner: Referral) -> Step:
        yield self.pause(2, 6)
        self._load(lead)
        proposal = joint.propose_joint(
            referral=lead,
            partner_team=partner.organisation,
            text=self.say("joint"),
            actor=self.head(lead),
            at=self.when,
        )
        yield self.pause(1, 5)
        proposal.refresh_from_db()
        joint.confirm_joint(joint=proposal, actor=self.head(partner), at=self.when)

    def _no_budget(self) -> Step:
        yield from self._answered()
        yield from self._close(self.rng.choice(ENDINGS["no_budget"]))

    def _silent(self) -> Step:
        yield from self._others()
        yield from self._close(self.rng.choice(ENDINGS["silent"]))

    def _withdrawn(self) -> Step:
        yield self.pause(4, 15)
        outcomes.withdraw_need(need=self._fresh(), actor=self.need.contact, reason=self.say("withdraw"), at=self.when)
