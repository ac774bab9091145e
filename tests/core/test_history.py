"""Reading the past and undoing it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from motrice.core import audit
from motrice.core.errors import RuleViolation, StaleState
from motrice.core.models import AuditEntry
from motrice.directory.enums import NameKind, OrganisationKind
from motrice.directory.models import Organisation, OrganisationName

pytestmark = pytest.mark.django_db


@pytest.fixture
def dated(make_unit):
    """A unit created thirty days ago, renamed twenty days ago, removed ten days ago."""
    now = timezone.now()
    with audit.operation(None, "unit.create", at=now - timedelta(days=30)) as op:
        row = op.create(Organisation(kind=OrganisationKind.UNIT, name="Premier nom"))
    with audit.operation(None, "unit.rename", at=now - timedelta(days=20)) as op:
        op.update(row, name="Second nom")
    with audit.operation(None, "unit.remove", at=now - timedelta(days=10)) as op:
        op.delete(row)
    return row


@pytest.mark.parametrize(
    ("days", "name"),
    [(31, None), (30, "Premier nom"), (21, "Premier nom"), (20, "Second nom"), (11, "Second nom"), (9, None)],
)
def test_a_record_is_shown_as_of_a_past_date(dated, days, name):
    at = timezone.now() - timedelta(days=days) + timedelta(minutes=1)

    state = audit.as_of(Organisation, dated.pk, at)

    assert (state or {}).get("name") == name


def test_history_is_newest_first(dated, django_assert_num_queries):
    with django_assert_num_queries(1):
        rows = [(row.verb, row.entry.verb, row.entry.actor) for row in audit.history(dated)]

    assert rows == [("unit.remove",) * 2 + (None,), ("unit.rename",) * 2 + (None,), ("unit.create",) * 2 + (None,)]


def test_a_whole_operation_is_undone(officer, make_unit, rename):
    kept = make_unit("Gardé")
    with audit.operation(None, "unit.import") as op:
        op.create_many([Organisation(kind=OrganisationKind.UNIT, name=f"Importé {n}") for n in range(3)])
        op.update(kept, name="Changé")
    before = Organisation.objects.count()

    count = audit.revert([AuditEntry.objects.last()], actor=officer, verb="import.undo", reason="wrong file")

    assert (before, count) == (4, 4)
    assert list(Organisation.objects.values_list("name", flat=True)) == ["Gardé"]
    entry = AuditEntry.objects.last()
    assert (entry.verb, entry.reason, entry.actor) == ("import.undo", "wrong file", officer)
    assert audit.verify().faults == ()
    assert audit.differences() == []


def test_a_removal_is_undone_with_the_same_key(officer, make_unit):
    row = make_unit(short_name="LV")
    pk, reference = row.pk, row.reference
    with audit.operation(None, "unit.remove") as op:
        op.delete(row)

    audit.revert([AuditEntry.objects.last()], actor=officer, verb="unit.restore")

    back = Organisation.objects.get()
    assert (back.pk, back.reference, back.short_name) == (pk, reference, "LV")
    assert audit.differences() == []


def test_several_operations_are_undone_newest_first(officer, make_unit, rename):
    row = make_unit("A")
    rename(row, "B")
    rename(row, "C")

    audit.revert(AuditEntry.objects.filter(verb="unit.rename"), actor=officer, verb="undo")

    assert Organisation.objects.get().name == "A"
    reverted = AuditEntry.objects.last().details["reverted"]
    assert reverted == sorted(reverted, reverse=True)
    assert len(reverted) == 2


def test_what_changed_since_is_not_undone_and_says_which_field(officer, make_unit, rename):
    row = make_unit("A")
    rename(row, "B")
    entry = AuditEntry.objects.last()
    rename(row, "C")
    count = AuditEntry.objects.count()

    with pytest.raises(StaleState, match="name"):
        audit.revert([entry], actor=officer, verb="undo")

    assert Organisation.objects.get().name == "C"
    assert AuditEntry.objects.count() == count


def test_an_undo_is_refused_whole(officer, make_unit, rename):
    with audit.operation(None, "unit.import") as op:
        rows = op.create_many([Organisation(kind=OrganisationKind.UNIT, name=f"Importé {n}") for n in range(3)])
    entry = AuditEntry.objects.last()
    rename(Organisation.objects.get(pk=rows[0].pk), "Changé")

    with pytest.raises(StaleState):
        audit.revert([entry], actor=officer, verb="undo")

    assert Organisation.objects.count() == 3


def test_a_creation_that_others_lean_on_is_not_undone(officer, make_unit):
    row = make_unit()
    entry = AuditEntry.objects.last()
    with audit.operation(None, "name.add") as op:
        op.create(OrganisationName(organisation=row, kind=NameKind.ALIAS, value="Verrerie"))

    with pytest.raises(RuleViolation):
        audit.revert([entry], actor=officer, verb="undo")

    assert Organisation.objects.count() == 1


def test_an_undo_is_itself_undone(officer, make_unit, rename):
    row = make_unit("A")
    rename(row, "B")
    audit.revert([AuditEntry.objects.last()], actor=officer, verb="undo")

    audit.revert([AuditEntry.objects.last()], actor=officer, verb="redo")

    assert Organisation.objects.get().name == "B"
    assert audit.differences() == []
