"""A page or a program that read something minutes ago: what others changed since is told, nothing is lost unread."""

from __future__ import annotations

import json
from datetime import date, timedelta
from fractions import Fraction

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from motrice.core.confidentiality import Level
from motrice.portfolio.enums import AssetKind, EventKind
from motrice.portfolio.models import Deadline
from motrice.portfolio.operations import assets as operations
from motrice.portfolio.operations.details import edit_detail
from motrice.portfolio.operations.docket import choose
from motrice.portfolio.operations.domains import DomainContent, edit_domain
from motrice.portfolio.operations.filings import correct_event, record_event
from motrice.portfolio.operations.makers import correct_makers
from motrice.portfolio.operations.ownership import correct_shares
from tests.directory.factories import user_with
from tests.open_page import left_open, told
from tests.portfolio.factories import FILED_ON, HALF, MONDAY, application_of, asset_of
from tests.portfolio.operations.test_domains import domain_of
from tests.portfolio.test_owner_api import Caller

pytestmark = pytest.mark.django_db
QUARTER = Fraction(1, 4)


@pytest.fixture
def desk(place):
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(place.colleague)
    return client


@pytest.fixture
def program(place):
    return Caller(place.colleague)


def opened(place, **changes):
    asset = asset_of(place, **changes)
    return operations.set_level(
        asset=asset, level=Level.ORGANISATION, actor=place.officer, reason="ouverte", at=MONDAY
    )


def act_url(asset, name):
    return reverse("portfolio:asset_act", args=[asset.reference, name])


def test_who_edits_an_asset_is_told_what_another_wrote_and_sends_again_knowingly(desk, place):
    asset = opened(place, summary="Ancien résumé")
    page = left_open(desk.get(act_url(asset, "edit")), "title")
    operations.edit_asset(asset=asset, title="Titre de l’autre", actor=place.officer)

    clash = desk.post(act_url(asset, "edit"), page | {"title": "Mon titre"})

    told(clash, "Titre de l’autre", "Mon titre", str(place.officer), "What you typed is kept")
    asset.refresh_from_db()
    assert asset.title == "Titre de l’autre"
    assert desk.post(act_url(asset, "edit"), left_open(clash, "title")).status_code == 302
    asset.refresh_from_db()
    assert asset.title == "Mon titre"


def test_what_a_page_did_not_touch_stays_as_another_wrote_it(desk, place):
    asset = opened(place, summary="Ancien résumé")
    page = left_open(desk.get(act_url(asset, "edit")), "title")
    operations.edit_asset(asset=asset, title="Titre de l’autre", actor=place.officer)

    answer = desk.post(act_url(asset, "edit"), page | {"summary": "Nouveau résumé"})

    asset.refresh_from_db()
    assert (answer.status_code, asset.title, asset.summary) == (302, "Titre de l’autre", "Nouveau résumé")


def test_a_program_that_read_an_asset_before_another_changed_it_gets_409(program, place):
    asset = opened(place)
    path = f"assets/{asset.reference}"
    seen = program("get", path)
    operations.edit_asset(asset=asset, title="Titre de l’autre", actor=place.officer)

    refused = program("patch", path, 409, title="Mon titre", read={"title": seen["title"]})
    program("patch", path, title="Mon titre", read={"title": "Titre de l’autre"})

    assert (refused["code"], refused["fields"][0]["field"]) == ("stale_state", "title")
    assert "Titre de l’autre" in refused["message"]
    assert str(place.officer) in refused["message"]
    asset.refresh_from_db()
    assert asset.title == "Mon titre"


def test_who_sees_an_asset_is_not_changed_unawares(desk, program, place):
    asset = opened(place, kind=AssetKind.SOFTWARE)
    page = left_open(desk.get(act_url(asset, "level")), "level")
    operations.set_level(asset=asset, level=Level.NETWORK, actor=place.officer, reason="à montrer")

    mine = {"level": Level.PUBLIC, "reason": "x"}
    told(desk.post(act_url(asset, "level"), page | mine), str(place.officer), "Network")
    program("post", f"assets/{asset.reference}/level", 409, **mine, read={"level": "organisation"})

    asset.refresh_from_db()
    assert asset.level == Level.NETWORK


def test_an_asset_handed_over_meanwhile_stays_with_whom_it_went_to(desk, program, place):
    asset, third = opened(place), user_with("officer", on=place.office)
    page = left_open(desk.get(act_url(asset, "hand-over")), "officer")
    operations.hand_over_asset(asset=asset, officer=third, engineer=None, actor=place.officer)

    clash = desk.post(act_url(asset, "hand-over"), page | {"officer": place.colleague.pk})
    told(clash, str(third), str(place.officer))
    people = {"officer": place.colleague.reference, "read": {"officer": place.officer.reference}}
    program("post", f"assets/{asset.reference}/hand-over", 409, **people)

    asset.refresh_from_db()
    assert (asset.officer, asset.engineer) == (third, None)


def test_classes_changed_meanwhile_are_told_before_they_are_replaced(desk, place):
    asset = opened(place)
    operations.set_classes(asset=asset, classes=[("cpc", "C22C 38/00")], actor=place.officer)
    page = left_open(desk.get(act_url(asset, "classify")), "cpc")
    operations.set_classes(asset=asset, classes=[("cpc", "C21D 8/00")], actor=place.officer)

    clash = desk.post(act_url(asset, "classify"), page | {"cpc": "C22C 38/02"})

    told(clash, "C21D 8/00", "C22C 38/02", str(place.officer))
    assert [row.symbol for row in asset.classifications.all()] == ["C21D 8/00"]
    assert desk.post(act_url(asset, "classify"), left_open(clash, "cpc")).status_code == 302
    assert [row.symbol for row in asset.classifications.all()] == ["C22C 38/02"]


def test_a_program_that_read_other_classes_gets_409(place):
    asset, told_as = opened(place), [{"scheme": "cpc", "symbol": "C22C 38/00"}]
    operations.set_classes(asset=asset, classes=[("cpc", "C21D 8/00")], actor=place.officer)
    client = Client()
    client.force_login(place.colleague)

    def put(body):
        url = f"/api/v1/portfolio/assets/{asset.reference}/classes"
        return client.put(url, data=json.dumps(body), content_type="application/json").status_code

    assert put({"classes": told_as, "read": {"classes": told_as}}) == 409
    assert put({"classes": told_as, "read": {"classes": [{"scheme": "cpc", "symbol": "C21D 8/00"}]}}) == 200
    assert put({"classes": told_as, "read": {"classes": ["C21D 8/00"]}}) == 422
    assert put([{"scheme": "cpc", "symbol": "C21D 8/02"}]) == 200
    assert [row.symbol for row in asset.classifications.all()] == ["C21D 8/02"]


def corrected(asset, actor, mine):
    shares = dict(zip([row.organisation for row in asset.ownerships.order_by("pk")], (mine, 1 - mine), strict=True))
    correct_shares(asset=asset, shares=shares, starts_on=FILED_ON, ends_on=None, reason="accord", actor=actor)


def test_shares_corrected_meanwhile_are_told_before_they_are_written_anew(desk, place):
    asset = opened(place)
    page = left_open(desk.get(act_url(asset, "correct-shares")), "starts_on")
    corrected(asset, place.officer, QUARTER)
    mine = {f"share_{place.office.reference}": "1/3", f"share_{place.company.reference}": "2/3", "reason": "avenant"}

    clash = desk.post(act_url(asset, "correct-shares"), page | mine)

    told(clash, f"{place.office} 1/4", str(place.officer), 'value="1/3"')
    assert asset.ownerships.get(organisation=place.office).share == QUARTER
    assert desk.post(act_url(asset, "correct-shares"), left_open(clash, "starts_on")).status_code == 302
    assert asset.ownerships.get(organisation=place.office).share == Fraction(1, 3)


def test_a_program_that_read_other_shares_gets_409(program, place):
    asset = opened(place)
    path = f"assets/{asset.reference}/owners"
    seen = program("get", path)["items"]
    shares = [
        {"organisation": place.office.reference, "numerator": 1, "denominator": 3},
        {"organisation": place.company.reference, "numerator": 2, "denominator": 3},
    ]
    body = {"shares": shares, "starts_on": "2020-03-16", "reason": "avenant"}
    corrected(asset, place.officer, QUARTER)

    refused = program("post", f"{path}/correct", 409, **body, read={"shares": seen})
    program("post", f"{path}/correct", 422, **body, read={"shares": "1/2"})
    program("post", f"{path}/correct", **body, read={"shares": program("get", path)["items"]})

    assert refused["fields"][0]["field"] == "shares"
    assert asset.ownerships.get(organisation=place.office).share == Fraction(1, 3)


def test_parts_of_the_makers_written_meanwhile_are_told(desk, program, place):
    makers = tuple(operations.Maker(name, HALF) for name in ("Aline", "Bruno"))
    asset = opened(place, makers=makers)
    path = f"assets/{asset.reference}"
    seen = program("get", f"{path}/makers")["items"]
    page = left_open(desk.get(act_url(asset, "correct-makers")), "part_1")
    correct_makers(asset=asset, parts={1: QUARTER, 2: 1 - QUARTER}, actor=place.officer, reason="accord")

    mine = {"part_1": "1/3", "part_2": "2/3", "reason": "x"}
    told(desk.post(act_url(asset, "correct-makers"), page | mine), "Aline 1/4", str(place.officer), "1/3")
    parts = [{"numerator": 1, "denominator": 3}, {"numerator": 2, "denominator": 3}]
    program("post", f"{path}/contributors/parts", 409, parts=parts, reason="x", read={"parts": seen})

    assert [row.share for row in asset.contributors.all()] == [QUARTER, 1 - QUARTER]


def test_details_of_a_software_changed_meanwhile_are_told(desk, program, place):
    asset = opened(place, kind=AssetKind.SOFTWARE)
    url = reverse("portfolio:asset_detail", args=[asset.reference])
    page = left_open(desk.get(url), "licence")
    edit_detail(asset=asset, licence="MIT", actor=place.officer)

    told(desk.post(url, page | {"licence": "GPL-3.0-only"}), "MIT", "GPL-3.0-only", str(place.officer))
    program("patch", f"assets/{asset.reference}/software", 409, licence="GPL-3.0-only", read={"licence": ""})

    asset.software.refresh_from_db()
    assert asset.software.licence == "MIT"


def test_an_event_corrected_meanwhile_is_told(desk, program, place):
    asset = opened(place)
    application = application_of(place, asset)
    event = record_event(
        application=application, kind=EventKind.GRANT, occurred_on=date(2023, 5, 5), actor=place.officer, at=MONDAY
    )
    url = reverse("portfolio:event_act", args=[event.reference, "correct"])
    page = left_open(desk.get(url), "occurred_on")
    correct_event(event=event, occurred_on=date(2023, 6, 6), actor=place.officer, reason="bulletin", at=MONDAY)

    mine = {"occurred_on": "2023-07-07", "reason": "x"}
    told(desk.post(url, page | mine), "2023-06-06", "2023-07-07", str(place.officer))
    program("patch", f"events/{event.reference}", 409, **mine, read={"occurred_on": "2023-05-05"})

    event.refresh_from_db()
    assert event.occurred_on == date(2023, 6, 6)


def test_a_domain_changed_meanwhile_is_told(desk, program, place):
    domain = domain_of(place)
    url = reverse("portfolio:domain_edit", args=[domain.reference])
    page = left_open(desk.get(url), "goals")
    body = {name: page[name] for name in ("code", "name_fr", "name_en", "starts_on")}
    content = DomainContent(**body | {"starts_on": domain.starts_on}, goals="Ceux de l’autre")
    edit_domain(domain=domain, content=content, actor=place.officer)

    told(desk.post(url, page | {"goals": "Les miens"}), "Ceux de l’autre", "Les miens", str(place.officer))
    program("put", f"domains/{domain.reference}", 409, **body, goals="Les miens", read={"goals": ""})

    domain.refresh_from_db()
    assert domain.goals == "Ceux de l’autre"


@pytest.fixture
def annuity(place):
    asset = opened(place, owners=(operations.Owner(place.office, Fraction(1)),))
    application_of(place, asset, filed_on=timezone.localdate() - timedelta(days=365 * 3), at=timezone.now())
    return Deadline.objects.filter(asset=asset, rule="fr-annuity", state="open").order_by("due_on").first()


def decided(annuity, actor, choice):
    choose(deadline=Deadline.objects.get(pk=annuity.pk), choice=choice, reason="marché", actor=actor)


def test_a_fee_decided_meanwhile_is_told_to_who_decides_from_an_older_page(desk, program, place, annuity):
    url = reverse("portfolio:deadline_act", args=[annuity.reference, "keep"])
    page = left_open(desk.get(url), "reason")
    decided(annuity, place.officer, "drop")

    clash = desk.post(url, page | {"reason": "Nous y tenons"})
    told(clash, str(place.officer), "Nous y tenons")
    program("post", f"deadlines/{annuity.reference}/choice", 409, choice="keep", read={"choice": ""})
    annuity.refresh_from_db()
    assert annuity.choice == "drop"
    assert desk.post(url, left_open(clash, "reason")).status_code == 302
    annuity.refresh_from_db()
    assert annuity.choice == "keep"


def test_a_review_left_open_does_not_undo_what_another_decided(desk, place, annuity):
    decided(annuity, place.officer, "keep")
    url = f"{reverse('portfolio:review')}?year={annuity.due_on.year}"
    page = left_open(desk.get(url), f"choice-{annuity.reference}")
    decided(annuity, place.officer, "drop")

    answer = desk.post(url, page)

    annuity.refresh_from_db()
    assert (answer.status_code, annuity.choice) == (302, "drop")


def test_a_review_left_open_tells_what_another_decided_otherwise(desk, place, annuity):
    url = f"{reverse('portfolio:review')}?year={annuity.due_on.year}"
    name, reason = f"choice-{annuity.reference}", f"reason-{annuity.reference}"
    page = left_open(desk.get(url), reason)
    decided(annuity, place.officer, "keep")

    clash = desk.post(url, page | {name: "drop", reason: "Plus de marché"})

    told(clash, str(place.officer), annuity.asset.title, "Plus de marché")
    annuity.refresh_from_db()
    assert annuity.choice == "keep"
    assert desk.post(url, left_open(clash, reason)).status_code == 302
    annuity.refresh_from_db()
    assert annuity.choice == "drop"
