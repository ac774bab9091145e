"""Disclosures with planted words: what is told before any filing, of which nobody outside the circle may learn."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from django.utils.timezone import localdate

from motrice.accounts.models import User
from motrice.inventions import rules
from motrice.inventions.models import Disclosure, Inventor
from motrice.inventions.operations import (
    attachments,
    decisions,
    drafting,
    evaluation,
    opinions,
    outside_opinions,
    signing,
)
from tests.directory.factories import AffiliationFactory, PersonFactory, RelationFactory, user_with
from tests.sourcing import factories as desk

PROBE = "quartzine"


def plant(world: Any) -> None:
    """One disclosure that is evaluated with everything in it, one that is decided, and a draft."""
    place = world.place
    RelationFactory(source=place.institute, target=place.chemistry, kind="supervises", starts_on=date(2020, 1, 1))
    place.inventor, place.evaluator = user_with("researcher", on=place.chemistry), user_with()
    person = PersonFactory(user=place.inventor, email=place.inventor.email, level="public")
    AffiliationFactory(person=person, organisation=place.chemistry, starts_on=date(2020, 1, 1))
    for state in ("draft", "evaluated", "decided"):
        _disclosure(world, state)


def _reads_log(actor: Any) -> bool:
    return any(role.kind == "auditor" for role in getattr(actor, "active_roles", ()))


def _disclosure(world: Any, state: str) -> None:
    place, slot, at = world.place, {}, desk.MONDAY
    author: User = place.inventor

    def planted(what: str, key: str = "disclosure") -> str:
        return world.plant(f"{what} of a {state} disclosure", also=_reads_log, by=lambda: slot[key])

    row = drafting.start_disclosure(unit=place.chemistry, actor=author, at=at)
    slot["disclosure"] = row
    texts = {name: f"{PROBE} {planted(name)}" for name in ("title", "summary", "problem", "novelty", "prior_art")}
    answers = texts | {"keywords": planted("keyword"), "trl": 3, "invented_on": date(2026, 1, 5)}
    drafting.answer_disclosure(disclosure=row, answers=answers, actor=author, at=at)
    first = Inventor.objects.get(disclosure=row)
    drafting.change_inventor(inventor=first, share=Fraction(1, 2), employer=planted("employer"), actor=author, at=at)
    drafting.add_inventor(
        disclosure=row,
        name=planted("outside inventor"),
        email="dehors@example.org",
        employer="Ailleurs",
        share=Fraction(1, 2),
        contribution=planted("contribution"),
        actor=author,
        at=at,
    )
    drafting.add_tie(disclosure=row, kind="nda", party=planted("party"), actor=author, at=at)
    drafting.add_divulgation(
        disclosure=row,
        kind="talk",
        title=planted("talk"),
        dated_on=localdate() + timedelta(days=400),
        actor=author,
        at=at,
    )
    name, text = planted("name of a file"), planted("content of a file")
    file = attachments.attach_file(disclosure=row, name=f"{name}.txt", content=text.encode(), actor=author, at=at)
    world.planted.append(file)
    if state != "draft":
        _send(place, row, slot, planted, state)
    world.keep(Disclosure.objects.get(pk=row.pk))


def _send(place: Any, row: Disclosure, slot: dict[str, Any], planted: Any, state: str) -> None:
    at = desk.MONDAY
    signing.submit_disclosure(disclosure=row, actor=place.inventor, at=at)
    for inventor in Inventor.objects.filter(disclosure=row).select_related("disclosure", "person"):
        fields = {"inventor": inventor, "typed_name": inventor.name, "confirms_share": True, "at": at}
        if inventor.person is None:
            signing.sign_outside(**fields)
        else:
            signing.sign_disclosure(actor=place.inventor, **fields)
    row.refresh_from_db()
    evaluation.begin_evaluation(disclosure=row, actor=row.owner, at=at)
    slot["message"] = evaluation.write_message(
        disclosure=row, text=planted("message", "message"), actor=row.owner, at=at
    )
    asked = opinions.invite_evaluator(
        disclosure=row, user=place.evaluator, question=planted("question", "asked"), actor=row.owner, at=at
    )
    slot["asked"] = asked
    scores = {
        code: {"score": 3, "reason": planted("reason", "opinion")} for code, _n in rules.choices(rules.CRITERION)
    }
    slot["opinion"] = opinions.give_opinion(
        evaluator=asked,
        scores=scores,
        summary=planted("opinion", "opinion"),
        advice="patent",
        actor=place.evaluator,
        at=at,
    )
    _ask_outside(row, slot, planted, state)
    kind = "publish" if state == "decided" else "patent"
    slot["decision"] = decisions.propose_decision(
        disclosure=row, kind=kind, reasons=planted("reasons of the decision", "decision"), actor=row.owner, at=at
    )


def _ask_outside(row: Disclosure, slot: dict[str, Any], planted: Any, state: str) -> None:
    """Somebody without an account, whose secret address is closed since: called off, or by the decision."""
    at = desk.MONDAY
    asked = outside_opinions.invite_outside(
        disclosure=row,
        name=planted("outside evaluator", "outside"),
        email="eve@example.org",
        question=planted("question to an outside evaluator", "outside"),
        topic=planted("topic told to an outside evaluator", "outside"),
        shown=["problem"],
        files=[file.reference for file in row.attachments.all()],
        actor=row.owner,
        at=at,
    )
    slot["outside"] = asked
    name = planted("name under which secrecy was promised", "outside")
    outside_opinions.promise_secrecy(evaluator=asked, typed_name=name, promises=True, is_free=True, at=at)
    if state == "evaluated":
        opinions.end_evaluator(evaluator=asked, actor=row.owner, at=at)
