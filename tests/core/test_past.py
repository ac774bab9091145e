"""A record with its parts as they stood at a time, from the log."""

from datetime import timedelta
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.utils import timezone

from motrice.core import audit
from motrice.core.models import AuditChange
from motrice.core.past import parts_as_of, rows_as_of
from motrice.directory.enums import NameKind, OrganisationKind
from motrice.directory.models import Organisation, OrganisationName

pytestmark = pytest.mark.django_db


@pytest.fixture
def told():
    """Two units; the name of one was added 30 days ago, changed 20, moved to the other 10, removed 5 days ago."""
    now = timezone.now()
    with audit.operation(None, "unit.create", at=now - timedelta(days=40)) as op:
        one = op.create(Organisation(kind=OrganisationKind.UNIT, name="Une"))
        two = op.create(Organisation(kind=OrganisationKind.UNIT, name="Deux"))
    with audit.operation(None, "name.add", at=now - timedelta(days=30)) as op:
        name = op.create(OrganisationName(organisation=one, kind=NameKind.ALIAS, value="Premier"))
    with audit.operation(None, "name.change", at=now - timedelta(days=20)) as op:
        op.update(name, value="Second")
    with audit.operation(None, "merge", at=now - timedelta(days=10)) as op:
        op.update(name, organisation=two)
    with audit.operation(None, "name.remove", at=now - timedelta(days=5)) as op:
        op.delete(name)
    return one, two


@pytest.mark.parametrize(
    ("days", "of_one", "of_two"),
    [(35, [], []), (25, ["Premier"], []), (15, ["Second"], []), (8, [], ["Second"]), (1, [], [])],
)
def test_parts_are_those_that_a_record_had_then(told, days, of_one, of_two):
    at = timezone.now() - timedelta(days=days)

    found = [[row.value for row in parts_as_of(OrganisationName, "organisation", body.pk, at)] for body in told]

    assert found == [of_one, of_two]


def test_rows_come_back_as_objects_and_those_not_there_are_left_out(told):
    one, two = told
    at = timezone.now()

    found = rows_as_of(Organisation, [one.pk, two.pk, two.pk + 999], at)

    assert [(row.name, row.get_kind_display(), row.starts_on) for row in found.values()] == [
        ("Une", one.get_kind_display(), None),
        ("Deux", two.get_kind_display(), None),
    ]


def test_the_number_of_questions_does_not_grow_with_the_parts(told, django_assert_num_queries):
    one, _two = told
    with audit.operation(None, "name.add") as op:
        op.create_many([OrganisationName(organisation=one, kind=NameKind.ALIAS, value=f"Nom {n}") for n in range(3)])

    with django_assert_num_queries(3):
        assert len(parts_as_of(OrganisationName, "organisation", one.pk, timezone.now())) == 3


LEAVING = [("update", {"organisation_id"}), ("delete", {"id", "kind", "organisation_id", "value"})]


def leaving() -> list[tuple[str, set[str]]]:
    rows = AuditChange.objects.filter(is_leaving=True, label="directory.organisationname").order_by("pk")
    return [(row.action, set(row.before) & {"id", "kind", "organisation_id", "value"}) for row in rows]


def test_the_log_marks_what_leaves_a_record(told):
    assert AuditChange.objects.filter(label="directory.organisationname").count() == 4
    assert leaving() == LEAVING


def test_a_log_written_before_is_marked_when_the_site_is_brought_up_to_date(told):
    plain = AuditChange._base_manager
    plain.update(is_leaving=False)

    apps = SimpleNamespace(get_model=lambda *_label: SimpleNamespace(objects=plain))
    import_module("motrice.core.migrations.0006_changes_that_leave").mark(apps, None)

    assert leaving() == LEAVING
