"""The docket: worked out again whenever what it rests on changes; what was done, paid and decided is recorded."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from motrice.core import audit
from motrice.core.errors import RuleViolation, StaleState
from motrice.core.policies import require
from motrice.core.reading import Read, heed, last_change, require_read
from motrice.engines.docketing import Deadline as Derived
from motrice.engines.docketing import Family, Rulebook, derive
from motrice.portfolio.enums import AbandonmentStatus, AssetKind, Choice, DeadlineState, EventKind, FeeCategory
from motrice.portfolio.models import Abandonment, Application, Asset, Deadline, DocketEvent, FeePayment, KeepOrDrop
from motrice.portfolio.operations.deadline_rows import insert_deadlines, update_deadlines
from motrice.portfolio.operations.holding import hold_assets
from motrice.portfolio.queries.coownership import names_of, owners_on, standing_of
from motrice.portfolio.queries.histories import histories
from motrice.portfolio.queries.payers import known_payers
from motrice.portfolio.tables import docket as tables
from motrice.portfolio.words.coownership import reasons_words

FIELDS = (
    *("rule_version", "year", "nature", "state", "confidence", "original_on", "due_on", "opens_on", "grace_until"),
    *("closes_on", "amount", "surcharge", "currency", "is_estimate", "fee_table", "fee_version", "chain", "done_on"),
    *("done_by_id", "choice", "book"),
)
COST = ("amount", "surcharge", "currency", "is_estimate", "fee_table", "fee_version")
BATCH = 200


_together: ContextVar[dict[int, Asset] | None] = ContextVar("motrice_docket_together", default=None)


@contextlib.contextmanager
def derived_together(*, today: date | None = None) -> Iterator[None]:
    """For imports and generators: what changes inside is derived once, at the end."""
    waiting: dict[int, Asset] = {}
    token = _together.set(waiting)
    try:
        yield
    finally:
        _together.reset(token)
    derive_docket(waiting.values(), today=today)


@dataclass
class DerivationReport:
    """What deriving again changed."""

    assets: int = 0
    created: int = 0
    changed: int = 0
    removed: int = 0

    def add(self, assets: int, writing: _Writing) -> None:
        """Count one batch."""
        self.assets += assets
        self.created += len(writing.created)
        self.changed += len(writing.changed)
        self.removed += len(writing.removed)


def derive_docket(assets: Iterable[Asset], *, today: date | None = None, is_held: bool = False) -> DerivationReport:
    """Work out the deadlines of some assets again, inside the caller's transaction; rows keep their reference.

    It writes no entry in the log: the events and the catalogue are there, and the same rows follow from them.
    """
    report = DerivationReport()
    chosen = sorted((asset for asset in assets if asset.kind in tables.DOCKETED), key=lambda asset: asset.pk)
    waiting = _together.get()
    if waiting is not None:
        waiting.update((asset.pk, asset) for asset in chosen)
        return report
    if not chosen:
        return report
    today = today or timezone.localdate()
    book, mark = tables.marked_rulebook()
    for start in range(0, len(chosen), BATCH):
        _derive_batch(chosen[start : start + BATCH], book, mark, today, report, is_held=is_held)
    return report


@transaction.atomic(savepoint=False)
def _derive_batch(
    assets: Sequence[Asset], book: Rulebook, mark: int, today: date, report: DerivationReport, *, is_held: bool
) -> None:
    keys = [asset.pk for asset in assets]
    if not is_held:
        hold_assets(keys)
    held: dict[int, dict[tuple[str, ...], Deadline]] = {pk: {} for pk in keys}
    for row in Deadline.objects.filter(asset_id__in=keys):
        held[row.asset_id][str(row.application_id), row.rule, row.trigger, row.term] = row
    decided = KeepOrDrop.objects.filter(application__asset_id__in=keys)
    choices = {
        (str(application), *rest): choice
        for application, *rest, choice in decided.values_list("application_id", "rule", "trigger", "term", "choice")
    }
    known_histories = histories(assets)
    events = known_histories.events
    writing = _Writing()
    for pk, family in known_histories.families.items():
        then = _Past(family, today, events)
        for derived in derive(family, book, today).deadlines:
            values = _values(derived, book, mark, events)
            known = held[pk].pop(derived.key, None)
            choice = {"choice": choices.get(derived.key, "")}
            if known is None:
                writing.created.append(Deadline(asset_id=pk, **_key(derived), **values | choice))
            else:
                writing.compare(known, then.values(known, values) | choice)
        writing.removed += [row.pk for row in held[pk].values() if not then.keeps(row)]
    writing.write(mark)
    report.add(len(assets), writing)


class _Past:
    """What was done stays as the tables of its day had it: a newer table changes what is still to come.

    An event that is corrected moves it all the same, by the rules of its own day.
    """

    def __init__(self, family: Family, today: date, events: dict[str, int]) -> None:
        self.family, self.today, self.events = family, today, events
        self._by_book: dict[int, dict[Any, Derived]] = {}

    def values(self, known: Deadline, news: dict[str, Any]) -> dict[str, Any]:
        """The values of a row that is held: its own day's when it is done and the tables have changed since."""
        is_done = known.state == news["state"] == DeadlineState.DONE and known.book != news["book"]
        if not is_done or all(getattr(known, name) == value for name, value in news.items() if name != "book"):
            return _as_paid(known, news)
        past = self._derived(known)
        then = news if past is None else _values(past, tables.book_of(known.book), known.book, self.events)
        return _as_paid(known, then)

    def keeps(self, known: Deadline) -> bool:
        """Whether a row that today's tables do not make stays: done, and made by the tables of its day."""
        return known.state == DeadlineState.DONE and self._derived(known) is not None

    def _derived(self, known: Deadline) -> Derived | None:
        if known.book not in self._by_book:
            found = derive(self.family, tables.book_of(known.book), self.today).deadlines
            self._by_book[known.book] = {row.key: row for row in found if row.state == DeadlineState.DONE}
        key = (str(known.application_id), known.rule, known.trigger, known.term)
        return self._by_book[known.book].get(key)


def _as_paid(known: Deadline, values: dict[str, Any]) -> dict[str, Any]:
    """What a fee cost stays when it was done before by the same act on the same day, whatever is paid since then."""
    same = ("state", "done_by_id", "done_on", "due_on")
    if known.state != DeadlineState.DONE or any(getattr(known, name) != values[name] for name in same):
        return values
    return values | {name: getattr(known, name) for name in COST}


@dataclass
class _Writing:
    """The rows that differ from what is held; those confirmed are the same under newer tables."""

    created: list[Deadline] = field(default_factory=list)
    changed: list[Deadline] = field(default_factory=list)
    confirmed: list[int] = field(default_factory=list)
    removed: list[int] = field(default_factory=list)

    def compare(self, known: Deadline, values: dict[str, Any]) -> None:
        news = {name: value for name, value in values.items() if getattr(known, name) != value}
        if news.keys() - {"book"}:
            for name, value in news.items():
                setattr(known, name, value)
            self.changed.append(known)
        elif news:
            self.confirmed.append(known.pk)

    def write(self, mark: int) -> None:
        Deadline.objects.filter(pk__in=self.removed).delete()
        insert_deadlines(self.created)
        update_deadlines(self.changed, FIELDS)
        Deadline.objects.filter(pk__in=self.confirmed).update(book=mark)


def _key(derived: Derived) -> dict[str, Any]:
    key = derived.key
    return {"application_id": int(key.application), "rule": key.rule, "trigger": key.trigger, "term": key.term}


def _values(derived: Derived, book: Rulebook, mark: int, events: dict[str, int]) -> dict[str, Any]:
    rule = book.rules[derived.key.rule]
    return {
        "rule_version": rule.version,
        "year": derived.year or None,
        "nature": derived.nature,
        "state": derived.state,
        "confidence": tables.confidence_of(book, derived),
        "original_on": derived.original_on,
        "due_on": derived.due_on,
        "opens_on": derived.opens_on,
        "grace_until": derived.grace_until,
        "closes_on": derived.closes_on,
        "amount": derived.amount,
        "surcharge": derived.surcharge,
        "currency": derived.currency,
        "is_estimate": derived.is_estimate,
        "fee_table": derived.fee_table,
        "fee_version": derived.fee_version or None,
        "chain": [[link.kind, link.on.isoformat(), link.cites, link.detail] for link in derived.chain],
        "done_on": derived.done_on,
        "done_by_id": events.get(derived.done_by),
        "book": mark,
    }


def refresh_docket(*, today: date | None = None) -> DerivationReport:
    """Bring every docket to today: what a new table or a new day changes is derived again, the rest is left alone."""
    today = today or timezone.localdate()
    mark = tables.mark()
    behind = Deadline.objects.exclude(book=mark).exclude(state=DeadlineState.DONE).values("asset_id")
    passed = Deadline.objects.filter(state=DeadlineState.OPEN, closes_on__lt=today).values("asset_id")
    docketed = Asset.objects.filter(kind__in=tables.DOCKETED, applications__isnull=False)
    stale = docketed.filter(pk__in=behind) | docketed.filter(pk__in=passed) | docketed.filter(deadlines__isnull=True)
    renewed = docketed.filter(kind=AssetKind.MARK)
    return derive_docket((stale | renewed).distinct().order_by("pk"), today=today)


def mark_done(
    *, deadline: Deadline, done_on: date, actor: Any, note: str = "", at: datetime | None = None
) -> DocketEvent:
    """Record that a deadline was met; the fact stays when the docket is derived again."""
    require(actor, "docket", deadline.application)
    _check_day(done_on, at)
    return _record(deadline, EventKind.DONE, done_on, actor, at, verb="deadline.done", note=note, rule=deadline.rule)


def record_payment(
    *,
    deadline: Deadline,
    paid_on: date,
    amount: Decimal,
    currency: str,
    actor: Any,
    receipt: str = "",
    at: datetime | None = None,
) -> FeePayment:
    """Record a payment with its receipt and the fee table of the day: later tables leave it alone."""
    require(actor, "docket", deadline.application)
    _check_day(paid_on, at)
    if amount <= 0:
        raise RuleViolation(_("A payment is more than nothing."), field="amount")
    if len(currency) != 3 or not currency.isalpha():
        raise RuleViolation(_("Write the currency in three letters, such as EUR."), field="currency")
    kind = EventKind.ANNUITY_PAID if deadline.year else EventKind.DONE
    with audit.operation(actor, "deadline.pay", subject=deadline.asset, at=at) as op:
        now = _hold_open(deadline)
        event = _event(deadline, kind, paid_on, actor, at, rule="" if deadline.year else deadline.rule)
        op.create(event)
        payment = FeePayment(
            event=event,
            paid_on=paid_on,
            amount=amount,
            currency=currency.upper(),
            receipt=receipt.strip(),
            fee_table=now.fee_table,
            fee_version=now.fee_version,
        )
        op.create(payment)
        derive_docket([deadline.asset], today=timezone.localdate(at), is_held=True)
    return payment


def extend_deadline(
    *, deadline: Deadline, granted_on: date, actor: Any, note: str = "", at: datetime | None = None
) -> DocketEvent:
    """Record that the office granted the extension that the rule knows."""
    require(actor, "docket", deadline.application)
    _check_day(granted_on, at)
    rule = tables.rulebook().rules.get(deadline.rule)
    if rule is None or rule.extension is None:
        raise RuleViolation(_("The rule of this deadline knows no extension."))
    with audit.operation(actor, "deadline.extend", subject=deadline.asset, at=at):
        if sum(1 for link in _hold_open(deadline).chain if link[0] == "extension") >= rule.extension.times:
            raise RuleViolation(_("It was extended as often as the rule allows."))
        return _record(
            deadline, EventKind.EXTENSION, granted_on, actor, at, verb="deadline.extend", note=note, rule=deadline.rule
        )


def choose(
    *,
    deadline: Deadline,
    choice: str,
    actor: Any,
    reason: str = "",
    read: Read = None,
    at: datetime | None = None,
) -> KeepOrDrop:
    """Instruct to pay a fee and keep the title, or to let it go; a co-owned title is offered to its owners first.

    `StaleState` when somebody decided otherwise than was `read`.
    """
    require(actor, "docket", deadline.application)
    if choice == Choice.DROP and not reason.strip():
        raise RuleViolation(_("Say why the title is let go."), field="reason")
    key = {"rule": deadline.rule, "trigger": deadline.trigger, "term": deadline.term}
    values = {"choice": choice, "reason": reason.strip(), "decided_by": actor, "decided_at": at or timezone.now()}
    with audit.operation(actor, f"deadline.{choice}", subject=deadline.asset, reason=reason.strip(), at=at) as op:
        now = _hold_open(deadline)
        row = KeepOrDrop.objects.filter(application=deadline.application, **key).first()
        require_read(
            "choice",
            now.choice,
            read=read,
            label=_("Decision"),
            theirs=now.get_choice_display(),
            changed=lambda: last_change(KeepOrDrop, Q(object_pk=row.pk if row else None)),
            actor=actor,
        )
        if now.choice != deadline.choice:
            raise StaleState(_("Somebody decided this meanwhile: reload the page to see what, and by whom."))
        if choice == Choice.DROP:
            require_offered(deadline.asset, timezone.localdate(at))
        if row is None:
            row = op.create(KeepOrDrop(application=deadline.application, **key, **values))
        else:
            op.update(row, **values)
        derive_docket([deadline.asset], today=timezone.localdate(at), is_held=True)
    return row


def require_offered(asset: Asset, today: date) -> None:
    """Refuse to let a co-owned title go before its owners were offered it and their time has run."""
    if len(owners_on(asset, today)) < 2:
        return
    procedure = Abandonment.objects.filter(asset=asset, status=AbandonmentStatus.OPEN).first()
    if procedure is None:
        raise RuleViolation(
            _("This title has several owners: begin its abandonment first, which offers it to them."), field="choice"
        )
    standing = standing_of(procedure, today=today)
    if standing.refusals:
        raise RuleViolation(reasons_words(standing.refusals, names_of(standing.refusals)), field="choice")


def set_fee_category(
    *, application: Application, fee_category: str, actor: Any, read: Read = None, at: datetime | None = None
) -> Application:
    """Say which fees an applicant pays; open amounts follow, what was paid does not.

    Refused when no fee table has an amount of this category for the application. `StaleState` when somebody said
    otherwise than was `read`.
    """
    require(actor, "docket", application)
    with audit.operation(actor, "application.fees", subject=application.asset, at=at) as op:
        hold_assets([application.asset_id])
        application.refresh_from_db(fields=["fee_category"])
        values = heed(application, {"fee_category": fee_category}, read=read, actor=actor)
        if values.get("fee_category", application.fee_category) != application.fee_category:
            known = known_payers([application], on=timezone.localdate(at))[application.pk]
            require_known_payer(fee_category, known, application.office)
        op.update(application, **values)
        derive_docket([application.asset], today=timezone.localdate(at), is_held=True)
    return application


def require_known_payer(fee_category: str, known: Sequence[str], office: str) -> None:
    """Refuse a category of payer that no fee table of the office has an amount for, and name those that have one."""
    if fee_category in known:
        return
    names = ", ".join(str(FeeCategory(value).label) for value in known)
    raise RuleViolation(
        _("No fee table of %(office)s has this rate for this application. Choose among: %(known)s.")
        % {"office": office, "known": names},
        field="fee_category",
    )


def _hold_open(deadline: Deadline) -> Deadline:
    """The deadline as it stands when nobody else works on its docket: of two who press at once, the second is told."""
    hold_assets([deadline.asset_id])
    now = Deadline.objects.filter(pk=deadline.pk).first()
    if now is None:
        raise StaleState(_("This deadline went away meanwhile: what it was counted from has changed."))
    if now.state == DeadlineState.DONE:
        raise RuleViolation(_("This deadline was met already: correct its event if that is wrong."))
    if now.state == DeadlineState.SUPERSEDED:
        raise RuleViolation(_("This deadline is no longer needed: what it was for has ended."))
    return now


def _check_day(day: date, at: datetime | None) -> None:
    if day > timezone.localdate(at):
        raise RuleViolation(_("An event has happened already: this day is to come."), field="occurred_on")


def _event(deadline: Deadline, kind: str, on: date, actor: Any, at: datetime | None, **fields: Any) -> DocketEvent:
    return DocketEvent(
        application=deadline.application,
        kind=kind,
        occurred_on=on,
        year=deadline.year,
        trigger=deadline.trigger,
        recorded_by=actor,
        recorded_at=at or timezone.now(),
        **fields,
    )


def _record(
    deadline: Deadline, kind: str, on: date, actor: Any, at: datetime | None, *, verb: str, **fields: Any
) -> DocketEvent:
    event = _event(deadline, kind, on, actor, at, **fields)
    with audit.operation(actor, verb, subject=deadline.asset, at=at) as op:
        _hold_open(deadline)
        op.create(event)
        derive_docket([deadline.asset], today=timezone.localdate(at), is_held=True)
    return event
