"""Filings and events: what follows from them is worked out again at each change."""

from datetime import date

import pytest
from django.db import connection

from motrice.core.errors import NotPermitted, RuleViolation
from motrice.portfolio.enums import AssetKind, AssetStatus, Descent, EventKind, FilingStatus, Route
from motrice.portfolio.models import Application, PatentFamily
from motrice.portfolio.operations.assets import hand_over_asset
from motrice.portfolio.operations.filings import add_publication, correct_event, record_event, remove_event
from tests.portfolio.factories import FILED_ON, MONDAY, application_of, asset_of, published_family


def test_a_filing_brings_the_asset_to_life_with_its_event_and_its_first_date(place):
    asset = asset_of(place)

    application = application_of(place, asset)

    assert [(event.kind, event.occurred_on) for event in application.events.all()] == [(EventKind.FILING, FILED_ON)]
    asset.refresh_from_db()
    assert asset.status == AssetStatus.ALIVE
    assert asset.family.first_filed_on == FILED_ON


def test_a_claimed_priority_dates_the_family_and_finds_the_earlier_filing(place):
    asset = asset_of(place)
    first = application_of(place, asset)

    later = application_of(
        place,
        asset,
        office="EP",
        route=Route.EUROPEAN,
        number="21162801",
        filed_on=date(2021, 3, 15),
        priorities=(("FR", "2002513", FILED_ON),),
    )

    assert later.priorities.get().earlier == first
    assert PatentFamily.objects.get(asset=asset).first_filed_on == FILED_ON


def test_a_publication_tells_the_family_and_keeps_its_event(place):
    asset = published_family(place)

    assert asset.family.first_published_on == date(2021, 9, 17)
    kinds = asset.applications.get().events.values_list("kind", flat=True)
    assert sorted(kinds) == [EventKind.FILING, EventKind.PUBLICATION]


def test_a_published_grant_is_the_publication_of_the_grant(place):
    asset = published_family(place)
    application = asset.applications.get()

    add_publication(
        application=application, number="3108211", kind_code="B1", published_on=date(2023, 2, 3), actor=place.officer
    )

    assert Application.objects.get(pk=application.pk).granted_on == date(2023, 2, 3)


def test_correcting_and_removing_an_event_works_out_the_state_again(place):
    application = application_of(place, asset_of(place))
    grant = record_event(
        application=application, kind=EventKind.GRANT, occurred_on=date(2023, 2, 3), actor=place.engineer, at=MONDAY
    )

    correct_event(event=grant, occurred_on=date(2023, 3, 3), actor=place.engineer, reason="BOPI", at=MONDAY)
    assert Application.objects.get(pk=application.pk).granted_on == date(2023, 3, 3)

    remove_event(event=grant, actor=place.engineer, reason="autre demande", at=MONDAY)
    held = Application.objects.get(pk=application.pk)
    assert (held.status, held.granted_on) == (FilingStatus.PENDING, None)


@pytest.mark.parametrize(
    ("day", "words"), [(date(2026, 11, 24), "to come"), (date(2020, 3, 15), "before it is filed")]
)
def test_an_event_before_the_filing_or_to_come_is_refused(place, day, words):
    application = application_of(place, asset_of(place))

    with pytest.raises(RuleViolation, match=words) as caught:
        record_event(application=application, kind=EventKind.GRANT, occurred_on=day, actor=place.officer, at=MONDAY)

    assert caught.value.field == "occurred_on"
    assert application.events.count() == 1


def test_the_filing_event_is_corrected_and_never_removed(place):
    application = application_of(place, asset_of(place))
    filing = application.events.get()

    with pytest.raises(RuleViolation, match="cannot be removed"):
        remove_event(event=filing, actor=place.officer, reason="erreur", at=MONDAY)
    correct_event(event=filing, occurred_on=date(2020, 3, 17), actor=place.officer, reason="récépissé", at=MONDAY)

    assert Application.objects.get(pk=application.pk).filed_on == date(2020, 3, 17)


def test_software_is_not_filed_at_an_office(place):
    with pytest.raises(RuleViolation, match="filed at an office"):
        application_of(place, asset_of(place, kind=AssetKind.SOFTWARE))


def test_a_filing_cannot_come_before_its_parent_nor_from_another_asset(place):
    asset, other = asset_of(place), asset_of(place)
    parent = application_of(place, asset)

    for place_of, day in ((asset, date(2019, 1, 1)), (other, date(2021, 1, 1))):
        with pytest.raises(RuleViolation):
            application_of(place, place_of, number="2099999", filed_on=day, parent=parent, descent=Descent.DIVISIONAL)

    assert Application.objects.count() == 1


def test_the_firm_dockets_the_matters_entrusted_to_it_and_no_other(place):
    asset = asset_of(place)
    application = application_of(place, asset)
    grant = {"application": application, "kind": EventKind.GRANT, "occurred_on": date(2023, 2, 3), "at": MONDAY}
    with pytest.raises(NotPermitted):
        record_event(actor=place.attorney, **grant)

    hand_over_asset(asset=asset, actor=place.officer, officer=place.officer, firm=place.firm, at=MONDAY)
    record_event(actor=place.attorney, **grant)

    assert Application.objects.get(pk=application.pk).status == FilingStatus.GRANTED


def test_an_event_is_as_many_queries_whatever_the_family_has(place, django_assert_num_queries):
    asset = asset_of(place)
    filing = application_of(place, asset)
    counts = {"postgresql": 20, "sqlite": 21}

    for day in (date(2021, 1, 4), date(2021, 2, 4), date(2021, 3, 4)):
        application = Application.objects.select_related("asset").get(pk=filing.pk)
        with django_assert_num_queries(counts[connection.vendor]):
            record_event(application=application, kind=EventKind.OTHER, occurred_on=day, actor=place.officer)
