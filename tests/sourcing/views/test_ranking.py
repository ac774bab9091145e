"""The ranking on the page: what it tells of each piece holds, filters keep ranks, and choices survive an act."""

from __future__ import annotations

import pytest
from django.urls import reverse

from motrice.core import search_index
from motrice.directory.models import Evidence
from motrice.sourcing.models import Candidate, Need
from motrice.sourcing.ranking import rank_teams
from tests.directory.factories import EvidenceFactory, OrganisationFactory
from tests.sourcing.factories import World, need_of
from tests.sourcing.views.test_story import client_of, text_of

TEXTS = (
    ("Tenue des colles au froid", "La colle perd sa force au froid : le joint se décolle sous -20 °C.", "chemistry"),
    ("Adhesives in the cold", "Epoxy glue loses strength in the cold; joints tested at -40 °C.", "chemistry"),
    ("Colles optiques", "Une colle pour le verre, son joint et sa tenue au froid.", "optics"),
    ("Joints de verre", "Le joint de verre collé résiste au froid.", "optics"),
    ("Turbines", "Aubes de turbines à haute température.", "third"),
)


@pytest.fixture
def need(place: World) -> Need:
    """A need, and three teams with texts."""
    teams = {"chemistry": place.chemistry, "optics": place.optics, "third": OrganisationFactory(unit=True)}
    for title, text, team in TEXTS:
        EvidenceFactory(title=title, text=text, language="en" if "Epoxy" in text else "fr", of=[teams[team]])
    search_index.rebuild()
    return need_of(place, at=None)


def test_removing_each_piece_moves_its_team_exactly_as_the_page_tells(place: World, need: Need):
    told = {
        (row.owner, piece.title): piece.rank_without
        for row in rank_teams(need, place.officer)
        for piece in row.pieces
        if piece.title in {title for title, _text, _team in TEXTS}
    }
    assert len(told) >= 4

    found = {}
    for owner, title in told:
        piece = Evidence.objects.get(title=title)
        kept = {"texts": piece.text, "title": piece.title}
        Evidence.objects.filter(pk=piece.pk).update(level="circle")
        search_index.rebuild()
        ranks = {row.owner: row.rank for row in rank_teams(need, place.officer)}
        found[owner, title] = ranks.get(owner)
        Evidence.objects.filter(pk=piece.pk).update(level="public", text=kept["texts"])
    assert found == told


def test_the_page_tells_the_rank_without_each_piece(place: World, need: Need):
    page = text_of(client_of(place.officer).get(reverse("sourcing:ranking", args=[need.reference])))

    assert page.count("Without this piece") >= 3


def test_filters_leave_rows_out_without_changing_ranks(place: World, need: Need):
    whole = {row.owner: row.rank for row in rank_teams(need, place.officer)}
    type(place.optics).objects.filter(pk=place.optics.pk).update(region="Corse")

    client = client_of(place.officer)
    answer = client.get(reverse("sourcing:ranking", args=[need.reference]), {"region": "Corse"})

    rows = [row for row, *_rest in answer.context["rows"]]
    assert [row.organisation for row in rows] == [place.optics]
    assert rows[0].rank == whole[rows[0].owner]


def test_filters_survive_a_choice_and_an_unknown_value_is_no_filter(place: World, need: Need):
    client, url = client_of(place.officer), reverse("sourcing:ranking", args=[need.reference])
    owner = client.get(url).context["rows"][0][0].owner

    answer = client.post(
        f"{reverse('sourcing:candidate_act', args=[need.reference])}?region=Bretagne&kind=team&other=1",
        {"owner": owner},
    )

    assert answer["Location"] == f"{url}?region=Bretagne&kind=team"
    assert Candidate.objects.get().evidence[0]["title"] == "Tenue des colles au froid"
    assert len(client.get(url, {"kind": "starship", "trl": "99", "size": "huge"}).context["rows"]) >= 2


def test_two_to_four_teams_stand_side_by_side_and_one_alone_does_not(place: World, need: Need):
    client = client_of(place.officer)
    rows = [row for row, *_rest in client.get(reverse("sourcing:ranking", args=[need.reference])).context["rows"]]
    url = reverse("sourcing:compare", args=[need.reference])

    page = client.get(url, {"owner": [row.owner for row in rows[:2]]})

    assert [head.label for head in page.context["comparison"].heads] == [row.name for row in rows[:2]]
    assert client.get(url, {"owner": rows[0].owner}).status_code == 302


def test_who_refers_with_nobody_shortlisted_is_led_to_the_ranking(place: World):
    need = need_of(place)

    page = client_of(place.officer).get(reverse("sourcing:refer", args=[need.reference]), follow=True)

    assert page.redirect_chain == [(reverse("sourcing:ranking", args=[need.reference]), 302)]
    assert "Shortlist the teams that can answer first" in page.content.decode()
