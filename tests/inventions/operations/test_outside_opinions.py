"""Opinions asked of somebody without an account: who may be asked, what is promised, until when, and how it ends."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail

from motrice.core import audit
from motrice.core.errors import InvalidTransition, NotPermitted, RuleViolation
from motrice.inventions.models import Disclosure, DisclosureEvent, Evaluator, Opinion, OpinionDraft
from motrice.inventions.operations.clock import run_clock
from motrice.inventions.operations.decisions import propose_decision
from motrice.inventions.operations.opinions import decline_opinion, end_evaluator, invite_evaluator, remind_evaluator
from motrice.inventions.operations.outside_opinions import (
    change_outside,
    decline_outside,
    give_outside_opinion,
    invite_outside,
    promise_secrecy,
    save_outside_draft,
)
from motrice.inventions.rules import choices
from tests.inventions import factories
from tests.inventions.factories import MONDAY, Lab, asked_outside

pytestmark = pytest.mark.django_db


def opinion() -> dict[str, Any]:
    scores = {code: {"score": 4, "reason": "Vu."} for code, _name in choices("inventions.criterion")}
    return {"scores": scores, "summary": "Bon", "advice": "patent"}


def test_an_opinion_from_outside_follows_a_promise_of_secrecy(place: Lab):
    asked = asked_outside(factories.evaluated(place))
    with pytest.raises(NotPermitted, match="Promise secrecy first"):
        give_outside_opinion(evaluator=asked, at=MONDAY, **opinion())
    promise_secrecy(evaluator=asked, typed_name="Eve  Dehors", promises=True, is_free=True, version=1, at=MONDAY)

    given = give_outside_opinion(evaluator=asked, at=MONDAY, **opinion())

    assert list(Opinion.objects.all()) == [given]
    assert (asked.undertaking.code, asked.undertaking.version, asked.undertaken_as) == ("secrecy", 1, "Eve Dehors")


def test_what_is_promised_is_confirmed_word_by_word(place: Lab):
    asked = asked_outside(factories.evaluated(place))
    whole = {"promises": True, "is_free": True, "typed_name": "Eve Dehors", "version": 1}

    refused = {}
    for change in ({"promises": False}, {"is_free": False}, {"typed_name": "  "}, {"version": 7}):
        with pytest.raises(RuleViolation) as error:
            promise_secrecy(evaluator=asked, at=MONDAY, **(whole | change))
        refused |= {next(iter(change)): error.value.field}

    assert refused == {"promises": "promises", "is_free": "is_free", "typed_name": "typed_name", "version": "promises"}
    asked.refresh_from_db()
    assert asked.undertaken_at is None


def test_the_address_of_an_inventor_or_of_an_account_is_refused(place: Lab):
    disclosure = factories.evaluated(place)
    asked_outside(disclosure, email="asked@example.org")
    inventor, account = "Chloe@example.org", place.expert.email.upper()

    for email in (inventor, account, place.researcher.email, "Asked@example.org", "no address"):
        with pytest.raises(RuleViolation):
            asked_outside(disclosure, email=email)

    assert Evaluator.objects.count() == 1


def test_an_address_opens_for_two_weeks_after_the_opinion_is_awaited_or_until_a_day_that_is_near(place: Lab):
    disclosure = factories.evaluated(place)
    with pytest.raises(RuleViolation, match="This day is past, or today"):
        asked_outside(disclosure, open_until=date(2026, 11, 23))
    with pytest.raises(RuleViolation, match="An address opens for 180 days at most"):
        asked_outside(disclosure, open_until=date(2027, 5, 23))

    asked = asked_outside(disclosure)

    assert (asked.due_at.date(), asked.open_until) == (date(2026, 12, 14), date(2026, 12, 28))


def test_nothing_comes_by_an_address_that_is_closed(place: Lab):
    disclosure = factories.evaluated(place)
    ended, over, declined, decided = (
        asked_outside(disclosure, email=f"{n}@example.org", has_promised=True) for n in range(4)
    )
    end_evaluator(evaluator=ended, actor=disclosure.owner, at=MONDAY)
    decline_outside(evaluator=declined, kind="time", at=MONDAY)
    propose_decision(disclosure=disclosure, kind="publish", reasons="Utile.", actor=disclosure.owner, at=MONDAY)

    for row, at in ((ended, MONDAY), (over, MONDAY + timedelta(days=36)), (declined, MONDAY), (decided, MONDAY)):
        asked = Evaluator.objects.select_related("disclosure").get(pk=row.pk)
        with pytest.raises(InvalidTransition, match="This address is closed"):
            give_outside_opinion(evaluator=asked, at=at, **opinion())
        with pytest.raises(InvalidTransition, match="This address is closed"):
            save_outside_draft(evaluator=asked, answers={"summary": "x"}, at=at)
    assert not Opinion.objects.exists()
    assert not OpinionDraft.objects.exists()


def test_a_conflict_of_interest_ends_the_invitation_and_marks_the_opinion_given(place: Lab):
    disclosure = factories.evaluated(place)
    asked = asked_outside(disclosure, has_promised=True)
    give_outside_opinion(evaluator=asked, at=MONDAY, **opinion())
    with pytest.raises(RuleViolation, match="only a conflict of interest"):
        decline_outside(evaluator=asked, kind="time", at=MONDAY)
    with pytest.raises(RuleViolation, match="Say in a few words"):
        decline_outside(evaluator=asked, kind="conflict", at=MONDAY)

    decline_outside(evaluator=asked, kind="conflict", reason="Je conseille un concurrent.", at=MONDAY)

    asked.refresh_from_db()
    assert asked.state(MONDAY.date()) == "conflict"
    assert asked.opinion.summary == "Bon"
    assert not asked.is_open(MONDAY.date())


def test_an_evaluator_with_an_account_declines_and_reads_no_more(place: Lab):
    disclosure = factories.evaluated(place)
    asked = invite_evaluator(disclosure=disclosure, user=place.expert, actor=disclosure.owner, at=MONDAY)

    decline_opinion(evaluator=asked, kind="field", actor=place.expert, at=MONDAY)

    assert not Disclosure.objects.permitted(place.expert).exists()
    assert asked.state(MONDAY.date()) == "declined"


def test_a_reminder_goes_once_a_day_and_never_after_the_answer(place: Lab):
    disclosure = factories.evaluated(place)
    asked, officer = asked_outside(disclosure, has_promised=True), disclosure.owner
    with pytest.raises(InvalidTransition, match="was written to today"):
        remind_evaluator(evaluator=asked, actor=officer, at=MONDAY)
    remind_evaluator(evaluator=asked, actor=officer, at=MONDAY + timedelta(days=1))
    give_outside_opinion(evaluator=asked, at=MONDAY, **opinion())

    with pytest.raises(InvalidTransition, match="has answered already"):
        remind_evaluator(evaluator=asked, actor=officer, at=MONDAY + timedelta(days=3))

    asked.refresh_from_db()
    assert asked.reminded_at == MONDAY + timedelta(days=1)


def test_an_address_that_is_over_opens_again_when_it_is_given_a_later_day(place: Lab):
    disclosure = factories.evaluated(place)
    asked, later = asked_outside(disclosure, has_promised=True), MONDAY + timedelta(days=40)
    assert not asked.is_open(later.date())

    change_outside(evaluator=asked, open_until=date(2027, 1, 15), actor=disclosure.owner, at=later)

    assert give_outside_opinion(evaluator=asked, at=later, **opinion())


def test_only_files_of_the_disclosure_are_shown(place: Lab):
    disclosure = factories.evaluated(place)

    with pytest.raises(RuleViolation, match="Choose among the files"):
        asked_outside(disclosure, files=["AAAAAAAA"])

    assert not Evaluator.objects.exists()


def test_the_clock_reminds_an_evaluator_of_outside_while_the_address_is_open(place: Lab):
    disclosure = factories.evaluated(place)
    asked_outside(disclosure)
    over = asked_outside(disclosure, email="other@example.org", open_until=date(2026, 11, 25))

    report = run_clock(now=MONDAY + timedelta(days=16))

    assert report.sent == {"opinion": 1}
    told = DisclosureEvent.objects.get(disclosure=disclosure, kind="reminded")
    assert told.data["name"] == "Eve Dehors"
    assert over.state((MONDAY + timedelta(days=16)).date()) == "over"


def test_the_mail_holds_the_address_in_its_readers_language_and_no_word_of_the_result(
    place: Lab, django_capture_on_commit_callbacks
):
    disclosure = factories.evaluated(place)
    subjects = {"fr": "votre avis est demandé", "en": "your opinion is asked"}

    with django_capture_on_commit_callbacks(execute=True):
        for language in subjects:
            asked_outside(
                disclosure,
                email=f"{language}@example.org",
                language=language,
                question="Le marché ?",
                topic="Joints",
                at=None,
            )

    for sent, (language, subject) in zip(mail.outbox, subjects.items(), strict=True):
        assert sent.to == [f"{language}@example.org"]
        assert subject in sent.subject
        assert "/disclosures/opinion/" in sent.body
        assert disclosure.owner.email in sent.body
        assert not any(word in sent.subject + sent.body for word in ("Joint", "fissure", "marché"))


def test_every_step_from_outside_is_in_the_log_and_its_key_is_not(place: Lab):
    disclosure = factories.evaluated(place)
    asked = asked_outside(disclosure, has_promised=True)
    give_outside_opinion(evaluator=asked, at=MONDAY, **opinion())

    verbs = [change.entry.verb for change in audit.history(asked)]

    assert verbs == ["disclosure.promise_secrecy", "disclosure.invite_outside"]
    assert all("key" not in change.after for change in audit.history(asked))
    assert [event.kind for event in DisclosureEvent.objects.filter(disclosure=disclosure).order_by("pk")][-3:] == [
        "evaluator", "undertaken", "opinion",
    ]  # fmt: skip


def test_an_inventor_or_another_office_asks_nobody(place: Lab):
    disclosure = factories.evaluated(place)

    for actor in (place.researcher, place.stranger, place.director):
        with pytest.raises(NotPermitted):
            invite_outside(disclosure=disclosure, name="X", email="x@example.org", actor=actor, at=MONDAY)

    assert not Evaluator.objects.exists()
