"""A dismissal is remembered for its record, field and value, until the source says something else."""

import pytest

from motrice.core.imports_runs import Action, State, ask_undo, ask_write, decide, decide_fields, work
from motrice.directory.models import Organisation

pytestmark = pytest.mark.django_db
NUMBER = "200112345U"


@pytest.fixture
def read(read_csv):
    """Read one laboratory as the register of laboratories writes it."""

    def reader(**fields):
        row = {"numero_national_de_structure": NUMBER, "libelle": "Laboratoire inventé du sel", "commune": "Brest"}
        return read_csv("rnsr", row | fields)

    return reader


@pytest.fixture
def laboratory(read, write_all):
    write_all(read())
    return Organisation.objects.get(identifiers__value=NUMBER)


def test_another_value_is_asked_and_the_dismissed_one_again_after_it_was_decided(laboratory, read, officer):
    decide(run=read(commune="Rennes"), actor=officer, accept=False)
    other = read(commune="Quimper")

    assert other.proposals.get().changes[0] == ["city", "Brest", "Quimper"]
    assert other.proposals.get().state == State.OPEN
    assert read(commune="Rennes").proposals.get().state == State.DISMISSED
    decide(run=other, actor=officer, accept=False)
    assert read(commune="Rennes").proposals.get().state == State.OPEN


def test_what_is_new_beside_a_dismissed_difference_is_asked_alone(laboratory, read, officer, write_all):
    decide(run=read(commune="Rennes"), actor=officer, accept=False)

    run = read(commune="Rennes", libelle="Laboratoire inventé du poivre")
    proposal = run.proposals.get()
    assert (proposal.state, proposal.is_recalled) == (State.OPEN, True)
    assert [proposal.changes[number][0] for number in proposal.dismissed] == ["city", "address"]
    write_all(run)

    laboratory.refresh_from_db()
    assert (laboratory.name, laboratory.city) == ("Laboratoire inventé du poivre", "Brest")
    assert read(commune="Rennes", libelle="Laboratoire inventé du poivre").proposals.get().state == State.DISMISSED


def test_a_change_of_mind_takes_the_dismissed_value_from_the_newer_import(laboratory, read, officer):
    decide(run=read(commune="Rennes"), actor=officer, accept=False)
    run = read(commune="Rennes")

    decide_fields(proposal=run.proposals.get(), actor=officer, dismissed=[])
    work(ask_write(run=run, actor=officer))

    laboratory.refresh_from_db()
    assert laboratory.city == "Rennes"


def test_a_new_record_dismissed_with_its_links_is_asked_again_when_its_content_changed(read_csv, officer):
    body = {
        "tutelles": "Institut inventé",
        "siret_des_tutelles": "18008901303720",
        "numero_national_de_structure": NUMBER,
    }
    first = read_csv("rnsr", body | {"libelle": "Sel"})
    alone = first.proposals.filter(key=f"rnsr:{NUMBER}", action=Action.CREATE)
    decide(run=first, actor=officer, accept=False, proposals=alone.values_list("pk", flat=True))

    same = read_csv("rnsr", body | {"libelle": "Sel"}).proposals.filter(key=f"rnsr:{NUMBER}")
    other = read_csv("rnsr", body | {"libelle": "Poivre"}).proposals.filter(key=f"rnsr:{NUMBER}")

    assert sorted(same.values_list("action", "state")) == [("create", "dismissed"), ("update", "dismissed")]
    assert sorted(other.values_list("action", "state")) == [("create", "open"), ("update", "open")]


def test_what_an_undone_import_wrote_is_no_dismissal(read, write_all, officer):
    work(ask_undo(run=write_all(read()), actor=officer))

    assert read().proposals.get().state == State.OPEN


def test_the_page_tells_what_was_dismissed_before(laboratory, read, officer, client):
    decide(run=read(commune="Rennes"), actor=officer, accept=False)
    run = read(commune="Rennes")
    client.force_login(officer)

    text = client.get(f"/directory/imports/{run.reference}", {"state": "dismissed"}, follow=True).content.decode()

    assert "dismissed at an earlier import" in text
    assert "Dismissed at an earlier import" in text
