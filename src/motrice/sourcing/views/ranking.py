"""Who can answer: the ranking with its evidence, side by side, set aside, added by hand, referred."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_POST

from motrice.core.errors import RuleViolation
from motrice.directory.enums import SizeClass
from motrice.directory.models import Organisation
from motrice.sourcing import forms
from motrice.sourcing import ranking as ranks
from motrice.sourcing.models import Candidate, Need
from motrice.sourcing.operations.candidates import exclude, restore, shortlist
from motrice.sourcing.operations.referrals import STATED, Target, refer_need
from motrice.sourcing.views.referrals import find_team
from motrice.web import formats, htmx, parts
from motrice.web.forms import remember, run_form
from motrice.web.guards import object_view
from motrice.web.messages import undoable

FILTERS = ("region", "institute", "kind", "trl", "size")
KINDS = ("team", "person", "platform")
PIECES_SHOWN = 6  # of each team on the list; the others are summed up in words
COMPARED = (2, 4)


def _filters(request: HttpRequest) -> ranks.Filters:
    trl = request.GET.get("trl", "")
    kind, size = request.GET.get("kind", ""), request.GET.get("size", "")
    return ranks.Filters(
        region=request.GET.get("region", "")[:80],
        institute=request.GET.get("institute", "")[:8],
        kind=kind if kind in KINDS else "",
        trl=int(trl) if trl.isdigit() and 1 <= int(trl) <= 9 else None,
        size=size if size in SizeClass.values else "",
    )


def _with_secret(request: HttpRequest, need: Need) -> bool:
    wanted = "1" in (request.POST.get("secret"), request.GET.get("secret"))
    return wanted and ranks.has_secret_for(need, request.user)


@object_view(Need, "rank")
def ranking(request: HttpRequest, need: Need) -> HttpResponse:
    """The ranked teams and people, each with the evidence that made it."""
    actor, filters, with_secret = request.user, _filters(request), _with_secret(request, need)
    rows = ranks.rank_teams(need, actor, filters=filters, with_secret=with_secret)
    candidates = list(Candidate.objects.permitted(actor).filter(need=need).select_related("organisation", "person"))
    context = {
        "need": need,
        "rows": [(row, _evidence(row), _rest(row), _state(row)) for row in rows],
        "counted": ngettext("%(n)d team or person", "%(n)d teams and people", len(rows)) % {"n": len(rows)},
        "filters": filters,
        "with_secret": with_secret,
        "kept": _kept(request),
        "kept_fields": _chosen(request).items(),
        "has_secret": ranks.has_secret_for(need, actor),
        "regions": forms.REGIONS,
        "institutes": list(Organisation.objects.permitted(actor).filter(kind="institute").order_by("name")[:100]),
        "kinds": [("team", _("laboratories")), ("person", _("people")), ("platform", _("with a platform"))],
        "sizes": SizeClass.choices,
        "trls": range(1, 10),
        "excluded": [row for row in candidates if row.status == "excluded"],
        "shortlisted": [row for row in candidates if row.status == "shortlisted"],
        "crumbs": _crumbs(need, _("Who can answer")),
    }
    return htmx.render_page(request, "sourcing/ranking.html", context)


def _crumbs(need: Need, last: str) -> list[tuple[Any, str]]:
    return [
        (_("Needs"), reverse("sourcing:queue")),
        (need.reference, reverse("sourcing:need", args=[need.reference])),
        (last, ""),
    ]


def _evidence(row: ranks.Ranked) -> list[tuple[parts.Evidence, str]]:
    """The first proofs, each with what matched in it and what would become of the rank without it."""
    return [
        (
            parts.Evidence(
                title=piece.title,
                text=piece.text,
                matched=piece.found_words,
                share=piece.share,
                url=piece.url,
                source=piece.kind,
                on=piece.dated_on,
            ),
            _note(piece),
        )
        for piece in row.pieces[:PIECES_SHOWN]
    ]


def _note(piece: ranks.Piece) -> str:
    matched = _("Matched: %(words)s.") % {"words": piece.words} if piece.words else ""
    return f"{matched} {ranks.without_words(piece)}".strip()


def _rest(row: ranks.Ranked) -> str:
    """What the pieces beyond those shown add, in words; empty when all are shown."""
    rest = row.pieces[PIECES_SHOWN:]
    if not rest:
        return ""
    return ngettext(
        "%(n)d more piece makes the other %(share)s of the score.",
        "%(n)d more pieces make the other %(share)s of the score.",
        len(rest),
    ) % {"n": len(rest), "share": formats.share_text(sum(piece.share for piece in rest))}


def _state(row: ranks.Ranked) -> parts.Badge | None:
    if row.candidate is None:
        return None
    tones = {"shortlisted": "accent", "excluded": "bad", "referred": "good"}
    return parts.Badge(row.candidate.get_status_display(), tones[row.candidate.status])


def _row_of(request: HttpRequest, need: Need, owner: str) -> ranks.Ranked:
    rows = ranks.find_ranked(need, request.user, [owner], with_secret=_with_secret(request, need))
    if not rows:
        raise RuleViolation(_("The ranking does not show this team any more: reload it, or add the team by hand."))
    if rows[0].organisation is None:
        raise RuleViolation(_("%(who)s works in no laboratory of the directory today.") % {"who": rows[0].name})
    return rows[0]


@require_POST
@object_view(Need, "rank")
def candidate_act(request: HttpRequest, need: Need) -> HttpResponseRedirect:
    """Shortlist a team of the ranking, with the evidence as it stands now."""
    row = _row_of(request, need, request.POST.get("owner", ""))
    standing = row.standing(is_from_secret=_with_secret(request, need))
    shortlist(need=need, organisation=row.organisation, person=row.person, standing=standing, actor=request.user)
    messages.success(request, _("%(who)s is on the shortlist.") % {"who": row.name})
    return _back(request, need)


def _back(request: HttpRequest, need: Need) -> HttpResponseRedirect:
    """To the ranking with the filters that were chosen."""
    return redirect(f"{reverse('sourcing:ranking', args=[need.reference])}{_kept(request)}")


def _chosen(request: HttpRequest) -> dict[str, str]:
    return {name: request.GET[name] for name in (*FILTERS, "secret") if request.GET.get(name)}


def _kept(request: HttpRequest) -> str:
    chosen = _chosen(request)
    return f"?{urlencode(chosen)}" if chosen else ""


@object_view(Need, "rank")
def exclude_team(request: HttpRequest, need: Need, owner: str) -> HttpResponse:
    """Set a team of the ranking aside, with the reason; one click brings it back."""
    row = _row_of(request, need, owner)
    form = forms.ReasonForm(request.POST or None)
    done: list[Candidate] = []

    def run(data: dict[str, Any]) -> None:
        standing = row.standing(is_from_secret=_with_secret(request, need))
        done.append(
            exclude(
                need=need,
                organisation=row.organisation,
                person=row.person,
                standing=standing,
                actor=request.user,
                **data,
            )
        )

    if request.method == "POST" and run_form(form, run):
        undo = reverse("sourcing:restore_team", args=[done[0].reference])
        undoable(request, _("%(who)s is set aside.") % {"who": row.name}, undo)
        return _back(request, need)
    context = {
        "title": _("Set %(who)s aside") % {"who": row.name},
        "intro": f"{need.reference} · {need.title}",
        "form": form,
        "submit": pgettext("act", "Set aside"),
        "cancel_url": f"{reverse('sourcing:ranking', args=[need.reference])}{_kept(request)}",
        "crumbs": _crumbs(need, _("Set aside")),
    }
    return htmx.render_part(request, "web/form.html", context, status=htmx.form_status(form))


@require_POST
@object_view(Candidate, "edit")
def restore_team(request: HttpRequest, candidate: Candidate) -> HttpResponseRedirect:
    """Bring a team back."""
    restore(candidate=candidate, actor=request.user)
    messages.success(request, _("%(who)s is back on the shortlist.") % {"who": candidate})
    return redirect("sourcing:ranking", candidate.need.reference)


@object_view(Need, "handle")
def add_team(request: HttpRequest, need: Need) -> HttpResponse:
    """Add a team that the ranking does not show."""
    form = forms.AddTeamForm(request.POST or None)

    def run(data: dict[str, Any]) -> None:
        team = find_team(data["organisation"], request.user)
        shortlist(need=need, organisation=team, reason=data["reason"], actor=request.user)

    if request.method == "POST" and run_form(form, run):
        messages.success(request, _("The team is on the shortlist."))
        return redirect("sourcing:ranking", need.reference)
    context = {
        "title": _("Add a laboratory"),
        "intro": f"{need.reference} · {need.title}",
        "form": form,
        "submit": _("Add"),
        "cancel_url": reverse("sourcing:ranking", args=[need.reference]),
        "crumbs": _crumbs(need, _("Add a laboratory")),
    }
    return htmx.render_part(request, "web/form.html", context, status=htmx.form_status(form))


@object_view(Need, "handle")
def refer(request: HttpRequest, need: Need) -> HttpResponse:
    """Put the need to one or several teams of the shortlist."""
    form = forms.ReferForm(request.POST or None, need=need)
    if request.method == "GET" and not form.fields["candidates"].queryset:
        messages.info(request, _("Shortlist the teams that can answer first; then put the need to them."))
        return redirect("sourcing:ranking", need.reference)
    read = remember(form, {name: getattr(need, name) for name in STATED})

    def run(data: dict[str, Any]) -> None:
        targets = [Target(row.organisation, row.person) for row in data["candidates"]]
        asked = {"message": data["message"], "due_at": data["due_at"]}
        refer_need(need=need, targets=targets, actor=request.user, read=read, **asked)

    if request.method == "POST" and run_form(form, run):
        count = len(form.cleaned_data["candidates"])
        messages.success(request, ngettext("%(n)d team was asked.", "%(n)d teams were asked.", count) % {"n": count})
        return redirect("sourcing:need", need.reference)
    context = {
        "title": _("Refer the need"),
        "intro": f"{need.reference} · {need.title}",
        "form": form,
        "submit": _("Refer"),
        "readers": _(
            "The teams you choose read the statement and your message, each without learning of the others; "
            "the confidential part stays closed until their NDA is recorded."
        ),
        "cancel_url": reverse("sourcing:ranking", args=[need.reference]),
        "crumbs": _crumbs(need, _("Refer")),
    }
    return htmx.render_part(request, "web/form.html", context, status=htmx.form_status(form))


@object_view(Need, "rank")
def compare(request: HttpRequest, need: Need) -> HttpResponse:
    """Two to four teams side by side."""
    owners = list(dict.fromkeys(request.GET.getlist("owner")))
    if not COMPARED[0] <= len(owners) <= COMPARED[1]:
        messages.error(request, _("Choose two to four teams to compare."))
        return redirect("sourcing:ranking", need.reference)
    with_secret = _with_secret(request, need)
    rows = ranks.find_ranked(need, request.user, owners, with_secret=with_secret)
    context = {
        "need": need,
        "comparison": _comparison(rows, request.user),
        "title": _("Side by side"),
        "kept": _kept(request),
        "crumbs": _crumbs(need, _("Side by side")),
    }
    return htmx.render_part(request, "sourcing/compare.html", context)


def _comparison(rows: list[ranks.Ranked], actor: Any) -> parts.Comparison:
    held = ranks.records_of(rows, actor)
    records = [held[row.organisation.pk] if row.organisation is not None else ranks.Record() for row in rows]
    lines = [
        parts.CompareLine(_("Rank"), [row.rank for row in rows]),
        parts.CompareLine(_("Score"), [formats.number_text(round(row.score, 2)) for row in rows]),
        parts.CompareLine(_("Region"), [row.organisation.region if row.organisation else "" for row in rows]),
        parts.CompareLine(_("Institutes"), [", ".join(row.institutes) for row in rows]),
        parts.CompareLine(_("Best evidence"), [row.pieces[0].title if row.pieces else "" for row in rows]),
        parts.CompareLine(_("Matched words"), [row.pieces[0].words if row.pieces else "" for row in rows]),
        parts.CompareLine(_("Pieces of evidence shown"), [len(row.pieces) for row in rows]),
        parts.CompareLine(_("Offers"), ["; ".join(record.offers[:3]) for record in records]),
        parts.CompareLine(_("Needs accepted before"), [record.accepted for record in records]),
        parts.CompareLine(_("Needs refused before"), [record.refused for record in records]),
        parts.CompareLine(_("State"), [row.candidate.get_status_display() if row.candidate else "" for row in rows]),
    ]
    heads = [parts.Link(row.name, row.url, note=_("rank %(n)d") % {"n": row.rank}) for row in rows]
    return parts.Comparison(heads=heads, lines=lines, title=_("Teams side by side"))
