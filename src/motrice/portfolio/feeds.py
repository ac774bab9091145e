"""Somebody's deadlines as a calendar: only what they may see today, never the title of a closed circle."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from motrice.accounts.models import User
from motrice.core.confidentiality import Level
from motrice.portfolio.enums import Choice, DeadlineState
from motrice.portfolio.links import deadline_url
from motrice.portfolio.lists.docket import docket_rows
from motrice.portfolio.models import Asset
from motrice.portfolio.words.docket import rule_name
from motrice.web.calendars import Calendar, Entry, declare

WEEK = timedelta(days=7)


def _entries(user: User) -> Iterator[Entry]:
    rows = docket_rows(user).filter(state=DeadlineState.OPEN).exclude(choice=Choice.DROP)
    own = rows.filter(asset__engineer=user) | rows.filter(asset__engineer=None, asset__officer=user)
    for deadline in own.order_by("due_on", "pk"):
        summary = f"{rule_name(deadline)} ({deadline.application.office}) · {_name(deadline.asset)}"
        key = f"deadline-{deadline.reference}"
        yield Entry(key, summary, deadline.due_on, deadline_url(deadline), alarm=WEEK)


def _name(asset: Asset) -> str:
    return (asset.docket_number or asset.reference) if asset.level == Level.CIRCLE else str(asset)


DOCKET = declare(Calendar("docket", _("Deadlines of the portfolio"), "portfolio:my_docket", _entries))
