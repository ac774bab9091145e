"""The frame: areas by right, at most nine, the present one marked."""

from types import SimpleNamespace

import pytest

from motrice.web import navigation
from motrice.web.navigation import Area

READER = SimpleNamespace(is_authenticated=True)
NOBODY = SimpleNamespace(is_authenticated=False)


@pytest.fixture
def frame(monkeypatch):
    fresh = navigation._Frame()
    monkeypatch.setattr(navigation, "_frame", fresh)
    monkeypatch.setattr(navigation, "address", lambda name: f"/{name}/" if name not in ("", "lost") else "")
    return fresh


def test_areas_are_those_that_a_right_opens_in_their_order(frame):
    navigation.register(Area("Second", "second", icon="bell", order=20))
    navigation.register(Area("First", "first", icon="bell", order=10))
    navigation.register(Area("Secret", "secret", icon="bell", visible=lambda actor: False))
    navigation.register(Area("Lost", "lost", icon="bell"))

    assert [area.label for area in navigation.shown_areas(READER, "/")] == ["First", "Second"]
    assert navigation.shown_areas(NOBODY, "/") == []


def test_the_longest_address_marks_the_present_area(frame):
    navigation.register(Area("Needs", "needs", icon="bell"))
    navigation.register(Area("Reports", "needs/reports", icon="bell"))
    navigation.register(Area("Offers", "offers", icon="bell", prefixes=("/platforms/",)))

    def current(path: str) -> list[str]:
        return [area.label for area in navigation.shown_areas(READER, path) if area.is_current]

    assert current("/needs/X1/") == ["Needs"]
    assert current("/needs/reports/2026/") == ["Reports"]
    assert current("/platforms/x/") == ["Offers"]
    assert current("/elsewhere/") == []


def test_nine_areas_are_shown_at_the_left_and_the_others_under_the_name_of_the_reader(frame):
    for number in range(11):
        navigation.register(Area(str(number), f"area-{number}", icon="bell", order=number))
    navigation.register_account_link(Area("Mine", "mine", icon="bell"))

    shell = navigation.shell_for(READER, "/")

    assert [area.label for area in shell.areas] == [str(number) for number in range(9)]
    assert [area.label for area in shell.account_links] == ["9", "10", "Mine"]


def test_the_same_address_cannot_be_declared_twice(frame):
    navigation.register(Area("Needs", "needs", icon="bell"))

    with pytest.raises(ValueError, match="needs"):
        navigation.register(Area("Again", "needs", icon="bell"))


def test_what_waits_is_counted_for_the_signed_in_only(frame):
    navigation.set_waiting(url_name="home", count=lambda actor: 7)
    navigation.set_place(lambda actor: "Institut inventé")

    shown, hidden = navigation.shell_for(READER, "/"), navigation.shell_for(NOBODY, "/")

    assert (shown.waiting_count, shown.waiting_url, shown.place) == (7, "/home/", "Institut inventé")
    assert (hidden.waiting_count, hidden.waiting_url, hidden.place) == (0, "", "")
