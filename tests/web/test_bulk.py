"""Acts on several rows: preview first, rights again, refusals said, undo offered."""

import pytest
from bs4 import BeautifulSoup

from motrice.core.errors import NotPermitted
from tests.directory.factories import OrganisationFactory

pytestmark = pytest.mark.django_db


def test_bulk_act_is_previewed_before_anything_is_done(ask, coordinator):
    able = OrganisationFactory(unit=True, name="A", city="Rennes")
    unable = OrganisationFactory(unit=True, name="B", city="")

    response = ask(coordinator, data={"act": "name", "select": [able.reference, unable.reference]})

    soup = BeautifulSoup(response.content, "html.parser")
    assert response.status_code == 200
    assert [box["value"] for box in soup.select("input[type=hidden][name=select]")] == [able.reference]
    assert "It has no city." in soup.get_text()
    assert response.said == []


def test_confirmed_bulk_act_is_done_on_the_rows_that_allow_it(ask, coordinator):
    able = OrganisationFactory(unit=True, name="A", city="Rennes")
    unable = OrganisationFactory(unit=True, name="B", city="")

    response = ask(
        coordinator, "?sort=name", data={"act": "name", "step": "apply", "select": [able.reference, unable.reference]}
    )

    assert response.status_code == 302
    assert response.url == "/organisations/?sort=name"
    assert response.said[0] == "A"
    assert len(response.said) == 2


def test_bulk_act_on_everything_listed_follows_the_filters(ask, coordinator):
    for name in ("A", "B"):
        OrganisationFactory(unit=True, name=name, city="Rennes")
    OrganisationFactory(unit=True, name="C", city="Lyon")

    response = ask(coordinator, "?city=Rennes", data={"act": "name", "step": "apply", "everything": "1"})

    assert response.said == ["A, B"]


def test_rows_that_the_actor_may_not_see_cannot_be_selected(ask, contact):
    hidden = OrganisationFactory(company=True, name="Hidden", city="Rennes", level="circle")

    response = ask(contact, data={"act": "name", "step": "apply", "select": [hidden.reference]})

    assert "Hidden" not in " ".join(response.said)
    assert len(response.said) == 1


def test_unknown_act_is_refused(ask, coordinator):
    with pytest.raises(NotPermitted):
        ask(coordinator, data={"act": "erase", "select": ["x"]})
