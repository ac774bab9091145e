"""Teams through the API: ranked, compared, kept, asked, and what passes between them and the desk."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from motrice.core import search_index
from motrice.sourcing.models import Candidate, Message
from tests.directory.factories import EvidenceFactory
from tests.sourcing.api.caller import Caller
from tests.sourcing.factories import GLUE, World, need_of, refer


@pytest.fixture
def ranked(place: World, settings, tmp_path):
    """A need that two teams can answer, in an index of its own."""
    settings.SEARCH_ROOT = tmp_path
    EvidenceFactory(title="Colles au froid", text=GLUE, of=[place.chemistry])
    EvidenceFactory(title="Joint optique", text="Un joint qui se décolle au froid", of=[place.optics])
    search_index.rebuild()
    return need_of(place)


def test_the_ranking_is_narrowed_as_on_its_page(place: World, ranked):
    desk, path = Caller(place.officer), f"needs/{ranked.reference}/ranking"

    rows = desk("get", path)

    assert rows[0]["team"] == place.chemistry.reference
    assert rows[0]["evidence"][0]["matched"]
    assert desk("get", f"{path}?kind=person") == []
    assert desk("get", f"{path}?trl=4") == []
    assert desk("get", f"{path}?size=huge", 422)["fields"][0]["field"].endswith("size")
    Caller(place.coordinator)("get", path, 403)


def test_two_teams_are_compared_with_what_they_answered_before(place: World, ranked):
    desk = Caller(place.officer)
    refer(place, need_of(place, title="Autre"), place.chemistry)
    Caller(place.chemist)("post", f"referrals/{_only(place)}/accept", text="Oui")
    owners = [row["owner"] for row in desk("get", f"needs/{ranked.reference}/ranking")]

    rows = desk("get", f"needs/{ranked.reference}/compare?owner={owners[0]}&owner={owners[1]}")

    assert [(row["team"], row["needs_accepted"]) for row in rows] == [
        (place.chemistry.reference, 1),
        (place.optics.reference, 0),
    ]
    desk("get", f"needs/{ranked.reference}/compare?owner={owners[0]}", 422)


def _only(place: World) -> str:
    return Caller(place.chemist)("get", "referrals")["items"][0]["reference"]


def test_a_candidate_keeps_its_evidence_and_is_set_aside_and_brought_back(place: World, ranked):
    desk, path = Caller(place.officer), f"needs/{ranked.reference}/candidates"
    owner = desk("get", f"needs/{ranked.reference}/ranking")[0]["owner"]

    made = desk("post", path, 201, owner=owner, is_excluded=True, reason="Trop chargée")
    desk("post", path, 422, owner="team-AAAAAAAA")
    back = desk("post", f"candidates/{made['reference']}/restore")

    assert (made["status"], made["origin"], made["rank"]) == ("excluded", "ranking", 1)
    assert back["status"] == "shortlisted"
    assert Candidate.objects.get().evidence
    Caller(place.coordinator)("post", f"candidates/{made['reference']}/restore", 403)
    asked = desk("post", f"needs/{ranked.reference}/referrals", 201, candidates=[made["reference"]], message="?")
    assert asked[0]["team"] == place.chemistry.reference


def test_a_question_is_forwarded_without_the_team_and_the_time_moved(place: World):
    need = need_of(place)
    referral = refer(place, need)[0].reference
    desk, team = Caller(place.officer), Caller(place.chemist)

    desk("post", f"referrals/{referral}/forward", 422)
    team("post", f"referrals/{referral}/ask", 201, text="Quelle épaisseur ?")
    desk("post", f"referrals/{referral}/forward", 201)
    later = (timezone.now() + timedelta(days=400)).isoformat()
    moved = desk("post", f"referrals/{referral}/due", due_at=later)

    assert moved["due_at"][:10] == later[:10]
    assert [row["text"] for row in team("get", f"referrals/{referral}/messages")["items"]] == ["Quelle épaisseur ?"]
    assert Message.objects.filter(kind="desk_company", text="Quelle épaisseur ?").exists()
    desk("post", f"needs/{need.reference}/end-wait", 204)
    team("post", f"referrals/{referral}/due", 403, due_at=later)


def test_a_joint_answer_is_given_up_by_who_proposed_it(place: World):
    referral = refer(place, need_of(place))[0].reference
    team = Caller(place.chemist)
    joint = team("post", f"referrals/{referral}/joint", 201, partner=place.optics.reference, text="Ensemble")

    assert team("get", f"referrals/{referral}/joint")["items"][0]["reference"] == joint["reference"]
    Caller(place.rival_contact)("post", f"joint-answers/{joint['reference']}/give-up", 404)
    assert team("post", f"joint-answers/{joint['reference']}/give-up")["status"] == "declined"


def test_an_nda_is_listed_and_ended(place: World):
    need = need_of(place)
    refer(place, need)
    desk, path = Caller(place.officer), f"needs/{need.reference}/ndas"
    today = timezone.localdate()
    desk("post", path, 201, team=place.chemistry.reference, recorded_on=str(today), agreement="NDA-1")

    assert Caller(place.chemist)("get", f"needs/{need.reference}/secret")["text"]
    Caller(place.chemist)("post", f"{path}/{place.chemistry.reference}/end", 403, ended_on=str(today))
    early = desk("post", f"{path}/{place.chemistry.reference}/end", 422, ended_on="2020-01-01")
    ended = desk("post", f"{path}/{place.chemistry.reference}/end", ended_on=str(today))

    assert early["fields"][0]["field"] == "ended_on"
    assert ended["ends_on"] == str(today)
    assert desk("get", path)["total"] == 1
