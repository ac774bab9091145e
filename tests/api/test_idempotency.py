"""Repeated writes with one key."""

import threading
from datetime import timedelta

import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone

from motrice.accounts.models import ApiAnswer, RoleAssignment
from motrice.accounts.operations.roles import grant_role
from motrice.accounts.operations.tokens import create_token
from motrice.accounts.operations.users import create_user, system_user
from motrice.config.idempotency import forget_expired

ROLES = "/api/v1/accounts/roles"


def world():
    system = system_user()
    administrator = create_user(email="ada@example.org", display_name="Ada Règle", actor=system)
    grant_role(user=administrator, kind="administrator", actor=system)
    someone = create_user(email="rosa@example.org", display_name="Rosa Verre", actor=system)
    secret = create_token(
        actor=administrator,
        name="script",
        scopes=["accounts:write"],
        expires_on=timezone.localdate() + timedelta(days=3),
    )[1]
    return administrator, someone, secret


def send(secret, body, key="key-0001"):
    headers = {"Authorization": f"Bearer {secret}", "Idempotency-Key": key}
    return Client().post(ROLES, body, content_type="application/json", headers=headers)


@pytest.mark.django_db
def test_the_same_key_and_call_get_the_same_answer_and_one_write():
    _administrator, someone, secret = world()
    body = {"user": someone.reference, "kind": "researcher"}

    first, second = send(secret, body), send(secret, body)

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert second["Idempotency-Replayed"] == "true"
    assert RoleAssignment.objects.filter(user=someone).count() == 1


@pytest.mark.django_db
def test_the_same_key_with_another_call_is_refused():
    _administrator, someone, secret = world()
    send(secret, {"user": someone.reference, "kind": "researcher"})

    other = send(secret, {"user": someone.reference, "kind": "legal"})

    assert other.status_code == 409
    assert not RoleAssignment.objects.filter(user=someone, kind="legal").exists()


@pytest.mark.django_db
def test_a_refused_call_leaves_its_key_free():
    _administrator, someone, secret = world()

    assert send(secret, {"user": someone.reference, "kind": "emperor"}).status_code == 422
    assert send(secret, {"user": someone.reference, "kind": "legal"}).status_code == 201


@pytest.mark.django_db
def test_keys_belong_to_one_caller():
    administrator, someone, secret = world()
    grant_role(user=someone, kind="administrator", actor=administrator)
    own = create_token(
        actor=someone, name="s", scopes=["accounts:write"], expires_on=timezone.localdate() + timedelta(days=3)
    )[1]

    assert send(secret, {"user": someone.reference, "kind": "legal"}).status_code == 201
    answer = send(own, {"user": administrator.reference, "kind": "legal"})

    assert answer.status_code == 201
    assert answer.json()["user"] == administrator.reference


@pytest.mark.django_db
def test_an_ill_formed_key_is_refused_before_anything_is_done():
    _administrator, someone, secret = world()

    answer = send(secret, {"user": someone.reference, "kind": "legal"}, key="é")

    assert answer.status_code == 422
    assert answer.json()["fields"][0]["field"] == "Idempotency-Key"
    assert not someone.roles.exists()


@pytest.mark.django_db
def test_kept_answers_are_forgotten_after_their_day():
    _administrator, someone, secret = world()
    send(secret, {"user": someone.reference, "kind": "legal"})
    ApiAnswer.objects.update(expires_at=timezone.now() - timedelta(minutes=1))

    assert forget_expired() == 1
    again = send(secret, {"user": someone.reference, "kind": "legal"})

    assert again.status_code == 422, "the key is free, and the role is held already"


@pytest.mark.django_db(transaction=True)
def test_two_calls_at_the_same_moment_write_once():
    _administrator, someone, secret = world()
    body = {"user": someone.reference, "kind": "researcher"}
    barrier, answers = threading.Barrier(2), []

    def call():
        barrier.wait()
        answers.append(send(secret, body))
        connections.close_all()

    threads = [threading.Thread(target=call) for _turn in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [answer.status_code for answer in answers] == [201, 201]
    assert RoleAssignment.objects.filter(user=someone).count() == 1
    assert sum("Idempotency-Replayed" in answer for answer in answers) == 1
