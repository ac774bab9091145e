"""The pages of an organisation's size and sector by year, fields of work, and offer."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from motrice.core.errors import RuleViolation
from motrice.core.models import AuditEntry
from motrice.directory.enums import OrganisationKind
from motrice.directory.models import Mechanism
from motrice.directory.operations.mechanism import set_mechanism
from motrice.directory.operations.organisation import set_profile, set_topics
from motrice.directory.rules import region_labels
from tests.database import load_catalogue
from tests.directory.factories import MechanismFactory, OrganisationFactory
from tests.open_page import left_open, told

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _catalogue():
    load_catalogue()


@pytest.fixture
def firm(other):
    body = OrganisationFactory(company=True)
    set_profile(organisation=body, actor=other, year=2023, source="Comptes", size_class="small", headcount=1200)
    return body


@pytest.fixture
def offer():
    body = OrganisationFactory(kind=OrganisationKind.MECHANISM)
    return MechanismFactory(organisation=body, regions=["Bretagne"], domains=["health", "energy"])


def at(name, record, *more):
    return reverse(f"directory:{name}", args=[record.reference, *more])


def text_of(response, status=200):
    text = response.content.decode().replace("\u00a0", " ")
    assert response.status_code == status, text[:2000]
    return text


def test_the_record_leads_to_its_facts_and_only_a_mechanism_to_its_offer(desk, firm, offer):
    found = {body: text_of(desk.get(body.get_absolute_url())) for body in (firm, offer.organisation)}

    for body, text in found.items():
        assert at("profiles", body) in text
        assert at("topics", body) in text
        assert (at("mechanism_edit", body) in text) == (body == offer.organisation)


@pytest.mark.parametrize("name", ["profiles", "profile_add", "topics", "topics_edit", "mechanism_edit"])
def test_the_facts_are_kept_by_who_keeps_the_record(stranger, offer, name):
    page = at(name, offer.organisation)

    is_read_only = name in ("profiles", "topics")
    sent = {"year": 2020, "source": "x", "mechanism_type": "satt"}

    assert stranger.get(page).status_code == 403
    assert stranger.post(page, sent).status_code == (405 if is_read_only else 403)


@pytest.mark.parametrize("name", ["profiles", "topics"])
def test_the_facts_ask_as_much_for_many_rows_as_for_one(desk, other, name, django_assert_num_queries):
    body = OrganisationFactory()

    def fill(numbers):
        for number in numbers:
            set_profile(organisation=body, actor=other, year=2000 + number, source="Comptes")
            set_topics(organisation=body, actor=other, scheme=f"list-{number}", codes=["a", "b"])
        desk.get(at(name, body))

    fill(range(1))
    with CaptureQueriesContext(connection) as one:
        desk.get(at(name, body))
    count = len(one)
    fill(range(1, 4))
    with django_assert_num_queries(count):
        desk.get(at(name, body))


def test_years_are_listed_the_newest_first_added_and_corrected(desk, firm):
    sent = {"year": "2024", "size_class": "medium", "naf_code": "2611z", "headcount": "60", "source": "Accounts"}

    assert desk.post(at("profile_add", firm), sent | {"reason": "Read today"})["Location"] == at("profiles", firm)
    text = text_of(desk.get(at("profiles", firm)))
    assert text.index(">2024<") < text.index(">2023<")
    assert "26.11Z" in text

    page = at("profile_edit", firm, 2024)
    corrected = left_open(desk.get(page), "naf_code") | {"headcount": "61", "reason": "A slip"}
    assert desk.post(page, corrected)["Location"] == at("profiles", firm)
    row = firm.profiles.get(year=2024)
    assert (row.headcount, row.size_class, row.naf_code, row.source) == (61, "medium", "26.11Z", "Accounts")
    assert AuditEntry.objects.order_by("-sequence").first().reason == "A slip"
    assert desk.get(at("profile_edit", firm, 1999)).status_code == 404


def test_a_year_that_is_known_is_told_before_it_is_written_over(desk, other, firm):
    page = at("profile_add", firm)
    sent = left_open(desk.get(page), "year") | {"year": "2023", "size_class": "large", "source": "Elsewhere"}

    clash = desk.post(page, sent)

    told(clash, "Small enterprise", "Comptes", str(other))
    assert firm.profiles.get().size_class == "small"
    assert desk.post(page, left_open(clash, "year")).status_code == 302
    assert firm.profiles.get().size_class == "large"


def test_a_year_corrected_meanwhile_is_told_and_what_was_left_alone_stays(desk, other, firm):
    page = at("profile_edit", firm, 2023)
    opened = left_open(desk.get(page), "source")
    set_profile(organisation=firm, actor=other, year=2023, source="Bilan", headcount=9)

    told(desk.post(page, opened | {"headcount": "8"}), "9", str(other))
    desk.post(page, opened | {"size_class": "large"})

    row = firm.profiles.get()
    assert (row.headcount, row.source, row.size_class) == (9, "Bilan", "large")


@pytest.mark.parametrize(
    ("typed", "where"),
    [({"year": "1492"}, "year"), ({"source": ""}, "source"), ({"naf_code": "wood"}, "naf_code"),
     ({"headcount": "-1"}, "headcount"), ({"size_class": "giant"}, "size_class")],
)  # fmt: skip
def test_a_wrong_year_is_said_at_its_field_and_loses_nothing(desk, firm, typed, where):
    sent = {"year": "2020", "source": "Comptes", "reason": "Typed"} | typed

    text = text_of(desk.post(at("profile_add", firm), sent), 422)

    assert f'id="id_{where}_error"' in text
    assert "Typed" in text
    assert firm.profiles.count() == 1


def test_domains_are_ticked_and_codes_of_another_scheme_are_typed(desk, other, firm):
    set_topics(organisation=firm, actor=other, scheme="domain", codes=["health"])
    domains = at("topics_edit", firm) + "?scheme=domain"
    sent = left_open(desk.get(domains), "codes")
    assert sent["codes"] == "health"

    assert desk.post(domains, sent | {"codes": ["health", "energy"]})["Location"] == at("topics", firm)
    desk.post(at("topics_edit", firm), {"scheme": "erc", "codes": "PE8\r\n\r\n LS1 \r\nPE8", "reason": "Their site"})

    assert list(firm.topics.values_list("scheme", "code")) == [
        ("domain", "energy"), ("domain", "health"), ("erc", "LS1"), ("erc", "PE8"),
    ]  # fmt: skip
    assert "LS1, PE8" in text_of(desk.get(at("topics", firm)))
    assert AuditEntry.objects.order_by("-sequence").first().reason == "Their site"


def test_fields_of_work_stated_meanwhile_are_told(desk, other, firm):
    page = at("topics_edit", firm) + "?scheme=erc"
    opened = left_open(desk.get(page), "codes")
    set_topics(organisation=firm, actor=other, scheme="erc", codes=["PE1"])

    clash = desk.post(page, opened | {"codes": "LS1"})

    told(clash, "PE1", "LS1", str(other))
    assert firm.topics.get().code == "PE1"
    assert desk.post(page, left_open(clash, "codes")).status_code == 302
    assert firm.topics.get().code == "LS1"


def test_a_scheme_that_is_stated_already_is_told_to_who_adds_it(desk, other, firm):
    set_topics(organisation=firm, actor=other, scheme="erc", codes=["PE1"])
    page = at("topics_edit", firm)
    sent = left_open(desk.get(page), "codes") | {"scheme": "erc", "codes": "LS1"}

    told(desk.post(page, sent), "PE1", "LS1")

    assert firm.topics.get().code == "PE1"


@pytest.mark.parametrize(
    ("typed", "where"), [({"scheme": ""}, "scheme"), ({"codes": "x" * 81}, "codes"), ({"scheme": "x" * 17}, "scheme")]
)
def test_wrong_fields_of_work_are_said_at_their_field(desk, firm, typed, where):
    text = text_of(desk.post(at("topics_edit", firm), {"scheme": "erc", "codes": "PE1"} | typed), 422)

    assert f'id="id_{where}_error"' in text
    assert not firm.topics.exists()


def offer_sent(desk, page):
    """What the open page would send, with every box that is ticked."""
    response = desk.get(page)
    form = response.context["form"]
    lists = {name: form.initial[name] for name in ("regions", "domains", "steps")}
    return left_open(response, "mechanism_type") | lists


def test_what_a_mechanism_offers_is_corrected(desk, offer):
    page = at("mechanism_edit", offer.organisation)
    sent = offer_sent(desk, page) | {"amount": "150000", "currency": "eur", "trl_min": "2", "trl_max": "5"}

    assert desk.post(page, sent | {"reason": "Its charter"})["Location"] == offer.organisation.get_absolute_url()

    offer.refresh_from_db()
    assert (offer.amount, offer.currency, offer.trl_min, offer.trl_max) == (Decimal(150000), "EUR", 2, 5)
    assert (offer.regions, offer.domains) == (["Bretagne"], ["health", "energy"])
    assert AuditEntry.objects.order_by("-sequence").first().reason == "Its charter"


def test_a_mechanism_without_an_offer_is_given_one_and_another_body_has_no_such_page(desk, other, firm):
    body = OrganisationFactory(kind=OrganisationKind.MECHANISM)
    sent = offer_sent(desk, at("mechanism_edit", body)) | {"mechanism_type": "satt"}

    desk.post(at("mechanism_edit", body), sent)

    assert Mechanism.objects.get().organisation == body
    led_back = desk.get(at("mechanism_edit", firm))
    assert (led_back.status_code, led_back["Location"]) == (302, firm.get_absolute_url())
    with pytest.raises(RuleViolation, match="no transfer mechanism"):
        set_mechanism(organisation=firm, actor=other, mechanism_type="satt")


@pytest.mark.parametrize(
    ("typed", "where"),
    [({"mechanism_type": ""}, "mechanism_type"), ({"amount": "10"}, "currency"), ({"amount": "-1"}, "amount"),
     ({"trl_min": "3"}, "trl_max"), ({"trl_min": "6", "trl_max": "5"}, "trl_max"), ({"currency": "€"}, "currency"),
     ({"domains": ["astrology"]}, "domains")],
)  # fmt: skip
def test_a_wrong_offer_is_said_at_its_field_and_loses_nothing(desk, offer, typed, where):
    page = at("mechanism_edit", offer.organisation)

    text = text_of(desk.post(page, offer_sent(desk, page) | {"contact": "Typed by hand"} | typed), 422)

    assert f'id="id_{where}_error"' in text
    assert "Typed by hand" in text
    offer.refresh_from_db()
    assert offer.contact == ""


def test_an_offer_changed_meanwhile_is_told_in_words_and_what_was_left_alone_stays(desk, other, offer):
    body = offer.organisation
    page = at("mechanism_edit", body)
    opened = offer_sent(desk, page)
    set_mechanism(organisation=body, actor=other, mechanism_type="satt", domains=["space"], contact="Accueil")

    told(
        desk.post(page, opened | {"domains": ["digital"]}),
        '<blockquote class="clash-words">Aeronautics and space</blockquote>',
        str(other),
    )
    assert desk.post(page, opened | {"trl_min": "2", "trl_max": "5"}).status_code == 302

    offer.refresh_from_db()
    assert (offer.domains, offer.contact, offer.trl_max) == (["space"], "Accueil", 5)


def test_a_program_that_read_facts_before_another_wrote_gets_409(desk, other, firm, offer):
    set_profile(organisation=firm, actor=other, year=2023, source="Bilan")
    set_mechanism(organisation=offer.organisation, actor=other, mechanism_type="satt", contact="Accueil")

    def status(body, path, sent):
        address = f"/api/v1/directory/organisations/{body.reference}/{path}"
        return desk.put(address, data=sent, content_type="application/json").status_code

    year = {"year": 2023, "source": "Elsewhere", "read": {"source": "Comptes"}}
    assert status(firm, "profiles", year) == 409
    assert status(firm, "profiles", year | {"read": {"source": "Bilan"}}) == 200
    mine = {"mechanism_type": "satt", "contact": "Moi", "read": {"contact": ""}}
    assert status(offer.organisation, "mechanism", mine) == 409


def test_a_year_that_was_never_right_is_removed_once_asked(desk, stranger, other, firm):
    page = at("profile_remove", firm, 2023)
    assert page in text_of(desk.get(at("profiles", firm)))
    opened = left_open(desk.get(page), "reason") | {"reason": "Of another company"}
    assert stranger.post(page, opened).status_code == 403
    set_profile(organisation=firm, actor=other, year=2023, source="Bilan")

    clash = desk.post(page, opened)
    told(clash, "Bilan", str(other))
    assert firm.profiles.exists()
    assert desk.post(page, left_open(clash, "reason"))["Location"] == at("profiles", firm)

    assert not firm.profiles.exists()
    assert AuditEntry.objects.order_by("-sequence").first().reason == "Of another company"
    assert desk.get(page).status_code == 404


def test_a_program_removes_a_year(desk, firm):
    address = f"/api/v1/directory/organisations/{firm.reference}/profiles/remove"

    def status(year):
        return desk.post(address, data={"year": year, "reason": "x"}, content_type="application/json").status_code

    assert [status(2022), status(2023), status(2023)] == [404, 204, 404]
    assert not firm.profiles.exists()


def test_choices_of_the_catalogue_stand_in_the_order_of_a_dictionary(desk, offer):
    with translation.override("fr"):
        labels = list(region_labels().values())

    assert labels.index("Île-de-France") < labels.index("La Réunion")
