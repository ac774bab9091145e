"""What a set of roles makes of an actor: a keeper, a steerer, a desk, or a reader of totals alone."""

import pytest

from motrice.accounts.models import User
from motrice.agreements.policies import keeps_agreements, reads_agreements
from motrice.core.errors import NotPermitted
from motrice.core.policies import SITE, RoleGrant
from motrice.inventions import policies as disclosures
from motrice.portfolio.policies import assets, steering
from motrice.sourcing import policies as sourcing

OFFICE = "directory.organisation"


def actor(*kinds, on=SITE):
    user = User(pk=1)
    user.__dict__["active_roles"] = tuple(RoleGrant(kind, on, None if on == SITE else 3) for kind in kinds)
    return user


@pytest.mark.parametrize(
    ("kinds", "on", "keeps", "reads"),
    [
        (["officer"], OFFICE, True, True),
        (["officer"], SITE, False, True),
        (["coordinator"], SITE, False, True),
        (["researcher"], OFFICE, False, False),
        ([], SITE, False, False),
    ],
)
def test_who_keeps_agreements_and_who_reads_them(kinds, on, keeps, reads):
    assert (keeps_agreements(actor(*kinds, on=on)), reads_agreements(actor(*kinds, on=on))) == (keeps, reads)


@pytest.mark.parametrize("module", [steering, sourcing], ids=["portfolio", "needs"])
@pytest.mark.parametrize(
    ("kinds", "expected"),
    [
        (["representative"], True),
        (["observer"], True),
        (["observer", "auditor"], False),
        (["bureau", "officer"], False),
        (["researcher"], False),
        ([], False),
    ],
)
def test_totals_alone_are_for_who_works_on_nothing_behind_them(module, kinds, expected):
    assert module.reads_totals_only(actor(*kinds)) is expected


@pytest.mark.parametrize(
    ("kinds", "desk", "report"),
    [
        (["officer"], True, True),
        (["coordinator"], True, True),
        (["auditor"], False, True),
        (["director"], False, True),
        (["company_contact"], False, False),
    ],
)
def test_the_report_of_the_desk_is_for_the_desk_its_overseers_and_readers_of_totals(kinds, desk, report):
    assert (sourcing.is_desk(actor(*kinds)), sourcing.reads_report(actor(*kinds))) == (desk, report)


@pytest.mark.parametrize(
    ("kind", "on", "expected"), [("officer", OFFICE, True), ("auditor", SITE, True), ("auditor", OFFICE, False)]
)
def test_figures_of_disclosures_are_for_officers_and_audit_missions(kind, on, expected):
    assert disclosures.reads_report(actor(kind, on=on)) is expected


@pytest.mark.parametrize(
    ("kinds", "keeps", "reads", "answers"),
    [
        (["officer"], True, True, False),
        (["researcher"], False, True, False),
        (["patent_firm"], False, True, False),
        (["company_contact"], False, True, True),
        ([], False, False, False),
    ],
)
def test_the_portfolio_is_the_work_of_members_and_of_those_they_deal_with(kinds, keeps, reads, answers):
    user = actor(*kinds, on=OFFICE)

    assert assets.keeps_portfolio(user) is keeps
    assert assets.reads_portfolio(user) is reads
    assert assets.answers_for_owner(user) is answers


def test_a_need_of_a_company_is_stated_by_its_contact_alone():
    sourcing.require_contact(actor("company_contact", on=OFFICE))

    with pytest.raises(NotPermitted, match="company's contact"):
        sourcing.require_contact(actor("officer"))
