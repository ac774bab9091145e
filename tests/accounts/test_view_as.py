"""Seeing the site as another; break-glass; auditors' readings."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from motrice.accounts.models import EmergencyAccess, User
from motrice.accounts.operations.emergency import open_emergency
from motrice.accounts.operations.roles import grant_role
from motrice.accounts.operations.users import create_user, edit_profile, system_user
from motrice.accounts.operations.view_as import start_view_as, viewed_actor
from motrice.core import audit
from motrice.core.confidentiality import Level
from motrice.core.errors import NotPermitted, RuleViolation
from motrice.core.models import AuditEntry
from motrice.core.policies import allows
from motrice.directory.enums import OrganisationKind
from motrice.directory.models import Organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def system():
    return system_user()


def someone(system, name, kind, on=None):
    user = create_user(email=f"{name.lower()}@example.org", display_name=name, actor=system)
    grant_role(user=user, kind=kind, actor=system, on=on)
    return user


@pytest.fixture
def unit(system):
    with audit.operation(system, "organisation.create") as op:
        return op.create(Organisation(kind=OrganisationKind.UNIT, name="Unité secrète", level=Level.ORGANISATION))


def start(client, **values):
    return client.post("/account/view-as/", {"reason": "a question by telephone", "kind": "", **values})


def test_a_coordinator_sees_the_site_as_a_person_reads_only_and_leaves_a_trace(system, unit):
    coordinator = someone(system, "Cora", "coordinator")
    researcher = someone(system, "Rosa", "researcher", on=unit)
    client = Client()
    client.force_login(coordinator)

    start(client, email=researcher.email)
    seen = client.get("/api/v1/accounts/me").json()
    refused = client.post("/account/", {"display_name": "Changed", "language": "fr"})
    api = client.post("/api/v1/accounts/roles", {}, content_type="application/json")
    client.post("/account/view-as/stop/")

    assert seen["email"] == researcher.email
    assert (refused.status_code, api.status_code) == (403, 403)
    assert User.objects.get(pk=researcher.pk).display_name == "Rosa"
    assert client.get("/api/v1/accounts/me").json()["email"] == coordinator.email
    log = AuditEntry.objects.filter(verb__startswith="view_as").order_by("sequence")
    assert [(entry.verb, entry.actor) for entry in log] == [
        ("view_as.start", coordinator),
        ("view_as.stop", coordinator),
    ]
    assert log[0].reason == "a question by telephone"


def test_an_administrator_seeing_as_a_member_learns_nothing_more_than_alone(system, unit):
    administrator = someone(system, "Ada", "administrator")
    researcher = someone(system, "Rosa", "researcher", on=unit)
    coordinator = someone(system, "Cora", "coordinator")

    viewed = viewed_actor(administrator, start_view_as(actor=administrator, reason="x", person=researcher))
    by_coordinator = viewed_actor(coordinator, start_view_as(actor=coordinator, reason="x", person=researcher))

    assert allows(researcher, "view", unit)
    assert not allows(administrator, "view", unit)
    assert not allows(viewed, "view", unit)
    assert not allows(by_coordinator, "view", unit)
    Organisation.objects.filter(pk=unit.pk).update(level=Level.NETWORK)
    assert allows(by_coordinator, "view", unit)
    assert list(Organisation.objects.permitted(by_coordinator, "export")) == []


def test_the_page_of_a_role_shows_its_banner_and_not_its_banners_owner(system):
    coordinator = someone(system, "Cora", "coordinator")
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(coordinator)

    start(client, kind="company_contact")
    page = client.get("/account/").content.decode()

    assert "You see the site as Company contact" in page
    assert coordinator.email not in page


def test_nothing_is_written_in_another_name_even_by_an_operation(system, unit):
    coordinator = someone(system, "Cora", "coordinator")
    researcher = someone(system, "Rosa", "researcher", on=unit)
    viewed = viewed_actor(coordinator, start_view_as(actor=coordinator, reason="x", person=researcher))

    with pytest.raises(NotPermitted):
        edit_profile(user=User.objects.get(pk=researcher.pk), actor=viewed, display_name="Other")
    audit.trace(viewed, "list.export")

    assert User.objects.get(pk=researcher.pk).display_name == "Rosa"
    assert AuditEntry.objects.get(verb="list.export").actor == coordinator


@pytest.mark.parametrize("kind", ["officer", "auditor", "director"])
def test_other_roles_may_not_see_the_site_as_another(system, kind):
    user = someone(system, "Otto", kind)

    with pytest.raises(NotPermitted):
        start_view_as(actor=user, reason="x", kind="researcher")


def test_a_view_needs_a_reason_and_ends_by_itself(system):
    coordinator = someone(system, "Cora", "coordinator")
    with pytest.raises(RuleViolation):
        start_view_as(actor=coordinator, reason="  ", kind="researcher")
    state = start_view_as(actor=coordinator, reason="x", kind="researcher")
    state["until"] = (timezone.now() - timedelta(seconds=1)).isoformat()
    client = Client()
    client.force_login(coordinator)
    session = client.session
    session["view_as"] = state
    session.save()

    assert client.get("/api/v1/accounts/me").json()["email"] == coordinator.email
    assert AuditEntry.objects.filter(verb="view_as.stop").count() == 1


@pytest.mark.parametrize(
    "address",
    [
        "/account/my-data/",
        "/api/v1/accounts/me/data",
        "/account/sessions/",
        "/account/2fa/",
        "/desk/report/?format=csv",
        "/desk/report.pdf",
        "/api/v1/desk/report.pdf",
        "/disclosures/report.pdf",
        "/portfolio/figures.pdf",
    ],
)
def test_nothing_is_taken_away_and_no_secret_of_an_account_read_in_another_view(system, unit, address):
    coordinator = someone(system, "Cora", "coordinator")
    officer = someone(system, "Odile", "officer", on=unit)
    own, client = Client(), Client()
    own.force_login(officer)
    client.force_login(coordinator)
    start(client, email=officer.email)

    seen = client.get(address)

    assert (own.get(address).status_code, seen.status_code) == (200, 403)
    assert unit.name not in seen.content.decode()
    assert not AuditEntry.objects.filter(actor=coordinator).exclude(verb="view_as.start").exists()


def test_the_roles_of_others_stay_hidden_from_a_coordinator_who_sees_the_site_as_an_administrator(system, unit):
    coordinator = someone(system, "Cora", "coordinator")
    officer = someone(system, "Odile", "officer", on=unit)
    grant_role(user=officer, kind="finance", actor=system, reason="stands in")
    client, own = Client(), Client()
    client.force_login(coordinator)
    own.force_login(someone(system, "Ada", "administrator"))
    start(client, kind="administrator")

    seen = client.get(f"/accounts/{officer.reference}/")

    told = own.get(f"/accounts/{officer.reference}/").context["current"]
    assert {item.role.kind for item in told} == {"officer", "finance"}
    assert (seen.status_code, seen.context["current"]) == (200, [])


def test_breaking_the_glass_opens_reading_tells_directors_and_ends(system, unit, mailoutbox):
    administrator = someone(system, "Ada", "administrator")
    director = someone(system, "Diane", "director")
    auditor = someone(system, "Aude", "auditor")

    open_emergency(actor=administrator, reason="A leak was reported by telephone on a need.")
    administrator = User.objects.get(pk=administrator.pk)

    assert allows(administrator, "view", unit)
    assert not allows(administrator, "edit", unit)
    assert sorted(mail.to[0] for mail in mailoutbox) == sorted([director.email, auditor.email])
    assert "A leak was reported" in mailoutbox[0].body
    EmergencyAccess.objects.update(ends_at=timezone.now())
    assert not allows(User.objects.get(pk=administrator.pk), "view", unit)


def test_breaking_the_glass_needs_an_administrator_and_a_sentence(system):
    with pytest.raises(NotPermitted):
        open_emergency(actor=someone(system, "Otto", "officer"), reason="A leak was reported by telephone.")
    with pytest.raises(RuleViolation):
        open_emergency(actor=someone(system, "Ada", "administrator"), reason="because")


def test_every_page_that_an_auditor_reads_is_logged(system, unit):
    auditor, officer = someone(system, "Aude", "auditor"), someone(system, "Odile", "officer")
    client = Client()
    client.force_login(auditor)
    client.get(f"/why/directory.organisation/{unit.reference}/")
    other = Client()
    other.force_login(officer)
    other.get("/account/")

    entry = AuditEntry.objects.get(verb="reading")
    assert (entry.actor, entry.details["path"]) == (auditor, f"/why/directory.organisation/{unit.reference}/")


@pytest.mark.parametrize("address", ["/", "/directory/search/", "/directory/search/suggest/"])
def test_an_auditor_leaves_a_trace_on_the_pages_that_show_everybody_what_they_may_see(system, address):
    client, other = Client(), Client()
    client.force_login(someone(system, "Aude", "auditor"))
    other.force_login(someone(system, "Odile", "officer"))

    codes = [each.get(address, {"q": "capteur"}).status_code for each in (client, other, Client())]

    assert codes == [200, 200, 200]
    assert AuditEntry.objects.get(verb="reading").details["path"] == address
