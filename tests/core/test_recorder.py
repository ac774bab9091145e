"""Writing through the log: what is recorded, what is refused, what is taken back."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from motrice.accounts.models import User
from motrice.core import audit
from motrice.core.errors import RuleViolation, StaleState
from motrice.core.models import AuditChange, AuditEntry
from motrice.directory.enums import NameKind, OrganisationKind
from motrice.directory.models import Organisation, OrganisationName

pytestmark = pytest.mark.django_db


def unit(name="Laboratoire des verres", **fields) -> Organisation:
    return Organisation(kind=OrganisationKind.UNIT, name=name, **fields)


def changes() -> list[tuple[str, str, dict, dict]]:
    return list(
        AuditChange.objects.order_by("entry__sequence", "position").values_list("verb", "action", "before", "after")
    )


def test_an_update_records_only_what_differs(make_unit):
    row = make_unit(short_name="LV")

    with audit.operation(None, "unit.rename", reason="a misprint") as op:
        op.update(row, name="Laboratoire du verre", short_name="LV")

    entry = AuditEntry.objects.last()
    assert (entry.verb, entry.reason) == ("unit.rename", "a misprint")
    assert changes()[-1] == (
        "unit.rename",
        "update",
        {"name": "Laboratoire des verres"},
        {"name": "Laboratoire du verre"},
    )


def test_an_update_that_changes_nothing_says_so(make_unit):
    row = make_unit()

    with audit.operation(None, "unit.rename") as op:
        assert op.update(row, name=row.name) is False


def test_an_update_from_a_stale_copy_is_refused_and_the_copy_restored(make_unit, rename):
    row = make_unit()
    stale = Organisation.objects.get(pk=row.pk)
    rename(row, "Laboratoire du verre")

    with pytest.raises(StaleState), audit.operation(None, "unit.rename") as op:
        op.update(stale, name="Autre nom")

    assert stale.name == "Laboratoire des verres"
    assert Organisation.objects.get().name == "Laboratoire du verre"
    assert AuditEntry.objects.last().verb == "unit.rename"
    assert AuditEntry.objects.count() == 2


def test_an_update_guarded_by_another_field_is_refused_when_that_one_moved(make_unit, rename):
    row = make_unit()
    stale = Organisation.objects.get(pk=row.pk)
    rename(row, "Laboratoire du verre")

    with pytest.raises(StaleState), audit.operation(None, "unit.note") as op:
        op.update(stale, guard=("name",), short_name="LV")

    assert Organisation.objects.get().short_name == ""


def test_a_refused_value_names_its_field_and_leaves_nothing(make_unit):
    row = make_unit()

    with pytest.raises(RuleViolation) as refused, audit.operation(None, "unit.rename") as op:
        op.update(row, name="x" * 301)

    assert refused.value.field == "name"
    assert row.name == "Laboratoire des verres"
    assert AuditEntry.objects.count() == 1


def test_a_row_that_breaks_a_constraint_is_refused_in_its_words_and_the_rest_goes_on(make_unit):
    row, today = make_unit(), timezone.localdate()
    name = OrganisationName(organisation=row, kind=NameKind.FORMER, value="Verres")

    with audit.operation(None, "unit.name") as op:
        with pytest.raises(RuleViolation, match="cannot precede"):
            op.create(OrganisationName(organisation=row, kind=NameKind.FORMER, value="Anciens verres",
                                       starts_on=today, ends_on=today - timedelta(days=1)))  # fmt: skip
        op.create(name)
        with pytest.raises(RuleViolation, match="cannot precede"):
            op.update(name, starts_on=today, ends_on=today - timedelta(days=1))

    assert list(OrganisationName.objects.values_list("value", "starts_on")) == [("Verres", None)]
    assert audit.differences() == []


def test_an_error_inside_an_operation_leaves_neither_row_nor_entry():
    with pytest.raises(ZeroDivisionError), audit.operation(None, "unit.create") as op:
        op.create(unit(name="x" * (1 // (op.create(unit()).pk - op.changes[0].pk))))

    assert Organisation.objects.count() == AuditEntry.objects.count() == AuditChange.objects.count() == 0


def test_many_rows_are_recorded_each(django_assert_max_num_queries):
    rows = [unit(f"Laboratoire {number}") for number in range(50)]

    with django_assert_max_num_queries(12), audit.operation(None, "unit.import") as op:
        op.create_many(rows)

    assert [after["name"] for _verb, _action, _before, after in changes()] == [row.name for row in rows]
    assert audit.differences() == []


def test_a_row_that_breaks_a_constraint_is_refused_in_words(make_unit):
    row = make_unit()
    twin = unit("Autre", reference=row.reference)

    with pytest.raises(StaleState, match=r"."), audit.operation(None, "unit.import") as op:
        op.create_many([twin])

    assert Organisation.objects.count() == AuditEntry.objects.count() == 1


def test_an_inner_operation_joins_the_outer_entry_and_keeps_its_verb_and_reason(officer):
    def rename_inside(row):
        with audit.operation(officer, "unit.rename", subject=row, reason="asked by its director") as op:
            op.update(row, name="Laboratoire du verre")

    before = AuditEntry.objects.count()
    with audit.operation(officer, "unit.create") as op:
        row = op.create(unit())
        rename_inside(row)

    entry = AuditEntry.objects.last()
    assert AuditEntry.objects.count() == before + 1
    assert [verb for verb, *_rest in changes()[-2:]] == ["unit.create", "unit.rename"]
    assert entry.details["within"] == [
        {
            "verb": "unit.rename",
            "reason": "asked by its director",
            "details": {},
            "subject": ["directory.organisation", row.pk],
        }
    ]
    assert audit.verify().faults == ()


def test_a_refused_inner_operation_takes_back_its_rows_and_its_trace():
    def create_two():
        with audit.operation(None, "unit.pair", reason="both or none") as op:
            op.create(unit("Premier"))
            op.create(unit("x" * 301))

    with audit.operation(None, "unit.import") as op:
        op.create(unit("Avant"))
        with pytest.raises(RuleViolation):
            create_two()
        op.create(unit("Après"))

    assert sorted(Organisation.objects.values_list("name", flat=True)) == ["Après", "Avant"]
    assert [after["name"] for *_rest, after in changes()] == ["Avant", "Après"]
    assert AuditEntry.objects.get().details == {}
    assert audit.differences() == []


def test_a_refused_attempt_takes_back_its_rows_and_its_trace():
    with audit.operation(None, "unit.import") as op:
        for name in ("Premier", "x" * 301, "Dernier"):
            with pytest.raises(RuleViolation) if len(name) > 300 else transaction.atomic(), op.attempt():
                op.create(unit(f"{name[:9]} (annexe)"))
                op.create(unit(name))

    assert Organisation.objects.count() == 4
    assert audit.differences() == []


def test_a_removal_is_recorded_with_all_that_was_there(make_unit):
    row = make_unit(short_name="LV")

    with audit.operation(None, "unit.remove") as op:
        op.delete(row)

    _verb, action, before, after = changes()[-1]
    assert (action, before["short_name"], after) == ("delete", "LV", {})
    assert audit.differences() == []


def test_a_row_that_changed_since_it_was_read_is_not_removed(make_unit, rename):
    row = make_unit()
    stale = Organisation.objects.get(pk=row.pk)
    rename(row, "Laboratoire du verre")

    with pytest.raises(StaleState), audit.operation(None, "unit.remove") as op:
        op.delete(stale)

    assert Organisation.objects.filter(pk=row.pk).exists()


def test_a_row_removed_meanwhile_is_not_removed_twice(make_unit):
    row = make_unit()
    twin = Organisation.objects.get(pk=row.pk)
    with audit.operation(None, "unit.remove") as op:
        op.delete(row)

    with pytest.raises(StaleState), audit.operation(None, "unit.remove") as op:
        op.delete(twin)

    assert AuditEntry.objects.count() == 2


def test_a_row_that_others_lean_on_is_not_removed(make_unit):
    row = make_unit()
    with audit.operation(None, "name.add") as op:
        op.create(OrganisationName(organisation=row, kind=NameKind.ALIAS, value="Verrerie"))

    with pytest.raises(RuleViolation), audit.operation(None, "unit.remove") as op:
        op.delete(row)

    assert Organisation.objects.count() == OrganisationName.objects.count() == 1
    assert audit.differences() == []


def test_secrets_never_reach_the_log(officer):
    with audit.operation(None, "user.password") as op:
        op.update(officer, password="argon2$this-is-the-secret", display_name="Odile B.")

    text = str(list(AuditChange.objects.values())) + str(list(AuditEntry.objects.values()))
    assert "this-is-the-secret" not in text
    assert "password" not in {key for *_rest, after in changes() for key in after}
    assert changes()[-1][3] == {"display_name": "Odile B."}
    assert User.objects.get(pk=officer.pk).password == "argon2$this-is-the-secret"


def test_a_reading_is_traced_without_any_change(officer, make_unit):
    row = make_unit()

    audit.trace(officer, "unit.export", subject=row, reason="annual report", row_count=3)

    entry = AuditEntry.objects.last()
    assert (entry.verb, entry.subject_pk, entry.details) == ("unit.export", row.pk, {"row_count": 3})
    assert entry.changes.count() == 0


def test_entries_and_changes_refuse_to_be_rewritten(make_unit):
    make_unit()
    entry, change = AuditEntry.objects.get(), AuditChange.objects.get()

    for rewrite in (
        entry.save,
        entry.delete,
        change.save,
        change.delete,
        AuditEntry.objects.all().delete,
        lambda: AuditEntry.objects.update(verb="other"),
        lambda: AuditChange.objects.filter(pk=change.pk).update(verb="other"),
    ):
        with pytest.raises(TypeError, match="append-only"):
            rewrite()

    assert audit.verify().faults == ()


def test_past_history_carries_its_own_time(make_unit):
    moment = timezone.now() - timedelta(days=900)

    with audit.operation(None, "unit.create", at=moment) as op:
        op.create(unit())

    assert AuditEntry.objects.get().at == moment
    assert audit.verify().faults == ()


def test_an_unknown_field_is_no_column(make_unit):
    row = make_unit()

    with pytest.raises(Exception, match="nom"), audit.operation(None, "unit.rename") as op:
        op.update(row, nom="Autre")

    assert AuditEntry.objects.count() == 1
