"""Refusals as pages and as fragments."""

import pytest
from django.http import HttpResponse
from django_htmx.middleware import HtmxDetails

from motrice.core.errors import InvalidTransition, NotPermitted, RuleViolation, StaleState
from motrice.web.errors import ErrorPageMiddleware, csrf_failure, page_not_found, server_error, too_many_requests

pytestmark = pytest.mark.django_db
ERRORS = [
    (NotPermitted("Only the officer does this."), 403),
    (InvalidTransition("The need is closed."), 409),
    (StaleState("Somebody was quicker."), 409),
    (RuleViolation("The end precedes the start.", field="ends_on"), 422),
]


def request_of(rf, contact, **headers):
    request = rf.get("/", headers=headers)
    request.user = contact
    request.htmx = HtmxDetails(request)
    return request


@pytest.mark.parametrize(("error", "status"), ERRORS)
def test_error_of_an_operation_becomes_a_page_that_says_why(rf, contact, error, status):
    middleware = ErrorPageMiddleware(lambda request: HttpResponse())

    response = middleware.process_exception(request_of(rf, contact), error)

    assert response.status_code == status
    assert str(error) in response.content.decode()
    assert b"<!doctype html>" in response.content


@pytest.mark.parametrize(("error", "status"), ERRORS)
def test_error_of_an_operation_becomes_a_note_for_htmx(rf, contact, error, status):
    middleware = ErrorPageMiddleware(lambda request: HttpResponse())

    response = middleware.process_exception(request_of(rf, contact, **{"HX-Request": "true"}), error)

    assert response.status_code == status
    assert str(error) in response.content.decode()
    assert b"<html" not in response.content
    assert response.headers["HX-Retarget"] == "#toasts"
    assert "HX-Request" in response.headers["Vary"]


def test_a_bug_is_not_dressed_up_as_a_refusal(rf, contact):
    middleware = ErrorPageMiddleware(lambda request: HttpResponse())

    assert middleware.process_exception(request_of(rf, contact), KeyError("x")) is None


@pytest.mark.parametrize(
    ("handler", "status"),
    [
        (lambda request: page_not_found(request, Exception()), 404),
        (server_error, 500),
        (too_many_requests, 429),
        (csrf_failure, 403),
    ],
)
def test_pages_of_the_server_say_what_to_do(rf, contact, handler, status):
    response = handler(request_of(rf, contact))

    assert response.status_code == status
    assert b"<h1>" in response.content
    assert b'href="/"' in response.content


def test_missing_page_is_ours(signed_in):
    response = signed_in.get("/nowhere/")

    assert response.status_code == 404
    assert "There is nothing here that you may see" in response.content.decode()
