"""The small world, written for real: valid rows, a log that replays to it, the same content twice, and refusals."""

from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import translation

from motrice.accounts.models import User
from motrice.accounts.operations.users import system_user
from motrice.core import audit, catalogue
from motrice.demo import PASSWORD
from motrice.demo.plan.model import SIZES
from motrice.demo.world import make_world
from motrice.directory.models import Evidence
from motrice.directory.queries.structure import participations, supervisors_on
from motrice.inventions.models import Decision, Disclosure, Evaluator
from motrice.portfolio.marts.domains import check_headline
from motrice.portfolio.marts.titles import gaps_of, titles_of
from motrice.portfolio.models import (
    Abandonment,
    AgentDesignation,
    Application,
    Asset,
    CoOwnerNotice,
    Deadline,
    DocketEvent,
    DocketMail,
    DocketReminder,
    Domain,
    DomainAsset,
    DomainUnit,
    FeePayment,
    Headline,
    KeepOrDrop,
    Mandate,
    PublishedRanking,
)
from motrice.portfolio.operations.docket import refresh_docket
from motrice.portfolio.queries.coownership import agent_answer
from motrice.portfolio.rules import filing_state
from motrice.portfolio.tables import technology
from motrice.sourcing.models import Attachment, Candidate, Need, NeedSecret, OfficerAbsence

TODAY = date(2026, 11, 20)


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker):
    """One small world for the whole module, taken back at its end."""
    with django_db_blocker.unblock(), transaction.atomic():
        catalogue.sync(actor=system_user())
        yield make_world(SIZES["small"], 1, today=TODAY)
        transaction.set_rollback(True)


@pytest.fixture
def world(made, db):
    return made


def test_every_row_of_the_world_passes_its_own_validation(world):
    wrong = []
    for model in audit.audited_models():
        for row in model._base_manager.all():
            try:
                row.full_clean(validate_unique=False)
            except ValidationError as error:
                wrong.append((model.__name__, str(error)))

    assert [case for case in wrong if "sent_to" not in case[1]] == []


def test_the_log_replays_to_the_database_and_its_chain_holds(world):
    assert audit.differences() == []
    assert audit.verify().faults == ()


def test_history_is_written_in_the_order_of_time(world):
    times = list(
        audit.AuditEntry.objects.exclude(verb__in=("catalogue.sync",)).order_by("sequence").values("verb", "at")
    )
    dated = [row["at"] for row in times if row["verb"] != "user.create" or row["at"].date() < TODAY]

    assert dated == sorted(dated)
    assert max(dated).date() <= TODAY


def test_needs_stand_in_every_state_and_ended_ones_have_their_outcome(world):
    assert set(Need.objects.values_list("status", flat=True)) == {
        "received", "analysis", "referred", "answered", "introduced", "closed", "out_of_scope", "withdrawn",
    }  # fmt: skip
    for need in Need.objects.filter(status="closed"):
        assert need.outcomes.exists()


def test_teams_asked_know_the_sub_topic_of_the_need(world):
    subjects = {row.pk: body.subjects for body, row in zip(world.plan.world.bodies, world.organisations, strict=True)}
    topic = {world.needs[plan.key].pk: plan.topic for plan in world.plan.world.needs}

    for need in Need.objects.prefetch_related("referrals"):
        for referral in need.referrals.all():
            assert topic[need.pk] in subjects[referral.organisation_id]


def test_the_directory_computes_what_the_plan_laid(world):
    auditor = User.objects.get(email="auditor@demo.motrice.invalid")
    marks = world.plan.world.landmarks
    unit = world.organisations[marks["three_supervisors"]]
    found = participations(world.organisations[marks["national"]], date(2018, 1, 1), actor=auditor)

    assert [(row.count, row.total) for row in found] == [(20, 29), (7, 9)]
    assert supervisors_on(unit, date(2019, 6, 1)).count() == 3
    assert supervisors_on(unit, date(2020, 6, 1)).count() == 2


def test_secret_words_are_in_confidential_parts_and_circle_texts(world):
    texts = list(NeedSecret.objects.values_list("text", flat=True))
    texts += Evidence.objects.filter(level="circle").values_list("text", flat=True)
    texts += Asset.objects.filter(level="circle").values_list("summary", flat=True)

    assert all(any(mark in text for text in texts) for mark in world.canaries)
    assert len(world.canaries) == len(texts)


def test_every_documented_account_has_the_known_password(world):
    for account in world.documented:
        user = User.objects.active().get(email=account.email)
        assert user.check_password(PASSWORD), account.email


def test_a_second_world_is_refused(world):
    with translation.override("en"), pytest.raises(CommandError, match="there already"):
        call_command("demo-world", stdout=StringIO())


def test_needs_come_with_files_that_hold_what_their_names_say(world):
    files = list(Attachment.objects.select_related("need"))

    assert {file.content_type for file in files} == {"text/csv", "text/plain"}
    assert {file.is_confidential for file in files} == {True, False}
    for file in files:
        with file.file.open("rb") as stored:
            content = stored.read().decode()
        assert len(content) > 200
        assert not any(mark in content for mark in world.canaries)


def test_officers_have_days_away_in_the_past_today_and_to_come(world):
    assert OfficerAbsence.objects.filter(ends_on__lt=TODAY).exists()
    assert OfficerAbsence.objects.on(TODAY).exists()
    assert OfficerAbsence.objects.filter(starts_on__gt=TODAY).exists()


def test_teams_chosen_from_the_ranking_keep_the_texts_that_ranked_them(world):
    ranked = Candidate.objects.filter(origin="ranking")
    titles = set(Evidence.objects.filter(level="public").values_list("title", flat=True))

    assert ranked.exclude(evidence=[]).count() > ranked.count() / 2
    for candidate in ranked.exclude(evidence=[]):
        assert {piece["title"] for piece in candidate.evidence} <= titles
        assert sum(piece["share"] for piece in candidate.evidence) == pytest.approx(1, abs=1e-3)


def test_the_portfolio_is_written_with_states_that_follow_from_its_events(world):
    filings = Application.objects.prefetch_related("events")

    assert Asset.objects.families().count() == SIZES["small"].families
    assert {filing.status for filing in filings} >= {"pending", "granted", "lapsed", "withdrawn"}
    for filing in filings:
        assert filing_state(filing.events.all()) == (filing.status, filing.status_on, filing.granted_on)


def test_twenty_domains_were_stated_and_nineteen_are_active(world):
    check = check_headline(Headline.objects.get(), Domain.objects.all(), TODAY)

    assert (check.headline.domain_count, len(check.active), [domain.code for domain in check.others]) == (
        20, 19, ["heritage"]
    )  # fmt: skip
    assert DomainAsset.objects.on(TODAY).count() > Domain.objects.count()
    assert DomainUnit.objects.exists()


def test_the_docket_is_full_on_the_first_morning(world):
    office = world.organisations[world.plan.world.landmarks["national"]]
    awaited = Deadline.objects.awaited().filter(asset__office=office)

    assert awaited.filter(due_on__lt=TODAY, grace_until__gte=TODAY).exists()
    assert awaited.filter(due_on__range=(TODAY, TODAY + timedelta(days=60))).exists()
    assert set(KeepOrDrop.objects.values_list("choice", flat=True)) == {"keep", "drop"}
    assert FeePayment.objects.exclude(receipt="").count() > 5
    assert DocketEvent.objects.filter(kind__in=["done", "extension"], recorded_by__is_system=False).exists()
    assert DocketReminder.objects.count() > DocketMail.objects.count() > 5
    assert refresh_docket(today=TODAY).assets == 0  # nothing is left for the clock to work out


def shown(email):
    """A documented account, with its roles."""
    return User.objects.active().get(email=f"{email}@demo.motrice.invalid")


def test_the_portfolio_officer_and_the_patent_engineer_have_disclosures_to_work_on(world):
    officer, engineer = shown("portfolio"), shown("engineer")
    asked = Evaluator.objects.filter(user=engineer, ended_at=None)

    assert {row.owner for row in Disclosure.objects.permitted(officer)} == {officer}
    assert set(Disclosure.objects.permitted(officer).values_list("status", flat=True)) >= {"evaluation", "decided"}
    assert Decision.objects.permitted(officer).filter(status="proposed").exists()
    assert asked.filter(opinion=None, disclosure__status="evaluation").exists()
    assert asked.exclude(opinion=None).exists()
    assert set(Disclosure.objects.permitted(engineer)) == {row.disclosure for row in asked}


def test_agents_are_named_for_units_and_act_for_titles_by_the_rules(world):
    officer = shown("portfolio")
    office = world.organisations[world.plan.world.landmarks["national"]]
    named = AgentDesignation.objects.permitted(officer)

    assert {row.agent == office for row in named.filter(field="")} == {True, False}
    assert named.exclude(field="").exists()
    for row in named:
        assert row.agent in [link.source for link in supervisors_on(row.unit, TODAY)]
    assert Mandate.objects.permitted(officer).count() > 3
    for mandate in Mandate.objects.all():
        assert mandate.article
        assert mandate.agent_id == agent_answer(mandate.asset, on=mandate.starts_on).agent


def test_notices_were_sent_to_co_owners_and_others_wait_for_the_portfolio_officer(world):
    officer = shown("portfolio")
    office = world.organisations[world.plan.world.landmarks["national"]]
    sent = CoOwnerNotice.objects.permitted(officer).filter(asset__office=office)
    waiting = CoOwnerNotice.objects.permitted(officer, "answer").filter(answer="")

    assert sent.filter(answer="noted").exists()
    assert sent.filter(answer="").exclude(received_on=None).exists()
    assert sent.filter(received_on=None).exists()
    assert set(waiting.values_list("subject", flat=True)) == {"abandonment", "protection"}
    assert Abandonment.objects.get().asset.office != office


def test_published_rankings_hold_a_gap_and_a_name_to_recognise(world):
    officer = shown("portfolio")
    office = world.organisations[world.plan.world.landmarks["national"]]
    rankings = list(PublishedRanking.objects.permitted(officer, "edit").order_by("year"))

    assert [ranking.year for ranking in rankings] == [TODAY.year - 2, TODAY.year - 1]
    for ranking in rankings:
        lines = list(ranking.lines.all())
        method = technology.method_for(ranking.year)
        held = titles_of(Application.objects.permitted(officer), method)
        gap = next(gap for gap in gaps_of(held, ranking, lines) if gap.listed.applicant == f"o{office.pk}")
        assert len([line for line in lines if line.organisation is None]) == 1
        assert ranking.basis == method.basis
        assert gap.difference == 1
