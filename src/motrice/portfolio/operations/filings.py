"""Filings and their events: the state of a filing and the dates of its family follow from what is recorded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Min
from django.utils import timezone
from django.utils.translation import gettext as _

from motrice.core import audit
from motrice.core.errors import RuleViolation
from motrice.core.policies import require
from motrice.core.reading import Read, heed
from motrice.core.references import new_reference
from motrice.core.tasks import search_must_follow
from motrice.directory.models import Organisation
from motrice.inventions.operations.protection import follow_filing
from motrice.portfolio import rules
from motrice.portfolio.enums import REGISTERED_KINDS, AssetKind, AssetStatus, EventKind, FeeCategory
from motrice.portfolio.models import Applicant, Application, Asset, DocketEvent, PatentFamily, Priority, Publication
from motrice.portfolio.operations.docket import derive_docket, require_known_payer
from motrice.portfolio.operations.holding import hold_life
from motrice.portfolio.queries.payers import payers_of_filing


@dataclass(frozen=True)
class Filing:
    """One filing as it is entered."""

    office: str
    route: str
    number: str = ""
    filed_on: date | None = None
    parent: Application | None = None
    descent: str = ""
    language: str = ""
    agent: Organisation | None = None
    agent_reference: str = ""
    expires_on: date | None = None
    fee_category: str = FeeCategory.STANDARD
    applicants: Sequence[tuple[str, str, Organisation | None]] = ()
    priorities: Sequence[tuple[str, str, date]] = ()
    source: str = ""


def add_application(
    *, asset: Asset, filing: Filing, actor: Any, reference: str = "", at: datetime | None = None
) -> Application:
    """Enter a filing of a registered right; one with a date gets its filing event, from which its deadlines come."""
    require(actor, "docket", asset)
    if asset.kind not in REGISTERED_KINDS:
        raise RuleViolation(_("Only patents, designs and marks are filed at an office."), field="office")
    if filing.parent is not None and filing.parent.asset_id != asset.pk:
        raise RuleViolation(_("The parent is a filing of another asset."), field="parent")
    if filing.parent and filing.parent.filed_on and filing.filed_on and filing.filed_on < filing.parent.filed_on:
        raise RuleViolation(_("It cannot be filed before its parent."), field="filed_on")
    for _office, _number, filed_on in filing.priorities:
        if filing.filed_on and filed_on > filing.filed_on:
            raise RuleViolation(_("A priority cannot be later than the filing that claims it."), field="priorities")
    if filing.fee_category != FeeCategory.STANDARD:
        _check_payer(asset, filing, at)
    application = Application(
        reference=reference or new_reference(),
        asset=asset,
        office=filing.office.strip().upper(),
        route=filing.route,
        number=filing.number.strip(),
        filed_on=filing.filed_on,
        parent=filing.parent,
        descent=filing.descent,
        language=filing.language,
        agent=filing.agent,
        agent_reference=filing.agent_reference.strip(),
        expires_on=filing.expires_on,
        fee_category=filing.fee_category,
        source=filing.source,
    )
    with audit.operation(actor, "application.add", subject=asset, at=at) as op:
        hold_life(asset)
        op.create(application)
        for position, (name, country, organisation) in enumerate(filing.applicants, start=1):
            op.create(
                Applicant(
                    application=application, name=name, country=country, organisation=organisation, position=position
                )
            )
        for office, number, filed_on in filing.priorities:
            op.create(_priority(application, office, number, filed_on))
        if filing.filed_on is not None:
            op.create(
                DocketEvent(
                    application=application,
                    kind=EventKind.FILING,
                    occurred_on=filing.filed_on,
                    source=filing.source,
                    recorded_by=actor,
                    recorded_at=at or timezone.now(),
                )
            )
        follow_events(op, application, at=at)
    return application


def _check_payer(asset: Asset, filing: Filing, at: datetime | None) -> None:
    office = filing.office.strip().upper()
    known = payers_of_filing(
        kind=asset.kind,
        office=office,
        descent=filing.descent,
        priority_on=min((day for _office, _number, day in filing.priorities), default=None),
        on=timezone.localdate(at),
    )
    require_known_payer(filing.fee_category, known, office)


def _priority(application: Application, office: str, number: str, filed_on: date) -> Priority:
    earlier = Application.objects.filter(asset_id=application.asset_id, office=office, number=number).first()
    return Priority(application=application, office=office, number=number, filed_on=filed_on, earlier=earlier)


def add_publication(
    *,
    application: Application,
    number: str,
    kind_code: str,
    published_on: date,
    actor: Any,
    office: str = "",
    language: str = "",
    at: datetime | None = None,
) -> Publication:
    """Enter a published document, with its event: a first publication, or that of the grant (kind B, C, T)."""
    require(actor, "docket", application)
    publication = Publication(
        application=application,
        office=(office or application.office).upper(),
        number=number.strip(),
        kind_code=kind_code.strip().upper(),
        published_on=published_on,
        language=language,
    )
    with audit.operation(actor, "publication.add", subject=application.asset, at=at) as op:
        hold_filing(application)
        if application.filed_on and published_on < application.filed_on:
            raise RuleViolation(_("It cannot be published before it was filed."), field="published_on")
        op.create(publication)
        kind = EventKind.GRANT_PUBLICATION if publication.kind_code[:1] in ("B", "C", "T") else EventKind.PUBLICATION
        if not application.events.filter(kind=kind).exists():
            op.create(
                DocketEvent(
                    application=application,
                    kind=kind,
                    occurred_on=published_on,
                    recorded_by=actor,
                    recorded_at=at or timezone.now(),
                )
            )
        follow_events(op, application, at=at)
        search_must_follow()
    return publication


def record_event(
    *,
    application: Application,
    kind: str,
    occurred_on: date,
    actor: Any,
    year: int | None = None,
    code: str = "",
    office: str = "",
    note: str = "",
    source: str = "",
    reference: str = "",
    at: datetime | None = None,
) -> DocketEvent:
    """Enter something that happened in a procedure; refused before the filing, or on a day to come."""
    require(actor, "docket", application)
    event = DocketEvent(
        reference=reference or new_reference(),
        application=application,
        kind=kind,
        occurred_on=occurred_on,
        year=year,
        code=code.strip(),
        office=office.strip().upper(),
        note=note.strip(),
        source=source,
        recorded_by=actor,
        recorded_at=at or timezone.now(),
    )
    with audit.operation(actor, "event.record", subject=application.asset, at=at) as op:
        hold_filing(application)
        _check_day(application, kind, occurred_on, at)
        op.create(event)
        follow_events(op, application, at=at)
    return event


def correct_event(
    *,
    event: DocketEvent,
    occurred_on: date,
    actor: Any,
    reason: str,
    year: int | None = None,
    note: str | None = None,
    read: Read = None,
    at: datetime | None = None,
) -> DocketEvent:
    """Correct the date, year or note of an event: what follows from it is worked out again.

    `StaleState` when others changed what was `read` of it.
    """
    require(actor, "edit", event)
    values: dict[str, Any] = {"occurred_on": occurred_on, "year": year}
    if note is not None:
        values["note"] = note.strip()
    with audit.operation(actor, "event.correct", subject=event.application.asset, reason=reason, at=at) as op:
        hold_filing(event.application)
        values = heed(event, values, read=read, actor=actor)
        _check_day(event.application, event.kind, values.get("occurred_on", event.occurred_on), at)
        op.update(event, **values)
        follow_events(op, event.application, at=at)
    return event


def remove_event(*, event: DocketEvent, actor: Any, reason: str, at: datetime | None = None) -> None:
    """Take back an event that did not happen; the history keeps it, with the reason."""
    require(actor, "edit", event)
    application = event.application
    with audit.operation(actor, "event.remove", subject=application.asset, reason=reason, at=at) as op:
        hold_filing(application)
        if event.kind == EventKind.FILING and application.filed_on is not None:
            raise RuleViolation(_("The filing itself cannot be removed: correct its date instead."))
        op.delete(event)
        follow_events(op, application, at=at)


def _check_day(application: Application, kind: str, occurred_on: date, at: datetime | None) -> None:
    if occurred_on > timezone.localdate(at):
        raise RuleViolation(_("An event has happened already: this day is to come."), field="occurred_on")
    if application.filed_on and occurred_on < application.filed_on and kind != EventKind.FILING:
        raise RuleViolation(_("Nothing happens to an application before it is filed."), field="occurred_on")


def hold_filing(application: Application) -> None:
    """Hold the asset of a filing, then read what others left of both: of two at once, the second waits here."""
    hold_life(application.asset)
    application.refresh_from_db(fields=["status", "status_on", "granted_on", "filed_on"])


def follow_events(op: audit.Recorder, application: Application, *, at: datetime | None = None) -> None:
    """Work out the state of a filing that is held, the dates of its family and the state of the asset."""
    events = list(application.events.order_by().only("application_id", "kind", "occurred_on"))
    filings = [event.occurred_on for event in events if event.kind == EventKind.FILING]
    status, since, granted = rules.filing_state(events)
    filed_on = min(filings) if filings else application.filed_on
    op.update(application, status=status, status_on=since, granted_on=granted, filed_on=filed_on)
    asset = application.asset
    if asset.kind == AssetKind.PATENT_FAMILY:
        _follow_family(op, asset)
    if asset.disclosure is not None:
        first = asset.applications.filter(filed_on__isnull=False).order_by("filed_on").first()
        follow_filing(op, asset.disclosure, filed_on=first.filed_on if first else None)
    if asset.status == AssetStatus.PREPARED and application.filed_on is not None:
        op.update(asset, status=AssetStatus.ALIVE)
    derive_docket([asset], today=timezone.localdate(at), is_held=True)


def _follow_family(op: audit.Recorder, asset: Asset) -> None:
    days = Application.objects.filter(asset=asset).aggregate(
        filed=Min("filed_on"), claimed=Min("priorities__filed_on"), published=Min("publications__published_on")
    )
    first = [day for day in (days["filed"], days["claimed"]) if day]
    family = PatentFamily.objects.get(asset=asset)
    op.update(family, first_filed_on=min(first, default=None), first_published_on=days["published"])
