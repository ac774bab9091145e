"""What the modules of the portfolio's API share: bodies, exact shares, and the records that a body names."""

from fractions import Fraction
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Schema
from pydantic import Field

from motrice.accounts.models import User
from motrice.core.errors import RuleViolation
from motrice.directory.models import Organisation, Person
from motrice.portfolio.queries.coownership import names_of
from motrice.portfolio.words.coownership import reason_words
from motrice.web.rest import Strict

TEXT = 20_000
LARGEST = 2_000_000_000
REFERENCE: dict[str, Any] = {"min_length": 8, "max_length": 8}


class ShareIn(Strict):
    """An exact part of one: a third is 1 of 3."""

    numerator: int = Field(ge=1, le=LARGEST)
    denominator: int = Field(1, ge=1, le=LARGEST)

    @property
    def share(self) -> Fraction:
        """The exact fraction."""
        return Fraction(self.numerator, self.denominator)


def actor_of(request: HttpRequest) -> Any:
    """Whose session or token it is."""
    return request.auth  # type: ignore[attr-defined]


def organisation_of(request: HttpRequest, reference: str, *, field: str) -> Organisation:
    """The organisation that a body names, among those that the caller may see."""
    found = Organisation.objects.live().permitted(actor_of(request)).filter(reference=reference).first()
    if found is None:
        raise RuleViolation(_("No organisation that you may see has this reference."), field=field)
    return found


def person_of(request: HttpRequest, reference: str, *, field: str) -> Person:
    """The person that a body names, among those that the caller may see."""
    found = Person.objects.live().permitted(actor_of(request)).filter(reference=reference).first()
    if found is None:
        raise RuleViolation(_("Nobody in the directory has this reference."), field=field)
    return found


def account_of(request: HttpRequest, reference: str, *, field: str) -> User:
    """The account that a body names, among those that the caller may see."""
    found = User.objects.active().permitted(actor_of(request)).filter(reference=reference).first()
    if found is None:
        raise RuleViolation(_("No account that you may see has this reference."), field=field)
    return found


class ReasonOut(Schema):
    """Why: the sentence, and the article it rests on."""

    code: str
    text: str
    article: str


def reasons_told(reasons: Any) -> list[dict[str, str]]:
    names = names_of(reasons)
    return [{"code": row.code, "text": reason_words(row, names), "article": row.article} for row in reasons]
