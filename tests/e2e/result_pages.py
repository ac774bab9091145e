"""Disclosures for the visit of every page: one in each state, and the addresses where its acts and steps are seen."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

from django.urls import reverse

from motrice.inventions.links import opinion_token, sign_token
from motrice.inventions.models import Disclosure, Inventor
from motrice.inventions.operations import decisions, drafting, evaluation, opinions, signing
from motrice.inventions.operations.outside_opinions import invite_outside
from motrice.inventions.views.acts import ACTS
from motrice.inventions.views.writing import NAMES


def written(place: Any) -> Disclosure:
    """A draft with every answer, by an inventor inside and one outside."""
    author = place.inventor
    row = drafting.start_disclosure(unit=place.chemistry, actor=author)
    texts = dict.fromkeys(
        ("title", "summary", "problem", "novelty", "prior_art"), "Joint inventé qui se répare à froid"
    )
    answers = texts | {"trl": 3, "invented_on": date(2026, 1, 5), "has_no_tie": True, "has_no_divulgation": True}
    drafting.answer_disclosure(disclosure=row, answers=answers, actor=author)
    first = Inventor.objects.get(disclosure=row)
    drafting.change_inventor(inventor=first, share=Fraction(1, 2), employer="École inventée", actor=author)
    drafting.add_inventor(
        disclosure=row, name="Chloé Dehors", email="dehors@example.org", employer="Ailleurs", share=Fraction(1, 2),
        actor=author,
    )  # fmt: skip
    return Disclosure.objects.get(pk=row.pk)


def submitted(place: Any) -> Disclosure:
    """One that waits for its signatures."""
    return signing.submit_disclosure(disclosure=written(place), actor=place.inventor)


def received(place: Any) -> Disclosure:
    """One that everybody has signed."""
    row = submitted(place)
    for inventor in Inventor.objects.filter(disclosure=row).select_related("disclosure", "person"):
        fields = {"inventor": inventor, "typed_name": inventor.name, "confirms_share": True}
        if inventor.person is None:
            signing.sign_outside(**fields)
        else:
            signing.sign_disclosure(actor=place.inventor, **fields)
    return Disclosure.objects.get(pk=row.pk)


def more_addresses(place: Any) -> dict[str, list[str]]:
    """For each route, in its variants, further addresses where it may be seen."""
    draft, waiting, held = written(place), submitted(place), received(place)
    judged, decided = received(place), received(place)
    for row in (judged, decided):
        evaluation.begin_evaluation(disclosure=row, actor=row.owner)
    decisions.propose_decision(disclosure=decided, kind="publish", reasons="Nouveau.", actor=decided.owner)
    gone = submitted(place)
    decisions.withdraw_disclosure(disclosure=gone, actor=place.inventor, reason="Autre voie")
    rows = (draft, waiting, held, judged, decided, gone)
    asked = opinions.invite_evaluator(disclosure=judged, user=place.evaluator, actor=judged.owner)
    outside = opinion_token(
        invite_outside(disclosure=judged, name="Eve Dehors", email="eve@example.org", actor=judged.owner)
    )
    outsider = Inventor.objects.get(disclosure=waiting, person=None)
    inventor = Inventor.objects.filter(disclosure=draft, person=None).get()
    found = {
        f"inventions:act {act}": [reverse("inventions:act", args=[row.reference, act]) for row in rows] for act in ACTS
    }
    found |= {f"inventions:step {step}": [reverse("inventions:step", args=[draft.reference, step])] for step in NAMES}
    return found | {
        "inventions:outside": [reverse("inventions:outside", args=[sign_token(outsider)])],
        "inventions:outside_opinion": [reverse("inventions:outside_opinion", args=[outside])],
        "inventions:outside_decline": [reverse("inventions:outside_decline", args=[outside])],
        "inventions:opinion_decline": [reverse("inventions:opinion_decline", args=[asked.reference])],
        "inventions:inventor_edit": [reverse("inventions:inventor_edit", args=[inventor.reference])],
        "inventions:send": [reverse("inventions:send", args=[draft.reference])],
    }
