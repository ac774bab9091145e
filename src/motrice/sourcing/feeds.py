"""The desk's deadlines as a calendar: only what its owner may see today, and never a confidential text."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motrice.accounts.models import User
from motrice.sourcing.enums import NeedLevel
from motrice.sourcing.models import Need, Referral
from motrice.web.calendars import Calendar, Entry, declare, entries_for


def _entries(user: User) -> Iterator[Entry]:
    for need in Need.objects.permitted(user, "handle").unanswered().filter(owner=user):
        words = _("First answer promised: %(need)s") % {"need": _name(need)}
        yield Entry(f"need-{need.reference}", words, need.due_at, reverse("sourcing:need", args=[need.reference]))
    asked = Referral.objects.permitted(user, "answer").pending().select_related("need", "organisation")
    for referral in asked:
        words = _("Answer awaited from your team: %(need)s") % {"need": _name(referral.need)}
        yield Entry(f"referral-{referral.reference}", words, referral.due_at, _page(referral))
    watched = Referral.objects.permitted(user, "handle").pending().filter(need__owner=user)
    for referral in watched.select_related("need", "organisation"):
        names = {"team": referral.organisation.name, "need": _name(referral.need)}
        words = _("Answer awaited from %(team)s: %(need)s") % names
        yield Entry(f"watched-{referral.reference}", words, referral.due_at, _page(referral))
    yield from entries_for(user)


def _page(referral: Referral) -> str:
    return reverse("sourcing:referral", args=[referral.reference])


def _name(need: Need) -> str:
    return need.reference if need.level == NeedLevel.CIRCLE else f"{need.reference} · {need.title}"


DESK = declare(Calendar("desk", gettext_lazy("Deadlines of the need desk"), "sourcing:my_desk", _entries))
