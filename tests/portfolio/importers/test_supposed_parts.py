"""Owners' and inventors' parts, which no file gives: put to a person, and marked until they are confirmed."""

from fractions import Fraction

import pytest
from django.urls import reverse

from motrice.core.errors import RuleViolation
from motrice.core.imports_runs import State, ask_write, decide_fields, work
from motrice.directory.models import Organisation
from motrice.portfolio.models import Asset
from motrice.portfolio.operations.makers import correct_makers
from motrice.portfolio.operations.ownership import correct_shares
from tests.directory.factories import OrganisationFactory
from tests.engines.patentfiles import samples

pytestmark = pytest.mark.django_db
QUARTER = Fraction(1, 4)


@pytest.fixture
def run(read):
    """A family of two known applicants and some inventors, up to the preview."""
    OrganisationFactory(name="Univ des verres inventée")
    OrganisationFactory(name="Société inventée du verre")
    return read(f"{samples.OPS_FAMILY}\n{samples.OPS_BIBLIO}")


def asked(run, name):
    """The proposal of the family, and the position of one of its differences."""
    proposal = run.proposals.get(phase=0)
    return proposal, next(number for number, change in enumerate(proposal.changes) if change[0] == name)


def written(run):
    work(ask_write(run=run, actor=run.launched_by))
    return Asset.objects.get()


def parts(rows):
    return [row.share for row in rows]


def test_equal_parts_are_said_to_be_supposed_and_can_be_written_otherwise(run, client):
    client.force_login(run.launched_by)

    page = client.get(reverse("directory:import", args=[run.reference])).content.decode()

    _proposal, number = asked(run, "owners")
    assert "supposed, to be confirmed" in page
    assert f'name="answer-{number}"' in page


def test_what_is_accepted_in_bulk_is_marked_to_be_confirmed(run, write_all, client, place):
    write_all(run)
    asset = Asset.objects.get()

    assert all(row.supposed_on for row in (*asset.ownerships.all(), *asset.contributors.all()))
    client.force_login(place.officer)
    assert client.get(asset.get_absolute_url()).content.decode().count("to be confirmed") >= 2


def test_parts_written_before_acceptance_are_those_of_the_family(run, place):
    proposal, number = asked(run, "owners")
    texts = ["" for _part in proposal.changes[number][2]["parts"]]
    texts[0], texts[-1] = "1/4", "75 %"

    decide_fields(proposal=proposal, actor=run.launched_by, dismissed=[], answers={number: texts})

    asset = written(run)
    assert sorted(parts(asset.ownerships.all())) == [QUARTER, 3 * QUARTER]
    assert {row.ground for row in asset.ownerships.all()} == {"Parts given at the import; enter the agreement."}
    assert all(row.supposed_on for row in asset.ownerships.all())


def test_parts_that_do_not_sum_to_one_are_refused_and_nothing_typed_is_lost(run, client):
    proposal, number = asked(run, "makers")
    texts = ["7/10" for _part in proposal.changes[number][2]["parts"]]
    client.force_login(run.launched_by)

    answer = client.post(
        reverse("directory:proposal_decide", args=[run.reference, proposal.pk]),
        {"decision": "accept", "keep": range(len(proposal.changes)), f"answer-{number}": texts},
    )

    page = answer.content.decode()
    proposal.refresh_from_db()
    assert (answer.status_code, proposal.state) == (422, State.OPEN)
    assert "must sum to one" in page
    assert 'value="7/10"' in page


def test_only_parts_can_be_written_otherwise(run):
    proposal, number = asked(run, "title")

    with pytest.raises(RuleViolation):
        decide_fields(proposal=proposal, actor=run.launched_by, dismissed=[], answers={number: ["Autre titre"]})


def test_correcting_the_shares_confirms_them(run, write_all, place):
    write_all(run)
    asset = Asset.objects.get()
    shares = {Organisation.objects.get(pk=row.organisation_id): row.share for row in asset.ownerships.all()}

    correct_shares(
        asset=asset, shares=shares, starts_on=asset.starts_on, ends_on=None, actor=place.officer, reason="Accord"
    )

    assert [row.supposed_on for row in asset.ownerships.all()] == [None] * len(shares)


def test_the_parts_of_inventors_are_confirmed_or_refused_when_they_do_not_sum_to_one(run, write_all, place):
    write_all(run)
    asset = Asset.objects.get()
    count = asset.contributors.count()
    equal = dict.fromkeys(range(1, count + 1), Fraction(1, count))

    with pytest.raises(RuleViolation):
        correct_makers(asset=asset, parts={**equal, 1: Fraction(9, 10)}, actor=place.officer, reason="Accord")
    correct_makers(asset=asset, parts=equal, actor=place.officer, reason="Accord")

    assert [row.supposed_on for row in asset.contributors.all()] == [None] * count
