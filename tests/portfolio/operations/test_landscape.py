"""The landscape: places worked out only from what everybody in its reach may see."""

from datetime import timedelta

import pytest

from motrice.core.errors import NotPermitted, RuleViolation
from motrice.portfolio.enums import LandscapeStep, Reach
from motrice.portfolio.jobs import work_out_landscape
from motrice.portfolio.models import Landscape
from motrice.portfolio.operations.assets import set_level
from motrice.portfolio.operations.landscape import Document, ask_landscape, compute_landscape, read_documents
from tests.portfolio.factories import MONDAY, asset_of, published_family


def placed(landscape):
    return set(landscape.places["assets"])


def test_a_family_in_its_circle_takes_no_part_in_any_landscape(place):
    secret = asset_of(place, title="Secret")
    opened = asset_of(place, title="Opened", level="organisation")

    landscape = compute_landscape(organisation=place.office, reach=Reach.ORGANISATION, actor=place.officer)

    assert placed(landscape) == {opened.reference}
    assert secret.reference not in str(landscape.places)
    assert landscape.asset_count == 1


def test_the_landscape_of_the_network_knows_nothing_of_what_the_organisation_keeps(place):
    asset_of(place, title="Kept", level="organisation")
    public = published_family(place, title="Public")
    set_level(asset=public, level="public", actor=place.officer, reason="shown")
    alone = compute_landscape(organisation=place.office, reach=Reach.NETWORK, actor=place.officer)
    places = alone.places

    asset_of(place, title="Another kept", level="organisation")
    again = compute_landscape(organisation=place.office, reach=Reach.NETWORK, actor=place.officer)

    assert placed(again) == {public.reference}
    assert again.places == places


def test_public_documents_stay_beside_until_others_are_given(place):
    published = [Document("US1", "Laser engraving of glass", "A laser engraves glass.")]
    compute_landscape(organisation=place.office, reach=Reach.ORGANISATION, actor=place.officer, documents=published)

    again = compute_landscape(organisation=place.office, reach=Reach.ORGANISATION, actor=place.officer)

    assert [row["number"] for row in again.places["documents"]] == ["US1"]
    assert again.document_count == 1


def test_another_office_works_out_nothing_here(place):
    with pytest.raises(NotPermitted):
        compute_landscape(organisation=place.office, reach=Reach.NETWORK, actor=place.other_officer)


def test_documents_of_the_lens_are_read_and_a_file_without_titles_is_refused():
    text = "#,Display Key,Title,Abstract\n1,US 1 A1,Laser,About lasers\n2,US 2 A1,,\n3,US 1 A1,Again,\n"

    assert read_documents(text) == [Document("US 1 A1", "Laser", "About lasers")]
    with pytest.raises(RuleViolation, match="names the columns"):
        read_documents("a,b\n1,2\n")


def test_documents_with_the_line_ends_of_old_computers_are_read_and_an_endless_abstract_is_refused():
    assert read_documents("number;title\rUS1;Laser\r") == [Document("US1", "Laser", "")]
    with pytest.raises(RuleViolation, match="Line 2 holds a field of more than"):
        read_documents(f"number;title;abstract\nUS1;Laser;{'x' * 200_000}\n")


def test_a_landscape_is_asked_for_once_and_its_documents_wait_for_their_places(place):
    document = Document("US1", "Laser engraving of glass", "A laser engraves glass.")

    asked = ask_landscape(
        organisation=place.office, reach=Reach.NETWORK, actor=place.officer, documents=[document], at=MONDAY
    )

    assert (asked.step, asked.computed_at, asked.document_count) == (LandscapeStep.QUEUED, None, 1)
    assert asked.places["documents"] == [
        {"number": "US1", "title": "Laser engraving of glass", "text": "A laser engraves glass."}
    ]
    again = {"organisation": place.office, "reach": Reach.NETWORK, "actor": place.officer}
    with pytest.raises(RuleViolation, match="being worked out"):
        ask_landscape(**again, at=MONDAY + timedelta(minutes=59))
    # A worker that was killed holds nobody up for more than an hour.
    assert ask_landscape(**again, at=MONDAY + timedelta(minutes=61)).document_count == 1

    done = compute_landscape(**again)

    assert done.step == LandscapeStep.DONE
    assert [row["number"] for row in done.places["documents"] if row["place"]] == ["US1"]


def test_another_office_asks_for_nothing_here(place):
    with pytest.raises(NotPermitted):
        ask_landscape(organisation=place.office, reach=Reach.NETWORK, actor=place.other_officer)


def test_what_is_refused_in_the_job_is_marked_so_that_nobody_waits(place):
    ask_landscape(organisation=place.office, reach=Reach.NETWORK, actor=place.officer)

    work_out_landscape.call(place.office.pk, Reach.NETWORK, place.other_officer.pk)

    assert Landscape.objects.get().step == LandscapeStep.REFUSED
