"""Signing in: throttling, second factor, invitations, password reset, closed accounts."""

import re

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from motrice.accounts.models import Invitation, User
from motrice.accounts.operations.invitations import invite, revoke_invitation
from motrice.accounts.operations.roles import grant_role
from motrice.accounts.operations.tokens import create_token
from motrice.accounts.operations.users import close_user, create_user, system_user
from motrice.core import audit
from motrice.core.errors import NotPermitted, RuleViolation
from motrice.core.models import AuditEntry

pytestmark = pytest.mark.django_db
PASSWORD = "un-verre-qui-tient-42"
LOGIN = "/account/login/"


@pytest.fixture(autouse=True)
def empty_cache():
    cache.clear()


@pytest.fixture
def system():
    return system_user()


@pytest.fixture
def administrator(system):
    user = create_user(email="ada@example.org", display_name="Ada Règle", actor=system, password=PASSWORD)
    grant_role(user=user, kind="administrator", actor=system)
    return user


@pytest.fixture
def officer(system):
    user = create_user(email="odile@example.org", display_name="Odile Brume", actor=system, password=PASSWORD)
    grant_role(user=user, kind="officer", actor=system)
    return user


def sign_in(client, email, password, **extra):
    return client.post(LOGIN, {"login": email, "password": password}, **extra)


def test_the_right_password_opens_a_session_that_the_log_knows(officer):
    client = Client()

    response = sign_in(client, "Odile@Example.org", PASSWORD)

    assert response.status_code == 302
    assert client.session["_auth_user_id"] == str(officer.pk)
    assert AuditEntry.objects.filter(verb="session.open", actor=officer).count() == 1


def test_failed_tries_lock_the_account_for_that_address_even_with_the_right_password(officer, settings):
    client = Client()

    statuses = [sign_in(client, officer.email, f"wrong-{turn}").status_code for turn in range(8)]
    locked = sign_in(client, officer.email, PASSWORD)

    assert statuses[:7] == [200] * 7
    assert locked.status_code == 429
    assert "_auth_user_id" not in client.session


def test_a_lock_is_for_one_account_and_one_address(officer, administrator):
    client = Client()
    for turn in range(9):
        sign_in(client, officer.email, f"wrong-{turn}")

    assert sign_in(client, administrator.email, PASSWORD).status_code == 302
    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    assert sign_in(elsewhere, officer.email, PASSWORD).status_code == 302


def test_a_success_forgets_earlier_failures(officer):
    for _round in range(3):
        client = Client()
        for turn in range(5):
            assert sign_in(client, officer.email, f"wrong-{turn}").status_code == 200
        assert sign_in(client, officer.email, PASSWORD).status_code == 302


def test_nobody_signs_up_alone(client):
    response = client.post(
        "/account/signup/", {"email": "a@example.org", "password1": PASSWORD, "password2": PASSWORD}
    )

    assert not User.objects.filter(email="a@example.org").exists()
    assert b"invitation" in response.content
    assert client.get("/account/email/").status_code == 404


def test_a_role_that_asks_for_it_must_set_up_the_code(officer, settings):
    settings.SECOND_FACTOR = True
    client = Client()
    sign_in(client, officer.email, PASSWORD)

    response = client.get("/account/")
    api = client.get("/api/v1/accounts/me")

    assert (response.status_code, response["Location"]) == (302, reverse("mfa_activate_totp"))
    assert api.status_code == 403
    asked = client.get(reverse("mfa_activate_totp"))
    assert asked["Location"].startswith(reverse("account_reauthenticate"))
    client.post(asked["Location"], {"password": PASSWORD})
    assert client.get(reverse("mfa_activate_totp")).status_code == 200


def test_with_the_code_set_up_a_password_alone_opens_nothing(officer, settings):
    settings.SECOND_FACTOR = True
    secret = generate_totp_secret()
    TOTP.activate(officer, secret)
    client = Client()

    response = sign_in(client, officer.email, PASSWORD)

    assert response["Location"] == reverse("mfa_authenticate")
    assert client.get("/api/v1/accounts/me").status_code == 401
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time

    code = format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))
    assert client.post(reverse("mfa_authenticate"), {"code": code}).status_code == 302
    assert client.get("/account/").status_code == 200


def test_a_session_that_takes_the_code_away_must_set_it_up_anew(officer, settings):
    client = Client()
    sign_in(client, officer.email, PASSWORD)
    settings.SECOND_FACTOR = True
    TOTP.activate(officer, generate_totp_secret())
    opened = client.get("/account/").status_code

    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    client.post(reverse("mfa_deactivate_totp"))

    response = client.get("/account/")
    assert opened == 200
    assert not officer.authenticator_set.exists()
    assert (response.status_code, response["Location"]) == (302, reverse("mfa_activate_totp"))


def test_a_token_opens_nothing_either_until_the_code_is_set_up(officer, settings):
    token = create_token(actor=officer, name="script", scopes=["accounts:read"], expires_on=timezone.localdate())[1]
    headers = {"Authorization": f"Bearer {token}"}
    settings.SECOND_FACTOR = True

    refused = Client().get("/api/v1/accounts/me", headers=headers)
    TOTP.activate(officer, generate_totp_secret())
    opened = Client().get("/api/v1/accounts/me", headers=headers)

    assert (refused.status_code, opened.status_code) == (403, 200)
    assert "second factor" in refused.json()["message"]


def test_a_role_outside_the_list_needs_no_code(system, settings):
    settings.SECOND_FACTOR = True
    user = create_user(email="rosa@example.org", display_name="Rosa Verre", actor=system, password=PASSWORD)
    grant_role(user=user, kind="researcher", actor=system)
    client = Client()
    sign_in(client, user.email, PASSWORD)

    assert client.get("/account/").status_code == 200


def address_in(mail):
    return re.search(r"http://[^/]+(/invitation/\S+/)", mail.body).group(1)


def test_an_invitation_opens_one_account_with_its_role_once(administrator, mailoutbox):
    invite(email="Neuve@example.org", display_name="Nina Neuve", kind="researcher", actor=administrator, language="en")
    door = address_in(mailoutbox[0])
    client = Client()
    answer = {"display_name": "Nina Neuve", "password": PASSWORD, "again": PASSWORD}

    page, sent = client.get(door), client.post(door, answer)
    second = Client().post(door, answer)

    assert "before" in mailoutbox[0].body.splitlines()[0]
    assert (page.status_code, sent.status_code, second.status_code) == (200, 302, 404)
    user = User.objects.get(email="neuve@example.org")
    assert [role.kind for role in user.roles.all()] == ["researcher"]
    assert sign_in(Client(), user.email, PASSWORD).status_code == 302
    assert audit.differences() == []


@pytest.mark.parametrize("fate", ["revoked", "expired", "altered"])
def test_an_invitation_that_is_no_longer_good_opens_nothing(administrator, mailoutbox, fate):
    invitation = invite(email="n@example.org", display_name="Nina", kind="researcher", actor=administrator)
    door = address_in(mailoutbox[0])
    if fate == "revoked":
        revoke_invitation(invitation=invitation, actor=administrator)
    elif fate == "expired":
        Invitation.objects.update(expires_at=timezone.now())
    else:
        door = door[:-2] + "x/"

    response = Client().post(door, {"display_name": "N", "password": PASSWORD, "again": PASSWORD})

    assert response.status_code == 404
    assert not User.objects.filter(email="n@example.org").exists()


def test_a_weak_password_is_refused_and_the_invitation_stays(administrator, mailoutbox):
    invite(email="n@example.org", display_name="Nina", kind="researcher", actor=administrator)

    response = Client().post(
        address_in(mailoutbox[0]), {"display_name": "N", "password": "password1234", "again": "password1234"}
    )

    assert response.status_code == 422
    assert Invitation.objects.open().count() == 1


def test_only_who_may_give_the_role_invites_to_it(officer, administrator):
    with pytest.raises(NotPermitted):
        invite(email="n@example.org", display_name="N", kind="administrator", actor=officer)
    with pytest.raises(RuleViolation) as caught:
        invite(email=officer.email, display_name="N", kind="legal", actor=administrator)
    assert caught.value.field == "email"


def test_a_forgotten_password_is_chosen_anew_by_mail(officer, mailoutbox):
    client = Client()

    client.post("/account/password/reset/", {"email": officer.email})
    door = re.search(r"http://[^/]+(/account/password/reset/key/\S+)", mailoutbox[0].body).group(1)
    form = client.get(door)["Location"]
    client.post(form, {"password1": "autre-phrase-longue-7", "password2": "autre-phrase-longue-7"})

    assert sign_in(Client(), officer.email, "autre-phrase-longue-7").status_code == 302
    assert AuditEntry.objects.filter(verb="user.password", subject_pk=officer.pk).exists()
    assert audit.differences() == []


def test_an_unknown_address_gets_no_mail_and_the_same_page(officer, mailoutbox):
    known = Client().post("/account/password/reset/", {"email": officer.email})
    unknown = Client().post("/account/password/reset/", {"email": "nobody@example.org"})

    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert [mail.to for mail in mailoutbox] == [[officer.email]]


def test_a_closed_account_loses_its_session_at_once(officer, administrator):
    client = Client()
    sign_in(client, officer.email, PASSWORD)
    assert client.get("/account/").status_code == 200

    close_user(user=officer, actor=administrator, reason="left")

    assert client.get("/account/").status_code == 302
    assert client.get("/api/v1/accounts/me").status_code == 401
    again = Client()
    sign_in(again, officer.email, PASSWORD)
    assert "_auth_user_id" not in again.session


def test_signing_out_elsewhere_ends_the_other_sessions_only(officer):
    here, there = Client(), Client()
    sign_in(here, officer.email, PASSWORD)
    sign_in(there, officer.email, PASSWORD)

    here.post(reverse("accounts:sign_out_elsewhere"), {"confirmed": "yes"})

    assert there.get("/account/").status_code == 302
    assert here.get("/account/").status_code == 200
