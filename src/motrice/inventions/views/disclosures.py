"""The page of a disclosure: where it stands, who holds it, what comes next; and its files and proof."""

from __future__ import annotations

from collections.abc import Collection
from fractions import Fraction
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from motrice.core import policies
from motrice.core.errors import InvalidTransition
from motrice.directory.queries import proposed_owners
from motrice.inventions import rules, words
from motrice.inventions.downloads import attachment_response, proof_response
from motrice.inventions.enums import DisclosureStatus
from motrice.inventions.models import (
    Attachment,
    Disclosure,
    Divulgation,
    Evaluator,
    Inventor,
    Message,
    Seal,
    Signature,
    Tie,
)
from motrice.inventions.operations.attachments import remove_attachment
from motrice.inventions.operations.signing import invite_again
from motrice.inventions.queries import current_decision, threats, told_already
from motrice.inventions.views.acts import ACTS, PLACED, RIGHTS, act_url, open_acts
from motrice.web import formats, panels, parts
from motrice.web.confirm import confirmed
from motrice.web.guards import object_view

MAIN = ("sign", "evaluate", "restore")


@object_view(Disclosure, "view")
def disclosure_page(request: HttpRequest, disclosure: Disclosure) -> HttpResponse:
    """The disclosure, as its reader may see it."""
    return render(request, "inventions/disclosure.html", disclosure_context(disclosure, request.user))


def disclosure_context(disclosure: Disclosure, actor: Any) -> dict[str, Any]:
    """Everything the page shows, each part through its own policy."""
    may = policies.allowed(actor, {*RIGHTS, "decide", "edit", "write"}, disclosure)
    names, today = open_acts(disclosure, actor, may), timezone.localdate()
    decision = current_decision(disclosure, actor=actor)
    is_office = "decide" in may
    return {
        "disclosure": disclosure,
        "head": _head(disclosure, may, names),
        "crumbs": [(_("Disclosures"), reverse("inventions:disclosures")), (disclosure.reference, "")],
        "holder": words.holder_words(disclosure),
        "since": words.days_words(disclosure.state_since),
        "next": words.next_words(disclosure, decision=decision),
        "threats": threats([disclosure], on=today).get(disclosure.pk, []),
        "told": told_already(disclosure, on=today),
        "decision": decision,
        "may_approve": decision is not None
        and decision.status == "proposed"
        and policies.allows(actor, "approve", decision),
        "is_proposer": decision is not None and decision.proposed_by_id == actor.pk,
        "facts": facts(disclosure),
        "inventors": inventor_rows(disclosure, actor),
        "owners": owner_links(disclosure, actor),
        "ties": list(Tie.objects.permitted(actor).filter(disclosure=disclosure)),
        "divulgations": list(Divulgation.objects.permitted(actor).filter(disclosure=disclosure)),
        "attachments": list(Attachment.objects.permitted(actor).filter(disclosure=disclosure)),
        "thread": list(Message.objects.permitted(actor).filter(disclosure=disclosure).select_related("author")),
        "seals": list(Seal.objects.permitted(actor).filter(disclosure=disclosure).defer("content", "page")),
        "asked": Evaluator.objects.permitted(actor, "answer").filter(disclosure=disclosure, user=actor).first(),
        "is_office": is_office,
        "may_remind": disclosure.status == DisclosureStatus.SUBMITTED and "write" in may,
        "may_remove_files": disclosure.status not in (DisclosureStatus.SUBMITTED, DisclosureStatus.WITHDRAWN),
        "why_owner": words.routing_words(disclosure.routing) if is_office else "",
        "readers": words.readers_words(disclosure),
        "record_panels": panels.beside(disclosure, actor),
        "timeline": words.timeline_items(disclosure, actor),
        "dates": _dates(disclosure, decision, actor),
        "acts": [parts.Step(ACTS[name].title, act_url(disclosure, name)) for name in names if _is_listed(name, names)],
        "placed": {name: act_url(disclosure, name) for name in names if name in PLACED},
    }


def _is_listed(name: str, names: list[str]) -> bool:
    return name not in PLACED and name != _main(names)


def _main(names: list[str]) -> str:
    return next((name for name in MAIN if name in names), "")


def _head(disclosure: Disclosure, may: Collection[str], names: list[str]) -> parts.RecordHead:
    main = _main(names)
    step = parts.Step(ACTS[main].title, act_url(disclosure, main)) if main else None
    if disclosure.is_writable and "edit" in may:
        step = parts.Step(_("Go on writing"), reverse("inventions:step", args=[disclosure.reference, "result"]))
    elif disclosure.status == DisclosureStatus.EVALUATION and "decide" in may:
        step = parts.Step(_("Evaluate"), reverse("inventions:evaluation", args=[disclosure.reference]))
    return parts.RecordHead(
        title=disclosure.title_words,
        reference=disclosure.reference,
        kind=disclosure.get_kind_display(),
        state=words.status_badge(disclosure),
        level=words.level_badge(disclosure),
        next_step=step,
    )


def facts(disclosure: Disclosure) -> list[parts.Fact]:
    """What it states, in small."""
    return [
        parts.Fact(_("Laboratory"), disclosure.unit.name),
        parts.Fact(_("Date of invention"), formats.day_text(disclosure.invented_on) if disclosure.invented_on else ""),
        parts.Fact(_("Maturity"), f"TRL {disclosure.trl}" if disclosure.trl else ""),
        parts.Fact(_("Field of technology"), words.domain_words(disclosure.domain)),
        parts.Fact(_("Keywords"), disclosure.keywords),
        parts.Fact(_("Prepared by"), str(disclosure.author)),
    ]


def inventor_rows(disclosure: Disclosure, actor: Any) -> list[tuple[Inventor, str, parts.Badge]]:
    """Each inventor with the share in words and whether they signed."""
    signed = {
        row.inventor_id: row
        for row in Signature.objects.permitted(actor).filter(inventor__disclosure=disclosure, void_at=None)
    }
    rows = Inventor.objects.permitted(actor).filter(disclosure=disclosure).select_related("person", "unit")
    return [(row, rules.share_words(row.share), _signature_badge(row, signed)) for row in rows]


def _signature_badge(row: Inventor, signed: dict[int, Signature]) -> parts.Badge:
    if row.pk in signed:
        return parts.Badge(_("signed on %(day)s") % {"day": formats.day_text(signed[row.pk].signed_at)}, "good")
    if row.contested_at is not None:
        return parts.Badge(_("contests the share"), "bad", title=row.contest)
    return parts.Badge(_("not signed"), "")


def owner_links(disclosure: Disclosure, actor: Any) -> list[parts.Link]:
    """The owners to propose: the supervisors of the laboratory on the date of invention, with the rule."""
    if disclosure.invented_on is None:
        return []
    return [
        parts.Link(
            owner.organisation,
            owner.organisation.get_absolute_url(),
            f"{owner.words} · {rules.percent_words(Fraction(owner.share) / 100)}",
        )
        for owner in proposed_owners(disclosure.unit, disclosure.invented_on, actor=actor)
    ]


def _dates(disclosure: Disclosure, decision: Any, actor: Any) -> list[parts.DateAhead]:
    found = []
    if disclosure.status == DisclosureStatus.SUBMITTED:
        found.append((disclosure.sign_due_at, _("Signatures awaited")))
    if disclosure.status == DisclosureStatus.RECEIVED:
        found.append((disclosure.take_due_at, _("Evaluation promised to begin")))
    if disclosure.status in (DisclosureStatus.RECEIVED, DisclosureStatus.EVALUATION):
        found.append((disclosure.due_at, _("Decision promised")))
    dates = [parts.DateAhead(timezone.localdate(at), what) for at, what in found if at is not None]
    if decision is not None and decision.status == "taken":
        dates.append(parts.DateAhead(decision.next_step_on, decision.next_step))
    coming = Divulgation.objects.permitted(actor).filter(disclosure=disclosure, dated_on__gte=timezone.localdate())
    dates += [parts.DateAhead(row.dated_on, _("Publication: %(what)s") % {"what": row.title}) for row in coming]
    return sorted(dates, key=lambda date: date.on)


@object_view(Attachment, "view")
def attachment(request: HttpRequest, file: Attachment) -> HttpResponse:
    """One file, always as a download."""
    return attachment_response(file)


@require_POST
@object_view(Attachment, "edit")
@confirmed(
    gettext_lazy("Remove the file"),
    gettext_lazy("“%(what)s” is removed for good, for everybody who could read it; the history keeps its name."),
)
def attachment_remove(request: HttpRequest, file: Attachment) -> HttpResponseRedirect:
    """Remove a file."""
    remove_attachment(attachment=file, actor=request.user)
    messages.success(request, _("The file was removed."))
    if file.disclosure.is_writable:
        return redirect("inventions:step", file.disclosure.reference, "files")
    return redirect("inventions:disclosure", file.disclosure.reference)


@require_POST
@object_view(Inventor, "view")
def inventor_invite(request: HttpRequest, inventor: Inventor) -> HttpResponseRedirect:
    """Send the invitation to sign once more."""
    invite_again(inventor=inventor, actor=request.user)
    messages.success(request, _("%(name)s was invited again.") % {"name": inventor.name})
    return redirect("inventions:disclosure", inventor.disclosure.reference)


@object_view(Disclosure, "view")
def proof(request: HttpRequest, disclosure: Disclosure) -> HttpResponse:
    """The sealed file, to keep."""
    seals = list(Seal.objects.permitted(request.user).filter(disclosure=disclosure).order_by("position"))
    if not seals:
        raise InvalidTransition(_("There is no sealed file that you may read: it is made when everybody has signed."))
    return proof_response(disclosure, seals)
