"""Mails of the sign-in go by the queue: no page waits for the mail server, or tells whether an account exists."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from django_tasks_db.models import DBTaskResult

from motrice.accounts.models import User
from motrice.accounts.operations.emergency import open_emergency
from motrice.accounts.operations.users import close_user
from motrice.core import audit, mailing
from motrice.web.formats import moment_text
from tests.directory.factories import user_with
from tests.mails import AWAY, NOBODY, meets, work

pytestmark = pytest.mark.django_db
RESET = "/account/password/reset/"
NEW = "autre-phrase-longue-7"


@pytest.fixture(autouse=True)
def _queue(queue: None) -> None:
    """Each mail waits in the queue until `work`."""


def ask(email: str) -> list[str]:
    """Ask for a new password, and what the page asked the database."""
    with CaptureQueriesContext(connection) as asked:
        answer = Client().post(RESET, {"email": email})
    assert (answer.status_code, answer["Location"]) == (302, "/account/password/reset/done/")
    return [re.sub(r"'[^']*'|\d+", "?", query["sql"]) for query in asked]


def test_a_page_waits_for_no_mail_server(monkeypatch):
    user = user_with("officer")
    left = meets(monkeypatch, AWAY)

    ask(user.email)

    assert (left, DBTaskResult.objects.count()) == ([AWAY], 1)
    work()
    work(later=True)
    assert [each.to for each in mail.outbox] == [[user.email]]


def test_the_page_does_the_same_whether_an_account_exists_or_not():
    known, closed = user_with("officer"), user_with("officer")
    close_user(user=closed, actor=user_with("administrator"), reason="left")
    ask("first@example.org")

    assert ask(known.email) == ask("nobody@example.org") == ask(closed.email)

    work()
    assert [each.to for each in mail.outbox] == [[known.email]]


def test_the_address_in_the_mail_works_once_and_never_waits_in_the_queue():
    user, client = user_with("officer"), Client()
    User.objects.filter(pk=user.pk).update(language="fr")
    ask(user.email.upper())
    assert DBTaskResult.objects.get().args_kwargs == {"args": [user.email], "kwargs": {}}

    work()

    (sent,) = mail.outbox
    door = re.search(r"https?://[^/]+(/account/password/reset/key/\S+)", sent.body).group(1)
    assert "mot de passe" in sent.subject
    client.post(client.get(door)["Location"], {"password1": NEW, "password2": NEW})
    user.refresh_from_db()
    assert user.check_password(NEW)


def test_what_was_asked_is_tried_for_an_hour_and_then_erased(monkeypatch):
    user = user_with("officer")
    meets(monkeypatch, *[AWAY] * 9)
    ask(user.email)

    work()
    for _try in mailing.SOON:
        work(later=True)

    assert sum(mailing.SOON, timedelta()) < timedelta(hours=1)
    assert DBTaskResult.objects.count() == len(mailing.SOON) + 1
    call_command("clock")
    assert not DBTaskResult.objects.filter(task_path__contains="send_reset").exists()


def test_other_jobs_and_those_that_wait_are_not_erased(monkeypatch):
    ask("nobody@example.org")

    call_command("clock")

    assert DBTaskResult.objects.filter(task_path__contains="send_reset").count() == 1


def test_a_changed_password_is_told_by_the_queue_too(monkeypatch):
    user, client = user_with("officer"), Client(HTTP_ACCEPT_LANGUAGE="en")
    user.set_password("Sextant-2026-essai")
    user.save(update_fields=["password"])
    client.post("/account/login/", {"login": user.email, "password": "Sextant-2026-essai"})
    meets(monkeypatch, NOBODY)
    form = {"oldpassword": "Sextant-2026-essai", "password1": NEW, "password2": NEW}

    assert client.post(reverse("account_change_password"), form).status_code == 302

    user.refresh_from_db()
    assert user.check_password(NEW)
    (row,) = DBTaskResult.objects.filter(task_path__contains="send_account_mail")
    assert row.args_kwargs["args"][0] == user.email
    assert NEW not in str(row.args_kwargs)


def test_a_notice_of_break_glass_that_never_arrives_is_told_to_administrators_and_auditors(monkeypatch):
    director, auditor = user_with("director"), user_with("auditor")
    meets(monkeypatch, NOBODY, AWAY)
    administrator, colleague = user_with("administrator"), user_with("administrator")
    access = open_emergency(actor=administrator, reason="The server of the office is broken.")

    work()

    access.refresh_from_db()
    assert [(row["name"], row["reason"]) for row in access.missed] == [(str(director), "refused")]
    words = f"{director} was not told: the address was refused"
    assert (words in shown_to(colleague, reverse("accounts:emergency")), words in shown_to(colleague)) == (True, True)
    assert (words in shown_to(auditor), words in shown_to(user_with("officer"))) == (True, False)
    assert audit.differences() == []


def shown_to(user: User, url: str = "/") -> str:
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    client.force_login(user)
    return client.get(url).content.decode()


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_page_that_follows_promises_no_mail_to_an_address_without_account(language):
    page = Client().get(RESET + "done/", headers={"Accept-Language": language}).content.decode()

    assert {"en": "If an open account has this address", "fr": "Si un compte ouvert a cette adresse"}[language] in page
    assert RESET in page


def test_until_when_the_glass_is_broken_is_told_as_other_times_are():
    administrator = user_with("administrator")
    access = open_emergency(actor=administrator, reason="The server of the office is broken.")

    page = shown_to(administrator, reverse("accounts:emergency"))

    with translation.override("en"):
        assert f"Open until {moment_text(access.ends_at)}." in re.sub(r"<[^>]+>", "", page)
