"""An unknown visitor's need reaches the desk once confirmed; robots, floods and late confirmations are refused."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from motrice.core.errors import RuleViolation
from motrice.sourcing.models import Message, Need, VisitorAttempt, VisitorSubmission
from motrice.sourcing.operations import visitors
from motrice.sourcing.operations.clock import run_clock
from motrice.sourcing.operations.needs import qualify_need
from motrice.sourcing.operations.visitors import PER_EMAIL, confirm_submission, form_token, send_as_visitor
from tests.sourcing.factories import GLUE, SECRET, World, statement
from tests.sourcing.views.test_story import text_of


def send(*, now=None, token: str = "", email: str = "aude@example.org", trap: str = "", address: str = "192.0.2.1"):
    return send_as_visitor(
        statement=statement(naf_code="20.52Z", region="Bretagne"),
        company_name="Atelier inventé",
        name="Aude Vent",
        email=email,
        address=address,
        token=token or form_token(),
        trap=trap,
        now=now or timezone.now() + timedelta(seconds=30),
    )


def link_in(message) -> str:
    return re.search(r"https?://[^/]+(/\S+)", message.body).group(1)


def test_a_visitor_is_read_by_nobody_before_confirming_and_is_answered_after(place: World):
    send()
    assert (Need.objects.count(), len(mail.outbox)) == (0, 1)
    assert SECRET not in mail.outbox[0].body
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    confirm = link_in(mail.outbox[0])

    assert Need.objects.count() == 0
    assert client.get(confirm).status_code == 200
    assert Need.objects.count() == 0
    page = text_of(client.post(confirm, follow=True))

    need = Need.objects.get()
    assert f"{need.owner} answers you." in page
    assert (need.owner, need.channel, need.contact_email) == (place.officer, "visitor", "aude@example.org")
    assert VisitorSubmission.objects.get().answers == {}
    qualify_need(need=need, message="Nous regardons.", actor=place.officer)
    follow = link_in(mail.outbox[-1])
    assert "Nous regardons." in text_of(client.get(follow))
    story = client.get(follow).context["timeline"]
    assert [(item.who, item.what) for item in story][-2:] == [
        ("", f"{need.owner} is in charge"),
        ("Aude Vent", "sent the need"),
    ]
    assert (story[0].who, story[0].what) == (str(place.officer), "took the need in charge and answered the company")
    client.post(follow, {"text": "Merci"})
    assert Message.objects.filter(text="Merci").count() == 1
    assert client.post(confirm).status_code == 302
    assert Need.objects.count() == 1
    assert client.get(follow[:-8] + "/").status_code == 404


def test_what_is_never_confirmed_is_erased(place: World):
    submission = send()
    later = timezone.now() + timedelta(days=5)

    with pytest.raises(RuleViolation, match="expired"):
        confirm_submission(token=link_in(mail.outbox[0]).rstrip("/").rsplit("/", 1)[1], now=later)
    assert run_clock(now=later).expired == 1

    assert not VisitorSubmission.objects.filter(pk=submission.pk).exists()
    assert not VisitorAttempt.objects.exists()
    assert not Need.objects.exists()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"trap": "https://spam.example"}, "robots"),
        ({"token": "forged:1abc:def"}, "too old"),
        ({"email": "nowhere"}, "e-mail address"),
        ({"now": timezone.now()}, "faster than a person"),
    ],
)
def test_robots_and_wrong_addresses_are_refused(place: World, fields, words):
    with pytest.raises(RuleViolation, match=words):
        send(**fields)
    assert not VisitorSubmission.objects.exists()


def test_a_form_is_sent_once_and_floods_are_stopped(place: World):
    token = form_token()
    send(token=token)
    with pytest.raises(RuleViolation, match="sent already"):
        send(token=token)
    for number in range(PER_EMAIL - 1):
        send(address=f"192.0.2.{number + 2}")
    with pytest.raises(RuleViolation, match="Too many"):
        send(address="192.0.2.99")

    assert VisitorSubmission.objects.count() == PER_EMAIL


def test_the_public_form_works_without_a_script(place: World):
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    page = client.get(reverse("sourcing:visitor_need"))
    assert "Who will see it" in text_of(page)
    data = {
        "title": "Froid",
        "problem": GLUE,
        "company_name": "Atelier",
        "name": "Aude",
        "email": "a@example.org",
        "language": "fr",
        "level": "organisation",
        "token": page.context["form"]["token"].value(),
    }

    response = client.post(reverse("sourcing:visitor_need"), data)

    assert response.status_code == 422
    assert "faster than a person types" in text_of(response)
    assert response.context["form"]["problem"].value() == GLUE


def test_a_form_left_open_too_long_is_shown_again_with_what_was_typed_and_can_be_sent(place: World, monkeypatch):
    client, url = Client(HTTP_ACCEPT_LANGUAGE="en"), reverse("sourcing:visitor_need")
    old = "made:1abc:long-ago"
    typed = {"title": "Cold glue", "problem": GLUE, "company_name": "Froid", "name": "Aude", "email": "a@example.org"}
    typed |= {"language": "en", "level": "organisation"}

    refused = client.post(url, {**typed, "token": old})
    shown = refused.context["form"]

    assert "too old" in refused.content.decode()
    assert (shown["title"].value(), shown["token"].value() != old) == ("Cold glue", True)
    monkeypatch.setattr(visitors, "MINIMUM_SECONDS", 0)
    assert client.post(url, {**typed, "token": shown["token"].value()}).status_code == 302
    assert VisitorSubmission.objects.count() == 1


def test_a_visitor_is_told_all_that_is_to_be_corrected_at_once(place: World):
    typed = {"title": "Colle", "problem": "Elle cède.", "language": "fr", "level": "organisation", "naf_code": "99ZZ"}

    page = Client().post(reverse("sourcing:visitor_need"), typed | {"company_name": "A", "name": "B", "email": "b@c"})

    assert {"naf_code", "email"} <= set(page.context["form"].errors)
