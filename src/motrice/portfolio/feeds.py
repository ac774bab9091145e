"""Somebody's deadlines as a calendar (RFC 5545): only what they may see today, never the title of a closed circle."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar, Event

from motrice.accounts.models import User
from motrice.core.confidentiality import Level
from motrice.portfolio.enums import Choice, DeadlineState
from motrice.portfolio.links import deadline_url
from motrice.portfolio.lists.docket import docket_rows
from motrice.portfolio.models import Deadline
from motrice.portfolio.words.docket import rule_name


def docket_calendar(user: User) -> bytes:
    """The calendar of one reader, in their language: their open deadlines of two years."""
    with translation.override(user.language):
        calendar = Calendar()
        calendar.add("prodid", "-//Motrice//docket//")
        calendar.add("version", "2.0")
        calendar.add("x-wr-calname", _("Deadlines of the portfolio"))
        rows = docket_rows(user).filter(state=DeadlineState.OPEN).exclude(choice=Choice.DROP)
        own = rows.filter(asset__engineer=user) | rows.filter(asset__engineer=None, asset__officer=user)
        for deadline in own.order_by("due_on", "pk"):
            calendar.add_component(_event(deadline))
        return calendar.to_ical()


def _event(deadline: Deadline) -> Event:
    asset = deadline.asset
    name = (asset.docket_number or asset.reference) if asset.level == Level.CIRCLE else str(asset)
    event = Event()
    event.add("uid", f"deadline-{deadline.reference}@{settings.SITE_URL.partition('://')[2]}")
    event.add("summary", f"{rule_name(deadline)} ({deadline.application.office}) · {name}")
    event.add("dtstamp", timezone.now())
    event.add("dtstart", deadline.due_on)
    event.add("dtend", deadline.due_on + timedelta(days=1))
    event.add("url", f"{settings.SITE_URL}{deadline_url(deadline)}")
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", rule_name(deadline))
    alarm.add("trigger", timedelta(days=-7))
    event.add_component(alarm)
    return event
