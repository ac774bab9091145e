"""Two processes that start at once on an empty database: one of them makes Motrice's own account, both have it."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import call_command

from motrice.accounts.models import User
from motrice.accounts.operations.users import SYSTEM_EMAIL, system_user
from motrice.core import audit
from motrice.core.errors import RuleViolation
from motrice.core.models import AuditEntry
from motrice.directory.models import Organisation
from tests.core.test_concurrency import at_once
from tests.meeting import meet

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _empty(transactional_db: None) -> None:
    """A database that was only migrated; numbers go on, for the rows that are put back afterwards keep theirs."""
    call_command("flush", interactive=False, reset_sequences=False)
    assert not User.objects.exists()


def test_two_that_start_at_once_have_one_account(monkeypatch: Any):
    meet(monkeypatch, (audit.Recorder, "create"), first=True)

    results = at_once(lambda: system_user().pk, lambda: system_user().pk)

    assert results == [User.objects.get().pk] * 2
    assert AuditEntry.objects.filter(verb="user.create").count() == 1
    assert audit.verify().faults == ()
    assert audit.differences() == []


def test_what_a_process_was_writing_goes_on_when_another_made_the_account(monkeypatch: Any):
    meet(monkeypatch, (User, "save"), first=True)

    def write(name: str) -> int:
        with audit.operation(None, "unit.create") as op:
            op.create(Organisation(kind="unit", name=name))
            return system_user().pk

    results = at_once(lambda: write("Un"), lambda: write("Deux"))

    assert results == [User.objects.get().pk] * 2
    assert sorted(Organisation.objects.values_list("name", flat=True)) == ["Deux", "Un"]
    assert audit.verify().faults == ()
    assert audit.differences() == []


def test_somebody_else_who_has_its_name_is_not_taken_for_it():
    User.objects.create_user("system", email=SYSTEM_EMAIL)

    with pytest.raises(RuleViolation):
        system_user()
