"""A small world for the table of rights: every model that has rules, rows at each level, all of them named."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db import models
from django.utils import timezone

from motrice.accounts.models import ApiToken, CalendarAddress, EmergencyAccess, Follow, Invitation, User
from motrice.accounts.operations.roles import grant_role
from motrice.accounts.operations.users import system_user
from motrice.core.confidentiality import Level
from motrice.core.models import AuditChange, AuditEntry, CatalogueEntry, ImportFinding, ImportProposal, ImportRun
from motrice.directory.models import (
    Address,
    EvidenceOwner,
    Mechanism,
    Organisation,
    OrganisationName,
    Topic,
    YearProfile,
)
from motrice.inventions import models as inventions
from motrice.sourcing.models import (
    ClockNotice,
    Nda,
    Need,
    NeedDraft,
    NeedEvent,
    Offer,
    OfferReference,
    OfficerAbsence,
    Outcome,
    ReportMail,
    VisitorAttempt,
    VisitorSubmission,
    Wait,
)
from motrice.sourcing.operations.attachments import attach_file
from motrice.sourcing.operations.candidates import shortlist
from motrice.sourcing.operations.desk import record_nda
from motrice.sourcing.operations.joint import propose_joint
from motrice.sourcing.operations.needs import write_to_company
from motrice.sourcing.operations.referrals import ask_question
from motrice.web.models import SavedView
from tests.directory.factories import (
    AffiliationFactory,
    EvidenceFactory,
    IdentifierFactory,
    OrganisationFactory,
    PersonFactory,
    RelationFactory,
    user_with,
)
from tests.rights import agreements, portfolio, steering
from tests.sourcing import factories as desk

SINCE = date(2020, 1, 1)
LATE = "public offer whose review is late"


@dataclass
class RightsWorld:
    """The named rows, and what roles are held on."""

    desk: desk.World
    names: dict[type[models.Model], dict[int, str]] = field(default_factory=dict)
    holdings: dict[str, Organisation] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)

    def name(self, row: Any, words: str) -> Any:
        """Give a row the name it has in the table."""
        model = row._meta.concrete_model
        self.names.setdefault(model, {})[row.pk] = words
        return row

    def name_all(self, rows: models.QuerySet, words: str) -> None:
        """The same name, numbered, for rows that an operation made."""
        for number, row in enumerate(rows.order_by("pk"), start=1):
            self.name(row, f"{words} {number}")


def build() -> RightsWorld:
    """Everything."""
    place = desk.world()
    partner = OrganisationFactory(unit=True, name="Laboratoire inventé partenaire")
    elsewhere = OrganisationFactory(unit=True, name="Laboratoire inventé d'ailleurs")
    world = RightsWorld(place)
    world.holdings = {
        "the team asked": place.chemistry,
        "the team with an NDA": partner,
        "the institute": place.institute,
        "the company": place.company,
        "another unit": elsewhere,
    }
    RelationFactory(source=place.institute, target=place.chemistry, kind="supervises", starts_on=SINCE)
    for words, row in world.holdings.items():
        world.name(row, words)
    partner_head = user_with("lab_director", on=partner)
    _directory(world)
    _desk(world, partner_head)
    _offers(world)
    portfolio.add(world)
    steering.add(world)
    agreements.add(world)
    _accounts(world)
    _disclosures(world)
    return world


def _directory(world: RightsWorld) -> None:
    team, institute = world.desk.chemistry, world.desk.institute
    for level in Level.values:
        body = world.name(OrganisationFactory(unit=True, level=level), f"{level} unit of the institute")
        link = RelationFactory(source=institute, target=body, kind="supervises", starts_on=SINCE)
        world.name(link, f"link to the {level} unit")
        for part in (
            OrganisationName(organisation=body, kind="former", value="Ancien nom"),
            Address(organisation=body, street="1 rue inventée", country="FR"),
            YearProfile(organisation=body, year=2025, source="test"),
            Topic(organisation=body, scheme="segment", code="chemistry-materials"),
            Mechanism(organisation=body, mechanism_type="satt"),
        ):
            desk.log(part)
            world.name(part, f"of the {level} unit")
        person = world.name(PersonFactory(level=level), f"{level} person of the team")
        world.name(AffiliationFactory(person=person, organisation=team), f"of the {level} person")
        number = IdentifierFactory(organisation=body, scheme="label_number", value=f"N-{level}")
        world.name(number, f"of the {level} unit")
        text = world.name(EvidenceFactory(level=level, of=[team]), f"{level} text of the team")
        world.name(EvidenceOwner.objects.get(evidence=text), f"of the {level} text")


def _desk(world: RightsWorld, partner_head: User) -> None:
    place, partner = world.desk, world.holdings["the team with an NDA"]
    for words, level in (("need", "organisation"), ("need kept to a circle", "circle")):
        need = world.name(desk.need_of(place, level=level), words)
        world.name(need.secret, f"of the {words}")
        first, second = desk.refer(place, need, place.chemistry, partner)
        world.name(first, f"{words}, to the team asked")
        world.name(second, f"{words}, to the team with an NDA")
        record_nda(
            need=need,
            organisation=partner,
            recorded_on=SINCE,
            agreement="A1",
            actor=need.owner,
            at=desk.MONDAY,
        )
        world.name(Nda.objects.get(need=need), f"of the {words}")
        _around(world, need, words)
        question = ask_question(referral=second, text="Quel métal ?", actor=partner_head, at=desk.MONDAY)
        world.name(question, f"question of the team with an NDA about the {words}")
        joint = propose_joint(referral=first, partner_team=partner, text="À deux", actor=place.chemist, at=desk.MONDAY)
        world.name(joint, f"about the {words}")


def _around(world: RightsWorld, need: Need, words: str) -> None:
    place, at = world.desk, desk.MONDAY
    for is_confidential in (False, True):
        file = attach_file(
            need=need,
            name=f"{is_confidential}.txt",
            content=b"texte",
            actor=place.contact,
            is_confidential=is_confidential,
            at=at,
        )
        world.name(file, f"{'closed' if is_confidential else 'open'} file of the {words}")
    world.name(
        write_to_company(need=need, text="Merci", actor=need.owner, at=at), f"message to the company about the {words}"
    )
    candidate = shortlist(need=need, organisation=place.optics, person=None, actor=need.owner, at=at)
    world.name(candidate, f"for the {words}")
    rows = [
        Outcome(need=need, kind="introduction", dated_on=at.date(), recorded_by=need.owner, recorded_at=at),
        Wait(need=need, started_at=at),
        ClockNotice(need=need, kind="reminder", due_at=at, sent_at=at, sent_to=need.owner),
    ]
    desk.log(*rows)
    for row in rows:
        world.name(row, f"of the {words}")
    for row in NeedEvent.objects.filter(need=need).order_by("pk"):
        readers = [name for name in ("company", "teams") if getattr(row, f"is_for_{name}")]
        world.name(row, f"{row.kind} of the {words} (for {' and '.join(readers) or 'the desk'})")


def _offers(world: RightsWorld) -> None:
    place = world.desk
    cases: dict[str, dict[str, Any]] = {
        "public offer": {"level": Level.PUBLIC},
        "network offer": {"level": Level.NETWORK},
        LATE: {"level": Level.PUBLIC},
    }
    for words, fields in cases.items():
        offer = world.name(desk.offer_of(place.chemistry, place.chemist, **fields), words)
        reference = OfferReference(offer=offer, title="Projet inventé")
        desk.log(reference)
        world.name(reference, f"of the {words}")
        world.name_all(offer.segments.all(), f"of the {words},")
        if words == LATE:
            Offer.objects.filter(pk=offer.pk).update(review_on=SINCE)


def _accounts(world: RightsWorld) -> None:
    place, now = world.desk, timezone.now()
    user = user_with()
    world.people = {
        "somebody without a role, to whom the account belongs": user,
        "the contact who stated the needs": place.contact,
        "the officer in charge of the needs": Need.objects.filter(level="organisation").earliest("pk").owner,
    }
    world.name(user, "the account")
    rows = [
        ApiToken(user=user, name="outil", digest="d" * 64, expires_on=now.date() + timedelta(days=90)),
        EmergencyAccess(user=user, reason="panne", starts_at=now, ends_at=now + timedelta(hours=1)),
        Follow(user=user, label="directory.organisation", object_pk=place.chemistry.pk),
        Invitation(email="x@example.org", display_name="X", kind="researcher", invited_by=user, expires_at=now),
        grant_role(user=user, kind="patent_firm", actor=system_user(), on=place.company),
        OfficerAbsence(officer=user, starts_on=SINCE, ends_on=SINCE),
        ReportMail(reader=user, rhythm="weekly", next_on=SINCE),
        CalendarAddress(user=user, kind="desk", digest="h" * 64, made_at=now),
        VisitorAttempt(nonce="n", address_hash="a" * 64, email_hash="e" * 64, at=now),
        VisitorSubmission(email="v@example.org", sent_at=now, expires_at=now),
        NeedDraft(author=user, answers={"title": "Brouillon"}, changed_at=now),
        SavedView(user=user, list_name="directory.units", name="mes unités"),
        CatalogueEntry.objects.earliest("pk"),
    ]
    for row in rows:
        if row.pk is None:
            row.save()
        world.name(row, "of the account")
    lost = VisitorSubmission(email="w@example.org", sent_at=now, expires_at=now, missed="refused", missed_at=now)
    lost.save()
    world.name(lost, "never confirmed, for the mail did not arrive")
    entry = AuditEntry.objects.filter(actor=place.contact, changes__isnull=False).earliest("sequence")
    world.name(entry, "act of the contact")
    world.name(AuditChange.objects.filter(entry=entry).earliest("pk"), "of the contact's act")
    shared = SavedView.objects.create(user=user, list_name="directory.units", name="les unités", is_shared=True)
    world.name(shared, "of the account, shared")
    run = world.name(ImportRun.objects.create(kind="rnsr", launched_by=user), "run")
    world.name(ImportProposal.objects.create(run=run, line=1, key="k", title="t", action="create"), "of the run")
    world.name(ImportFinding.objects.create(run=run, line=1, severity="error", code="x"), "of the run")


def _disclosures(world: RightsWorld) -> None:
    place, at = world.desk, desk.MONDAY
    inventor, evaluator, correspondent = user_with(), user_with(), user_with()
    person = PersonFactory(user=inventor)
    world.people |= {
        "an inventor of the disclosures": inventor,
        "an evaluator of the disclosures": evaluator,
        "who prepared the disclosures without being an inventor": correspondent,
    }
    sent = {"owner": place.officer, "office": place.institute, "owned_since": at}
    cases: dict[str, dict[str, Any]] = {
        "draft": {},
        "disclosure": {"status": "evaluation", "received_at": at, **sent},
        "disclosure open to the organisation": {
            "status": "evaluation", "received_at": at, "level": "organisation", **sent,
        },
        "disclosure at the network's office": {"status": "submitted", "owner": place.officer},
    }  # fmt: skip
    for words, fields in cases.items():
        disclosure = inventions.Disclosure(
            title=words, unit=place.chemistry, author=correspondent, created_at=at, state_since=at, **fields
        )
        desk.log(disclosure)
        world.name(disclosure, words)
        _of_disclosure(world, disclosure, words, person, evaluator)


def _of_disclosure(world: RightsWorld, disclosure: Any, words: str, person: Any, evaluator: User) -> None:
    at, user = desk.MONDAY, disclosure.author
    inventor = inventions.Inventor(disclosure=disclosure, person=person, name=str(person), numerator=1)
    asked = inventions.Evaluator(disclosure=disclosure, user=evaluator, invited_by=user, invited_at=at, due_at=at)
    outside = inventions.Evaluator(
        disclosure=disclosure, name="Eve", email="eve@example.org", open_until=SINCE, invited_by=user, invited_at=at,
        due_at=at,
    )  # fmt: skip
    desk.log(inventor, asked, outside)
    world.name(outside, f"of outside, of the {words}")
    rows = [
        inventions.Tie(disclosure=disclosure, kind="nda", party="Société inventée"),
        inventions.Divulgation(disclosure=disclosure, kind="talk", title="Exposé", dated_on=SINCE),
        inventions.Attachment(
            disclosure=disclosure, name="a.txt", file="x", content_type="text/plain", size=1, sha256="0" * 64,
            added_by=user, added_at=at,
        ),
        inventions.Message(disclosure=disclosure, author=user, is_from_office=False, text="Bonjour", sent_at=at),
        inventions.ClockNotice(disclosure=disclosure, kind="sign", about="x", sent_at=at),
        inventions.Signature(
            inventor=inventor, content_sha256="0" * 64, typed_name="X", numerator=1, denominator=1, signed_at=at
        ),
        inventions.Seal(
            disclosure=disclosure, position=1, content="{}", page="x", sealed_at=at, previous="0" * 64,
            house_previous=f"{disclosure.pk:064}", hash=f"{disclosure.pk:064}",
        ),
        inventions.Opinion(evaluator=asked, scores=[{}], summary="Bon", advice="patent", given_at=at),
    ]  # fmt: skip
    desk.log(*rows)
    for row in [inventor, asked, *rows]:
        world.name(row, f"of the {words}")
    world.name(inventions.Typing.objects.create(disclosure=disclosure, changed_at=at), f"of the {words}")
    draft = inventions.OpinionDraft.objects.create(evaluator=asked, changed_at=at)
    world.name(draft, f"of the {words}")
    for status in ("superseded", "proposed"):
        decision = inventions.Decision(
            disclosure=disclosure, kind="publish", status=status, reasons="x", next_step="x", next_step_on=SINCE,
            rule=CatalogueEntry.objects.earliest("pk"), needs_approval=False, proposed_by=user, proposed_at=at,
        )  # fmt: skip
        desk.log(decision)
        world.name(decision, f"{status}, of the {words}")
    for is_told in (True, False):
        event = inventions.DisclosureEvent(
            disclosure=disclosure, kind="message", at=at, actor=user, is_for_inventors=is_told
        )
        desk.log(event)
        world.name(event, f"{'told to inventors' if is_told else 'of the office'}, of the {words}")
