"""Several people at once on one disclosure: nobody's words are lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from motrice.core import audit
from motrice.core.errors import MotriceError
from motrice.inventions.enums import DisclosureStatus
from motrice.inventions.models import (
    Attachment,
    Decision,
    Disclosure,
    Evaluator,
    Inventor,
    Message,
    Opinion,
    Signature,
    Typing,
)
from motrice.inventions.operations import (
    attachments,
    decisions,
    drafting,
    evaluation,
    opinions,
    outside_opinions,
    signing,
)
from motrice.inventions.operations.attachments import attach_file
from motrice.inventions.operations.decisions import propose_decision
from motrice.inventions.operations.drafting import add_inventor, answer_disclosure
from motrice.inventions.operations.evaluation import write_message
from motrice.inventions.operations.opinions import give_opinion, invite_evaluator
from motrice.inventions.operations.outside_opinions import promise_secrecy
from motrice.inventions.operations.sealing import statement_of
from motrice.inventions.operations.signing import recall_disclosure, sign_disclosure, submit_disclosure
from motrice.inventions.operations.timeline import inventors_of
from motrice.inventions.operations.typing import save_typing
from tests.core.test_concurrency import at_once
from tests.inventions import factories
from tests.inventions.factories import Lab, lab
from tests.meeting import meet

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 15


@pytest.fixture
def place(settings: Any, tmp_path: Any) -> Lab:
    settings.MEDIA_ROOT, settings.SEARCH_ROOT = tmp_path / "files", tmp_path / "search"
    return lab()


def type_in(place: Lab, disclosure: Disclosure, *names: str) -> str:
    for name in names:
        save_typing(disclosure=disclosure, answers={name: f"words of {name}"}, actor=place.researcher)
    return "typed"


def test_fields_typed_at_once_are_all_kept(place: Lab):
    disclosure = factories.draft(place)
    names = [[f"{who}{n}" for n in range(ROUNDS)] for who in "ab"]

    results = at_once(*(lambda mine=mine: type_in(place, disclosure, *mine) for mine in names))

    assert results == ["typed", "typed"]
    assert Typing.objects.get().answers == {name: f"words of {name}" for mine in names for name in mine}


def test_what_is_typed_while_another_field_is_saved_is_kept(place: Lab):
    disclosure = factories.draft(place)
    names = [f"a{n}" for n in range(ROUNDS)]

    def save() -> str:
        mine = Disclosure.objects.get(pk=disclosure.pk)
        for number in range(ROUNDS):
            type_in(place, mine, "problem")
            answer_disclosure(disclosure=mine, answers={"problem": f"Problem {number}"}, actor=place.researcher)
        return "saved"

    results = at_once(save, lambda: type_in(place, disclosure, *names))

    assert results == ["saved", "typed"]
    assert Typing.objects.get().answers == {name: f"words of {name}" for name in names}


def read(disclosure: Disclosure) -> Disclosure:
    return Disclosure.objects.get(pk=disclosure.pk)


def outcome(results: list[object]) -> list[bool]:
    """Which acts were done, which were refused in words; anything else is an error of the test."""
    for result in results:
        if isinstance(result, Exception) and not isinstance(result, MotriceError):
            raise result
    return sorted(not isinstance(result, MotriceError) for result in results)


def signature(row: Inventor) -> Callable[[], Signature]:
    return lambda: sign_disclosure(
        inventor=Inventor.objects.select_related("disclosure", "person").get(pk=row.pk),
        typed_name=row.name,
        confirms_share=True,
        actor=row.person.user,
    )


@pytest.fixture
def sent(place: Lab) -> Disclosure:
    """Two inventors have not signed, both of the laboratory; the third has."""
    disclosure = factories.submitted(place)
    outside = Inventor.objects.get(disclosure=disclosure, person=None)
    signing.sign_outside(inventor=outside, typed_name=outside.name, confirms_share=True, at=factories.MONDAY)
    return read(disclosure)


def insiders(disclosure: Disclosure) -> list[Inventor]:
    return [row for row in inventors_of(disclosure) if row.person is not None]


def test_of_two_who_sign_last_at_once_one_completes_the_disclosure(sent: Disclosure, monkeypatch: Any):
    meet(monkeypatch, (signing, "inventors_of"), first=True)
    results = at_once(*(signature(row) for row in insiders(sent)))

    assert outcome(results) == [True, True]
    assert read(sent).status == DisclosureStatus.RECEIVED
    assert sent.seals.count() == 1


def test_nobody_signs_what_is_taken_back_at_once(sent: Disclosure, place: Lab, monkeypatch: Any):
    mine = next(row for row in insiders(sent) if row.person.user_id == place.colleague.pk)
    meet(monkeypatch, (audit, "operation"), first=True)
    outcome(at_once(signature(mine), lambda: recall_disclosure(disclosure=read(sent), actor=place.researcher)))

    assert read(sent).status == DisclosureStatus.DRAFT
    assert not Signature.objects.filter(inventor__disclosure=sent, void_at=None).exists()


def test_what_is_signed_is_what_was_answered_last(place: Lab, monkeypatch: Any):
    disclosure = factories.draft(place)
    factories.outsider(disclosure)
    meet(monkeypatch, (audit, "operation"), first=True)
    outcome(
        at_once(
            lambda: submit_disclosure(disclosure=read(disclosure), actor=place.researcher),
            lambda: answer_disclosure(disclosure=read(disclosure), answers={"title": "Neuf"}, actor=place.colleague),
        )
    )

    held = read(disclosure)
    assert held.status == DisclosureStatus.SUBMITTED
    assert held.signed_text == statement_of(held, inventors_of(held))


TWICE: dict[str, tuple[Any, Callable[[Disclosure, Lab], Any], Callable[[Lab], Disclosure], Any]] = {
    "the same inventor": (
        drafting,
        lambda row, place: add_inventor(disclosure=row, name="Zoé", email="zoe@example.org", actor=place.researcher),
        factories.draft,
        Inventor.objects.filter(email="zoe@example.org"),
    ),
    "the same file": (
        attachments,
        lambda row, place: attach_file(disclosure=row, name="a.txt", content=b"Essai", actor=place.researcher),
        factories.draft,
        Attachment.objects.filter(removed_at=None),
    ),
    "a decision": (
        decisions,
        lambda row, place: propose_decision(disclosure=row, kind="patent", reasons="Neuf.", actor=row.owner),
        factories.evaluated,
        Decision.objects.all(),
    ),
    "the same message": (
        evaluation,
        lambda row, place: write_message(disclosure=row, text="Bonjour", actor=place.researcher),
        factories.evaluated,
        Message.objects.all(),
    ),
    "the same evaluator": (
        opinions,
        lambda row, place: invite_evaluator(disclosure=row, user=place.expert, actor=row.owner),
        factories.evaluated,
        Evaluator.objects.all(),
    ),
    "the sending": (
        signing,
        lambda row, place: submit_disclosure(disclosure=row, actor=place.researcher),
        lambda place: factories.outsider(factories.draft(place)).disclosure,
        Disclosure.objects.filter(events__kind="submitted"),
    ),
}


@pytest.mark.parametrize("what", TWICE)
def test_what_is_done_twice_at_once_is_done_once(place: Lab, monkeypatch: Any, what: str):
    module, act, start, made = TWICE[what]
    disclosure = start(place)
    meet(monkeypatch, (module.audit, "operation"), first=True)
    results = at_once(*(lambda: act(read(disclosure), place) for _turn in range(2)))

    assert True in outcome(results)
    assert made.count() == 1


def test_inventors_added_at_once_have_places_of_their_own(place: Lab, monkeypatch: Any):
    disclosure = factories.draft(place)
    meet(monkeypatch, (audit, "operation"), first=True)

    def add(name: str) -> Inventor:
        return add_inventor(
            disclosure=read(disclosure), name=name, email=f"{name}@example.org", actor=place.researcher
        )

    assert outcome(at_once(lambda: add("un"), lambda: add("deux"))) == [True, True]
    assert [row.position for row in inventors_of(disclosure)] == [1, 2, 3, 4]


def test_an_opinion_given_while_it_is_decided_is_refused_or_in_time(place: Lab, monkeypatch: Any):
    disclosure = factories.evaluated(place)
    asked = invite_evaluator(disclosure=disclosure, user=place.expert, actor=disclosure.owner)
    scores = {entry.code: {"score": 1, "reason": "Peu."} for entry in opinions.rules.ordered(opinions.rules.CRITERION)}
    meet(monkeypatch, (audit, "operation"), first=True)

    def give() -> Opinion:
        row = Evaluator.objects.select_related("disclosure").get(pk=asked.pk)
        return give_opinion(evaluator=row, scores=scores, summary="Bon.", advice="patent", actor=place.expert)

    def decide() -> Decision:
        return propose_decision(disclosure=read(disclosure), kind="release", reasons="Connu.", actor=disclosure.owner)

    outcome(at_once(give, decide))

    held, given = read(disclosure), Opinion.objects.first()
    if given is not None and held.decided_at is not None:
        assert given.given_at <= held.decided_at
    assert given is not None or held.decided_at is not None


def test_secrecy_promised_twice_at_once_is_promised_once(place: Lab, monkeypatch: Any):
    disclosure = factories.evaluated(place)
    asked = factories.asked_outside(disclosure, at=None)
    meet(monkeypatch, (outside_opinions.audit, "operation"), first=True)

    def promise() -> Evaluator:
        row = Evaluator.objects.select_related("disclosure").get(pk=asked.pk)
        return promise_secrecy(evaluator=row, typed_name="Eve", promises=True, is_free=True)

    assert outcome(at_once(promise, promise)) == [True, True]
    assert disclosure.events.filter(kind="undertaken").count() == 1
