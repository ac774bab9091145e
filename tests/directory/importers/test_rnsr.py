"""The register of structures: supervisors by rank, parents, lines of succession, and what its file gets wrong."""

from datetime import date

import pytest

from motrice.core.imports import words_of
from motrice.core.imports_runs import Action, ask_undo, work
from motrice.directory.enums import NameKind, RelationKind, SuccessionKind
from motrice.directory.models import Address, Identifier, Organisation, Relation
from motrice.directory.operations.merge import last_merge, merge, undo_merge
from tests.directory.factories import user_with
from tests.directory.importers.samples import SAMPLES, structure

pytestmark = pytest.mark.django_db
FIRST, SECOND, CLOSED, ELSEWHERE = "200112345U", "200112346V", "199512345V", "198822222L"
SIRET = "18008901303720"


@pytest.fixture
def read(read_csv):
    return lambda *rows: read_csv("rnsr", *rows)


def findings(run):
    return [(item.line, item.field, item.code, item.value) for item in run.findings.order_by("line", "field", "pk")]


def supervised(number, name, *bodies, **fields):
    names, sirets, natures, roles, labels = zip(*bodies, strict=True)
    return structure(
        number, name, tutelles=";".join(names), siret_des_tutelles=";".join(sirets),
        nature_de_tutelle=";".join(natures), code_de_type_de_tutelle=";".join(roles),
        label_numero=";".join(labels), **fields,
    )  # fmt: skip


def test_supervisors_keep_rank_role_and_label(read, write_all):
    bodies = (
        ("Institut inventé", SIRET, "Organismes de recherche", "TUTE", "UMR 9999"),
        ("Université inventée", "", "Université", "TUTE", ""),
        ("École inventée", "", "Autres établissements", "PART", ""),
    )
    write_all(read(supervised(FIRST, "Laboratoire inventé du sel", *bodies)))

    rows = Relation.objects.order_by("rank").values_list("source__name", "kind", "rank", "label_number")
    assert list(rows) == [
        ("Institut inventé", RelationKind.SUPERVISES, 1, "UMR 9999"),
        ("Université inventée", RelationKind.SUPERVISES, 2, ""),
        ("École inventée", RelationKind.PARTICIPATES, 3, ""),
    ]
    assert Organisation.objects.get(name="Laboratoire inventé du sel").names.get().value == "UMR 9999"


def test_a_body_without_number_is_found_again_under_another_name_or_merged_away(read, write_all):
    row = supervised(FIRST, "Laboratoire inventé du sel", ("Université lointaine", "", "Étranger", "TUTE", ""))
    write_all(read(row))
    body = Organisation.objects.get(name="Université lointaine")
    Organisation.objects.filter(pk=body.pk).update(name="Tout autre nom")
    again = read(row)
    assert [item.changes for item in again.proposals.all()] == [[["name", "Tout autre nom", "Université lointaine"]]]

    other = Organisation.objects.create(kind="university", name="Université qui reste", source="RNSR")
    Relation.objects.update(source=other)
    Organisation.objects.filter(pk=body.pk).update(merged_into=other)
    assert [item.target_pk for item in read(row).proposals.all()] == [other.pk]


def test_a_line_of_succession_says_how_and_since_when(read, write_all):
    write_all(read(structure(
        FIRST, "Laboratoire inventé du sel", numero_de_structure_historique=f"{CLOSED};{ELSEWHERE}",
        type_de_succession="fusion;essaimage", annee_d_effet_historique="2011;2012",
    )))  # fmt: skip

    rows = Relation.objects.filter(kind=RelationKind.SUCCEEDED_BY).order_by("starts_on")
    assert [(row.source.name, row.target.name, row.succession, row.starts_on) for row in rows] == [
        (f"RNSR {CLOSED}", "Laboratoire inventé du sel", SuccessionKind.MERGED, date(2011, 1, 1)),
        (f"RNSR {ELSEWHERE}", "Laboratoire inventé du sel", SuccessionKind.SPLIT, date(2012, 1, 1)),
    ]
    assert Organisation.objects.get(name=f"RNSR {CLOSED}").ends_on == date(2010, 12, 31)


def test_a_structure_known_by_its_number_alone_gets_its_name_from_its_own_row(read, write_all):
    write_all(read(structure(FIRST, "Laboratoire du sel", numero_de_structure_historique=CLOSED)))

    run = read(structure(CLOSED, "Laboratoire ancien du sel"))

    proposal = run.proposals.get()
    assert (proposal.action, proposal.changes) == (
        Action.UPDATE, [["name", f"RNSR {CLOSED}", "Laboratoire ancien du sel"]],
    )  # fmt: skip


def test_a_parent_that_no_file_describes_is_told_and_not_proposed_again(read, write_all):
    row = structure(FIRST, "Équipe inventée du sel", numero_de_structure_parent=ELSEWHERE)
    run = write_all(read(row))

    assert findings(run) == [(2, "parent", "other_end_missing", f"rnsr:{ELSEWHERE}")]
    assert "not in the directory" in words_of(run.findings.get())
    assert read(row).proposals.count() == 0
    write_all(read(structure(ELSEWHERE, "Laboratoire venu après")))
    assert [item.changes[0][2]["other"] for item in read(row).proposals.all()] == [["rnsr", ELSEWHERE]]


def test_a_structure_that_is_its_own_parent_or_grandparent_is_told_once_per_line(read, write_all):
    rows = (
        structure(FIRST, "Laboratoire inventé du sel", numero_de_structure_parent=f"{FIRST};{SECOND}"),
        structure(SECOND, "Laboratoire inventé du sable", numero_de_structure_parent=FIRST),
    )
    run = write_all(read(*rows))

    assert findings(run) == [
        (2, "parent", "circle", f"rnsr:{FIRST}"),
        (3, "parent", "circle", f"rnsr:{FIRST}"),
    ]
    assert [(row.source.name, row.target.name) for row in Relation.objects.all()] == [
        ("Laboratoire inventé du sable", "Laboratoire inventé du sel")
    ]
    assert read(*rows).proposals.count() == 0


def test_what_the_file_gets_wrong_is_told_by_line_and_field(read):
    run = read(
        structure(FIRST, "Laboratoire de lEnvironnement", commune="Brest", site_web="pas une adresse"),
        structure(SECOND, "UniversitÃ© du sel", annee_de_creation="vers 1990"),
        structure(FIRST, "Laboratoire doublé"),
        structure(CLOSED, "Laboratoire de lEnvironnement", commune="Brest"),
        structure("200112345A", "Laboratoire au mauvais numéro"),
        structure(ELSEWHERE, ""),
        structure("02feahw73", "Laboratoire au numéro d'un autre registre"),
    )

    assert findings(run) == [
        (2, "libelle", "lost_apostrophe", "Laboratoire de lEnvironnement"),
        (2, "site_web", "wrong_address", "pas une adresse"),
        (3, "annee_de_creation", "wrong_year", "vers 1990"),
        (3, "libelle", "wrong_encoding", "UniversitÃ© du sel"),
        (4, "rnsr", "doubled_row", FIRST),
        (5, "libelle", "lost_apostrophe", "Laboratoire de lEnvironnement"),
        (5, "libelle", "same_name", "Laboratoire de lEnvironnement"),
        (6, "numero_national_de_structure", "wrong_identifier", "200112345A"),
        (6, "numero_national_de_structure", "missing_number", "Laboratoire au mauvais numéro"),
        (7, "libelle", "missing_name", ELSEWHERE),
        (8, "numero_national_de_structure", "wrong_identifier", "02feahw73"),
        (8, "numero_national_de_structure", "missing_number", "Laboratoire au numéro d'un autre registre"),
    ]
    assert sorted(run.proposals.values_list("key", flat=True)) == sorted(
        f"rnsr:{number}" for number in (FIRST, SECOND, CLOSED)
    )


def test_a_number_that_two_bodies_give_is_told_each_time_with_its_holder_in_the_file(read, write_all):
    rows = (
        supervised(FIRST, "Laboratoire inventé du sel", ("Institut inventé", SIRET, "", "TUTE", "")),
        supervised(SECOND, "Laboratoire du sable", ("Agence inventée", "18008901300015", "", "TUTE", "")),
    )
    words = "Institut inventé already holds the number 180089013: it is given once. Perhaps one body."

    assert [words_of(item) for item in write_all(read(*rows)).findings.all()] == [words]
    again = read(*rows)
    assert [item.code for item in again.findings.all()] == ["identifier_held"]  # the holder may be hidden one day
    assert again.proposals.count() == 0


def test_a_laboratory_that_moved_is_proposed_its_new_address_and_an_undo_puts_the_old_one_back(
    read, write_all, officer
):
    old = {"adresse": "1 rue du Sel", "code_postal": "29200", "commune": "BREST CEDEX 3"}
    write_all(read(structure(FIRST, "Laboratoire inventé du sel", **old)))
    row = structure(FIRST, "Laboratoire inventé du sel", adresse="9 quai Neuf", code_postal="29200", commune="BREST")
    run = read(row)
    before = {"street": "1 rue du Sel", "city": "BREST CEDEX 3"}
    after = {"street": "9 quai Neuf", "city": "BREST"}
    assert ["address", before, after] in run.proposals.get().changes

    write_all(run)
    address = Organisation.objects.get(name="Laboratoire inventé du sel").addresses.get()
    assert (address.street, address.postcode, address.city) == ("9 quai Neuf", "29200", "BREST")
    assert read(row).proposals.count() == 0

    work(ask_undo(run=run, actor=officer))
    address.refresh_from_db()
    assert (address.street, address.city) == ("1 rue du Sel", "BREST CEDEX 3")


def test_an_address_that_changed_after_the_file_was_read_is_left_and_told(read, write_all):
    write_all(read(structure(FIRST, "Laboratoire inventé du sel", adresse="1 rue du Sel", commune="BREST")))
    run = read(structure(FIRST, "Laboratoire inventé du sel", adresse="9 quai Neuf", commune="BREST"))
    Address.objects.update(street="3 rue Autre")
    write_all(run)

    assert Address.objects.get().street == "3 rue Autre"
    assert run.findings.filter(code="changed_since", field="address").exists()


def test_the_places_of_ror_give_a_laboratory_its_position_in_its_town_alone(read, read_csv, write_all):
    towns = {FIRST: "BREST CEDEX 3", SECOND: "QUIMPER"}
    write_all(read(*[structure(number, f"Laboratoire du sel {town}", commune=town) for number, town in towns.items()]))
    rows = []
    for number, ror in zip(towns, ("02feahw73", "03x30hb31"), strict=True):
        unit = Identifier.objects.get(value=number).organisation
        Identifier.objects.create(organisation=unit, scheme="ror", value=ror)
        place = {"city": "Brest", "region": "Bretagne", "country_code": "FR", "lat": "48.4", "lng": "-4.5"}
        rows.append({**SAMPLES["ror-places"].rows[0], "ror_id": ror, "name": unit.name, **place})
    write_all(read_csv("ror-places", *rows))

    places = {row.city: (row.latitude, row.longitude) for row in Address.objects.all()}
    assert places == {"BREST CEDEX 3": (48.4, -4.5), "QUIMPER": (None, None)}
    assert read_csv("ror-places", *rows).proposals.count() == 0


def test_after_a_merge_the_row_of_the_absorbed_record_corrects_nothing_until_the_merge_is_undone(read, write_all):
    rows = [structure(FIRST, "Laboratoire inventé du sel", commune="Brest"),
            structure(SECOND, "Laboratoire inventé du poivre", commune="Quimper")]  # fmt: skip
    write_all(read(*rows))
    kept, absorbed = (Identifier.objects.get(value=number).organisation for number in (FIRST, SECOND))
    actor = user_with("coordinator")
    merge(kept=kept, absorbed=absorbed, actor=actor)
    assert read(*rows).proposals.count() == 0
    renamed = read({**rows[0], "libelle": "Laboratoire du gros sel"}, rows[1])
    assert renamed.proposals.get().changes == [["name", "Laboratoire inventé du sel", "Laboratoire du gros sel"]]

    absorbed.refresh_from_db()
    undo_merge(entry=last_merge(absorbed), actor=actor)
    moved = read(rows[0], {**rows[1], "libelle": "Laboratoire du poivre blanc"})
    assert moved.proposals.get().target_pk == absorbed.pk


def test_a_name_that_an_import_replaces_stays_a_former_name_and_an_undo_takes_it_away(read, write_all, officer):
    write_all(read(structure(FIRST, "LABORATOIRE INVENTÉ DU SEL", sigle="LIS")))
    unit = Identifier.objects.get(value=FIRST).organisation
    write_all(read(structure(FIRST, "Laboratoire inventé du sel", sigle="LIS")))
    assert not unit.names.exists()  # the same name, otherwise written

    row = structure(FIRST, "Institut inventé du poivre", sigle="IIP")
    run = write_all(read(row))
    assert {(name.kind, name.value) for name in unit.names.all()} == {
        (NameKind.FORMER, "Laboratoire inventé du sel"),
        (NameKind.ACRONYM, "LIS"),
    }
    assert read(row).proposals.count() == 0
    work(ask_undo(run=run, actor=officer))
    assert not unit.names.exists()


def test_a_number_that_stood_for_a_name_is_no_former_name(read, write_all):
    write_all(read(structure(
        FIRST, "Laboratoire inventé du sel", numero_de_structure_historique=CLOSED, type_de_succession="fusion",
    )))  # fmt: skip
    write_all(read(structure(CLOSED, "Laboratoire fermé")))
    assert not Organisation.objects.get(name="Laboratoire fermé").names.exists()
