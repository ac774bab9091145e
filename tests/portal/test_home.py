"""The home page: what waits, in the order of its dates, for each reader; the front door for nobody in particular."""

from datetime import date

import pytest
from django.urls import reverse

from motrice.accounts.models import User
from motrice.accounts.operations.roles import grant_role
from motrice.accounts.operations.users import create_user, system_user
from motrice.directory.enums import OrganisationKind
from motrice.directory.operations.organisation import create_organisation
from motrice.web import panels
from motrice.web.parts import TimelineItem, Waiting

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader():
    """An officer of a laboratory."""
    system = system_user()
    user = create_user(email="ines@example.org", display_name="Inès Rivebleue", actor=system, language="en")
    unit = create_organisation(
        actor=system, kind=OrganisationKind.UNIT, name="Laboratoire des verres", short_name="LDV"
    )
    grant_role(user=user, kind="officer", on=unit, actor=system)
    return user


@pytest.fixture
def own_panels(monkeypatch):
    """Panels of this test alone."""
    monkeypatch.setattr(panels, "_panels", {})
    monkeypatch.setattr(panels, "_starts", [])
    monkeypatch.setattr(panels, "_kept", {})


def home(client, user):
    client.force_login(user)
    client.cookies["motrice_language"] = "en"
    return client.get(reverse("portal:home")).content.decode()


def test_what_waits_is_shown_in_the_order_of_its_dates(client, reader, own_panels):
    items = [
        Waiting("Later", "/later/", until=date(2999, 2, 1)),
        Waiting("Some day", "/someday/"),
        Waiting("Sooner", "/sooner/", until=date(2020, 1, 1), why="you hold it", act="Answer"),
    ]
    one = User.objects.filter(pk=reader.pk)
    sources = [panels.Source(lambda: one, lambda _row, item=item: item) for item in items]
    panels.register(panels.Panel("test", sources=lambda actor: sources))

    text = home(client, reader)

    assert text.index("Sooner") < text.index("Later") < text.index("Some day")
    assert "3 things wait for you" in text
    assert "1 late" in text


def test_what_is_due_on_one_day_stands_in_the_order_of_its_panel(reader, own_panels):
    one, words = User.objects.filter(pk=reader.pk), ["c", "b", "a"]
    sources = [panels.Source(lambda: one, lambda _row, word=word: Waiting(word, f"/{word}/")) for word in words]
    panels.register(panels.Panel("as given", sources=lambda actor: sources, order=1))
    panels.register(panels.Panel("by words", sources=lambda actor: sources, order=2, ties=lambda item: str(item.what)))

    assert [item.what for item in panels.waiting_for(reader)] == ["c", "b", "a", "a", "b", "c"]


def test_a_kind_of_thing_of_which_nothing_waits_is_counted_but_not_read(reader, own_panels, django_assert_num_queries):
    def told(user: User) -> Waiting:
        return Waiting(user.display_name, "/")

    kept, empty = User.objects.filter(pk=reader.pk), User.objects.filter(pk=None)
    sources = [panels.Source(lambda rows=rows: rows, told) for rows in (empty, kept, empty, empty)]
    panels.register(panels.Panel("test", sources=lambda actor: sources))
    assert reader.active_roles
    with django_assert_num_queries(3):  # where the log stands, all counts, the rows of the one that has any
        assert [item.what for item in panels.waiting_for(reader)] == ["Inès Rivebleue"]
    with django_assert_num_queries(2):
        panels.waiting_for(reader)
    assert panels.count_for(reader) == 1


def test_the_latest_change_comes_first(client, reader, own_panels):
    changes = [TimelineItem("was old news", date(2026, 1, 1)), TimelineItem("was fresh news", date(2026, 11, 1))]
    panels.register(panels.Panel("test", changes=lambda actor: changes))

    text = home(client, reader)

    assert text.index("was fresh news") < text.index("was old news")


def test_a_start_is_offered_only_to_those_who_may(client, reader, own_panels):
    panels.register_start(panels.Start("Open", "for all", "portal:home", "home"))
    panels.register_start(panels.Start("Closed", "for none", "portal:home", "home", visible=lambda actor: False))

    text = home(client, reader)

    assert "for all" in text
    assert "for none" not in text


def test_the_page_says_where_the_reader_is(client, reader):
    assert "LDV" in home(client, reader)


def test_a_visitor_finds_the_front_door(client):
    client.cookies["motrice_language"] = "en"

    assert "Your problem, answered by the right laboratories" in client.get("/").content.decode()


def test_two_panels_of_one_name_are_refused(own_panels):
    panels.register(panels.Panel("test"))

    with pytest.raises(ValueError, match="declared twice"):
        panels.register(panels.Panel("test"))
