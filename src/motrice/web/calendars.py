"""Calendars at a secret address: each app declares those it fills in its `feeds.py`, and its entries in others.

An entry bears a reference and never a confidential word: a calendar is read on many screens.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone, translation
from icalendar import Alarm, Event
from icalendar import Calendar as Document

MEETING = timedelta(minutes=30)


@dataclass(frozen=True)
class Entry:
    """One due time or day: `key` stays the same while it moves, `path` opens its record."""

    key: str
    summary: Any
    at: datetime | date
    path: str
    alarm: timedelta = timedelta(days=1)


Source = Callable[[Any], Iterable[Entry]]


@dataclass(frozen=True)
class Calendar:
    """A calendar that a person may have at an address of their own; `page` is where they keep its addresses."""

    kind: str
    name: Any
    page: str
    entries: Source

    def content(self, reader: Any) -> bytes:
        """The calendar of one reader (RFC 5545), in their language."""
        with translation.override(reader.language):
            document = Document()
            document.add("prodid", f"-//Motrice//{self.kind}//")
            document.add("version", "2.0")
            document.add("x-wr-calname", str(self.name))
            for entry in self.entries(reader):
                document.add_component(_event(entry))
            return document.to_ical()


_calendars: dict[str, Calendar] = {}
_sources: list[Source] = []


def declare(calendar: Calendar) -> Calendar:
    """Add a calendar; two of one kind are an error of the programme."""
    if calendar.kind in _calendars:
        raise ValueError(f"The calendar {calendar.kind!r} is declared twice.")
    _calendars[calendar.kind] = calendar
    return calendar


def declared() -> dict[str, Calendar]:
    """Every calendar, by its kind."""
    return dict(_calendars)


def register(source: Source) -> None:
    """Add a function that gives the entries of one reader, each by its own rights."""
    _sources.append(source)


def entries_for(actor: Any) -> Iterator[Entry]:
    """Everything that the apps put into a reader's calendar."""
    for source in _sources:
        yield from source(actor)


def _event(entry: Entry) -> Event:
    starts, ends = entry.at, entry.at + timedelta(days=1)
    if isinstance(entry.at, datetime):
        starts, ends = entry.at - MEETING, entry.at
    event = Event()
    event.add("uid", f"{entry.key}@{settings.SITE_URL.partition('://')[2]}")
    event.add("summary", str(entry.summary))
    event.add("dtstamp", timezone.now())
    event.add("dtstart", starts)
    event.add("dtend", ends)
    event.add("url", f"{settings.SITE_URL}{entry.path}")
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", str(entry.summary))
    alarm.add("trigger", -entry.alarm)
    event.add_component(alarm)
    return event
