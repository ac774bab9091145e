"""What belongs to a record, through the API: numbers, names, places, links, successions, merges, texts."""

from datetime import date

import pytest
from django.core.cache import cache

from motrice.core.confidentiality import Level
from motrice.directory.models import Evidence, Organisation, Relation
from tests.database import load_catalogue
from tests.directory.factories import (
    AffiliationFactory,
    IdentifierFactory,
    MechanismFactory,
    OrganisationFactory,
    OrganisationNameFactory,
    PersonFactory,
    RelationFactory,
    user_with,
)

pytestmark = pytest.mark.django_db


class Caller:
    """Calls of one account."""

    def __init__(self, client, user):
        self.client = client
        client.force_login(user)

    def __call__(self, method, path, status=200, **body):
        data = None if method == "get" else body
        response = getattr(self.client, method)(f"/api/v1/directory{path}", data=data, content_type="application/json")
        assert response.status_code == status, response.content
        return response.json() if response.content else None


@pytest.fixture
def keeper(client, settings, tmp_path):
    cache.clear()
    settings.SEARCH_ROOT = tmp_path
    load_catalogue()
    return Caller(client, user_with("officer"))


def test_lists_are_filtered_and_sorted_as_on_their_pages(keeper):
    unit = OrganisationFactory(unit=True, name="Beta", region="Bretagne")
    OrganisationFactory(unit=True, name="Alpha", region="Corse")
    head = OrganisationFactory(name="Tutelle")
    RelationFactory(source=head, target=unit)

    assert [row["name"] for row in keeper("get", "/laboratories?sort=-name")["items"]] == ["Beta", "Alpha"]
    assert keeper("get", f"/laboratories?supervisor={head.reference}")["items"][0]["name"] == "Beta"
    assert keeper("get", "/organisations?region=Corse&region=Bretagne")["total"] == 2
    assert keeper("get", "/laboratories?level=galactic", 422)["fields"]
    assert keeper("get", "/companies?facets=true")["facets"]["size"] == []


def test_numbers_and_names_are_ended_or_removed(keeper):
    body = OrganisationFactory(unit=True)
    path = f"/organisations/{body.reference}"
    keeper("post", f"{path}/identifiers", 201, scheme="ror", value="02feahw73")
    keeper("post", f"{path}/names", 201, kind="acronym", value="LIV")

    keeper("post", f"{path}/identifiers/end", 204, scheme="ror", value="02feahw73", on="2024-01-01")
    keeper("post", f"{path}/names/end", 204, kind="acronym", value="LIV", reason="never so")
    keeper("post", f"{path}/names/end", 404, kind="acronym", value="LIV")

    assert keeper("get", f"{path}/identifiers")["items"][0]["ends_on"] == "2024-01-01"
    assert keeper("get", f"{path}/names")["total"] == 0
    keeper("post", f"{path}/close", on="2025-01-01")
    assert Organisation.objects.get(pk=body.pk).ends_on == date(2025, 1, 1)


def test_address_size_topics_and_mechanism_are_written(keeper):
    body = MechanismFactory(organisation__kind="mechanism").organisation
    path = f"/organisations/{body.reference}"

    assert keeper("put", f"{path}/address", city="Brest", latitude=48.4, longitude=-4.5)["city"] == "Brest"
    assert keeper("put", f"{path}/profiles", year=2025, source="test", size_class="small")["size_class"] == "small"
    assert keeper("put", f"{path}/topics", scheme="segment", codes=["x"])[0]["code"] == "x"
    offered = keeper("get", f"{path}/mechanism")
    assert (
        keeper("put", f"{path}/mechanism", mechanism_type=offered["mechanism_type"], trl_min=3, trl_max=6)["trl_max"]
        == 6
    )
    assert keeper("put", f"{path}/mechanism", 422, mechanism_type="alchemy")["fields"][0]["field"] == "mechanism_type"
    assert keeper("get", "/mechanisms")["items"][0]["shown_type"]
    assert keeper("get", f"{path}/addresses")["total"] == keeper("get", f"{path}/profiles")["total"] == 1


def test_a_link_is_corrected_ended_or_removed(keeper):
    link = RelationFactory(target=OrganisationFactory(unit=True), starts_on=date(2020, 1, 1))
    path = f"/organisations/{link.target.reference}/links"
    number = keeper("get", path)["items"][0]["number"]

    assert keeper("patch", f"{path}/{number}", rank=2)["rank"] == 2
    keeper("post", f"{path}/{number}/end", 204, on="2024-01-01")
    assert keeper("get", f"{path}?on=2025-01-01")["total"] == 0
    keeper("post", f"/organisations/{OrganisationFactory().reference}/links/{number}/end", 404)
    keeper("post", f"{path}/{number}/end", 204, reason="never so")
    assert not Relation.objects.exists()


def test_people_leave_and_their_places_are_read(keeper):
    place = AffiliationFactory(person=PersonFactory(), role="director")
    body = {"person": place.person.reference, "role": "director"}

    assert keeper("get", f"/people/{place.person.reference}/places")["items"][0]["name"] == place.organisation.name
    keeper("post", f"/organisations/{place.organisation.reference}/people/end", 204, on="2024-01-01", **body)
    keeper("post", f"/organisations/{place.organisation.reference}/people/end", 404, **(body | {"role": "contact"}))

    place.refresh_from_db()
    assert place.ends_on == date(2024, 1, 1)


@pytest.mark.parametrize("act", [{"on": "2025-01-01"}, {"reason": "never so"}])
def test_a_part_that_ended_since_it_was_read_is_told(keeper, act):
    ended = date(2024, 1, 1)
    place = AffiliationFactory(ends_on=ended)
    body, somebody = place.organisation, place.person
    link = RelationFactory(target=body, ends_on=ended)
    OrganisationNameFactory(organisation=body, kind="acronym", value="LIV", ends_on=ended)
    IdentifierFactory(organisation=body, scheme="ror", value="02feahw73", ends_on=ended)
    IdentifierFactory(person=somebody, scheme="orcid", value="0000-0002-1825-0097", ends_on=ended)
    home, at_person = f"/organisations/{body.reference}", f"/people/{somebody.reference}"

    for path, which in (
        (f"{home}/people/end", {"person": somebody.reference, "role": place.role}),
        (f"{home}/links/{link.pk}/end", {}),
        (f"{home}/names/end", {"kind": "acronym", "value": "LIV"}),
        (f"{home}/identifiers/end", {"scheme": "ror", "value": "02feahw73"}),
        (f"{at_person}/identifiers/end", {"scheme": "orcid", "value": "0000-0002-1825-0097"}),
    ):
        sent = which | act
        told = keeper("post", path, 409, **sent, read={"ends_on": None})
        assert "2024" in told["message"]
        keeper("post", path, 204, **sent, read={"ends_on": "2024-01-01"})


def test_a_succession_is_recorded_and_read(keeper):
    old, new = OrganisationFactory(unit=True), OrganisationFactory(unit=True)
    body = {"predecessors": [old.reference], "successors": [new.reference], "kind": "renamed", "on": "2024-01-01"}

    made = keeper("post", "/successions", 201, **body)
    refused = keeper("post", "/successions", 422, **(body | {"kind": "merged"}))

    assert made[0]["succession"] == "renamed"
    assert keeper("get", f"/organisations/{new.reference}/succession")["items"][0]["source"] == old.reference
    assert refused["fields"][0]["field"] == "kind"


def test_the_structure_of_a_day_is_computed(keeper):
    unit = OrganisationFactory(unit=True)
    for rank in (1, 2, 3):
        RelationFactory(target=unit, rank=rank, starts_on=date(2015, 1, 1))
    path = f"/organisations/{unit.reference}"

    owners = keeper("get", f"{path}/proposed-owners?on=2020-01-01")["items"]

    assert [float(row["share"]) for row in owners] == [33.34, 33.33, 33.33]
    assert keeper("get", f"{path}/proposed-owners?on=2014-01-01")["total"] == 0
    assert keeper("get", f"{path}/offices")["items"] is not None
    assert keeper("get", f"{path}/participations?on=2020-01-01")["total"] == 0
    keeper("get", f"{path}/proposed-owners", 422)


@pytest.mark.parametrize("kind", ["organisations", "people"])
def test_a_merge_is_listed_and_undone(keeper, kind):
    make = OrganisationFactory if kind == "organisations" else PersonFactory
    kept, other = make(), make()
    keeper("post", f"/{kind}/{kept.reference}/merge", other=other.reference)

    number = keeper("get", f"/{kind}/{kept.reference}/merges")["items"]
    found = number[0]["number"] if number else None

    assert found is not None, "what was merged away is still told to who may merge"
    keeper("post", f"/merges/{found}/undo", 204, reason="two bodies")
    other.refresh_from_db()
    assert other.merged_into_id is None
    keeper("post", "/merges/1/undo", 404)


def test_a_text_of_a_person_is_added_corrected_and_withdrawn(keeper, client):
    somebody = PersonFactory()
    made = keeper("post", "/evidence", 201, kind="patent", title="Verre", owners=[somebody.reference])
    path = f"/evidence/{made['reference']}"

    assert keeper("get", f"/people/{somebody.reference}/evidence")["total"] == 1
    assert keeper("patch", path, text="Un verre", dated_on=None)["text"] == "Un verre"
    keeper("post", f"{path}/withdraw", 422)
    stranger = Caller(type(client)(), user_with("company_contact", on=OrganisationFactory(company=True)))
    stranger("post", f"{path}/withdraw", 403, reason="mine")
    keeper("post", f"{path}/withdraw", 204, reason="doubled")
    assert not Evidence.objects.exists()


def test_what_may_not_be_seen_has_no_parts_either(client):
    secret = OrganisationFactory(unit=True, level=Level.CIRCLE)
    stranger = Caller(client, user_with("company_contact", on=OrganisationFactory(company=True)))

    for part in ("names", "addresses", "profiles", "topics", "mechanism", "succession", "offices", "participations"):
        stranger("get", f"/organisations/{secret.reference}/{part}", 404)
    stranger("post", f"/organisations/{secret.reference}/close", 404, on="2024-01-01")
