"""The proof: every kind of tampering is found and named, and the replay of the log is the database."""

import hashlib

import pytest
from django.db import connection

from motrice.core import audit
from motrice.core.models import AuditChange, AuditEntry
from motrice.directory.enums import OrganisationKind
from motrice.directory.models import Organisation

pytestmark = pytest.mark.django_db


def sql(statement: str, *values) -> None:
    """Write in the tables as somebody with the database at hand would."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def remove_entry(entry: AuditEntry) -> None:
    sql("DELETE FROM core_auditchange WHERE entry_id = %s", entry.pk)
    sql("DELETE FROM core_auditentry WHERE id = %s", entry.pk)


@pytest.fixture
def chain(make_unit, rename) -> list[AuditEntry]:
    """Five entries."""
    row = make_unit("Nom 0")
    for number in range(1, 5):
        rename(row, f"Nom {number}", reason=f"raison {number}")
    return list(AuditEntry.objects.all())


def test_a_whole_chain_has_no_fault(chain):
    verdict = audit.verify(expected_head=f" {chain[2].hash.upper()} ")

    assert verdict == audit.Verdict(entry_count=5, head=chain[-1].hash, faults=())
    assert audit.head() == chain[-1].hash


def test_a_log_to_which_others_append_while_it_is_read_is_whole(chain, make_unit):
    asked = []

    def append_between(execute, *query):
        asked.append(query)
        if len(asked) == 2:
            make_unit("Entre deux")
        return execute(*query)

    with connection.execute_wrapper(append_between):
        verdict = audit.verify()

    assert (verdict.entry_count, verdict.faults) == (5, ())
    assert AuditEntry.objects.count() == 6


def test_an_empty_log_is_whole():
    assert audit.verify() == audit.Verdict(entry_count=0, head=audit.GENESIS, faults=())
    assert audit.head() == audit.GENESIS


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("reason", "another reason"),
        ("verb", "unit.other"),
        ("at", "2020-01-01 00:00:00+00:00"),
        ("subject_pk", 12),
        ("subject_label", "directory.person"),
        ("details", '{"more": 1}'),
        ("hash", "f" * 64),
    ],
)
def test_an_altered_entry_is_found(chain, column, value):
    sql(f"UPDATE core_auditentry SET {column} = %s WHERE id = %s", value, chain[2].pk)

    assert f"entry {chain[2].sequence} was altered" in " ".join(audit.verify().faults)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("after", '{"name": "Faux"}'),
        ("before", "{}"),
        ("object_pk", 99),
        ("label", "x"),
        ("action", "create"),
        ("verb", "x"),
    ],
)
def test_an_altered_change_is_found(chain, column, value):
    sql(f"UPDATE core_auditchange SET {column} = %s WHERE entry_id = %s", value, chain[1].pk)

    assert audit.verify().faults == (f"entry {chain[1].sequence} was altered (unit.rename)",)


def test_an_added_change_is_found(chain):
    AuditChange.objects.create(
        entry=chain[1], position=1, verb="x", label="directory.organisation", object_pk=1, action="update", after={}
    )

    assert audit.verify().faults == (f"entry {chain[1].sequence} was altered (unit.rename)",)


def test_a_removed_change_is_found(chain):
    sql("DELETE FROM core_auditchange WHERE entry_id = %s", chain[1].pk)

    assert audit.verify().faults == (f"entry {chain[1].sequence} was altered (unit.rename)",)


def test_a_removed_entry_is_found(chain):
    remove_entry(chain[2])

    assert audit.verify().faults == (
        "entry 3 is missing: the next one found is 4",
        "entry 4 does not follow the one before it",
    )


def test_several_removed_entries_are_found(chain):
    remove_entry(chain[1])
    remove_entry(chain[2])

    assert audit.verify().faults[0] == "entry 2 to 3 is missing: the next one found is 4"


def test_a_removed_entry_is_found_when_the_numbers_were_closed_up(chain):
    remove_entry(chain[2])
    sql("UPDATE core_auditentry SET sequence = sequence - 1 WHERE sequence > 3")

    faults = " ".join(audit.verify().faults)

    assert "entry 3 does not follow" in faults
    assert "entry 3 was altered" in faults


def test_two_entries_that_changed_places_are_found(chain):
    sql("UPDATE core_auditentry SET sequence = 100 WHERE id = %s", chain[1].pk)
    sql("UPDATE core_auditentry SET sequence = 2 WHERE id = %s", chain[2].pk)
    sql("UPDATE core_auditentry SET sequence = 3 WHERE id = %s", chain[1].pk)

    faults = " ".join(audit.verify().faults)

    assert "entry 2 does not follow the one before it" in faults
    assert "entry 3 does not follow the one before it" in faults


def test_changes_that_changed_places_are_found(db):
    with audit.operation(None, "unit.import") as op:
        op.create_many([Organisation(kind=OrganisationKind.UNIT, name=f"Nom {n}") for n in range(2)])
    sql("UPDATE core_auditchange SET position = 5 WHERE position = 0")

    assert audit.verify().faults == ("entry 1 was altered (unit.import)",)


def test_a_chain_cut_at_its_end_is_found_with_the_noted_head_only(chain):
    noted = audit.head()
    remove_entry(chain[-1])

    assert audit.verify().faults == ()
    assert audit.verify(expected_head=noted).faults == (
        "the noted head is not in the chain: entries were removed from its end or rewritten",
    )


def test_a_chain_rewritten_with_good_hashes_is_found_with_the_noted_head(chain):
    noted = audit.head()
    previous = chain[0].hash
    for entry in chain[1:]:
        entry.reason, entry.previous_hash = "rewritten", previous
        previous = audit.digest(entry, entry.changes.all())
        sql(
            "UPDATE core_auditentry SET reason = %s, previous_hash = %s, hash = %s WHERE id = %s",
            "rewritten",
            entry.previous_hash,
            previous,
            entry.pk,
        )

    assert audit.verify().faults == ()
    assert audit.verify(expected_head=noted).faults != ()


def test_an_emptied_log_is_found_with_the_noted_head(chain):
    noted = audit.head()
    for entry in reversed(chain):
        remove_entry(entry)

    assert audit.verify(expected_head=noted).faults != ()


def test_the_hash_is_the_one_that_the_manual_describes(make_unit):
    make_unit()
    entry = AuditEntry.objects.get()

    assert entry.hash == audit.digest(entry, entry.changes.all())
    assert len(bytes.fromhex(entry.hash)) == hashlib.sha256().digest_size
    assert entry.previous_hash == audit.GENESIS


@pytest.mark.parametrize("number", [1e16, -0.0, 1.0, 0.1, 1e-7, 123456789.125, 10**18])
def test_numbers_survive_the_database(number):
    audit.trace(None, "figure.note", value=number, parts=[number, {"in": number}])

    assert audit.verify().faults == ()


def test_the_log_replayed_is_the_database(chain, officer):
    assert audit.differences() == []
    assert audit.replay()[("directory.organisation", Organisation.objects.get().pk)]["name"] == "Nom 4"


def test_a_row_changed_by_hand_is_named(chain):
    row = Organisation.objects.get()
    sql("UPDATE directory_organisation SET name = %s", "Faux")

    assert audit.differences() == [f"directory.organisation {row.pk}.name: the log says 'Nom 4', the database 'Faux'"]


def test_a_row_that_came_another_way_is_named(chain):
    row = Organisation.objects.create(kind=OrganisationKind.UNIT, name="Sans trace")

    assert audit.differences() == [f"directory.organisation {row.pk} is not in the log"]


def test_a_row_removed_by_hand_is_named(chain):
    pk = Organisation.objects.get().pk
    sql("DELETE FROM directory_organisation")

    assert audit.differences() == [f"directory.organisation {pk} is in the log but not in the database"]


def test_a_column_newer_than_the_row_has_its_default(chain):
    sql(
        "UPDATE core_auditchange SET after = %s WHERE action = 'create'",
        '{"name": "x", "kind": "unit", "reference": "x"}',
    )
    fields = [text.split(":")[0].rsplit(".", 1)[-1] for text in audit.differences()]

    assert fields == ["id", "reference"]
