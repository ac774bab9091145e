"""One's own reminders through the API, and the mails of the docket, sent or not."""

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from motrice.core.policies import get_permitted
from motrice.portfolio.api.shapes import actor_of
from motrice.portfolio.enums import MailKind, MailState
from motrice.portfolio.lists.docket import MAILS, mail_rows
from motrice.portfolio.models import DocketMail, DocketPreference, DocketReminder
from motrice.portfolio.operations.docket_clock import LEAD_DAYS, choose_leads, forget_leads, parse_leads, retry_mail
from motrice.web.rest import Strict, paginated
from motrice.web.rest_lists import listed

router = Router()


class LeadsOut(Schema):
    """How many days before a due date the caller is reminded, and whether that is their own choice."""

    lead_days: list[int]
    is_chosen: bool


class LeadsIn(Strict):
    """One to eight numbers of days from 1 to 730."""

    lead_days: list[int] = Field(min_length=1, max_length=8)


class DocketReminderOut(Schema):
    """That the caller was reminded of a deadline, and by which mail."""

    application: str
    kind: MailKind
    rule: str
    term: str
    due_on: date
    lead_days: int
    mail: str

    @staticmethod
    def resolve_application(row: DocketReminder) -> str:
        return row.application.reference

    @staticmethod
    def resolve_mail(row: DocketReminder) -> str:
        return row.mail.reference


class DocketMailOut(Schema):
    """A mail of the docket and its way."""

    reference: str
    reader: str
    kind: MailKind
    state: MailState
    made_at: datetime
    tried_at: datetime | None
    sent_at: datetime | None
    attempt_count: int
    error: str

    @staticmethod
    def resolve_reader(row: DocketMail) -> str:
        return row.user.display_name


def _leads(actor: Any) -> LeadsOut:
    held = DocketPreference.objects.permitted(actor).first()
    return LeadsOut(lead_days=parse_leads(held.lead_days) if held else LEAD_DAYS, is_chosen=held is not None)


@router.get("/docket/leads", response=LeadsOut)
def docket_leads_detail(request: HttpRequest) -> Any:
    """When the caller is reminded."""
    return _leads(actor_of(request))


@router.put("/docket/leads", response=LeadsOut)
def docket_leads_edit(request: HttpRequest, payload: LeadsIn) -> Any:
    """Choose when to be reminded."""
    choose_leads(actor=actor_of(request), lead_days=", ".join(map(str, payload.lead_days)))
    return _leads(actor_of(request))


@router.delete("/docket/leads", response=LeadsOut)
def docket_leads_remove(request: HttpRequest) -> Any:
    """Go back to the days that hold for everybody."""
    forget_leads(actor=actor_of(request))
    return _leads(actor_of(request))


@router.get("/docket/reminders", response=list[DocketReminderOut])
@paginated
def docket_reminder_list(request: HttpRequest) -> Any:
    """What the caller was reminded of, the latest first."""
    rows = DocketReminder.objects.permitted(actor_of(request)).select_related("application", "mail")
    return rows.order_by("-pk")


@router.get("/docket/mails", response=list[DocketMailOut])
@listed(MAILS)
def docket_mail_list(request: HttpRequest) -> Any:
    """The mails of the docket that the caller may see; `state=failed` for those that could not be sent."""
    return mail_rows(actor_of(request))


@router.get("/docket/mails/{reference}", response=DocketMailOut)
def docket_mail_detail(request: HttpRequest, reference: str) -> Any:
    """One mail and why it could not be sent."""
    return get_permitted(mail_rows(actor_of(request)), actor_of(request), "view", reference=reference)


@router.post("/docket/mails/{reference}/retry", response=DocketMailOut)
def docket_mail_retry(request: HttpRequest, reference: str) -> Any:
    """Try a mail again now; 422 when it was sent."""
    mail = get_permitted(mail_rows(actor_of(request)), actor_of(request), "edit", reference=reference)
    retry_mail(mail=mail, actor=actor_of(request))
    mail.refresh_from_db()
    return mail
