"""What a reader may do with a record is asked once for its page, and answered as each right is asked alone."""

from __future__ import annotations

import dataclasses

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from motrice.accounts.models import User
from motrice.accounts.operations.users import system_user
from motrice.core import policies
from tests.agreements.factories import licence_of, opened
from tests.inventions import factories
from tests.portfolio.factories import application_of, world

pytestmark = pytest.mark.django_db


@pytest.fixture
def places(settings, tmp_path):
    settings.SEARCH_ROOT, settings.MEDIA_ROOT = tmp_path / "search", tmp_path / "files"
    return factories.lab(), world()


def users_of(place):
    rows = [getattr(place, field.name) for field in dataclasses.fields(place)]
    return [row for row in rows if isinstance(row, User)]


def test_rights_asked_together_are_those_that_are_asked_alone(places):
    lab, place = places
    asset = opened(place)
    records = [
        factories.draft(lab),
        factories.evaluated(lab),
        asset,
        application_of(place, asset),
        licence_of(place, asset),
        place.office,
    ]
    seen_as = User.objects.get(pk=place.officer.pk)
    seen_as.ceiling = place.lab_director
    actors = [*users_of(lab), *users_of(place), system_user(), AnonymousUser(), seen_as]

    for record in records:
        actions = [*policies.actions_of(type(record)), "no such act"]
        for actor in actors:
            alone = {action for action in actions if policies.allows(actor, action, record)}
            assert policies.allowed(actor, actions, record) == alone, (actor, record)


def test_rights_on_a_record_that_is_gone_are_those_that_have_no_limit(places):
    lab, _place = places
    gone = factories.draft(lab)
    type(gone).objects.filter(pk=gone.pk).update(author=lab.colleague)
    gone.pk = 0

    assert policies.allowed(lab.researcher, policies.actions_of(type(gone)), gone) == frozenset()


def asked_of(user, record):
    """How often the page of a record asks its table for the reader's rights, alone and together."""
    client, url = Client(), record.get_absolute_url()
    client.force_login(user)
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    table = f'FROM "{record._meta.db_table}"'
    asked = [query["sql"] for query in queries if table in query["sql"]]
    return sum(sql.startswith("SELECT 1 AS") for sql in asked), sum(sql.startswith("SELECT EXISTS") for sql in asked)


def test_the_page_of_a_disclosure_asks_once_what_its_reader_may_do(places):
    lab, _place = places
    disclosure = factories.evaluated(lab)

    assert [asked_of(user, disclosure) for user in (lab.officer, lab.researcher)] == [(0, 1), (0, 1)]


def test_the_page_of_an_asset_asks_once_what_its_reader_may_do(places):
    _lab, place = places
    asset = opened(place)

    alone, together = asked_of(place.officer, asset)

    assert (alone, together) == (1, 1)  # alone: whether it may be licensed, which a higher part asks
    assert asked_of(place.lab_director, asset) == (0, 1)


def test_the_page_of_an_agreement_asks_once_what_its_reader_may_do(places):
    _lab, place = places

    assert asked_of(place.officer, licence_of(place, opened(place))) == (0, 1)
