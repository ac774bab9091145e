"""The acts on an asset, its applications and its events: each asks what it needs, does it, and comes back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motrice.core import policies
from motrice.core.reading import Read
from motrice.portfolio.enums import Scheme
from motrice.portfolio.forms import assets as forms
from motrice.portfolio.links import asset_url
from motrice.portfolio.models import Application, Asset, DocketEvent
from motrice.portfolio.operations.assets import (
    classes_read,
    edit_asset,
    end_asset,
    hand_over_asset,
    set_classes,
    set_level,
)
from motrice.portfolio.operations.docket import set_fee_category
from motrice.portfolio.operations.filings import (
    Filing,
    add_application,
    add_publication,
    correct_event,
    record_event,
    remove_event,
)
from motrice.web import htmx
from motrice.web.forms import remember, run_form
from motrice.web.guards import object_view


@dataclass(frozen=True)
class Act:
    """One act: who may do it, what it asks, the operation that does it, and what is said then.

    `needs` gives the form what it needs besides the data, from the record and the actor. `shown` is what the page
    shows of the record and sends along: the operation takes it as `read`, and tells what others changed meanwhile.
    """

    title: Any
    action: str
    form: type[django_forms.Form]
    run: Callable[..., Any]
    done: Any
    initial: Callable[[Any], dict[str, Any]] = field(default=lambda record: {})
    needs: Callable[[Any, Any], dict[str, Any]] = field(default=lambda record, actor: {})
    intro: Any = ""
    shown: Callable[[Any], dict[str, Any]] | None = None

    def read(self, form: django_forms.Form, record: Any) -> dict[str, Any]:
        """The marks of what the page shows or showed, for an operation that takes them."""
        return {} if self.shown is None else {"read": remember(form, self.shown(record))}


def _edited(asset: Asset) -> dict[str, Any]:
    names = ("title", "summary", "language", "docket_number", "unit", "trl")
    return {name: getattr(asset, name) for name in names}


def _classes_of(asset: Asset) -> dict[str, Any]:
    rows = list(asset.classifications.all())
    return {key: ", ".join(row.symbol for row in rows if row.scheme == key) for key in (Scheme.IPC, Scheme.CPC)}


def _level(record: Any) -> dict[str, Any]:
    return {"level": record.level}


def _people(asset: Asset) -> dict[str, Any]:
    return {"officer": asset.officer, "engineer": asset.engineer, "firm": asset.firm}


def _payer(application: Application) -> dict[str, Any]:
    return {"fee_category": application.fee_category}


def _happened(event: DocketEvent) -> dict[str, Any]:
    return {"occurred_on": event.occurred_on, "year": event.year, "note": event.note}


def _classify(asset: Asset, actor: Any, ipc: list[Any], cpc: list[Any], read: Read = None) -> None:
    other = [(row.scheme, row.symbol) for row in asset.classifications.exclude(scheme__in=(Scheme.IPC, Scheme.CPC))]
    set_classes(asset=asset, classes=[*ipc, *cpc, *other], actor=actor, read=read)


def _file(asset: Asset, actor: Any, priority_of: Any, **data: Any) -> None:
    claimed = tuple((row.office, row.number, row.filed_on) for row in priority_of)
    add_application(asset=asset, filing=Filing(**data, priorities=claimed), actor=actor)


ASSET_ACTS = {
    "edit": Act(
        gettext_lazy("Edit the asset"),
        "edit",
        forms.EditAssetForm,
        edit_asset,
        gettext_lazy("The asset was changed."),
        initial=_edited,
        shown=_edited,
        needs=lambda asset, actor: {"actor": actor},
    ),
    "level": Act(
        gettext_lazy("Change who sees it"),
        "edit",
        forms.LevelForm,
        set_level,
        gettext_lazy("Who sees the asset was changed."),
        initial=_level,
        shown=_level,
    ),
    "hand-over": Act(
        gettext_lazy("Hand over"),
        "edit",
        forms.HandOverForm,
        hand_over_asset,
        gettext_lazy("The asset was handed over."),
        initial=_people,
        shown=_people,
        needs=lambda asset, actor: {"asset": asset, "actor": actor},
    ),
    "classify": Act(
        gettext_lazy("Classify"),
        "edit",
        forms.ClassesForm,
        _classify,
        gettext_lazy("The classes were changed."),
        initial=_classes_of,
        shown=lambda asset: {"classes": classes_read(asset)},
    ),
    "end": Act(
        gettext_lazy("Record its end"),
        "edit",
        forms.EndForm,
        end_asset,
        gettext_lazy("The end of the asset was recorded."),
        intro=gettext_lazy("For an asset that has expired or was assigned; an abandonment has its own procedure."),
    ),
    "file": Act(
        gettext_lazy("Add an application"),
        "docket",
        forms.FilingForm,
        _file,
        gettext_lazy("The application was added."),
        needs=lambda asset, actor: {"asset": asset, "actor": actor},
    ),
}
APPLICATION_ACTS = {
    "publish": Act(
        gettext_lazy("Add a publication"),
        "docket",
        forms.PublicationForm,
        add_publication,
        gettext_lazy("The publication was added."),
    ),
    "event": Act(
        gettext_lazy("Record an event"),
        "docket",
        forms.EventForm,
        record_event,
        gettext_lazy("The event was recorded."),
        intro=gettext_lazy("The state of the application and its deadlines follow from what is recorded."),
    ),
    "fees": Act(
        gettext_lazy("Change the rate of fees"),
        "docket",
        forms.FeesForm,
        set_fee_category,
        gettext_lazy("The rate of fees was changed: amounts still to be paid follow."),
        initial=_payer,
        shown=_payer,
        needs=lambda application, actor: {"application": application},
    ),
}
EVENT_ACTS = {
    "correct": Act(
        gettext_lazy("Correct the event"),
        "edit",
        forms.CorrectEventForm,
        correct_event,
        gettext_lazy("The event was corrected."),
        initial=_happened,
        shown=_happened,
    ),
    "remove": Act(
        gettext_lazy("Take the event back"),
        "edit",
        forms.RemoveEventForm,
        remove_event,
        gettext_lazy("The event was taken back."),
    ),
}


@object_view(Asset, "view")
def asset_act(request: HttpRequest, asset: Asset, act: str) -> HttpResponse:
    """An act on an asset."""
    return _act(request, "asset", asset, asset, ASSET_ACTS, act)


@object_view(Application, "view")
def application_act(request: HttpRequest, application: Application, act: str) -> HttpResponse:
    """An act on an application."""
    return _act(request, "application", application, application.asset, APPLICATION_ACTS, act)


@object_view(DocketEvent, "view")
def event_act(request: HttpRequest, event: DocketEvent, act: str) -> HttpResponse:
    """An act on an event."""
    return _act(request, "event", event, event.application.asset, EVENT_ACTS, act)


def _act(request: HttpRequest, name: str, record: Any, asset: Asset, acts: dict[str, Act], key: str) -> HttpResponse:
    if key not in acts:
        raise Http404
    chosen, back = acts[key], asset_url(asset)
    policies.require(request.user, chosen.action, record)
    form = chosen.form(
        request.POST if request.method == "POST" else None,
        initial=chosen.initial(record),
        **chosen.needs(record, request.user),
    )
    read = chosen.read(form, record)
    if request.method == "POST" and run_form(
        form, lambda data: chosen.run(**{name: record}, actor=request.user, **read, **data)
    ):
        messages.success(request, str(chosen.done))
        return redirect(back)
    context = {
        "title": chosen.title,
        "intro": chosen.intro or str(record),
        "form": form,
        "submit": chosen.title,
        "cancel_url": back,
        "crumbs": [(_("Portfolio"), ""), (asset.docket_number or asset.reference, back), (chosen.title, "")],
    }
    return htmx.render_section_form(request, context, section_id="about" if key == "edit" else "main")
