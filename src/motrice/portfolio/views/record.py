"""The record page of an asset: each section asks its own policy, and is left out when it is empty."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from motrice.core import policies
from motrice.directory.links import record_url
from motrice.directory.models import Organisation
from motrice.inventions.models import Disclosure
from motrice.portfolio.drawings.protection import protection_map
from motrice.portfolio.drawings.timeline import timeline_of
from motrice.portfolio.enums import REGISTERED_KINDS, AssetStatus, FeeCategory
from motrice.portfolio.links import asset_url
from motrice.portfolio.models import (
    Application,
    Asset,
    Classification,
    Contributor,
    DocketEvent,
    Ownership,
    Publication,
)
from motrice.portfolio.queries.payers import known_payers
from motrice.portfolio.rules import share_words
from motrice.portfolio.words import assets as words
from motrice.web import panels, parts
from motrice.web.guards import object_view


@dataclass(frozen=True)
class Section:
    """One section of the page: its template is given `section`, whose `data` it shows."""

    key: str
    title: Any
    template: str
    data: dict[str, Any] = field(default_factory=dict)
    steps: list[parts.Step] = field(default_factory=list)


@dataclass(frozen=True)
class Reader:
    """Who reads which asset, and what they may do there: asked once for the whole page."""

    asset: Asset
    actor: Any
    inside: bool
    edits: bool
    dockets: bool
    decides: bool
    sees_costs: bool

    def step(self, label: Any, act: str) -> parts.Step:
        """An act on the asset, by its name."""
        return parts.Step(label, reverse("portfolio:asset_act", args=[self.asset.reference, act]))


SectionMaker = Callable[[Reader], Section | None]


def filings_section(reader: Reader) -> Section | None:
    """The filings by their date, with their publications and, inside, what happened to each."""
    if reader.asset.kind not in REGISTERED_KINDS:
        return None
    rows = list(
        Application.objects.permitted(reader.actor).filter(asset=reader.asset).select_related("parent", "agent")
    )
    if not rows and not reader.dockets:
        return None
    published: dict[int, list[Publication]] = {}
    for publication in Publication.objects.permitted(reader.actor).filter(application__asset=reader.asset):
        published.setdefault(publication.application_id, []).append(publication)
    happened: dict[int, list[DocketEvent]] = {}
    for event in DocketEvent.objects.permitted(reader.actor).filter(application__asset=reader.asset):
        happened.setdefault(event.application_id, []).append(event)
    known = known_payers(rows, on=timezone.localdate()) if reader.dockets else {}
    lines = [
        (row, words.filing_badge(row), published.get(row.pk, ()), happened.get(row.pk, ()), _payer(row, known))
        for row in rows
    ]
    data = {"lines": lines, "tile_map": protection_map(rows, timezone.localdate()), **_may(reader)}
    steps = [reader.step(_("Add an application"), "file")] if reader.dockets else []
    return Section("filings", _("Applications"), "portfolio/_filings.html", data, steps)


def _payer(row: Application, known: dict[int, tuple[str, ...]]) -> tuple[str, bool]:
    """Which fees the applicant pays, when that is not plain, and whether it may be said otherwise."""
    has_choice = len(known.get(row.pk, ())) > 1
    is_told = has_choice or row.fee_category != FeeCategory.STANDARD
    return (row.get_fee_category_display() if is_told else "", bool(known) and is_told)


def timeline_section(reader: Reader) -> Section | None:
    """The filings, publications and grants drawn by date."""
    rows = list(Application.objects.permitted(reader.actor).filter(asset=reader.asset))
    published: dict[int, list[Publication]] = {}
    for publication in Publication.objects.permitted(reader.actor).filter(application__asset=reader.asset):
        published.setdefault(publication.application_id, []).append(publication)
    timeline = timeline_of(rows, published, timezone.localdate())
    if timeline is None:
        return None
    return Section("timeline", _("By date"), "portfolio/_timeline.html", {"timeline": timeline})


def _may(reader: Reader) -> dict[str, bool]:
    return {"dockets": reader.dockets, "edits": reader.edits}


def owners_section(reader: Reader) -> Section | None:
    """Who owns what part, from which day to which."""
    rows = Ownership.objects.permitted(reader.actor).filter(asset=reader.asset).select_related("organisation")
    seen = set(
        Organisation.objects.permitted(reader.actor)
        .filter(pk__in=[row.organisation_id for row in rows])
        .values_list("pk", flat=True)
    )
    lines = [
        (row, share_words(row.share), record_url(row.organisation) if row.organisation_id in seen else "")
        for row in rows
    ]
    return Section("owners", _("Owners"), "portfolio/_owners.html", {"lines": lines}) if lines else None


def contributors_section(reader: Reader) -> Section | None:
    """Who invented or wrote it."""
    rows = Contributor.objects.permitted(reader.actor).filter(asset=reader.asset)
    lines = [(row, share_words(row.share)) for row in rows.select_related("employer", "unit")]
    data = {"lines": lines}
    return Section("contributors", _("Inventors and authors"), "portfolio/_contributors.html", data) if lines else None


# In the order of the page; each module of the app that has something to say of an asset adds its maker here.
SECTIONS: list[SectionMaker] = [timeline_section, filings_section, owners_section, contributors_section]


@require_safe
@object_view(Asset, "view")
def asset_page(request: HttpRequest, asset: Asset) -> HttpResponse:
    """An asset, as its reader may see it."""
    reader = reader_of(asset, request.user)
    sections = [section for section in (make(reader) for make in SECTIONS) if section is not None]
    context = {
        "asset": asset,
        "head": _head(reader),
        "crumbs": [(_("Portfolio"), reverse("portfolio:assets")), (asset.docket_number or asset.reference, "")],
        "facts": _facts(reader),
        "edit_url": reverse("portfolio:asset_act", args=[asset.reference, "edit"]) if reader.edits else "",
        "record_sections": sections,
        "people": _people(reader),
        "origin": _origin(reader),
        "readers": words.readers_words(asset.level),
        "level_step": reader.step(_("Change who sees it"), "level") if reader.edits else None,
        "record_panels": panels.beside(asset, request.user),
        "history_url": _history_url(reader),
    }
    return render(request, "portfolio/asset.html", context)


def _history_url(reader: Reader) -> str:
    keeps = reader.edits or policies.holds(reader.actor, "auditor")
    return reverse("accounts:history", args=["portfolio.asset", reader.asset.reference]) if keeps else ""


def reader_of(asset: Asset, actor: Any) -> Reader:
    """What this reader may do with an asset."""
    may = policies.allowed(actor, ("inside", "edit", "docket", "decide", "costs"), asset)
    return Reader(
        asset,
        actor,
        inside="inside" in may,
        edits="edit" in may,
        dockets="docket" in may,
        decides="decide" in may,
        sees_costs="costs" in may,
    )


def _head(reader: Reader) -> parts.RecordHead:
    asset = reader.asset
    next_step = None
    others = []
    if reader.dockets and asset.kind in REGISTERED_KINDS and asset.status == AssetStatus.PREPARED:
        next_step = reader.step(_("Add an application"), "file")
    if reader.edits:
        others = [reader.step(_("Hand over"), "hand-over"), reader.step(_("Classify"), "classify")]
        others += [reader.step(_("Record its end"), "end")] if asset.is_live else []
    return parts.RecordHead(
        title=asset.title,
        reference=asset.docket_number or asset.reference,
        kind=asset.get_kind_display(),
        state=words.status_badge(asset),
        level=words.level_badge(asset),
        holder=str(asset.officer) if reader.inside else "",
        held_since=asset.officer_since if reader.inside else None,
        next_step=next_step,
        other_steps=others,
    )


def _facts(reader: Reader) -> list[parts.Fact]:
    asset = reader.asset
    classes = Classification.objects.permitted(reader.actor).filter(asset=asset)
    family = getattr(asset, "family", None)
    unit = asset.unit if asset.unit and policies.allows(reader.actor, "view", asset.unit) else None
    return [
        parts.Fact(_("Summary"), asset.summary),
        parts.Fact(_("Laboratory of origin"), unit.name if unit else ""),
        parts.Fact(_("Readiness"), f"TRL {asset.trl}" if asset.trl else ""),
        parts.Fact(_("Exists since"), asset.starts_on),
        parts.Fact(_("Ended on"), asset.ends_on),
        parts.Fact(_("First filed"), family.first_filed_on if family else ""),
        parts.Fact(_("First published"), family.first_published_on if family else ""),
        parts.Fact(_("DOCDB family"), family.docdb_family if family else ""),
        parts.Fact(_("Classes"), ", ".join(row.symbol for row in classes)),
    ]


def _origin(reader: Reader) -> list[parts.Link]:
    """The disclosure that an asset was made of, for who may read that disclosure."""
    if reader.asset.disclosure_id is None:
        return []
    found = Disclosure.objects.permitted(reader.actor).filter(pk=reader.asset.disclosure_id).first()
    return [parts.Link(found.title_words, found.get_absolute_url(), found.reference)] if found else []


def _people(reader: Reader) -> list[parts.Link]:
    asset = reader.asset
    if not reader.inside:
        return []
    found = [parts.Link(str(asset.officer), "", _("officer in charge"))]
    if asset.engineer is not None:
        found.append(parts.Link(str(asset.engineer), "", _("patent engineer")))
    if asset.firm is not None:
        found.append(parts.Link(asset.firm.name, "", _("patent firm")))
    found.append(parts.Link(asset.office.name, record_url(asset.office), _("answers for it")))
    return found


__all__ = ["SECTIONS", "Reader", "Section", "asset_page", "asset_url", "reader_of"]
