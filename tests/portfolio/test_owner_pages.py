"""Co-ownership on the page of an asset, and the co-owners' own pages."""

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from django.urls import reverse
from django.utils import timezone

from motrice.core.confidentiality import Level
from motrice.directory.enums import RelationKind
from motrice.engines.coownership.reasons import add_months
from motrice.portfolio.enums import AbandonmentStatus, NoticeAnswer
from motrice.portfolio.models import Abandonment, AdvancedCost, AgentDesignation, CoOwnerNotice, Mandate
from motrice.portfolio.operations.abandonment import answer_notice, start_abandonment
from motrice.portfolio.operations.agents import designate_agent, end_designation
from motrice.portfolio.operations.assets import Owner, set_level
from motrice.web import panels
from motrice.web.formats import day_text
from tests.directory.factories import RelationFactory
from tests.open_page import left_open, told
from tests.portfolio.factories import HALF, MONDAY, PARIS, asset_of


def opened(place, **changes):
    asset = asset_of(place, **changes)
    return set_level(asset=asset, level=Level.ORGANISATION, actor=place.officer, reason="ouverte", at=MONDAY)


def act(asset, name):
    return reverse("portfolio:asset_act", args=[asset.reference, name])


def text_of(response, status=200):
    assert response.status_code == status, response.content.decode()[:3000]
    return response.content.decode().replace("\u00a0", " ")


@pytest.fixture
def at_desk(client, place):
    client.force_login(place.officer)
    return client


def test_a_share_is_transferred_from_the_page_and_drawn_by_date(at_desk, place):
    asset = asset_of(place)

    page = text_of(
        at_desk.post(
            act(asset, "transfer"),
            {
                "giver": place.company.pk,
                "taker": place.other_office.reference,
                "share": "1/4",
                "on": "2024-07-01",
                "ground": "acte 12",
                "exempt": "règlement de copropriété",
            },
            follow=True,
        )
    )

    assert "acte 12" in page
    assert "Shares from each day on which they changed" in page
    assert asset.ownerships.count() == 4


def test_a_transfer_of_too_much_is_told_at_its_field_with_the_day(at_desk, place):
    asset = asset_of(place)

    page = text_of(
        at_desk.post(
            act(asset, "transfer"),
            {
                "giver": place.company.pk,
                "taker": place.other_office.reference,
                "share": "3/4",
                "on": "2024-07-01",
                "ground": "acte 12",
            },
        ),
        422,
    )

    assert "holds only 50 % on 1 Jul 2024" in page
    assert "acte 12" in page


def test_a_sale_is_told_to_the_co_owner_who_buys_first_on_its_own_page(at_desk, client, place):
    asset = opened(place)
    sale = {"seller": place.office.pk, "buyer": place.other_office.reference, "share": "1/4", "price": "12000",
            "currency": "EUR", "text": "Cession au comptant"}  # fmt: skip
    transfer = {"giver": place.office.pk, "taker": place.other_office.reference, "share": "1/4",
                "on": timezone.localdate().isoformat(), "ground": "acte"}  # fmt: skip

    refused = text_of(at_desk.post(act(asset, "transfer"), transfer), 422)
    at_desk.post(act(asset, "offer-share"), sale)

    assert "was not told of this sale" in refused
    assert "L613-29" in refused
    notice = CoOwnerNotice.objects.get()
    client.force_login(place.contact)
    page = text_of(client.get(notice.get_absolute_url()))
    assert "12,000" in page
    assert "You may buy this part first until" in page
    client.post(reverse("portfolio:notice_act", args=[notice.reference, "answer"]), {"answer": "takes_over"})
    assert "buys it first" in text_of(client.get(notice.get_absolute_url()))


def test_a_correction_names_the_days_that_would_not_be_whole(at_desk, place):
    asset = asset_of(place)
    data = {
        f"share_{place.office.reference}": "50 %",
        f"share_{place.company.reference}": "1/4",
        "starts_on": "2021-01-01",
        "ends_on": "2021-12-31",
        "reason": "règlement",
    }

    page = text_of(at_desk.post(act(asset, "correct-shares"), data), 422)
    assert "sum to only 75 % from 1 Jan 2021 to 31 Dec 2021" in page

    more = {"other": place.other_office.reference, "other_share": "25 %"}
    text_of(at_desk.post(act(asset, "correct-shares"), data | more, follow=True))
    shares = {row.organisation: row.share for row in asset.ownerships.on(date(2021, 6, 1))}
    assert shares == {place.office: HALF, place.company: Fraction(1, 4), place.other_office: Fraction(1, 4)}


def test_the_agent_is_proposed_with_its_article_and_given_its_mandate(at_desk, place):
    RelationFactory(
        source=place.office, target=place.laboratory, kind=RelationKind.SUPERVISES, starts_on=date(2010, 1, 1)
    )
    designate_agent(
        unit=place.laboratory, agent=place.office, starts_on=date(2021, 1, 1), actor=place.officer, at=MONDAY
    )
    asset = asset_of(place)

    page = text_of(at_desk.get(asset.get_absolute_url()))
    assert "art. D533-2 (decree 2020-24, art. 2 I)" in page

    text_of(at_desk.post(act(asset, "agent"), {"on": timezone.localdate().isoformat()}, follow=True))
    assert Mandate.objects.get(asset=asset).agent == place.office


def test_an_abandonment_prints_its_date_and_is_refused_before_it(at_desk, place):
    asset = opened(place)
    at_desk.post(act(asset, "abandon"), {"reason": "aucun preneur"})
    notice = CoOwnerNotice.objects.get(asset=asset)
    today = timezone.localdate()
    at_desk.post(
        reverse("portfolio:notice_act", args=[notice.reference, "receipt"]), {"received_on": today.isoformat()}
    )
    earliest = day_text(add_months(today, 4))

    page = text_of(at_desk.get(asset.get_absolute_url()))
    assert earliest.replace("\u00a0", " ") in page
    assert "The title may be given up from" in page
    abandonment = Abandonment.objects.get(asset=asset)
    address = reverse("portfolio:abandonment_act", args=[abandonment.reference, "confirm"])
    assert address not in page

    refused = text_of(at_desk.post(address, {"reason": "quand même"}), 422)
    assert "The notice of 4 months runs until" in refused
    assert "decree 2020-24, art. 9" in refused
    abandonment.refresh_from_db()
    assert abandonment.status == AbandonmentStatus.OPEN


@pytest.mark.parametrize("count", [1, 3])
def test_a_company_sees_its_own_titles_and_shares_with_the_same_queries_for_one_and_three(
    client, place, count, django_assert_num_queries
):
    third = Fraction(1, 3)
    for number in range(count):
        opened(
            place,
            docket_number=f"T-{number}",
            title=f"Titre commun {number}",
            owners=(Owner(place.office, third), Owner(place.company, third), Owner(place.rival, third)),
        )
    opened(place, title="Titre d'autrui", owners=(Owner(place.office, HALF), Owner(place.rival, HALF)))
    client.force_login(place.contact)
    client.get(reverse("portfolio:my_titles"))

    with django_assert_num_queries(11):
        page = text_of(client.get(reverse("portfolio:my_titles")))

    assert page.count("Titre commun") == count
    assert "autrui" not in page
    assert "Fontes" not in page


def test_the_company_reads_the_title_but_neither_the_other_shares_nor_the_inside(client, place):
    third = Fraction(1, 3)
    asset = opened(place, owners=(Owner(place.office, third), Owner(place.company, third), Owner(place.rival, third)))
    AdvancedCost.objects.bulk_create(
        [AdvancedCost(asset=asset, payer=place.office, paid_on=date(2024, 1, 1), amount=Decimal(900), what="taxes")]
    )
    client.force_login(place.contact)

    page = text_of(client.get(asset.get_absolute_url()))

    assert "Société inventée des Aciers" in page
    assert "Fontes" not in page
    assert "Aline Inventrice" not in page
    assert "Single agent" not in page
    assert "900" not in page
    assert "sees its title, its summary, its filings and its own share, and nothing else" in page


def test_opening_a_notice_is_receiving_it_and_the_company_answers(client, place):
    asset = opened(place)
    start_abandonment(asset=asset, reason="aucun preneur", actor=place.officer)
    notice = CoOwnerNotice.objects.get(asset=asset)
    client.force_login(place.contact)

    assert notice.asset.title in text_of(client.get(reverse("portfolio:my_titles")))
    page = text_of(client.get(notice.get_absolute_url()))
    assert "silence then lets the title go" in page
    notice.refresh_from_db()
    assert notice.received_on == timezone.localdate()

    client.post(reverse("portfolio:notice_act", args=[notice.reference, "answer"]), {"answer": "takes_over"})
    notice.refresh_from_db()
    assert notice.answer == NoticeAnswer.TAKES_OVER


def test_an_officer_who_reads_a_notice_does_not_receive_it(at_desk, place):
    asset = opened(place)
    start_abandonment(asset=asset, reason="aucun preneur", actor=place.officer)
    notice = CoOwnerNotice.objects.get(asset=asset)

    text_of(at_desk.get(notice.get_absolute_url()))

    notice.refresh_from_db()
    assert notice.received_on is None


def test_a_rival_finds_neither_the_notice_nor_the_title(client, place):
    asset = opened(place)
    start_abandonment(asset=asset, reason="aucun preneur", actor=place.officer)
    notice = CoOwnerNotice.objects.get(asset=asset)
    client.force_login(place.rival_contact)

    assert client.get(notice.get_absolute_url()).status_code == 404
    assert client.get(asset.get_absolute_url()).status_code == 404
    assert "No title yet" in text_of(client.get(reverse("portfolio:my_titles")))


def test_a_cost_advanced_is_owed_to_its_payer(at_desk, place):
    asset = asset_of(place)

    page = text_of(
        at_desk.post(
            act(asset, "cost"),
            {
                "payer": place.office.pk,
                "paid_on": "2024-02-01",
                "amount": "1250.50",
                "currency": "EUR",
                "what": "taxes de dépôt",
            },
            follow=True,
        )
    )

    assert "are to be repaid from revenue" in page
    assert "D533-13" in page


@pytest.mark.parametrize("count", [1, 3])
def test_the_agents_of_units_are_listed_with_the_same_queries(at_desk, place, count, django_assert_num_queries):
    RelationFactory(
        source=place.office, target=place.laboratory, kind=RelationKind.SUPERVISES, starts_on=date(2010, 1, 1)
    )
    for number in range(count):
        designate_agent(
            unit=place.laboratory,
            agent=place.office,
            field=f"domaine {number}",
            starts_on=date(2021, 1, 1),
            actor=place.officer,
            at=MONDAY,
        )
    at_desk.get(reverse("portfolio:agents"))

    with django_assert_num_queries(10):
        page = text_of(at_desk.get(reverse("portfolio:agents")))

    assert page.count("domaine ") == count


def test_an_agent_is_named_on_a_form_by_a_supervisor_only(at_desk, place):
    data = {"unit": place.laboratory.reference, "agent": place.office.reference, "starts_on": "2021-01-01"}
    assert at_desk.post(reverse("portfolio:agent_new"), data).status_code == 403

    RelationFactory(
        source=place.office, target=place.laboratory, kind=RelationKind.SUPERVISES, starts_on=date(2010, 1, 1)
    )
    at_desk.post(reverse("portfolio:agent_new"), data)

    assert AgentDesignation.objects.get().unit.pk == place.laboratory.pk


def test_a_designation_has_its_page_and_is_ended_there_by_a_supervisor_only(at_desk, client, place):
    RelationFactory(
        source=place.office, target=place.laboratory, kind=RelationKind.SUPERVISES, starts_on=date(2010, 1, 1)
    )
    row = designate_agent(
        unit=place.laboratory, agent=place.office, starts_on=date(2021, 1, 1), actor=place.officer, at=MONDAY
    )
    url = reverse("portfolio:agent_end", args=[row.reference])
    assert url in text_of(at_desk.get(reverse("portfolio:agent", args=[row.reference])))

    early = at_desk.post(url, {"ends_on": "2020-12-31"})
    at_desk.post(url, {"ends_on": "2024-12-31"})

    row.refresh_from_db()
    assert early.status_code == 422
    assert row.ends_on == date(2024, 12, 31)
    assert url not in text_of(at_desk.get(reverse("portfolio:agent", args=[row.reference])))
    client.force_login(place.other_officer)
    assert client.post(url, {"ends_on": "2025-12-31"}).status_code == 403


def test_a_last_day_that_a_colleague_gave_meanwhile_is_told_before_it_is_written_over(at_desk, place):
    RelationFactory(
        source=place.office, target=place.laboratory, kind=RelationKind.SUPERVISES, starts_on=date(2010, 1, 1)
    )
    named = {"unit": place.laboratory, "agent": place.office, "starts_on": date(2021, 1, 1)}
    row = designate_agent(**named, actor=place.officer, at=MONDAY)
    url = reverse("portfolio:agent_end", args=[row.reference])
    page = left_open(at_desk.get(url), "ends_on")
    end_designation(designation=row, ends_on=date(2023, 6, 30), actor=place.colleague)

    clash = at_desk.post(url, page | {"ends_on": "2024-12-31"})

    told(clash, str(place.colleague), "2023")
    row.refresh_from_db()
    assert row.ends_on == date(2023, 6, 30)
    assert at_desk.post(url, left_open(clash, "ends_on")).status_code == 302
    row.refresh_from_db()
    assert row.ends_on == date(2024, 12, 31)


def test_a_notice_between_agents_is_recorded_with_its_time(at_desk, place):
    for body, supervisor in ((place.office, place.officer),):
        RelationFactory(source=body, target=place.laboratory, kind=RelationKind.SUPERVISES, starts_on=date(2010, 1, 1))
        for field, agent in (("", place.office), ("santé", place.other_office)):
            designate_agent(
                unit=place.laboratory,
                agent=agent,
                field=field,
                starts_on=date(2021, 1, 1),
                actor=supervisor,
                at=MONDAY,
            )
    asset = asset_of(place)

    page = text_of(
        at_desk.post(
            act(asset, "notify-agent"),
            {"sender": place.office.pk, "recipient": place.other_office.pk, "notified_at": "2024-04-30T09:30"},
            follow=True,
        )
    )

    assert "30 Apr 2024, 09:30" in page
    assert asset.agent_notifications.get().notified_at == datetime(2024, 4, 30, 9, 30, tzinfo=PARIS)


def test_a_notice_waits_on_the_home_page_of_who_answers_for_the_co_owner_until_it_is_answered(client, place):
    asset = opened(place, title="Titre offert")
    start_abandonment(asset=asset, reason="aucun preneur", actor=place.officer)
    notice = CoOwnerNotice.objects.get(owner=place.company)

    def waiting(user):
        found = [(item.until, item.url) for item in panels.waiting_for(user) if "Titre offert" in str(item.what)]
        assert panels.count_for(user) == len(panels.waiting_for(user))
        return found

    assert waiting(place.contact) == [(None, notice.get_absolute_url())]
    assert waiting(place.rival_contact) == waiting(place.officer) == []
    client.force_login(place.contact)
    text_of(client.get(notice.get_absolute_url()))  # reading it is receiving it: its delay begins
    assert waiting(place.contact) == [(add_months(timezone.localdate(), 4), notice.get_absolute_url())]

    answer_notice(notice=notice, answer=NoticeAnswer.DECLINES, actor=place.contact)

    assert waiting(place.contact) == []
