"""What a member keeps to itself or to a circle is closed to those who work for the whole network."""

import pytest
from django.urls import reverse

from motrice.accounts.models import User
from motrice.accounts.operations.roles import grant_role
from motrice.accounts.operations.users import system_user
from motrice.core.confidentiality import Level
from motrice.core.errors import NotPermitted, RuleViolation
from motrice.core.models import AuditEntry
from motrice.core.policies import allows
from motrice.directory.models import Evidence, Organisation, Person
from motrice.directory.operations.evidence import edit_evidence
from motrice.directory.operations.merge import merge
from motrice.directory.operations.organisation import create_organisation, edit_organisation
from motrice.directory.operations.person import edit_person
from tests.directory.factories import EvidenceFactory, OrganisationFactory, PersonFactory, user_with

pytestmark = pytest.mark.django_db
PRIVATE = (Level.ORGANISATION, Level.CIRCLE)


@pytest.fixture(params=["coordinator", "officer"])
def actor(request):
    return user_with(request.param)


@pytest.mark.parametrize("level", PRIVATE)
def test_no_act_of_the_network_reaches_a_private_record(actor, level):
    unit, person = OrganisationFactory(unit=True, level=level), PersonFactory(level=level)
    text, shared = EvidenceFactory(level=level, of=[unit]), OrganisationFactory(unit=True)

    for model in (Organisation, Person, Evidence):
        for action in ("view", "edit", "export", *(("merge",) if model is not Evidence else ())):
            private = model.objects.permitted(actor, action).filter(level=level)
            assert list(private) == [], (model, action)
    with pytest.raises(NotPermitted):
        edit_organisation(organisation=unit, actor=actor, city="Brest")
    with pytest.raises(NotPermitted):
        edit_person(person=person, actor=actor, email="x@example.org")
    with pytest.raises(NotPermitted):
        edit_evidence(evidence=text, actor=actor, title="Autre")
    with pytest.raises(NotPermitted):
        merge(kept=shared, absorbed=unit, actor=actor)


def test_the_page_of_a_private_unit_does_not_exist_for_the_coordinator(client):
    unit = OrganisationFactory(unit=True, name="Unité gardée", level=Level.ORGANISATION)
    client.force_login(user_with("coordinator"))

    assert client.get(reverse("directory:organisation", args=[unit.reference])).status_code == 404
    client.force_login(user_with("officer", on=unit))
    assert "Unité gardée" in client.get(reverse("directory:organisation", args=[unit.reference])).content.decode()


def test_the_coordinator_named_in_a_circle_keeps_its_record_as_a_shared_one(actor):
    unit = OrganisationFactory(unit=True, level=Level.CIRCLE)
    assert not allows(actor, "edit", unit)
    grant_role(user=actor, kind="circle", actor=system_user(), on=unit)
    named = User.objects.get(pk=actor.pk)

    assert allows(named, "view", unit)
    assert allows(named, "edit", unit)
    assert allows(named, "merge", unit)


@pytest.mark.parametrize("level", PRIVATE)
def test_nobody_closes_a_record_to_themselves(actor, level):
    unit = OrganisationFactory(unit=True, level=Level.PUBLIC)
    entries = AuditEntry.objects.count()

    with pytest.raises(RuleViolation) as edited:
        edit_organisation(organisation=unit, actor=actor, level=level)
    with pytest.raises(RuleViolation) as created:
        create_organisation(actor=actor, kind="company", name="Société inventée", level=level)

    assert (edited.value.field, created.value.field) == ("level", "level")
    unit.refresh_from_db()
    assert unit.level == Level.PUBLIC
    assert not Organisation.objects.filter(name="Société inventée").exists()
    assert AuditEntry.objects.count() == entries
