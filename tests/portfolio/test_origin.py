"""An asset is made of a decided disclosure: its people, its day, and the supervisors of that day as owners."""

from datetime import date
from fractions import Fraction

import pytest
from django.urls import reverse

from motrice.core.errors import NotPermitted, RuleViolation
from motrice.inventions.models import Divulgation
from motrice.inventions.operations.decisions import propose_decision
from motrice.inventions.queries import threats
from motrice.portfolio.models import Asset
from motrice.portfolio.operations.assets import AssetContent, Owner, register_asset
from motrice.portfolio.operations.filings import Filing, add_application, correct_event
from motrice.portfolio.queries.origin import origin_of
from tests.inventions import factories as inventions


@pytest.fixture
def lab(db, settings, tmp_path):
    settings.SEARCH_ROOT, settings.MEDIA_ROOT = tmp_path / "search", tmp_path / "files"
    return inventions.lab()


def made_of(disclosure, lab, *, kind="patent_family", actor=None):
    content = AssetContent(
        kind=kind,
        title="Joint",
        starts_on=date(2026, 6, 1),
        owners=(Owner(lab.school, Fraction(1)),),
        disclosure=disclosure,
    )
    return register_asset(office=lab.school, content=content, actor=actor or lab.officer)


def test_a_decided_disclosure_proposes_its_supervisors_of_the_day_and_its_signed_shares(lab):
    origin = origin_of(inventions.decided(lab), actor=lab.officer)

    assert origin.kind == "patent_family"
    assert [(row.organisation, row.share) for row in origin.owners] == [
        (lab.school, Fraction(1, 2)),
        (lab.body, Fraction(1, 2)),
    ]
    assert all(row.article for row in origin.owners)
    assert [row.share for row in origin.makers] == [Fraction(1, 3)] * 3


def test_the_page_of_a_decided_disclosure_leads_to_the_asset_made_of_it(client, lab):
    disclosure = inventions.decided(lab)
    client.force_login(lab.officer)
    entry = f"{reverse('portfolio:asset_new')}?from={disclosure.reference}"
    assert entry in client.get(disclosure.get_absolute_url()).content.decode()

    page = client.get(entry)
    data = {"office": lab.school.pk, "disclosure": disclosure.reference}
    data |= {key: value for key, value in page.context["form"].initial.items() if key in ("kind", "title", "language")}
    data |= {"starts_on": "2026-06-01", "unit": lab.unit.reference, "trl": "4"}
    for formset in (page.context["owners"], page.context["makers"]):
        data |= {f"{formset.prefix}-TOTAL_FORMS": "3", f"{formset.prefix}-INITIAL_FORMS": len(formset.initial)}
        for number, form in enumerate(formset.initial_forms):
            for name in form.fields:
                data[f"{formset.prefix}-{number}-{name}"] = form[name].value() or ""
    answer = client.post(reverse("portfolio:asset_new"), data, follow=True)

    asset = Asset.objects.get()
    assert answer.redirect_chain[-1][0] == asset.get_absolute_url()
    assert asset.disclosure == disclosure
    assert [row.share for row in asset.contributors.all()] == [Fraction(1, 3)] * 3
    assert "supervises" in asset.ownerships.first().ground
    assert disclosure.title in answer.content.decode()
    back = client.get(disclosure.get_absolute_url()).content.decode()
    assert entry not in back
    assert asset.get_absolute_url() in back


@pytest.mark.parametrize("decision", ["publish", "release", "more_work"])
def test_what_is_not_to_be_protected_makes_no_asset(lab, decision):
    disclosure = inventions.decided(lab, decision)

    with pytest.raises(RuleViolation, match="decision says otherwise"):
        made_of(disclosure, lab)

    assert not Asset.objects.exists()


def test_the_asset_is_what_was_decided_and_is_made_once(lab):
    disclosure = inventions.decided(lab, "secret")
    with pytest.raises(RuleViolation, match="Know-how"):
        made_of(disclosure, lab)

    made_of(disclosure, lab, kind="know_how")
    with pytest.raises(RuleViolation, match="already"):
        made_of(disclosure, lab, kind="know_how")

    assert Asset.objects.count() == 1


def test_an_undecided_disclosure_and_one_of_another_office_make_nothing(lab):
    undecided = inventions.evaluated(lab)
    propose_decision(disclosure=undecided, kind="patent", reasons="Nouveau.", actor=undecided.owner)

    with pytest.raises(RuleViolation):
        made_of(undecided, lab)
    with pytest.raises(NotPermitted):
        made_of(inventions.decided(lab), lab, actor=lab.head)

    assert not Asset.objects.exists()


def test_a_filing_ends_the_alerts_of_its_disclosure_which_keeps_its_day(lab):
    disclosure = inventions.decided(lab)
    Divulgation.objects.create(disclosure=disclosure, kind="talk", title="Congrès", dated_on=date(2027, 9, 1))
    asset = made_of(disclosure, lab)
    assert threats([disclosure], on=inventions.MONDAY.date())

    filing = Filing(office="FR", route="national", number="2612345", filed_on=date(2026, 6, 2))
    application = add_application(asset=asset, filing=filing, actor=lab.officer)

    disclosure.refresh_from_db()
    assert disclosure.protected_on == date(2026, 6, 2)
    assert not threats([disclosure], on=inventions.MONDAY.date())
    event = application.events.get()
    correct_event(event=event, occurred_on=date(2026, 6, 3), actor=lab.officer, reason="Récépissé", note=None)
    disclosure.refresh_from_db()
    assert disclosure.protected_on == date(2026, 6, 3)
