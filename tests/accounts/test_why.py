"""“Why can I see this?”: the chain down to the role and its giver, and who else may."""

import pytest
from django.test import Client

from motrice.accounts.operations.roles import grant_role
from motrice.accounts.operations.users import create_user, system_user
from motrice.accounts.why import grounds, readers
from motrice.core import audit
from motrice.core.confidentiality import Level
from motrice.directory.enums import OrganisationKind
from motrice.directory.models import Organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def system():
    return system_user()


def person(system, name):
    return create_user(email=f"{name.lower()}@example.org", display_name=name, actor=system)


def organisation(system, level=Level.ORGANISATION, name="Laboratoire des verres"):
    with audit.operation(system, "organisation.create", reason="first") as op:
        return op.create(Organisation(kind=OrganisationKind.UNIT, name=name, level=level))


def test_each_ground_names_the_role_since_when_and_by_whom(system):
    unit, rosa, ada = organisation(system), person(system, "Rosa"), person(system, "Ada")
    grant_role(user=ada, kind="administrator", actor=system)
    role = grant_role(user=rosa, kind="researcher", actor=ada, on=unit, reason="joined the team")
    grant_role(user=rosa, kind="auditor", actor=ada)

    found = grounds(rosa, unit)

    assert [(ground.role.role.kind, ground.given_by) for ground in found] == [
        ("researcher", "Ada"),
        ("auditor", "Ada"),
    ]
    assert (found[0].role.starts_on, found[0].role.held_on, found[0].reason) == (
        role.starts_on,
        "Laboratoire des verres",
        "joined the team",
    )


def test_a_public_record_is_seen_without_any_role(system):
    unit = organisation(system, Level.PUBLIC)

    assert [(ground.words != "", ground.role) for ground in grounds(person(system, "Rosa"), unit)] == [(True, None)]
    assert readers(unit).everybody


def test_readers_are_exactly_those_whom_the_policy_lets_in(system):
    unit, other = organisation(system), organisation(system, name="Autre")
    people = {
        "Rosa": ("researcher", unit),
        "Remi": ("researcher", other),
        "Rene": ("researcher", unit),
        "Aude": ("auditor", None),
        "Paul": ("company_contact", other),
    }
    for name, (kind, on) in people.items():
        grant_role(user=person(system, name), kind=kind, actor=system, on=on)

    found = {user.display_name for _kind, users in readers(unit).holders for user in users}

    assert found == {"Rosa", "Rene", "Aude"}


def test_the_page_says_why_and_shows_other_readers_to_keepers_only(system):
    unit, rosa, dina = organisation(system), person(system, "Rosa"), person(system, "Dina")
    grant_role(user=rosa, kind="researcher", actor=system, on=unit)
    grant_role(user=dina, kind="lab_director", actor=system, on=unit)
    address = f"/why/directory.organisation/{unit.reference}/"
    client = Client(headers={"Accept-Language": "en"})

    client.force_login(rosa)
    plain = client.get(address).content.decode()
    client.force_login(dina)
    keeper = client.get(address).content.decode()

    assert "You work in this organisation." in plain
    assert "Researcher" in plain
    assert "Dina" not in plain
    assert "Who else can see it" in keeper
    assert "Rosa" in keeper


def test_who_may_not_see_a_record_learns_nothing(system):
    unit, paul = organisation(system), person(system, "Paul")
    client = Client()
    client.force_login(paul)

    for page in ("why", "history"):
        assert client.get(f"/{page}/directory.organisation/{unit.reference}/").status_code == 404
        assert client.get(f"/{page}/directory.organisation/AAAAAAAA/").status_code == 404
        assert client.get(f"/{page}/nothing.here/{unit.reference}/").status_code == 404


def test_history_keeps_creation_after_changes_and_shows_values_to_keepers_only(system):
    unit, rosa, dina = organisation(system), person(system, "Rosa"), person(system, "Dina")
    grant_role(user=rosa, kind="researcher", actor=system, on=unit)
    grant_role(user=dina, kind="lab_director", actor=system, on=unit)
    with audit.operation(dina, "organisation.edit", subject=unit, reason="a new name since June") as op:
        op.update(unit, name="Institut des verres")
    address = f"/history/directory.organisation/{unit.reference}/"
    client = Client(headers={"Accept-Language": "en"})

    client.force_login(dina)
    keeper = client.get(address).content.decode()
    client.force_login(rosa)
    plain = client.get(address)

    assert "Laboratoire des verres" in keeper
    assert "a new name since June" in keeper
    assert keeper.count("timeline-item") == 2
    assert plain.status_code == 403
    assert "a new name since June" not in plain.content.decode()
