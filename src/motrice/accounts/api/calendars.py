"""The secret addresses of one's calendars through the API."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from ninja import Query, Router, Schema, Status
from pydantic import Field

from motrice.accounts.models import CalendarAddress
from motrice.accounts.operations.calendar_addresses import make_calendar_address, revoke_calendar_address
from motrice.core.policies import get_permitted
from motrice.web.rest import Strict, paginated, shown_once

router = Router()


class CalendarAddressOut(Schema):
    """One of one's own addresses that still answers; what it is was shown once."""

    reference: str
    kind: str
    made_at: datetime
    last_used_at: datetime | None


class MadeCalendarAddressOut(CalendarAddressOut):
    """A new address; `address` is null when a repeated call is answered: it is shown once."""

    address: str | None


class CalendarAddressIn(Strict):
    """Which calendar: `docket` for the deadlines of the portfolio, `desk` for those of the need desk."""

    kind: str = Field(max_length=32)


@router.get("/calendars", response=list[CalendarAddressOut])
@paginated
def calendar_list(request: HttpRequest, kind: str = Query("", max_length=32)) -> Any:
    """The caller's calendar addresses that still answer, the newest first; with `kind`, those of one calendar."""
    rows = CalendarAddress.objects.permitted(request.auth).valid()  # type: ignore[attr-defined]
    return (rows.filter(kind=kind) if kind else rows).order_by("-made_at", "pk")


@router.post("/calendars", response={201: MadeCalendarAddressOut})
def calendar_make(request: HttpRequest, payload: CalendarAddressIn) -> Any:
    """Make a secret address of one's own calendar; it is shown in this answer only."""
    actor: Any = request.auth  # type: ignore[attr-defined]
    row, token = make_calendar_address(kind=payload.kind, actor=actor)
    shown_once(request, "address")
    row.address = f"{settings.SITE_URL}{reverse('accounts:calendar', args=[token])}"  # type: ignore[attr-defined]
    return Status(201, row)


@router.post("/calendars/{reference}/revoke", response={204: None})
def calendar_revoke(request: HttpRequest, reference: str) -> Any:
    """Close an address: calendars that still ask it get nothing."""
    actor: Any = request.auth  # type: ignore[attr-defined]
    revoke_calendar_address(address=get_permitted(CalendarAddress, actor, "edit", reference=reference), actor=actor)
    return Status(204, None)
