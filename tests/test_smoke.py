"""The house stands: settings load, migrations apply, the log verifies."""

import pytest

from motrice.accounts.models import RoleAssignment
from motrice.accounts.operations.roles import grant_role
from motrice.accounts.operations.users import create_user, system_user
from motrice.core import audit
from motrice.directory.enums import OrganisationKind
from motrice.directory.models import Organisation

pytestmark = pytest.mark.django_db


def test_a_write_leaves_an_entry_that_verifies_and_replays():
    system = system_user()
    officer = create_user(email="Odile@example.org", display_name="Odile Brume", actor=system)
    grant_role(user=officer, kind="officer", actor=system)
    with audit.operation(officer, "organisation.create", reason="first") as op:
        unit = op.create(Organisation(kind=OrganisationKind.UNIT, name="Laboratoire des verres"))

    assert audit.verify().faults == ()
    assert audit.differences() == []
    assert RoleAssignment.objects.get().kind == "officer"
    assert Organisation.objects.permitted(officer).get() == unit
