"""Judging a disclosure: what is near it, who was asked, the opinions side by side, the decision."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from motrice.core.policies import allows
from motrice.inventions import forms, rules, words
from motrice.inventions.enums import WITH_OFFICE, ShownPart
from motrice.inventions.models import Attachment, Decision, Disclosure, Evaluator, Opinion
from motrice.inventions.operations.decisions import approve_decision, refuse_decision
from motrice.inventions.queries import threats
from motrice.inventions.similar import near_disclosures, near_texts
from motrice.inventions.views.acts import ACTS, act_url, open_acts
from motrice.inventions.views.opinions import criterion_names, opinion_shown
from motrice.web import formats, htmx, parts
from motrice.web.forms import run_form
from motrice.web.guards import object_view

ASKING = ("evaluator", "outside")
OFFERED = ("decide", "evaluator", "outside", "write", "return")


def _crumbs(disclosure: Disclosure, last: str) -> list[tuple[str, str]]:
    page = reverse("inventions:disclosure", args=[disclosure.reference])
    return [(_("Disclosures"), reverse("inventions:disclosures")), (disclosure.reference, page), (last, "")]


@object_view(Disclosure, "search")
def evaluation(request: HttpRequest, disclosure: Disclosure) -> HttpResponse:
    """For the office: the facts to decide on, in one screen."""
    actor = request.user
    names = [name for name in OFFERED if name in open_acts(disclosure, actor)]
    asked = (
        Evaluator.objects.permitted(actor)
        .filter(disclosure=disclosure)
        .select_related("user", "opinion", "disclosure")
    )
    given = Opinion.objects.permitted(actor).filter(evaluator__disclosure=disclosure).select_related("evaluator__user")
    rows, criteria = list(given), criterion_names()
    files = dict(Attachment.objects.permitted(actor).filter(disclosure=disclosure).values_list("reference", "name"))
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
        "opinions": [opinion_shown(row, criteria) for row in rows],
        "comparison": _comparison(rows, criteria),
        "evaluators": [_evaluator(row, files) for row in asked],
        "may_handle": allows(actor, "handle", disclosure),
        "near": _near(disclosure, actor),
        "texts": _texts(disclosure, actor),
        "asks": _steps(disclosure, [name for name in names if name in ASKING]),
        "acts": _steps(disclosure, [name for name in names if name not in (*ASKING, "decide")]),
    }
    return render(request, "inventions/evaluation.html", context)


def _steps(disclosure: Disclosure, names: list[str]) -> list[parts.Step]:
    return [parts.Step(ACTS[name].title, act_url(disclosure, name)) for name in names]


def _evaluator(row: Evaluator, files: dict[str, str]) -> dict[str, Any]:
    """Who was asked, how far it is, and what they read."""
    shown = [_("title"), _("what it is"), *(str(ShownPart(part).label) for part in row.shown)]
    shown += [files[reference] for reference in row.shown_files if reference in files]
    is_waiting = row.ended_at is None and not hasattr(row, "opinion")
    return {
        "row": row,
        "badge": words.evaluator_badge(row, on=timezone.localdate()),
        "shown": ", ".join(shown) if row.is_outside else "",
        "until": formats.day_text(row.open_until) if row.open_until is not None and row.ended_at is None else "",
        "is_waiting": is_waiting and row.disclosure.status in WITH_OFFICE,
    }


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


def _conflict(row: Opinion) -> str:
    return _("declared a conflict of interest") if row.evaluator.has_conflict else ""


def _comparison(rows: list[Opinion], criteria: Mapping[str, str]) -> parts.Comparison | None:
    """The scores side by side."""
    if not rows:
        return None
    codes = list(dict.fromkeys(score["criterion"] for row in rows for score in row.scores))
    found = [{score["criterion"]: f"{score['score']} / {score['scale']}" for score in row.scores} for row in rows]
    lines = [parts.CompareLine(criteria.get(code, code), [held.get(code, "") for held in found]) for code in codes]
    means = [rules.mean_score(row.scores) for row in rows]
    lines.append(
        parts.CompareLine(_("Weighted mean"), [formats.share_text(mean) if mean is not None else "" for mean in means])
    )
    lines.append(parts.CompareLine(_("Advice"), [row.get_advice_display() for row in rows]))
    return parts.Comparison(
        [parts.Link(row.evaluator, note=_conflict(row)) for row in rows], lines, _("Opinions side by side")
    )


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
