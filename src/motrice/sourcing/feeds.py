"""The desk's deadlines as a calendar (RFC 5545): only what its owner may see today, and never a confidential text."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar, Event

from motrice.accounts.models import User
from motrice.sourcing.enums import NeedLevel
from motrice.sourcing.models import Need, Referral
from motrice.web.calendars import entries_for


def desk_calendar(user: User) -> bytes:
    """The calendar of one reader, in their language."""
    with translation.override(user.language):
        calendar = Calendar()
        calendar.add("prodid", "-//Motrice//need desk//")
        calendar.add("version", "2.0")
        calendar.add("x-wr-calname", _("Deadlines of the need desk"))
        for event in _events(user):
            calendar.add_component(event)
        return calendar.to_ical()


def _events(user: User) -> Iterator[Event]:
    for need in Need.objects.permitted(user, "handle").unanswered().filter(owner=user):
        yield _event(
            f"need-{need.reference}",
            _("First answer promised: %(need)s") % {"need": _name(need)},
            need.due_at,
            reverse("sourcing:need", args=[need.reference]),
        )
    asked = Referral.objects.permitted(user, "answer").pending().select_related("need", "organisation")
    for referral in asked:
        yield _event(
            f"referral-{referral.reference}",
            _("Answer awaited from your team: %(need)s") % {"need": _name(referral.need)},
            referral.due_at,
            reverse("sourcing:referral", args=[referral.reference]),
        )
    watched = Referral.objects.permitted(user, "handle").pending().filter(need__owner=user)
    for referral in watched.select_related("need", "organisation"):
        yield _event(
            f"watched-{referral.reference}",
            _("Answer awaited from %(team)s: %(need)s")
            % {"team": referral.organisation.name, "need": _name(referral.need)},
            referral.due_at,
            reverse("sourcing:referral", args=[referral.reference]),
        )
    for entry in entries_for(user):
        yield _event(entry.key, str(entry.summary), entry.at, entry.path)


def _name(need: Need) -> str:
    return need.reference if need.level == NeedLevel.CIRCLE else f"{need.reference} · {need.title}"


def _event(uid: str, summary: str, at: datetime, path: str) -> Event:
    event = Event()
    event.add("uid", f"{uid}@{settings.SITE_URL.partition('://')[2]}")
    event.add("summary", summary)
    event.add("dtstamp", timezone.now())
    event.add("dtstart", at - timedelta(minutes=30))
    event.add("dtend", at)
    event.add("url", f"{settings.SITE_URL}{path}")
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", summary)
    alarm.add("trigger", timedelta(days=-1))
    event.add_component(alarm)
    return event
