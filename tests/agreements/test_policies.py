"""Who sees a licence: never who may not see one of its assets, neither in a list, a count, a share nor a panel."""

import pytest
from django.utils import timezone

from motrice.accounts.operations.roles import grant_role
from motrice.accounts.operations.users import system_user
from motrice.agreements.marts import live_licences_by_domain
from motrice.agreements.models import Agreement, LicensedAsset, Party
from motrice.agreements.panels import agreements_of, licences_of_asset
from motrice.core.confidentiality import Level
from motrice.core.policies import allows
from motrice.portfolio.enums import AssetKind
from motrice.portfolio.operations import domains
from motrice.portfolio.operations.assets import set_level
from tests.agreements.factories import licence_of, opened
from tests.directory.factories import user_with
from tests.portfolio.factories import asset_of
from tests.portfolio.operations.test_domains import domain_of


def seen(user):
    return set(Agreement.objects.permitted(user).values_list("title", flat=True))


@pytest.fixture
def secret(place):
    """A know-how that stays in the circle of the officer."""
    return asset_of(place, kind=AssetKind.KNOW_HOW, title="Secret inventé")


def test_a_licence_that_bundles_a_hidden_asset_is_hidden_whole(place, secret):
    family = opened(place)
    licence_of(place, family, secret, title="Avec secret")
    licence_of(place, family, title="Sans secret")

    assert seen(place.officer) == {"Avec secret", "Sans secret"}
    assert seen(place.colleague) == {"Sans secret"}
    rows = LicensedAsset.objects.permitted(place.colleague)
    assert [row.share for row in rows] == [1]
    assert Party.objects.permitted(place.colleague).count() == 2


def test_a_hidden_licence_is_in_no_panel_and_in_no_count_of_a_domain(place, secret):
    family = opened(place)
    domain = domain_of(place, "alloys")
    domains.accept_assets(domain=domain, assets=[(family, "")], actor=place.officer)
    licence_of(place, family, secret)

    def told(user):
        panel = licences_of_asset(family, user)
        counts = live_licences_by_domain([domain], place.office, user, timezone.localdate())
        beside = agreements_of(place.rival, user)
        return (len(panel.links), counts.by_domain[domain.pk], counts.total, len(beside.links) if beside else 0)

    assert told(place.officer) == (1, 1, 1, 1)
    assert told(place.colleague) == (0, 0, 0, 0)


def test_who_is_named_in_the_circle_of_the_secret_sees_the_licence_again(place, secret):
    licence_of(place, opened(place), secret, title="Avec secret")
    grant_role(user=place.colleague, kind="circle", actor=system_user(), on=secret, reason="named")

    assert seen(type(place.colleague).objects.get(pk=place.colleague.pk)) == {"Avec secret"}


def test_a_company_that_is_a_party_sees_what_was_signed_but_not_the_shares_nor_the_others(place):
    family = opened(place)
    draft = licence_of(place, family, title="Projet", live=False)
    signed = licence_of(place, family, title="Signée")
    set_level(asset=family, level=Level.ORGANISATION, actor=system_user(), reason="x")

    # It sees no asset of which it owns nothing before that is shared with it: then it sees no licence either.
    assert seen(place.rival_contact) == set()
    grant_role(user=place.rival_contact, kind="circle", actor=system_user(), on=family, reason="named")
    rival = type(place.rival_contact).objects.get(pk=place.rival_contact.pk)
    assert seen(rival) == {"Signée"}
    assert not LicensedAsset.objects.permitted(rival).exists()
    assert [party.organisation for party in Party.objects.permitted(rival)] == [place.rival]
    assert (allows(rival, "inside", signed), allows(rival, "view", draft)) == (False, False)


def test_finance_reads_and_exports_what_it_may_not_change(place):
    finance = user_with("finance", on=place.office)
    agreement = licence_of(place, opened(place))

    rights = {action: allows(finance, action, agreement) for action in ("view", "inside", "export", "edit")}

    assert rights == {"view": True, "inside": True, "export": True, "edit": False}


def test_a_licence_open_to_the_network_opens_none_of_its_assets(place):
    closed, shared = opened(place, title="A"), opened(place, kind=AssetKind.SOFTWARE, title="B")
    set_level(asset=shared, level=Level.NETWORK, actor=system_user(), reason="réseau")
    licence_of(place, closed, level=Level.NETWORK, title="Fermée")
    licence_of(place, shared, level=Level.NETWORK, title="Ouverte")

    assert seen(place.other_officer) == {"Ouverte"}
    assert not Party.objects.permitted(place.other_officer).exists()
