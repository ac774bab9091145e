"""The docket through the API: deadlines with the chain that made them, what was done, paid, decided, and the costs."""

from datetime import date
from decimal import Decimal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema, Status
from pydantic import Field

from motrice.core.policies import get_permitted
from motrice.portfolio.api.shapes import actor_of
from motrice.portfolio.enums import Choice, Confidence, DeadlineState, Nature
from motrice.portfolio.lists.docket import DOCKET, OWN_DEADLINES, docket_rows, own_deadline_rows
from motrice.portfolio.models import Deadline
from motrice.portfolio.operations import docket as operations
from motrice.portfolio.queries.docket import cost_forecast
from motrice.portfolio.queries.own_deadlines import own_amount, own_share
from motrice.portfolio.tables.docket import rulebook
from motrice.portfolio.words.docket import basis_of, chain_steps, fee_basis, rule_name
from motrice.web.rest import ReadIn, Strict
from motrice.web.rest_lists import FILE, filed, listed

router = Router()


class DeadlineOut(Schema):
    """One date on the docket; `closes_on` is the last day on which it can be done at all."""

    reference: str
    asset: str
    application: str
    office: str
    rule: str
    name: str
    term: str
    nature: Nature
    state: DeadlineState
    confidence: Confidence
    due_on: date
    original_on: date
    opens_on: date | None
    grace_until: date | None
    closes_on: date
    amount: Decimal | None
    surcharge: Decimal | None
    currency: str
    is_estimate: bool
    fee_table: str
    fee_version: int | None
    fee_known_until: date | None
    fee_source: str
    done_on: date | None
    choice: str

    @staticmethod
    def resolve_asset(deadline: Deadline) -> str:
        return deadline.asset.reference

    @staticmethod
    def resolve_application(deadline: Deadline) -> str:
        return deadline.application.reference

    @staticmethod
    def resolve_office(deadline: Deadline) -> str:
        return deadline.application.office

    @staticmethod
    def resolve_name(deadline: Deadline) -> str:
        return rule_name(deadline)

    @staticmethod
    def resolve_fee_known_until(deadline: Deadline) -> date | None:
        basis = basis_of(deadline)
        return basis.known_until if basis else None

    @staticmethod
    def resolve_fee_source(deadline: Deadline) -> str:
        basis = basis_of(deadline)
        return basis.source if basis else ""


class OwnDeadlineOut(Schema):
    """What a co-owner is told of a deadline: its own share of the title, and its own part of the fee."""

    title: str
    share: str
    due_on: date
    state: DeadlineState
    amount: Decimal | None
    currency: str
    is_estimate: bool

    @staticmethod
    def resolve_title(deadline: Deadline) -> str:
        return deadline.asset.title

    @staticmethod
    def resolve_share(deadline: Deadline) -> str:
        return str(own_share(deadline))

    @staticmethod
    def resolve_amount(deadline: Deadline) -> Decimal | None:
        return own_amount(deadline)


class StepOut(Schema):
    """One step of the chain that made a date."""

    words: str
    on: date
    law: str


class DeadlineChainOut(DeadlineOut):
    """A deadline with the events and rules that made it."""

    steps: list[StepOut]

    @staticmethod
    def resolve_steps(deadline: Deadline) -> list[StepOut]:
        return [StepOut(words=step.words, on=step.on, law=step.law) for step in chain_steps(deadline)]


class DoneIn(Strict):
    """That a deadline was met."""

    done_on: date
    note: str = Field("", max_length=1000)


class PaymentIn(Strict):
    """What was paid."""

    paid_on: date
    amount: Decimal = Field(gt=0, max_digits=10, decimal_places=2)
    currency: str = Field(pattern="^[A-Z]{3}$")
    receipt: str = Field("", max_length=120)


class ExtensionIn(Strict):
    """That the office granted an extension."""

    granted_on: date
    note: str = Field("", max_length=1000)


class ChoiceIn(ReadIn):
    """Keep, or let go with the reason."""

    choice: Choice
    reason: str = Field("", max_length=1000)


class ForecastCostOut(Schema):
    """A sum of fees to come."""

    key: str
    currency: str
    amount: Decimal


class ForecastOwnerOut(ForecastCostOut):
    """The part of one owner; both names are empty when nobody is known to own it."""

    reference: str


class ForecastTableOut(Schema):
    """A fee table that gave fees of the forecast: those due after `known_until` are estimates."""

    code: str
    version: int | None
    valid_from: date | None
    known_until: date | None
    source: str
    count: int
    estimate_count: int


class ForecastOut(Schema):
    """The fees of the coming twenty years by year, office and co-owner; annuities in no table are counted apart."""

    first_year: int
    by_year: list[ForecastCostOut]
    by_office: list[ForecastCostOut]
    by_owner: list[ForecastOwnerOut]
    estimated: list[ForecastCostOut] = Field(description="What is estimated of the total, under the key “total”.")
    tables: list[ForecastTableOut]
    unknown: int


def _deadline(request: HttpRequest, action: str, reference: str) -> Deadline:
    return get_permitted(Deadline, actor_of(request), action, reference=reference)


def _again(deadline: Deadline) -> Deadline:
    return Deadline.objects.select_related("asset", "application").get(pk=deadline.pk)


@router.get("/deadlines", response=list[DeadlineOut])
@listed(DOCKET)
def deadline_list(request: HttpRequest):
    """The deadlines of a year back and two years ahead that the caller may see."""
    return docket_rows(actor_of(request))


@router.get("/deadlines/file", openapi_extra=FILE)
@filed(DOCKET)
def deadline_file(request: HttpRequest):
    """The same deadlines as a file."""
    return docket_rows(actor_of(request))


@router.get("/own-deadlines", response=list[OwnDeadlineOut])
@listed(OWN_DEADLINES)
def own_deadline_list(request: HttpRequest):
    """The deadlines of the titles of which the caller's organisations own a part, each with their own part alone."""
    return own_deadline_rows(actor_of(request))


@router.get("/costs", response=ForecastOut)
def cost_forecast_detail(request: HttpRequest):
    """What the deadlines that the caller may see will cost."""
    found = cost_forecast(Deadline.objects.permitted(actor_of(request)), today=timezone.localdate())

    def rows(sums: dict) -> list[ForecastCostOut]:
        return [
            ForecastCostOut(key=str(key), currency=currency, amount=amount)
            for currency, by_key in sorted(sums.items())
            for key, amount in sorted(by_key.items())
        ]

    return ForecastOut(
        first_year=found.first_year,
        by_year=rows(found.by_year),
        by_office=rows(found.by_office),
        by_owner=[
            ForecastOwnerOut(key=owner.name, reference=owner.reference, currency=currency, amount=amount)
            for currency, by_key in sorted(found.by_owner.items())
            for owner, amount in sorted(by_key.items())
        ],
        estimated=rows({currency: {"total": amount} for currency, amount in found.estimated.items()}),
        tables=[_table(key, counts) for key, counts in sorted(found.tables.items()) if key[0]],
        unknown=found.unknown,
    )


def _table(key: tuple[str, int | None], counts: tuple[int, int]) -> ForecastTableOut:
    basis = fee_basis(*key, rulebook())
    return ForecastTableOut(
        code=key[0],
        version=key[1],
        valid_from=basis.valid_from if basis else None,
        known_until=basis.known_until if basis else None,
        source=basis.source if basis else "",
        count=counts[0],
        estimate_count=counts[1],
    )


@router.get("/deadlines/{reference}", response=DeadlineChainOut)
def deadline_detail(request: HttpRequest, reference: str):
    """One deadline with the chain that made it; 404 when it may not be seen."""
    return _deadline(request, "view", reference)


@router.post("/deadlines/{reference}/done", response=DeadlineOut)
def deadline_done(request: HttpRequest, reference: str, payload: DoneIn):
    """Record that a deadline was met."""
    deadline = _deadline(request, "docket", reference)
    operations.mark_done(deadline=deadline, actor=actor_of(request), **payload.dict())
    return _again(deadline)


@router.post("/deadlines/{reference}/payment", response={201: DeadlineOut})
def deadline_payment(request: HttpRequest, reference: str, payload: PaymentIn):
    """Record a payment."""
    deadline = _deadline(request, "docket", reference)
    operations.record_payment(deadline=deadline, actor=actor_of(request), **payload.dict())
    return Status(201, _again(deadline))


@router.post("/deadlines/{reference}/extension", response=DeadlineOut)
def deadline_extension(request: HttpRequest, reference: str, payload: ExtensionIn):
    """Record that the office granted an extension."""
    deadline = _deadline(request, "docket", reference)
    operations.extend_deadline(deadline=deadline, actor=actor_of(request), **payload.dict())
    return _again(deadline)


@router.post("/deadlines/{reference}/choice", response=DeadlineOut)
def deadline_choice(request: HttpRequest, reference: str, payload: ChoiceIn):
    """Instruct to keep a title by paying, or to let it go."""
    deadline = _deadline(request, "docket", reference)
    operations.choose(deadline=deadline, actor=actor_of(request), **payload.dict())
    return _again(deadline)
