"""The commands say what they found, and end non-zero when something is wrong."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from motrice.core import audit, references

pytestmark = pytest.mark.django_db


def run(*arguments) -> str:
    out = io.StringIO()
    call_command(*arguments, stdout=out, stderr=out)
    return out.getvalue()


@pytest.fixture
def spoilt(make_unit):
    make_unit()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE directory_organisation SET name = 'Faux'")
        cursor.execute("UPDATE core_auditentry SET reason = 'another'")


def test_audit_verify_counts_the_entries(make_unit):
    make_unit()

    assert audit.head() in run("audit", "verify")
    assert "1" in run("audit", "verify", "--head", audit.head().upper())


def test_audit_verify_names_the_faults_and_fails(spoilt):
    out = io.StringIO()

    with pytest.raises(CommandError):
        call_command("audit", "verify", stdout=out, stderr=out)

    assert "entry 1 was altered (unit.create)" in out.getvalue()


def test_audit_verify_fails_when_the_noted_head_is_gone(make_unit):
    make_unit()

    with pytest.raises(CommandError):
        run("audit", "verify", "--head", "a" * 64)


def test_audit_verify_refuses_what_is_no_hash():
    with pytest.raises(CommandError, match="abc"):
        run("audit", "verify", "--head", "abc")


def test_audit_head_prints_the_hash_alone(make_unit):
    make_unit()

    assert run("audit", "head") == audit.head() + "\n"


def test_audit_replay_names_the_differences_and_fails(make_unit, spoilt):
    out = io.StringIO()

    with pytest.raises(CommandError):
        call_command("audit", "replay", stdout=out, stderr=out)

    assert "'Faux'" in out.getvalue()


def test_audit_replay_of_a_true_log_succeeds(make_unit):
    make_unit()

    assert run("audit", "replay").strip()


def test_catalogue_sync_then_list_shows_what_is_in_force():
    run("catalogue", "sync")
    listed = run("catalogue", "list").splitlines()

    kinds = {line.split("/")[0] for line in listed}
    assert "sourcing.routing" in kinds
    assert run("catalogue", "list", "sourcing.routing").splitlines() == [
        line for line in listed if line.startswith("sourcing.routing/")
    ]


def test_catalogue_list_refuses_an_unknown_kind():
    run("catalogue", "sync")

    with pytest.raises(CommandError, match=r"sourcing\.routing"):
        run("catalogue", "list", "colours")


def test_references_are_legible_and_differ():
    made = {references.new_reference() for _ in range(2000)}

    assert len(made) == 2000
    assert all(len(text) == 8 and set(text) <= set(references.ALPHABET) for text in made)
    assert set("0O1ILU").isdisjoint(references.ALPHABET)
