"""State machines: what is legal, for whom, and what happens when two move at once."""

import pytest

from motrice.core import audit, policies, transitions
from motrice.core.errors import InvalidTransition, NotPermitted, StaleState
from motrice.core.policies import EVERYTHING, clause
from motrice.core.transitions import Machine, Transition
from motrice.directory.enums import OrganisationKind
from motrice.directory.models import Organisation

pytestmark = pytest.mark.django_db
K = OrganisationKind


@clause("Anyone.")
def anyone(actor):
    return EVERYTHING


@pytest.fixture
def machine(monkeypatch):
    """A machine over the kind of an organisation, and the rights it asks."""
    monkeypatch.setattr(policies, "_rules", {})
    monkeypatch.setattr(transitions, "machines", [])
    policies.register(Organisation, {"view": [anyone], "edit": [anyone], "close": []})
    return Machine(
        "directory.Organisation",
        Transition("split", {K.UNIT}, K.TEAM, action="edit"),
        Transition("join", {K.TEAM}, K.UNIT, action="edit"),
        Transition("close", {K.UNIT, K.TEAM}, K.COMPANY, action="close"),
        field="kind",
    )


@pytest.mark.parametrize(("kind", "moves"), [(K.UNIT, ["split"]), (K.TEAM, ["join"]), (K.COMPANY, [])])
def test_what_is_available_is_legal_and_permitted(machine, make_unit, officer, kind, moves):
    row = make_unit()
    row.kind = kind

    assert [move.name for move in machine.available(row, officer)] == moves


def test_a_move_without_the_right_is_refused(machine, make_unit, officer):
    with pytest.raises(NotPermitted):
        machine.require("close", make_unit(), officer)


def test_a_move_from_another_state_is_refused_and_names_the_state(machine, make_unit, officer):
    row = make_unit()

    with pytest.raises(InvalidTransition) as refused:
        machine.require("join", row, officer)

    assert str(row.get_kind_display()) in str(refused.value)


def test_an_unknown_move_is_an_error_of_the_program(machine, make_unit, officer):
    with pytest.raises(KeyError):
        machine.require("fly", make_unit(), officer)


def test_a_move_writes_the_state_with_its_changes(machine, make_unit):
    row = make_unit()

    with audit.operation(None, "unit.split") as op:
        machine.apply(op, "split", row, short_name="EQ")

    row.refresh_from_db()
    assert (row.kind, row.short_name) == (K.TEAM, "EQ")
    assert audit.history(row)[0].after == {"kind": "team", "short_name": "EQ"}


def test_a_move_from_a_stale_copy_is_refused(machine, make_unit):
    row = make_unit()
    stale = Organisation.objects.get(pk=row.pk)
    with audit.operation(None, "unit.split") as op:
        machine.apply(op, "split", row)

    with pytest.raises(StaleState), audit.operation(None, "unit.split") as op:
        machine.apply(op, "split", stale, short_name="EQ")

    assert Organisation.objects.get().short_name == ""
    assert stale.kind == K.UNIT


def test_two_moves_of_one_name_are_refused():
    with pytest.raises(ValueError, match="two transitions"):
        Machine("x.Y", Transition("a", {"b"}, "c", action="d"), Transition("a", {"c"}, "b", action="d"))
