"""A world that is put back is the one that was built, to the last row, and its log still holds."""

import pytest
from django.db import connection, transaction

from motrice.core import audit
from tests import database, kept
from tests.directory.factories import OrganisationFactory
from tests.inventions.factories import lab
from tests.portfolio.factories import world as office
from tests.sourcing.factories import world as desk

pytestmark = pytest.mark.django_db
WORLDS = [lab, office, desk]


def everything():
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    return {table: database.rows(table) for table in tables}


def taken_back(build):
    """What the builder gives and leaves, in a transaction that is taken back."""
    with transaction.atomic():
        given = build()
        left = everything()
        transaction.set_rollback(True)
    return given, left


@pytest.mark.parametrize("build", WORLDS)
def test_what_is_put_back_is_what_was_built(build):
    fresh = kept.kept(build.__wrapped__)

    built, after_building = taken_back(fresh)
    given, after_putting_back = taken_back(fresh)

    assert after_putting_back == after_building
    assert given == built
    assert given is not built
    assert vars(given) == vars(built)


@pytest.mark.parametrize("build", WORLDS)
def test_the_log_of_a_world_put_back_holds_and_goes_on(build):
    fresh = kept.kept(build.__wrapped__)
    taken_back(fresh)

    fresh()
    OrganisationFactory()

    assert audit.verify().faults == ()


def test_a_world_in_a_database_that_somebody_wrote_to_is_built():
    fresh = kept.kept(lab.__wrapped__)
    first, _rows = taken_back(fresh)
    OrganisationFactory()

    second = fresh()

    assert second.unit.reference != first.unit.reference
