"""Whoever attaches something to a body or a person while it is merged away: it moves with it, or it is refused."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from django.db import connection

from motrice.accounts.enums import RoleKind
from motrice.accounts.models import User
from motrice.accounts.operations.roles import grant_role
from motrice.core import audit, pointers
from motrice.core.errors import MotriceError, StaleState
from motrice.directory.enums import NameKind, OrganisationKind
from motrice.directory.models import Organisation, OrganisationName
from motrice.directory.operations.merge import merge
from motrice.portfolio.operations.ownership import transfer_share
from tests.core.test_concurrency import at_once
from tests.directory.factories import OrganisationFactory, PersonFactory, user_with
from tests.meeting import let_in
from tests.portfolio.factories import application_of, asset_of, world

pytestmark = pytest.mark.django_db(transaction=True)
ON = date(2026, 6, 1)
ACTS = {}


def act(function):
    ACTS[function.__name__] = function
    return function


@pytest.fixture
def place(settings, tmp_path):
    settings.SEARCH_ROOT = tmp_path
    return world()


@act
def share(place, absorbed):
    asset = asset_of(place)
    application_of(place, asset)

    def give():
        terms = {"share": Fraction(1, 4), "on": ON, "ground": "acte", "exempt": "dation"}
        return transfer_share(asset=asset, giver=place.office, taker=absorbed, actor=place.officer, **terms)

    return give


@act
def role(place, absorbed):
    user = User.objects.create(username="nouvelle")
    administrator = user_with("administrator")
    return lambda: grant_role(user=user, kind=RoleKind.LAB_DIRECTOR, on=absorbed, starts_on=ON, actor=administrator)


@act
def old_name(place, absorbed):
    def add():
        with audit.operation(None, "organisation.name") as op:
            op.create(OrganisationName(organisation=absorbed, kind=NameKind.FORMER, value="Ancien nom"))

    return add


@act
def rows_of_an_import(place, absorbed):
    def add():
        with audit.operation(None, "import.write") as op:
            made = Organisation(kind=OrganisationKind.COMPANY, name="Neuve")
            op.create_many([made])
            op.create_many([OrganisationName(organisation=body, kind=NameKind.FORMER, value="Ancien nom")
                            for body in (made, absorbed)])  # fmt: skip

    return add


@act
def another_body_merged_into_it(place, absorbed):
    earlier = OrganisationFactory(name="Plus ancien")
    return lambda: merge(kept=absorbed, absorbed=earlier, actor=user_with("coordinator"))


@pytest.mark.parametrize("name", list(ACTS))
def test_what_is_attached_to_a_body_that_is_merged_away_meanwhile_is_moved_or_refused(place, monkeypatch, name):
    kept, absorbed = OrganisationFactory(name="Verres"), OrganisationFactory(name="Verre")
    coordinator = user_with("coordinator")
    attach = ACTS[name](place, absorbed)
    second = let_in(monkeypatch, audit, "_append", first=True)

    results = at_once(attach, second(lambda: merge(kept=kept, absorbed=absorbed, actor=coordinator)))

    assert not isinstance(results[1], Exception), results
    assert isinstance(results[0], MotriceError) or not isinstance(results[0], Exception), results
    assert pointers.counts(absorbed) == {}
    assert audit.verify().faults == ()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer: nothing is merged meanwhile")
def test_who_may_not_see_the_record_reads_no_name_of_it(place, monkeypatch):
    kept, absorbed = OrganisationFactory(name="Verres"), OrganisationFactory(name="Verre secret")
    coordinator, attach = user_with("coordinator"), ACTS["old_name"](place, absorbed)
    second = let_in(monkeypatch, audit, "_append", first=True)

    results = at_once(attach, second(lambda: merge(kept=kept, absorbed=absorbed, actor=coordinator)))

    assert isinstance(results[0], StaleState)
    assert "secret" not in str(results[0])


def test_nothing_is_attached_to_a_body_or_a_person_that_was_merged_before(place):
    body = OrganisationFactory(name="Verre", merged_into=OrganisationFactory())
    person = PersonFactory(family_name="Martin", merged_into=PersonFactory())
    coordinator = user_with("coordinator")

    with pytest.raises(StaleState, match="Verre"), audit.operation(coordinator, "organisation.name") as op:
        op.create(OrganisationName(organisation=body, kind=NameKind.FORMER, value="Ancien"))
    with pytest.raises(StaleState, match="Martin"), audit.operation(coordinator, "person.merge") as op:
        op.update(PersonFactory(), merged_into=person)
