"""What each app puts on the home page: what waits for somebody, what they can start, what changed.

An app declares it in its `panels.py`, found at start, so that the home page knows none of them:

    from motrice.web import panels
    panels.register(panels.Panel("sourcing", sources=sources_for, changes=changes_for, order=10))
    panels.register_start(panels.Start(_("State a need"), _("A problem, in your own words."), "sourcing:need_new",
                                       icon="bulb", visible=is_company_contact))

An app also shows its records on the page of a record of an app below, which does not know it:

    panels.register_record(Organisation, assets_of)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Model, QuerySet, Value
from django.utils import timezone

from motrice.core import audit
from motrice.web.navigation import address
from motrice.web.parts import Link, Step, TimelineItem, Waiting


def nothing(actor: Any) -> list[Any]:
    """For a panel that has no part of this kind."""
    return []


@dataclass(frozen=True)
class Source:
    """One kind of thing that waits for somebody: what reads its rows, and how one is told.

    The rows may depend on the reader, their roles and the day, never on the minute; they are read by whose page needs
    them only when there are any.
    """

    rows: Callable[[], QuerySet]
    told: Callable[[Any], Waiting]


def _alike(item: Waiting) -> str:
    return ""


@dataclass(frozen=True)
class Panel:
    """One app's part of the home page; each function takes the actor and reads only what their rights allow.

    `sources` gives the kinds of things that can wait for the actor, the same ones for the same roles: the head of
    every page counts them without reading them. `ties` orders those due on one day. `changes` is what happened lately
    to the records they follow, `tells` the kinds of records whose changes this panel tells itself.
    """

    name: str
    sources: Callable[[Any], Sequence[Source]] = nothing
    changes: Callable[[Any], Sequence[TimelineItem]] = nothing
    order: int = 50
    tells: tuple[str, ...] = ()
    ties: Callable[[Waiting], str] = _alike


@dataclass(frozen=True)
class Start:
    """Something that the actor can begin from the home page."""

    label: Any
    text: Any
    url_name: str
    icon: str
    visible: Callable[[Any], bool] = lambda actor: True
    order: int = 50

    @property
    def url(self) -> str:
        """Where it begins."""
        return address(self.url_name)


@dataclass(frozen=True)
class RecordPanel:
    """What one app shows beside a record of another: a few links, what can be begun, and the list behind them."""

    title: Any
    links: Sequence[Link] = ()
    steps: Sequence[Step] = ()
    more: Any = ""
    more_url: str = ""


RecordMaker = Callable[[Any, Any], RecordPanel | None]
_panels: dict[str, Panel] = {}
_records: dict[type[Model], list[RecordMaker]] = {}
_starts: list[Start] = []
_kept: dict[tuple[Any, ...], tuple[tuple[str, date], tuple[int, ...]]] = {}
CHANGES_SHOWN, WAITING_SHOWN = 12, 20
READERS_KEPT = 2000


def register(panel: Panel) -> None:
    """Add an app's part; two of one name is an error of the programme."""
    if panel.name in _panels:
        raise ValueError(f"The panel {panel.name!r} is declared twice.")
    _panels[panel.name] = panel


def register_record(model: type[Model], maker: RecordMaker) -> None:
    """Add what an app shows beside the records of a model: `maker(record, actor)` gives a panel, or None."""
    _records.setdefault(model, []).append(maker)


def beside(record: Model, actor: Any) -> list[RecordPanel]:
    """What the apps above show beside a record to this reader, each by its own rights."""
    makers = _records.get(record._meta.concrete_model or type(record), [])
    return [panel for panel in (maker(record, actor) for maker in makers) if panel is not None]


def register_start(start: Start) -> None:
    """Add something to begin from the home page."""
    _starts.append(start)


def _in_order() -> list[Panel]:
    return sorted(_panels.values(), key=lambda panel: (panel.order, panel.name))


def waiting_for(actor: Any) -> list[Waiting]:
    """All that waits for the actor, what is due first at the top, what has no date at the end."""
    counts, items = iter(_counts(actor)), []
    for panel in _in_order():
        found = [source for source in panel.sources(actor) if next(counts)]
        told = [source.told(row) for source in found for row in source.rows()[:WAITING_SHOWN]]
        items += sorted(told, key=panel.ties)
    return sorted(items, key=lambda item: (item.until is None, item.until or date.max))


def count_for(actor: Any) -> int:
    """How many things wait for the actor: every page asks it."""
    return sum(_counts(actor))


def _counts(actor: Any) -> tuple[int, ...]:
    """How many rows each source has.

    All are counted in one question, and the answer is kept until the log grows, the reader's roles change or the day
    ends: nothing else can change a count, since every write is in the log before it can be read.
    """
    mark = (audit.head(), timezone.localdate())
    reader = _reader(actor)
    kept = _kept.get(reader)
    if kept is not None and kept[0] == mark:
        return kept[1]
    counts = _counted([source.rows() for panel in _in_order() for source in panel.sources(actor)])
    if len(_kept) >= READERS_KEPT:
        _kept.clear()
    _kept[reader] = (mark, counts)
    return counts


def _reader(actor: Any) -> tuple[Any, ...]:
    """Who reads and under which roles, with who stands behind when one sees the site as another."""
    behind = getattr(actor, "ceiling", None)
    return (actor.pk, actor.active_roles, _reader(behind) if behind is not None else None)


def _counted(sources: Sequence[QuerySet]) -> tuple[int, ...]:
    """How many rows each has, in one question."""
    parts = [
        rows.order_by().values(part=Value(place)).annotate(found=Count("pk")).values("part", "found")
        for place, rows in enumerate(sources)
    ]
    found = dict(parts[0].union(*parts[1:], all=True).values_list("part", "found")) if parts else {}
    return tuple(found.get(place, 0) for place in range(len(parts)))


def changes_for(actor: Any) -> list[TimelineItem]:
    """The latest changes in what the actor follows, newest first."""
    items = [item for panel in _in_order() for item in panel.changes(actor)]
    return sorted(items, key=lambda item: _moment(item.at), reverse=True)[:CHANGES_SHOWN]


def told_by_panels() -> set[str]:
    """The kinds of records whose changes a panel tells in its own words."""
    return {label for panel in _panels.values() for label in panel.tells}


Items = Sequence[TimelineItem]


def changed_since(items: Items, since: datetime | None) -> tuple[Items, Items]:
    """The changes after a moment, and those before it; without a moment all are new."""
    fresh = [item for item in items if since is None or _moment(item.at) > since]
    return fresh, [item for item in items if item not in fresh]


def _moment(at: date | datetime) -> datetime:
    if isinstance(at, datetime):
        return at
    return timezone.make_aware(datetime(at.year, at.month, at.day))  # noqa: DTZ001 - made aware at once


def starts_for(actor: Any) -> list[Start]:
    """What the actor can begin, as far as the site mounts it."""
    return [start for start in sorted(_starts, key=lambda start: start.order) if start.visible(actor) and start.url]
