"""What the tests of the house write with: a person and a few organisations."""

import pytest

from motrice.accounts.models import User
from motrice.accounts.operations.users import create_user, system_user
from motrice.core import audit
from motrice.core.models import AuditChange, AuditEntry, CatalogueEntry
from motrice.directory.enums import OrganisationKind
from motrice.directory.models import Organisation


@pytest.fixture(autouse=True)
def _nothing_written(request: pytest.FixtureRequest) -> None:
    """The house is tested from an empty log: without the catalogue that the tests' database holds."""
    names = {"db", "transactional_db"} & set(request.fixturenames)
    if names or request.node.get_closest_marker("django_db"):
        request.getfixturevalue("_django_db_helper")
        for model in (AuditChange, AuditEntry, CatalogueEntry, User):
            model.objects.all()._raw_delete("default")


@pytest.fixture
def officer(db) -> User:
    return create_user(email="odile@example.org", display_name="Odile Brume", actor=system_user())


@pytest.fixture
def make_unit(db):
    """Make a unit in an operation of its own."""

    def make(name: str = "Laboratoire des verres", **fields) -> Organisation:
        with audit.operation(None, "unit.create") as op:
            return op.create(Organisation(kind=OrganisationKind.UNIT, name=name, **fields))

    return make


@pytest.fixture
def rename():
    """Rename a unit in an operation of its own."""

    def do(unit: Organisation, name: str, **entry) -> None:
        with audit.operation(None, "unit.rename", **entry) as op:
            op.update(unit, name=name)

    return do
