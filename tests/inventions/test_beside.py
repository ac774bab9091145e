"""Disclosures beside the laboratory and the people of the directory: only for who may see them."""

from __future__ import annotations

import pytest

from motrice.inventions.panels import SHOWN
from motrice.web import panels
from tests.inventions import factories
from tests.inventions.factories import Lab

pytestmark = pytest.mark.django_db


def shown(record, actor) -> list[str]:
    found = [panel for panel in panels.beside(record, actor) if str(panel.title) in ("Disclosures", "Déclarations")]
    return [str(link.label) for panel in found for link in panel.links]


@pytest.mark.parametrize("who", ["researcher", "head", "officer", "second", "auditor"])
def test_who_works_on_a_disclosure_finds_it_beside_its_laboratory_and_inventors(place: Lab, who):
    factories.received(place)
    actor = getattr(place, who)

    assert shown(place.unit, actor) == shown(place.person, actor) == ["Joint qui se répare à froid"]


@pytest.mark.parametrize("who", ["coordinator", "stranger", "expert"])
def test_others_see_no_panel_with_a_disclosure(place: Lab, who):
    factories.received(place)
    actor = getattr(place, who)

    assert shown(place.unit, actor) == shown(place.person, actor) == []
    assert not [panel for panel in panels.beside(place.unit, actor) if panel.steps and panel.links]


def test_a_long_list_is_cut_and_leads_to_the_whole(place: Lab):
    for _number in range(SHOWN + 1):
        factories.draft(place)

    panel = next(panel for panel in panels.beside(place.unit, place.researcher) if len(panel.links) == SHOWN)

    assert panel.more_url == f"/disclosures/?unit={place.unit.pk}"
    assert len(panel.steps) == 1
