"""Judging a disclosure: what is near it, the opinions side by side, one's own opinion, the decision."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from motrice.core.policies import allows
from motrice.inventions import forms, rules, words
from motrice.inventions.models import Decision, Disclosure, Evaluator, Opinion
from motrice.inventions.operations.decisions import approve_decision, refuse_decision
from motrice.inventions.operations.evaluation import end_evaluator, give_opinion
from motrice.inventions.queries import threats
from motrice.inventions.similar import near_disclosures, near_texts
from motrice.inventions.views.acts import ACTS, act_url, open_acts
from motrice.web import formats, htmx, parts
from motrice.web.confirm import confirmed
from motrice.web.forms import run_form
from motrice.web.guards import object_view

OFFERED = ("decide", "evaluator", "write", "return")


def _crumbs(disclosure: Disclosure, last: str) -> list[tuple[str, str]]:
    page = reverse("inventions:disclosure", args=[disclosure.reference])
    return [(_("Disclosures"), reverse("inventions:disclosures")), (disclosure.reference, page), (last, "")]


@object_view(Disclosure, "search")
def evaluation(request: HttpRequest, disclosure: Disclosure) -> HttpResponse:
    """For the office: the facts to decide on, in one screen."""
    actor = request.user
    names = [name for name in OFFERED if name in open_acts(disclosure, actor)]
    asked = Evaluator.objects.permitted(actor).filter(disclosure=disclosure).select_related("user", "opinion")
    given = Opinion.objects.permitted(actor).filter(evaluator__disclosure=disclosure).select_related("evaluator__user")
    context = {
        "disclosure": disclosure,
        "title": _("Evaluation"),
        "crumbs": _crumbs(disclosure, _("Evaluation")),
        "head": parts.RecordHead(
            title=disclosure.title_words,
            reference=disclosure.reference,
            kind=_("Evaluation"),
            state=words.status_badge(disclosure),
            level=words.level_badge(disclosure),
            holder=str(disclosure.owner),
            held_since=disclosure.owned_since,
            next_step=parts.Step(ACTS["decide"].title, act_url(disclosure, "decide")) if "decide" in names else None,
        ),
        "next": words.next_words(disclosure),
        "threats": threats([disclosure], on=timezone.localdate()).get(disclosure.pk, []),
        "opinions": [_opinion(row) for row in given],
        "comparison": _comparison(list(given)),
        "evaluators": [(row, _asked_badge(row)) for row in asked],
        "may_handle": allows(actor, "handle", disclosure),
        "near": _near(disclosure, actor),
        "texts": _texts(disclosure, actor),
        "acts": [parts.Step(ACTS[name].title, act_url(disclosure, name)) for name in names if name != "decide"],
    }
    return render(request, "inventions/evaluation.html", context)


def _near(disclosure: Disclosure, actor: Any) -> list[parts.Evidence]:
    return [
        parts.Evidence(
            title=near.record.title_words,
            text=near.record.summary[:300],
            matched=near.matched,
            url=reverse("inventions:disclosure", args=[near.record.reference]),
            source=near.record.unit.name,
        )
        for near in near_disclosures(disclosure, actor=actor)
    ]


def _texts(disclosure: Disclosure, actor: Any) -> list[parts.Evidence]:
    return [
        parts.Evidence(
            title=near.record.title,
            text=near.record.text[:300],
            matched=near.matched,
            url=near.record.url,
            source=near.record.get_kind_display(),
            on=near.record.dated_on,
        )
        for near in near_texts(disclosure, actor=actor)
    ]


def _asked_badge(row: Evaluator) -> parts.Badge:
    if hasattr(row, "opinion"):
        return parts.Badge(_("opinion given"), "good")
    if row.ended_at is not None:
        return parts.Badge(_("called off"), "")
    return parts.Badge(_("awaited by %(day)s") % {"day": formats.day_text(row.due_at)}, "warn")


def _opinion(row: Opinion) -> dict[str, Any]:
    mean = rules.mean_score(row.scores)
    return {
        "row": row,
        "who": str(row.evaluator.user),
        "advice": row.get_advice_display(),
        "mean": formats.share_text(mean) if mean is not None else "",
        "lines": [(_criterion(score["criterion"]), score) for score in row.scores],
    }


def _criterion(code: str) -> str:
    names = dict(rules.choices(rules.CRITERION))
    return names.get(code, code)


def _comparison(rows: list[Opinion]) -> parts.Comparison | None:
    """The scores side by side."""
    if not rows:
        return None
    codes = list(dict.fromkeys(score["criterion"] for row in rows for score in row.scores))
    found = [{score["criterion"]: f"{score['score']} / {score['scale']}" for score in row.scores} for row in rows]
    lines = [parts.CompareLine(_criterion(code), [held.get(code, "") for held in found]) for code in codes]
    means = [rules.mean_score(row.scores) for row in rows]
    lines.append(
        parts.CompareLine(_("Weighted mean"), [formats.share_text(mean) if mean is not None else "" for mean in means])
    )
    lines.append(parts.CompareLine(_("Advice"), [row.get_advice_display() for row in rows]))
    return parts.Comparison([parts.Link(row.evaluator.user) for row in rows], lines, _("Opinions side by side"))


@object_view(Evaluator, "view")
def opinion(request: HttpRequest, evaluator: Evaluator) -> HttpResponse:
    """One's own opinion: given, corrected while nothing is decided, and then still there to read."""
    disclosure, actor = evaluator.disclosure, request.user
    held = Opinion.objects.permitted(actor).filter(evaluator=evaluator).first()
    may_write = allows(actor, "answer", evaluator) and disclosure.status in ("received", "evaluation")
    form = forms.OpinionForm(initial=_initial(held))
    if request.method == "POST" and may_write:
        form = forms.OpinionForm(request.POST)
        if run_form(form, lambda data: _give(evaluator, form, actor)):
            messages.success(request, _("Your opinion was recorded; you can correct it until a decision is taken."))
            return redirect("inventions:opinion", evaluator.reference)
    may_read = allows(actor, "view", disclosure)
    context = {
        "title": _("My opinion")
        if evaluator.user_id == actor.pk
        else _("Opinion of %(who)s") % {"who": evaluator.user},
        "evaluator": evaluator,
        "disclosure": disclosure if may_read else None,
        "opinion": _opinion(held) if held is not None else None,
        "form": form if may_write else None,
        "submit": _("Correct my opinion") if held is not None else _("Give my opinion"),
        "crumbs": [(_("Opinions"), reverse("inventions:disclosures")), (evaluator.reference, "")],
    }
    return htmx.render_part(request, "inventions/opinion.html", context, status=htmx.form_status(form))


def _initial(held: Opinion | None) -> dict[str, Any]:
    if held is None:
        return {}
    found: dict[str, Any] = {"summary": held.summary, "advice": held.advice}
    for score in held.scores:
        found |= {f"score_{score['criterion']}": score["score"], f"reason_{score['criterion']}": score["reason"]}
    return found


def _give(evaluator: Evaluator, form: forms.OpinionForm, actor: Any) -> None:
    give_opinion(
        evaluator=evaluator,
        scores=form.scores(),
        summary=form.cleaned_data["summary"],
        advice=form.cleaned_data["advice"],
        actor=actor,
    )


@require_POST
@object_view(Evaluator, "handle")
@confirmed(
    gettext_lazy("Call the evaluator off"),
    gettext_lazy("“%(what)s” no longer reads the disclosure; an opinion given stays."),
)
def evaluator_end(request: HttpRequest, evaluator: Evaluator) -> HttpResponseRedirect:
    """Call an evaluator off."""
    end_evaluator(evaluator=evaluator, actor=request.user)
    messages.success(request, _("%(who)s no longer reads the disclosure.") % {"who": evaluator.user})
    return redirect("inventions:evaluation", evaluator.disclosure.reference)


@require_POST
@object_view(Decision, "approve")
def decision_approve(request: HttpRequest, decision: Decision) -> HttpResponseRedirect:
    """Approve a decision that somebody else proposed."""
    approve_decision(decision=decision, actor=request.user)
    messages.success(request, _("The decision was taken; the inventors were told."))
    return redirect("inventions:disclosure", decision.disclosure.reference)


@object_view(Decision, "approve")
def decision_refuse(request: HttpRequest, decision: Decision) -> HttpResponse:
    """Refuse a proposed decision, or take one's own back, with the reason."""
    form = forms.ReasonForm(request.POST if request.method == "POST" else None)
    page = reverse("inventions:disclosure", args=[decision.disclosure.reference])
    if request.method == "POST" and run_form(
        form, lambda data: refuse_decision(decision=decision, actor=request.user, **data)
    ):
        messages.success(request, _("The decision was not approved; who proposed it was told."))
        return redirect(page)
    context = {
        "title": _("Do not approve"),
        "intro": f"{decision.get_kind_display()} · {decision.proposed_by}",
        "form": form,
        "submit": _("Do not approve"),
        "cancel_url": page,
        "crumbs": _crumbs(decision.disclosure, _("Do not approve")),
    }
    return htmx.render_part(request, "web/form.html", context, status=htmx.form_status(form))
