"""Making a world: the same twice from one seed, refused beside other records, and told to who asked for it."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import translation

from motrice.accounts.models import User
from motrice.accounts.operations.users import system_user
from motrice.core import catalogue
from motrice.demo import PASSWORD
from motrice.demo.digest import world_digest
from motrice.demo.plan.model import SIZES, Size
from motrice.demo.world import make_world
from motrice.directory.models import Organisation

TODAY = date(2026, 11, 20)
TINY = Size(
    "tiny",
    units=20,
    companies=20,
    smes=10,
    people=170,
    texts=60,
    needs=8,
    offers=8,
    families=6,
    published_by_school=2,
    disclosures=6,
)


def test_other_records_are_not_written_beside_unless_forced(db):
    Organisation.objects.create(kind="company", name="Entreprise réelle")

    with translation.override("en"), pytest.raises(CommandError, match="not of the demonstration"):
        call_command("demo-world", stdout=StringIO())

    assert not User.objects.filter(is_system=False).exists()


@pytest.mark.slow
def test_the_same_seed_writes_the_same_content_and_another_seed_another(db):
    digests = []
    for seed in (3, 3, 4):
        with transaction.atomic():
            catalogue.sync(actor=system_user())
            make_world(TINY, seed, today=TODAY)
            digests.append(world_digest())
            transaction.set_rollback(True)

    assert digests[0] == digests[1] != digests[2]


def test_the_command_prints_a_sign_in_for_each_role_and_the_password(db, monkeypatch):
    monkeypatch.setitem(SIZES, "small", TINY)
    catalogue.sync(actor=system_user())
    printed = StringIO()

    with translation.override("en"):
        call_command("demo-world", "--today", "2026-11-20", stdout=printed)

    assert "Network coordinator                coordinator@demo.motrice.invalid" in printed.getvalue()
    assert PASSWORD in printed.getvalue()
    assert printed.getvalue().count("@demo.motrice.invalid") == 16
