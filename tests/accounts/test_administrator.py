"""The first account of a new site: made from the machine, its password chosen by its owner."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from motrice.accounts.models import RoleAssignment, User
from motrice.core import audit
from motrice.core.policies import holds
from tests.directory.factories import user_with

pytestmark = pytest.mark.django_db
PASSWORD = "un long mot de passe 7"


def address_in(out: str) -> str:
    return out.strip().splitlines()[-1].partition("//")[2].partition("/")[2]


def test_a_new_site_gets_its_first_administrator_who_chooses_a_password_and_signs_in(capsys):
    call_command("administrator", "Ada@Example.org", name="Ada Inventée")

    out = capsys.readouterr().out
    user = User.objects.get(email="ada@example.org")
    assert "Ada Inventée (ada@example.org)" in out
    assert holds(user, "administrator")
    client = Client()
    page = client.get(f"/{address_in(out)}", follow=True)
    client.post(page.redirect_chain[-1][0], {"password1": PASSWORD, "password2": PASSWORD})
    user.refresh_from_db()
    assert user.check_password(PASSWORD)
    signed_in = Client()
    signed_in.post("/account/login/", {"login": "ada@example.org", "password": PASSWORD})
    assert signed_in.session["_auth_user_id"] == str(user.pk)
    again = client.get(f"/{address_in(out)}", follow=True)
    assert "password1" not in again.content.decode()
    assert audit.differences() == []


def test_run_again_it_gives_the_role_once_and_another_address(capsys):
    user = user_with("researcher", email="ada@example.org")

    for _time in range(2):
        call_command("administrator", "ada@example.org")
        assert Client().get(f"/{address_in(capsys.readouterr().out)}", follow=True).status_code == 200

    held = RoleAssignment.objects.current(timezone.localdate()).filter(user=user, kind="administrator")
    assert held.count() == 1


@pytest.mark.parametrize(
    ("address", "told"), [("ada", "is no e-mail address"), ("new@example.org", "give their name too")]
)
def test_what_is_missing_is_said_and_nothing_is_made(address, told):
    with pytest.raises(CommandError, match=told):
        call_command("administrator", address)
    assert not User.objects.filter(is_system=False).exclude(username="somebody").exists()


def test_a_closed_account_stays_closed():
    user = user_with(email="ada@example.org")
    User.objects.filter(pk=user.pk).update(is_active=False)

    with pytest.raises(CommandError, match="closed"):
        call_command("administrator", "ada@example.org")
