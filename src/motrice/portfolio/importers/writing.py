"""Accepted proposals become families, filings, links and events, each by the operation that people use."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from motrice.core.audit import Recorder
from motrice.core.confidentiality import Level
from motrice.core.errors import MotriceError, RuleViolation
from motrice.core.imports import ERROR, WARNING, Change, Proposed
from motrice.core.models import ImportProposal, ImportRun
from motrice.core.policies import require
from motrice.directory.enums import OrganisationKind
from motrice.directory.models import Organisation
from motrice.directory.operations.organisation import create_organisation
from motrice.portfolio.enums import AssetKind, EventKind
from motrice.portfolio.importers.supposed import is_stated, parts_of
from motrice.portfolio.models import Applicant, Application, Asset, Classification, Priority
from motrice.portfolio.operations.assets import AssetContent, Maker, Owner, register_asset
from motrice.portfolio.operations.filings import (
    Filing,
    add_application,
    add_publication,
    correct_event,
    record_event,
)
from motrice.portfolio.operations.holding import hold_assets

State = ImportProposal.State
FAMILIES, APPLICANTS, EVENTS = range(3)
SOURCE = "patent file"
MORE = "#"  # what follows in the key of a proposal that goes on with a family of the same file


def accepted(proposal: ImportProposal) -> list[Change]:
    """The differences that were not dismissed; those of a body of its own when it was kept apart."""
    if proposal.is_separate:
        return proposal.apart
    dismissed = set(proposal.dismissed)
    return [change for number, change in enumerate(proposal.changes) if number not in dismissed]


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _known(asset: Asset, value: dict[str, Any]) -> Application | None:
    """The filing that a proposal means, if the family has it already: by its number, or by a publication."""
    rows = Application.objects.filter(asset=asset, office=value["office"])
    if value["number"]:
        return rows.filter(number=value["number"]).first()
    for office, number, _kind, _on, _language in value["publications"]:
        found = rows.filter(publications__office=office, publications__number=number).first()
        if found is not None:
            return found
    return None


class Writer:
    """Writes pieces of one run; what the rules of the portfolio refuse is left out, with their words."""

    def __init__(self, run: ImportRun, office: Organisation) -> None:
        self.run, self.office, self.actor = run, office, run.launched_by
        self.created: dict[str, int] = {}

    def write(self, op: Recorder, proposals: Sequence[ImportProposal]) -> Proposed:
        """Write each proposal whole, or not at all.

        The assets that are there are held first, and new numbers come in one order: two imports that write the same at
        once wait for each other, and never in a ring.
        """
        notes = Proposed()
        writers = (self._family, self._applicant, self._event)
        hold_assets(self._assets(proposals))
        for item in sorted(proposals, key=lambda item: item.key):
            try:
                with op.attempt():
                    writers[item.phase](op, item, notes)
                item.state = State.APPLIED
            except MotriceError as error:
                item.state = State.REFUSED
                notes.find(item.line, "", "patent_refused", item.title, error, severity=ERROR)
        return notes

    def _assets(self, proposals: Sequence[ImportProposal]) -> set[int]:
        known = {item.target_pk for item in proposals if item.phase != APPLICANTS and item.target_pk is not None}
        numbers = {item.changes[0][2]["number"] for item in proposals if item.phase == EVENTS and item.changes}
        filed = Application.objects.filter(number__in=numbers).exclude(number="").order_by()
        return known.union(filed.values_list("asset_id", flat=True))

    def _family(self, op: Recorder, item: ImportProposal, notes: Proposed) -> None:
        changes = accepted(item)
        asset = self._asset(item)
        if asset is None and MORE in item.key:
            raise RuleViolation(_("Write its family first."))
        if asset is None:
            asset = self._register(changes)
            self.created[item.key] = asset.pk
        else:
            require(self.actor, "docket", asset)
            self._complete(op, asset, changes)
        item.target_pk = asset.pk
        for name, _before, after in changes:
            if name == "application":
                self._application(op, asset, after, item, notes)
            elif name in ("publication", "priority", "applicants", "filed_on", "number"):
                self._on_filing(op, name, after)

    def _asset(self, item: ImportProposal) -> Asset | None:
        key = item.key.partition(MORE)[0]
        pk = item.target_pk or self.created.get(key)
        if pk is None:
            earlier = self.run.proposals.filter(key=key, phase=0, state=State.APPLIED)
            pk = earlier.values_list("target_pk", flat=True).first()
        return Asset.objects.filter(pk=pk).first() if pk is not None else None

    def _register(self, changes: Sequence[Change]) -> Asset:
        values = {name: after for name, _before, after in changes if name not in ("class", "application")}
        starts_on = _day(values.get("starts_on") or "")
        if not values.get("title") or starts_on is None:
            raise RuleViolation(_("A family needs a title and a first day: take both."))
        today = timezone.localdate()
        content = AssetContent(
            kind=AssetKind.PATENT_FAMILY,
            title=values["title"],
            starts_on=starts_on,
            summary=values.get("summary") or "",
            language=values.get("language") or "en",
            level=Level.ORGANISATION,
            owners=self._owners(values.get("owners"), today),
            makers=[
                Maker(name, share, supposed_on=today)
                for name, share in (parts_of(values["makers"]) if values.get("makers") else [])
            ],
            classes=[(after[0], after[1]) for name, _before, after in changes if name == "class"],
            detail={"docdb_family": values.get("docdb_family") or ""},
        )
        return register_asset(office=self.office, content=content, actor=self.actor)

    def _owners(self, value: Any, today: date) -> list[Owner]:
        """The owners put to the importer; the office alone when they were left out. None of it is a fact yet."""
        if not value:
            return [Owner(self.office, Fraction(1), _("Supposed: the file names no owner taken here."), today)]
        wanted = parts_of(value)
        seen = Organisation.objects.live().permitted(self.actor)
        known = seen.in_bulk([pk for pk, _share in wanted])
        if len(known) != len(wanted):
            raise RuleViolation(_("The body is no longer there, or no longer yours to see: read the file again."))
        ground = _("Equal parts supposed from the applicants printed; enter the agreement.")
        if is_stated(value):
            ground = _("Parts given at the import; enter the agreement.")
        return [Owner(known[pk], share, ground, today) for pk, share in wanted]

    def _complete(self, op: Recorder, asset: Asset, changes: Sequence[Change]) -> None:
        for name, before, after in changes:
            if name == "docdb_family":
                require(self.actor, "edit", asset)
                if asset.family.docdb_family != (before or ""):
                    raise RuleViolation(_("The record changed after the file was read: read the file again."))
                op.update(asset.family, docdb_family=after)
            elif name == "class":
                held = Classification.objects.filter(asset=asset, scheme=after[0], symbol=after[1])
                if not held.exists():
                    op.create(Classification(asset=asset, scheme=after[0], symbol=after[1]))

    def _application(
        self, op: Recorder, asset: Asset, value: dict[str, Any], item: ImportProposal, notes: Proposed
    ) -> None:
        known = _known(asset, value)
        if known is not None:  # an earlier proposal of this file wrote it
            self._more_of(op, known, value)
            return
        filed_on = _day(value["filed_on"])
        parent = None
        if value["parent"]:
            parent = Application.objects.filter(
                asset=asset, office=value["parent"][0], number=value["parent"][1]
            ).first()
        claims = [(office, number, _day(on), active) for office, number, on, active in value["priorities"]]
        for office, number, on, _active in claims:
            if filed_on and on and on > filed_on:
                notes.find(
                    item.line, "", "patent_late_priority", value["number"], f"{office} {number}", severity=WARNING
                )
        kept = [row for row in claims if row[2] is not None and not (filed_on and row[2] > filed_on)]
        filing = Filing(
            office=value["office"],
            route=value["route"],
            number=value["number"],
            filed_on=filed_on,
            parent=parent,
            descent=value["descent"] if parent else "",
            language=value["language"],
            applicants=[
                (name, country, Organisation.objects.filter(pk=pk).first() if pk else None)
                for name, country, pk in value["applicants"]
            ],
            priorities=[(office, number, on) for office, number, on, _active in kept if on is not None],
            source=SOURCE,
        )
        application = add_application(asset=asset, filing=filing, actor=self.actor)
        inactive = {(office, number) for office, number, _on, is_active in kept if not is_active}
        for priority in application.priorities.all():
            if (priority.office, priority.number) in inactive:
                op.update(priority, is_active=False)
        for office, number, kind, on, language in sorted(value["publications"], key=lambda row: row[3]):
            self._publish(application, office, number, kind, on, language)

    def _more_of(self, op: Recorder, application: Application, value: dict[str, Any]) -> None:
        for office, number, kind, on, language in sorted(value["publications"], key=lambda row: row[3]):
            if not application.publications.filter(office=office, number=number, kind_code=kind).exists():
                self._publish(application, office, number, kind, on, language)
        for office, number, on, is_active in value["priorities"]:
            day = _day(on)
            is_new = not application.priorities.filter(office=office, number=number).exists()
            if is_new and day is not None and not (application.filed_on and day > application.filed_on):
                claim = Priority(application=application, office=office, number=number, filed_on=day)
                claim.is_active = is_active
                op.create(claim)

    def _publish(self, application: Application, office: str, number: str, kind: str, on: str, language: str) -> None:
        day = _day(on)
        if day is None:
            return
        add_publication(
            application=application,
            number=number,
            kind_code=kind,
            published_on=day,
            office=office,
            language=language,
            actor=self.actor,
        )

    def _on_filing(self, op: Recorder, name: str, value: list[Any]) -> None:
        application = Application.objects.select_related("asset").get(pk=value[2])
        require(self.actor, "docket", application)
        rest = value[3:]
        if name == "publication":
            self._publish(application, *rest)
        elif name == "priority":
            on = _day(rest[2])
            if on is not None:
                claim = Priority(
                    application=application, office=rest[0], number=rest[1], filed_on=on, is_active=rest[3]
                )
                op.create(claim)
        elif name == "number":
            op.update(application, number=rest[0])
        elif name == "filed_on":
            self._refile(application, _day(rest[0]))
        elif name == "applicants":
            for position, (printed, country, pk) in enumerate(rest[0], start=1):
                op.create(
                    Applicant(
                        application=application, name=printed, country=country, organisation_id=pk, position=position
                    )
                )

    def _refile(self, application: Application, on: date | None) -> None:
        """The filing date follows from its event: correct that, or record it when there is none."""
        if on is None:
            return
        event = application.events.filter(kind=EventKind.FILING).order_by("occurred_on").first()
        reason = _("The office's file says so.")
        if event is not None:
            correct_event(event=event, occurred_on=on, actor=self.actor, reason=reason, note=None)
        else:
            record_event(
                application=application, kind=EventKind.FILING, occurred_on=on, actor=self.actor, source=SOURCE
            )

    def _applicant(self, op: Recorder, item: ImportProposal, notes: Proposed) -> None:
        """Link the printed name, wherever this run wrote it, to the body that was judged right, or to a new one."""
        changes = accepted(item)
        if not changes:
            return
        value = changes[0][2]
        if item.is_separate:
            body = create_organisation(
                actor=self.actor,
                kind=OrganisationKind.OTHER,
                name=value["printed"],
                country=value["country"],
                level=Level.ORGANISATION,
                source=SOURCE,
            )
        else:
            known = Organisation.objects.live().permitted(self.actor).filter(pk=value["pk"]).first()
            if known is None:
                raise RuleViolation(_("The body is no longer there, or no longer yours to see: read the file again."))
            body = known
        assets = self.run.proposals.filter(phase=0, state=State.APPLIED).values("target_pk")
        rows = Applicant.objects.filter(
            name=value["printed"],
            country=value["country"],
            organisation__isnull=True,
            application__asset__in=Asset.objects.permitted(self.actor, "docket").filter(pk__in=assets),
        )
        for row in rows:
            op.update(row, organisation=body)

    def _event(self, op: Recorder, item: ImportProposal, notes: Proposed) -> None:
        changes = accepted(item)
        if not changes:
            return
        value = changes[0][2]
        found = Application.objects.filter(
            office=value["office"],
            number=value["number"],
            asset__in=Asset.objects.permitted(self.actor, "docket"),
        )
        application = found.first()
        if application is None:
            raise RuleViolation(_("Write its family first."))
        day = _day(value["occurred_on"])
        if day is None:
            raise RuleViolation(_("The event has no day."))
        item.target_pk = application.asset_id
        record_event(
            application=application,
            kind=value["kind"],
            occurred_on=day,
            year=value["year"],
            code=value["code"],
            office=value["state"],
            note=value["note"],
            source=SOURCE,
            actor=self.actor,
        )
