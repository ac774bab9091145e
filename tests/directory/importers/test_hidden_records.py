"""What a reader of imports may not see: no import shows it, counts it or writes to it."""

import json

import pytest

from motrice.accounts.operations.users import system_user
from motrice.core.confidentiality import Level
from motrice.core.imports import words_of
from motrice.core.imports_runs import Action, ask_write, decide, tally, work
from motrice.directory.models import Evidence, Organisation, Relation
from tests.directory.factories import IdentifierFactory, OrganisationFactory, user_with
from tests.directory.importers.samples import SAMPLES, known_bodies, structure

pytestmark = pytest.mark.django_db
SECRET = "zqsecret"
FIRST, SECOND, THIRD = "200112345U", "200112346V", "199512345V"


def hide_everything():
    """Every record gets a planted word, and is kept to a circle that nobody is named in."""
    Organisation.objects.update(level=Level.CIRCLE, city=SECRET, name=SECRET)
    Evidence.objects.update(level=Level.CIRCLE, title=SECRET, text=SECRET)


def told(run):
    """All that a run keeps, as one text."""
    proposals = [[item.title, item.key, item.changes, item.apart] for item in run.proposals.all()]
    return json.dumps([proposals, [[words_of(item), item.detail] for item in run.findings.all()]])


def kept(world):
    """What is held of the hidden records and of all that hangs on them."""
    return {key: row for key, row in world().items() if key[0] != "directory.Organisation" or row["name"] == SECRET}


@pytest.mark.parametrize("kind", SAMPLES)
@pytest.mark.parametrize("by_motrice", [False, True])
def test_hidden_records_are_neither_shown_nor_counted_nor_written(
    kind, by_motrice, read_csv, write_all, world, officer
):
    known_bodies()
    sample = SAMPLES[kind]
    write_all(read_csv(kind, *sample.rows, **sample.beside))
    hide_everything()
    before = kept(world)

    run = read_csv(kind, *sample.changed(), actor=system_user() if by_motrice else officer, **sample.beside)
    run = write_all(run) if run.proposals.permitted(officer).exists() else run

    assert SECRET not in told(run)
    assert run.unchanged_count == 0
    assert not run.proposals.filter(action=Action.UPDATE, phase__in=(0, 2)).exists()
    after = kept(world)
    assert {key: after.get(key) for key in before} == before


def test_a_hidden_record_stands_in_the_way_of_its_number_and_one_is_told_whom_to_ask(read_csv):
    hidden = OrganisationFactory(unit=True, name="Laboratoire tenu secret", level=Level.CIRCLE)
    IdentifierFactory(organisation=hidden, scheme="rnsr", value=FIRST)

    run = read_csv("rnsr", structure(FIRST, "Laboratoire inventé du sel"))

    (finding,) = run.findings.all()
    assert (finding.code, finding.severity, finding.value) == ("in_the_way", "error", "Laboratoire inventé du sel")
    assert "Ask an auditor" in words_of(finding)
    assert not run.proposals.exists()


def test_a_hidden_record_of_the_same_name_is_no_match(read_csv):
    OrganisationFactory(unit=True, name="Laboratoire inventé du sel", level=Level.CIRCLE)

    run = read_csv("rnsr", structure(FIRST, "Laboratoire inventé du sel"))

    assert [(item.action, item.score) for item in run.proposals.all()] == [(Action.CREATE, None)]
    assert not run.findings.exists()


def test_the_holder_of_a_number_is_not_named(read_csv):
    """A finding stays as it was written, and its holder may be hidden later."""
    unit, holder = OrganisationFactory(unit=True), OrganisationFactory(name="Université nommée nulle part")
    IdentifierFactory(organisation=unit, scheme="pic", value="999997930")
    IdentifierFactory(organisation=holder, scheme="vat", value="FR40303265045")

    run = read_csv("eu-participants", {"pic": "999997930", "vat_number": "FR40303265045", "name": "Autre nom"})

    assert [item.code for item in run.findings.all()] == ["identifier_held"]
    assert "nulle part" not in told(run)


def test_a_circle_through_a_hidden_body_is_not_called_one(read_csv):
    first, second, hidden = (OrganisationFactory(unit=True) for _n in range(3))
    IdentifierFactory(organisation=first, scheme="rnsr", value=FIRST)
    IdentifierFactory(organisation=second, scheme="rnsr", value=SECOND)
    Organisation.objects.filter(pk=hidden.pk).update(level=Level.CIRCLE)
    for source, target in ((first, hidden), (hidden, second)):
        Relation.objects.create(kind="parent", source=source, target=target)

    run = read_csv("rnsr", structure(FIRST, first.name, numero_de_structure_parent=SECOND))

    assert [item.code for item in run.findings.all()] == ["in_the_way"]


def test_proposals_about_a_record_that_was_hidden_since_go_out_of_sight_and_count(read_csv, write_all, officer):
    write_all(read_csv("rnsr", structure(FIRST, "Laboratoire inventé du sel", commune="Brest")))
    run = read_csv("rnsr", structure(FIRST, "Laboratoire inventé du sel", commune="Quimper"))
    coordinator, auditor = user_with("coordinator"), user_with("auditor")
    assert run.proposals.permitted(coordinator).count() == 1

    Organisation.objects.update(level=Level.CIRCLE)

    assert not run.proposals.permitted(coordinator).exists()
    assert tally(run, coordinator).keys() == {"unchanged", "findings"}
    assert tally(run, auditor)["update"] == {"open": 1}
    assert decide(run=run, actor=officer, accept=True) == 0


def test_a_record_hidden_after_it_was_accepted_is_not_written(read_csv, write_all, officer):
    write_all(read_csv("rnsr", structure(FIRST, "Laboratoire inventé du sel", commune="Brest")))
    run = read_csv("rnsr", structure(FIRST, "Laboratoire inventé du sel", commune="Quimper"))
    decide(run=run, actor=officer, accept=True)
    Organisation.objects.update(level=Level.CIRCLE)

    run = work(ask_write(run=run, actor=officer))

    assert [item.code for item in run.findings.all()] == ["in_the_way"]
    assert Organisation.objects.get().city == "Brest"
