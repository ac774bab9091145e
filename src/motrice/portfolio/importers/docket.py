"""Official events beside the docket: what each would add to it, close in it, or contest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from motrice.engines.patentfiles import LegalEvent, RegisterEntry
from motrice.portfolio.enums import LIVE_FILINGS, DeadlineState, EventKind, Route
from motrice.portfolio.importers.members import Family, Member
from motrice.portfolio.models import Application, DocketEvent
from motrice.portfolio.tables.official import Meaning

LAW_STATES = {"GBPC": "GB", "BERE": "BE", "EN": "FR"}
LONGEST_NOTE = 500


@dataclass(frozen=True)
class Official:
    """An official event as a proposal: on which filing, what it becomes, what it does."""

    office: str
    number: str
    line: int
    kind: str
    occurred_on: date
    year: int | None
    code: str
    state: str
    note: str
    effect: str
    contests: str = ""
    deadline: date | None = None

    def as_json(self) -> dict[str, Any]:
        """The form kept in a proposal."""
        return {
            "office": self.office,
            "number": self.number,
            "kind": self.kind,
            "occurred_on": self.occurred_on.isoformat(),
            "year": self.year,
            "code": self.code,
            "state": self.state,
            "note": self.note,
            "effect": self.effect,
            "contests": self.contests,
            "deadline": self.deadline.isoformat() if self.deadline else "",
        }

    @property
    def key(self) -> str:
        """What makes a second reading of the same event change nothing."""
        parts = (self.office, self.number, self.code, self.occurred_on.isoformat(), self.state, str(self.year or ""))
        return f"event:{':'.join(parts)}"[:160]


class Docket:
    """Turns the events of a family into proposals, against what its filings hold."""

    def __init__(self, meanings: dict[tuple[str, str], Meaning]) -> None:
        self.meanings = meanings
        self.unknown: set[tuple[str, str]] = set()

    def proposals(self, family: Family, held: dict[tuple[str, str], Application]) -> Iterator[Official]:
        """What the official events of a family would add to the docket, each once."""
        seen: set[str] = set()
        for member in family.ordered():
            if not member.number:
                continue
            for event in member.events:
                official = self._of_event(member, event, held)
                if official is not None and official.key not in seen and not _is_held(official, held):
                    seen.add(official.key)
                    yield official
            for entry in member.entries:
                transfer = _of_entry(member, entry)
                if transfer is not None and transfer.key not in seen and not _is_held(transfer, held):
                    seen.add(transfer.key)
                    yield transfer

    def _of_event(
        self, member: Member, event: LegalEvent, held: dict[tuple[str, str], Application]
    ) -> Official | None:
        meaning = self.meanings.get((event.office, event.code))
        if meaning is None:
            self.unknown.add((event.office, event.code))
            return None
        on = (event.paid_on if meaning.kind == EventKind.ANNUITY_PAID else event.effective_on) or event.on
        if on is None:
            return None
        state = (event.country or LAW_STATES.get(event.code, "")) if meaning.by_state else ""
        target = _target(member, state, held)
        kind = meaning.kind if target is not None or not meaning.by_state else EventKind.OTHER
        if kind == EventKind.ANNUITY_PAID and event.fee_year is None:
            kind = EventKind.FEE_PAID
        application = target or held.get((member.office, member.number))
        office, number = (application.office, application.number) if application else (member.office, member.number)
        return Official(
            office=office,
            number=number,
            line=member.line,
            kind=kind,
            occurred_on=on,
            year=event.fee_year,
            code=event.code,
            state=state,
            note=(event.text or event.description)[:LONGEST_NOTE],
            effect=meaning.effect,
            contests=_contested(meaning, application if target or not meaning.by_state else None, on),
            deadline=_closed(kind, event.fee_year, target),
        )


def _target(member: Member, state: str, held: dict[tuple[str, str], Application]) -> Application | None:
    """The filing meant: the national part of the state named, where the portfolio holds one."""
    own = held.get((member.office, member.number))
    if not state or own is None:
        return own if not state else None
    for application in held.values():
        is_part = application.route in (Route.VALIDATION, Route.UNITARY) and application.parent_id == own.pk
        if is_part and application.office == state:
            return application
    return None


def _closed(kind: str, year: int | None, application: Application | None) -> date | None:
    """The due date of the deadline that a paid annuity answers, if the docket awaits it."""
    if kind != EventKind.ANNUITY_PAID or application is None:
        return None
    awaited = (row for row in application.deadlines.all() if row.year == year and row.state != DeadlineState.DONE)
    return next((row.due_on for row in awaited), None)


def _contested(meaning: Meaning, application: Application | None, on: date) -> str:
    """What the docket says that the office does not: `paid` after a lapse, `ended` before a payment, or nothing."""
    if application is None:
        return ""
    events: Sequence[DocketEvent] = list(application.events.all())
    if meaning.effect == "ends":
        paid = [item for item in events if item.kind == EventKind.ANNUITY_PAID and item.occurred_on >= on]
        if paid:
            return "paid"
        return "live" if application.status in LIVE_FILINGS else ""
    if meaning.kind == EventKind.ANNUITY_PAID and application.status not in LIVE_FILINGS:
        return "ended"
    return ""


def _is_held(official: Official, held: dict[tuple[str, str], Application]) -> bool:
    application = held.get((official.office, official.number))
    if application is None:
        return False
    for event in application.events.all():
        same_day = event.occurred_on == official.occurred_on
        if event.code == official.code and same_day and event.year == official.year:
            return event.office in ("", official.state) or not official.state
        same_annuity = event.kind == official.kind == EventKind.ANNUITY_PAID and event.year == official.year
        if same_annuity or (event.kind == official.kind != EventKind.OTHER and same_day):
            return True
    return False


def _of_entry(member: Member, entry: RegisterEntry) -> Official | None:
    """A change of owner in a register: who gave, who took."""
    on = entry.executed_on or entry.on
    if on is None:
        return None
    is_transfer = entry.code in ("TP", "TQ") or bool(entry.takers)
    givers, takers = (" / ".join(party.name for party in parties) for parties in (entry.givers, entry.takers))
    note = " ".join(filter(None, (entry.nature, entry.number, f"{givers} → {takers}" if takers else "")))
    return Official(
        office=member.office,
        number=member.number,
        line=member.line,
        kind=EventKind.TRANSFER if is_transfer else EventKind.OTHER,
        occurred_on=on,
        year=None,
        code=entry.code[:12],
        state="",
        note=note[:LONGEST_NOTE],
        effect="informs",
    )
