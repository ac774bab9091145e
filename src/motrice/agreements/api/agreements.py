"""What holds for agreements of every kind, through the API: their list, and the moves of each."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Schema
from pydantic import Field

from motrice.accounts.models import User
from motrice.agreements.enums import AgreementKind, AgreementStatus
from motrice.agreements.lists import AGREEMENTS, agreement_rows
from motrice.agreements.models import Agreement
from motrice.agreements.operations import agreements as operations
from motrice.core.confidentiality import Level
from motrice.core.errors import RuleViolation
from motrice.core.policies import get_permitted
from motrice.web.rest import ReadIn, Strict
from motrice.web.rest_lists import FILE, filed, listed

router = Router()


class AgreementOut(Schema):
    """An agreement as its reader may see it; what only its kind has is at the address of that kind."""

    reference: str
    kind: AgreementKind
    status: AgreementStatus
    level: Level
    title: str
    summary: str
    number: str
    signed_on: date | None
    starts_on: date | None
    ends_on: date | None
    closed_on: date | None


class InForceIn(Strict):
    """The days of the signature and of the effect, and the last day that was agreed."""

    signed_on: date
    starts_on: date
    ends_on: date | None = None


class AgreementEndIn(Strict):
    """The day on which it ended."""

    closed_on: date
    reason: str = Field("", max_length=300)


class TerminateIn(Strict):
    """The day on which it was stopped, and why."""

    closed_on: date
    reason: str = Field(min_length=1, max_length=300)


class AgreementWhyIn(Strict):
    """Why."""

    reason: str = Field(min_length=1, max_length=300)


class AgreementLevelIn(ReadIn):
    """Who sees it from now on, and why."""

    level: Level
    reason: str = Field(min_length=1, max_length=300)


class AgreementOfficerIn(ReadIn):
    """Who answers for it, by the reference of the account."""

    officer: str = Field(min_length=8, max_length=8)
    reason: str = Field("", max_length=300)


def actor_of(request: HttpRequest) -> Any:
    """Whose session or token it is."""
    return request.auth  # type: ignore[attr-defined]


def agreement_of(request: HttpRequest, reference: str, action: str = "view") -> Agreement:
    """The agreement of an address: 404 when it may not be seen, 403 when it may not be acted on."""
    return get_permitted(Agreement.objects.select_related("licence"), actor_of(request), action, reference=reference)


@router.get("/agreements", response=list[AgreementOut])
@listed(AGREEMENTS)
def agreement_list(request: HttpRequest) -> Any:
    """The agreements that the caller may see."""
    return agreement_rows(actor_of(request))


@router.get("/agreements/export", openapi_extra=FILE)
@filed(AGREEMENTS)
def agreement_export(request: HttpRequest) -> Any:
    """The same agreements as a file, for who may export them."""
    return agreement_rows(actor_of(request))


@router.get("/agreements/{reference}", response=AgreementOut)
def agreement_detail(request: HttpRequest, reference: str) -> Any:
    """One agreement."""
    return agreement_of(request, reference)


@router.post("/agreements/{reference}/in-force", response=AgreementOut)
def agreement_in_force(request: HttpRequest, reference: str, payload: InForceIn) -> Any:
    """Record that it was signed, and from which day to which it holds."""
    agreement = agreement_of(request, reference, "edit")
    return operations.bring_into_force(agreement=agreement, actor=actor_of(request), **payload.dict())


@router.post("/agreements/{reference}/end", response=AgreementOut)
def agreement_end(request: HttpRequest, reference: str, payload: AgreementEndIn) -> Any:
    """Record that it has run its course."""
    agreement = agreement_of(request, reference, "edit")
    return operations.end_agreement(agreement=agreement, actor=actor_of(request), **payload.dict())


@router.post("/agreements/{reference}/terminate", response=AgreementOut)
def agreement_terminate(request: HttpRequest, reference: str, payload: TerminateIn) -> Any:
    """Record that it was stopped before its term, and why."""
    agreement = agreement_of(request, reference, "edit")
    return operations.terminate_agreement(agreement=agreement, actor=actor_of(request), **payload.dict())


@router.post("/agreements/{reference}/give-up", response=AgreementOut)
def agreement_give_up(request: HttpRequest, reference: str, payload: AgreementWhyIn) -> Any:
    """Close a draft that will not be signed."""
    agreement = agreement_of(request, reference, "edit")
    return operations.give_up_agreement(agreement=agreement, actor=actor_of(request), **payload.dict())


@router.post("/agreements/{reference}/level", response=AgreementOut)
def agreement_level(request: HttpRequest, reference: str, payload: AgreementLevelIn) -> Any:
    """Open an agreement to more people or close it."""
    agreement = agreement_of(request, reference, "edit")
    return operations.set_agreement_level(agreement=agreement, actor=actor_of(request), **payload.dict())


@router.post("/agreements/{reference}/hand-over", response=AgreementOut)
def agreement_hand_over(request: HttpRequest, reference: str, payload: AgreementOfficerIn) -> Any:
    """Give an agreement another officer."""
    agreement = agreement_of(request, reference, "edit")
    officer = User.objects.active().permitted(actor_of(request)).filter(reference=payload.officer).first()
    if officer is None:
        raise RuleViolation(_("No account that you may see has this reference."), field="officer")
    return operations.hand_over_agreement(
        agreement=agreement, officer=officer, actor=actor_of(request), reason=payload.reason, read=payload.read
    )
