"""Imports: nothing changes before a person accepts, nothing is done twice, everything can be undone."""

import csv
import gzip
import json
from functools import partial

import pytest

from motrice.core import audit, imports, imports_runs
from motrice.core.errors import InvalidTransition, NotPermitted, RuleViolation, StaleState
from motrice.core.imports import importer_of, words_of
from motrice.core.imports_runs import (
    Action,
    State,
    Status,
    apply_run,
    ask_undo,
    ask_write,
    decide,
    decide_fields,
    resume,
    start_run,
    work,
)
from motrice.core.models import ImportRun
from motrice.directory.enums import OrganisationKind, RelationKind
from motrice.directory.importers.ror import RorRegistry
from motrice.directory.models import Identifier, Organisation, Relation
from motrice.directory.operations.organisation import edit_organisation
from tests.database import load_catalogue
from tests.directory.factories import IdentifierFactory, OrganisationFactory, user_with

pytestmark = pytest.mark.django_db
CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"


def ror(number):
    """A well-formed number of the registry, invented."""
    text, rest = "", number
    for _ in range(6):
        rest, digit = divmod(rest, 32)
        text = CROCKFORD[digit] + text
    return f"0{text}{98 - (number * 100) % 97:02d}"


def line(number, name, **fields):
    return {"id": ror(number), "status": "active", "types": ["education"], "name": name, "country": "FR", **fields}


@pytest.fixture
def officer():
    return user_with("officer")


@pytest.fixture(autouse=True)
def _places(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"
    load_catalogue()


@pytest.fixture
def read(tmp_path, officer):
    """Read lines as a file of the registry, up to the preview."""

    def reader(*lines):
        path = tmp_path / "names.jsonl"
        path.write_text("\n".join(json.dumps(item) for item in lines), encoding="utf-8")
        return work(start_run(kind="ror", files=[("", path)], actor=officer))

    return reader


def write_all(run, officer):
    decide(run=run, actor=officer, accept=True)
    return work(ask_write(run=run, actor=officer))


def world():
    return {
        (model._meta.label, row.pk): audit.snapshot(row)
        for model in audit.audited_models()
        for row in model._base_manager.all()
    }


def test_a_preview_changes_nothing_and_shows_each_difference_by_field(read):
    before = world()

    run = read(line(1, "Université inventée", city="Brest", ext={"grid": "grid.4444.0"}))

    proposal = run.proposals.get()
    assert (run.status, run.position, run.total) == (Status.READY, 1, 1)
    assert (proposal.action, proposal.state, proposal.line) == (Action.CREATE, State.OPEN, 1)
    assert proposal.changes == [
        ["name", None, "Université inventée"],
        ["kind", None, "university"],
        ["country", None, "FR"],
        ["city", None, "Brest"],
        ["level", None, "public"],
        ["identifier", None, ["ror", ror(1)]],
        ["identifier", None, ["grid", "grid.4444.0"]],
    ]
    assert world() == before


def test_what_is_accepted_is_written_and_a_second_import_finds_no_difference(read, officer):
    lines = [
        line(1, "Université inventée", names=[["acronym", "UI", None], ["label", "Invented university", "en"]]),
        line(2, "Faculté inventée", rel={"parent": [ror(1)]}),
    ]
    run = write_all(read(*lines), officer)
    again = read(*lines)

    body = Organisation.objects.get(name="Université inventée")
    assert run.status == Status.DONE
    assert (body.short_name, body.source, body.names.get().value) == ("UI", "ROR", "Invented university")
    assert [(row.source, row.kind) for row in Relation.objects.all()] == [(body, RelationKind.PARENT)]
    assert (again.proposals.count(), again.unchanged_count) == (0, 2)
    assert audit.differences() == []


def test_one_difference_of_a_proposal_is_dismissed_the_others_are_written(read, officer):
    write_all(read(line(1, "Ancien nom", city="Brest")), officer)

    run = read(line(1, "Nouveau nom", city="Rennes"))
    proposal = run.proposals.get()
    assert proposal.changes == [["name", "Ancien nom", "Nouveau nom"], ["city", "Brest", "Rennes"]]
    decide_fields(proposal=proposal, actor=officer, dismissed=[0])
    work(ask_write(run=run, actor=officer))

    body = Organisation.objects.get()
    assert (body.name, body.city) == ("Ancien nom", "Rennes")


def test_dismissed_proposals_are_not_written(read, officer):
    run = read(line(1, "Prise"), line(2, "Laissée"))
    taken, left = run.proposals.order_by("pk")
    decide(run=run, actor=officer, accept=True, proposals=[taken.pk])
    decide(run=run, actor=officer, accept=False, proposals=[left.pk])
    work(ask_write(run=run, actor=officer))

    assert list(Organisation.objects.values_list("name", flat=True)) == ["Prise"]
    left.refresh_from_db()
    assert (left.state, left.decided_by) == (State.DISMISSED, officer)


def test_a_source_does_not_overwrite_what_another_brought(read, officer):
    body = OrganisationFactory(name="Nom donné ici", city="Brest", source="RNSR")
    IdentifierFactory(organisation=body, scheme="ror", value=ror(1))

    write_all(read(line(1, "Name of the registry", city="Paris", types=["company"])), officer)

    body.refresh_from_db()
    assert (body.name, body.city, body.kind) == ("Nom donné ici", "Brest", OrganisationKind.UNIVERSITY)
    assert [name.value for name in body.names.all()] == ["Name of the registry"]


def test_the_same_name_and_country_is_proposed_as_one_and_waits_for_a_person(read, officer):
    known = OrganisationFactory(name="Institut inventé des verres spéciaux")
    near = OrganisationFactory(name="Laboratoire inventé de chimie du solide")
    other = OrganisationFactory(name="Institut inventé des verres spéciaux bis", country="DE")

    run = read(
        line(1, "INSTITUT INVENTÉ DES VERRES SPÉCIAUX"),
        line(2, "Laboratoire inventée de chimie du solide"),
        line(3, "Institut inventé des verres spéciaux bis"),
    )
    exact, alike, fresh = run.proposals.order_by("line")
    assert [(item.action, item.target_pk) for item in (exact, alike, fresh)] == [
        (Action.JOIN, known.pk),
        (Action.JOIN, near.pk),
        (Action.CREATE, None),
    ]
    assert 1 > exact.score > alike.score > 0.9
    assert decide(run=run, actor=officer, accept=True) == 1  # in bulk only what is sure
    decide(run=run, actor=officer, accept=True, proposals=[exact.pk])
    decide(run=run, actor=officer, accept=True, separate=True, proposals=[alike.pk])
    work(ask_write(run=run, actor=officer))

    assert Identifier.objects.get(value=ror(1)).organisation == known
    assert Identifier.objects.get(value=ror(2)).organisation not in (near, other)
    assert Organisation.objects.count() == 5


def test_links_of_a_doubtful_record_wait_with_it(read, officer):
    OrganisationFactory(name="Institut inventé des verres spéciaux")
    run = read(line(1, "Institut inventé des verres spéciaux", rel={"parent": [ror(2)]}), line(2, "Mère"))

    assert decide(run=run, actor=officer, accept=True) == 1
    work(ask_write(run=run, actor=officer))
    decide(run=run, actor=officer, accept=True, proposals=[run.proposals.get(action=Action.JOIN).pk])
    assert decide(run=run, actor=officer, accept=True) == 1
    work(ask_write(run=run, actor=officer))

    assert str(Relation.objects.get()) == "Mère is the parent of Institut inventé des verres spéciaux"


def test_an_import_is_undone_to_the_last_row(read, officer):
    body = OrganisationFactory(name="Nom donné ici", source="ROR")
    IdentifierFactory(organisation=body, scheme="ror", value=ror(1))
    before = world()

    run = write_all(read(line(1, "Autre nom"), line(2, "Fille", rel={"parent": [ror(1)]}), line(3, "Seule")), officer)
    assert world() != before
    work(ask_undo(run=run, actor=officer, reason="wrong file"))

    run.refresh_from_db()
    assert run.status == Status.UNDONE
    assert world() == before
    assert audit.verify().faults == ()
    assert audit.differences() == []


def test_an_undo_is_refused_at_what_changed_since_and_resumed_after(read, officer):
    run = write_all(read(line(1, "Première"), line(2, "Deuxième")), officer)
    body = Organisation.objects.get(name="Deuxième")
    edit_organisation(organisation=body, actor=officer, city="Brest")

    work(ask_undo(run=run, actor=officer))
    run.refresh_from_db()
    assert run.status == Status.FAILED
    assert "changed since" in run.failure
    assert Organisation.objects.count() == 2

    edit_organisation(organisation=body, actor=officer, city="")
    work(resume(run=run, actor=officer))
    assert not Organisation.objects.exists()


def test_a_worker_that_dies_between_pieces_is_resumed_without_double(read, officer, monkeypatch):
    monkeypatch.setattr(RorRegistry, "batch", 2)
    lines = [
        line(number, f"Université inventée {number}", rel={"parent": [ror(1)]} if number > 1 else {})
        for number in range(1, 8)
    ]
    run = read(*lines)
    decide(run=run, actor=officer, accept=True)
    ask_write(run=run, actor=officer)
    keep, pieces = imports_runs._keep_states, []

    def die(piece):
        pieces.append(piece)
        if len(pieces) in (2, 5):
            raise SystemExit  # the process ends inside the transaction of a piece
        keep(piece)

    monkeypatch.setattr(imports_runs, "_keep_states", die)
    for _death in range(2):
        with pytest.raises(SystemExit):
            work(run)
        assert Organisation.objects.count() < 7 or Relation.objects.count() < 6
    work(run)

    assert Organisation.objects.count() == 7
    assert Relation.objects.count() == 6
    assert audit.differences() == []


def test_a_reader_that_dies_is_resumed_without_double(read, officer, monkeypatch, tmp_path):
    monkeypatch.setattr(RorRegistry, "batch", 2)
    read_batch, batches = RorRegistry.read, []

    def die(self, rows):
        batches.append(rows)
        if len(batches) == 3:
            raise SystemExit
        return read_batch(self, rows)

    monkeypatch.setattr(RorRegistry, "read", die)
    same = {"ext": {"grid": "grid.4444.0"}}
    with pytest.raises(SystemExit):
        read(line(1, "Une", **same), line(2, "Deux"), line(3, "Trois"), line(4, "Quatre"), line(5, "Cinq", **same))
    run = ImportRun.objects.get()
    assert (run.status, run.position, run.proposals.count()) == (Status.READING, 4, 4)
    work(run)

    run.refresh_from_db()
    assert (run.status, run.proposals.count()) == (Status.READY, 5)
    assert [item.code for item in run.findings.all()] == ["identifier_taken"]  # remembered from before the death


def test_a_worker_that_lost_its_lease_stops(read, officer):
    run = read(line(1, "Une"))
    decide(run=run, actor=officer, accept=True)
    ask_write(run=run, actor=officer)
    slow = imports_runs._Worker(ImportRun.objects.get(pk=run.pk))
    work(run)

    with pytest.raises(StaleState):
        slow.mark(position=0)
    assert Organisation.objects.count() == 1


def test_a_record_made_after_the_file_was_read_is_not_made_twice(read, officer):
    first = read(line(1, "Une"))
    second = read(line(1, "Une"))
    write_all(first, officer)
    write_all(second, officer)

    assert Organisation.objects.count() == 1
    assert second.proposals.get().state == State.REFUSED
    assert "read the file again" in words_of(second.findings.get())


def test_a_field_changed_after_the_file_was_read_is_left_alone(read, officer):
    write_all(read(line(1, "Une", city="Brest")), officer)
    run = read(line(1, "Une", city="Rennes"))
    edit_organisation(organisation=Organisation.objects.get(), actor=officer, city="Nantes")
    write_all(run, officer)

    assert Organisation.objects.get().city == "Nantes"
    assert [item.code for item in run.findings.all()] == ["changed_since"]


def test_dirty_lines_are_told_by_line_and_field(read, officer):
    run = read(
        line(1, "Laboratoire de lEnvironnement"),
        line(2, "UniversitÃ© mal codÃ©e"),
        {**line(3, "Mauvais numéro"), "id": "02feahw74"},
        line(1, "Doublon"),
        line(5, "Avec GRID", ext={"grid": "grid.4444.0"}),
        line(6, "Même GRID", ext={"grid": "grid.4444.0", "isni": "0000 0004 1936 7301"}),
        line(7, ""),
    )

    assert [(item.line, item.field, item.code) for item in run.findings.all()] == [
        (1, "name", "lost_apostrophe"),
        (2, "name", "wrong_encoding"),
        (3, "id", "wrong_identifier"),
        (4, "ror", "doubled_row"),
        (6, "isni", "wrong_identifier"),
        (6, "grid", "identifier_taken"),
        (7, "name", "missing_name"),
    ]
    assert "l'Environnement" in words_of(run.findings.first())
    assert "Université mal codée" in words_of(run.findings.all()[1])
    assert run.proposals.count() == 4


def test_a_circle_of_parents_in_a_file_is_told_and_not_written(read, officer):
    run = write_all(read(line(1, "Une", rel={"parent": [ror(2)]}), line(2, "Deux", rel={"parent": [ror(1)]})), officer)

    assert Relation.objects.count() == 1
    assert [item.code for item in run.findings.all()] == ["circle"]


def test_imports_are_kept_to_those_who_keep_the_directory(tmp_path, read, officer):
    path = tmp_path / "names.jsonl"
    path.write_text("{}")
    visitor = user_with("researcher")
    run = read(line(1, "Une"))

    with pytest.raises(NotPermitted):
        start_run(kind="ror", files=[("", path)], actor=visitor)
    for act in (
        lambda: decide(run=run, actor=visitor, accept=True),
        lambda: decide_fields(proposal=run.proposals.get(), actor=visitor, dismissed=[]),
        lambda: ask_write(run=run, actor=visitor),
        lambda: ask_undo(run=run, actor=visitor),
        lambda: resume(run=run, actor=visitor),
    ):
        with pytest.raises(NotPermitted):
            act()
    assert not ImportRun.objects.permitted(visitor).exists()


def test_what_makes_no_sense_is_refused(tmp_path, read, officer):
    run = read(line(1, "Une"))
    with pytest.raises(RuleViolation, match="accepted"):
        ask_write(run=run, actor=officer)
    with pytest.raises(InvalidTransition):
        ask_undo(run=run, actor=officer)
    with pytest.raises(InvalidTransition):
        apply_run(run)
    with pytest.raises(RuleViolation, match="rnsr"):
        start_run(kind="nothing", files=[("", tmp_path / "x")], actor=officer)
    with pytest.raises(RuleViolation, match="no file"):
        start_run(kind="ror", files=[("", tmp_path / "absent.jsonl")], actor=officer)
    with pytest.raises(RuleViolation, match="number 9"):
        decide_fields(proposal=run.proposals.get(), actor=officer, dismissed=[9])


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.jsonl", b"{not json", "Line 1 is not JSON"),
        ("a.jsonl", b"[1]", "not a JSON object"),
        ("a.jsonl.gz", b"\x1f\x8bbroken", "damaged"),
        ("a.jsonl.gz", gzip.compress(b"{}" * 5000)[:-20], "damaged"),
        ("a.jsonl.gz", gzip.compress(b" " * 3000), "larger than"),
        ("a.jsonl", b" " * 3000, "The file is larger than"),
        ("a.jsonl", b"PK\x03\x04\0\0spreadsheet", "save it as CSV"),
        ("a.jsonl", b"\xff\xfea", "damaged"),
        ("a.jsonl", b"[" * 200_000, "Line 1 is not JSON"),
        ("a.jsonl", b'{"id": "a\\u0000"}', "Line 1 is not JSON"),
        ("a.jsonl", b'{"id": "a\\ud800"}', "Line 1 is not JSON"),
    ],
    ids=["json", "object", "gzip", "cut", "bomb", "large", "sheet", "utf-16", "deep", "null", "half"],
)
def test_a_broken_file_stops_the_run_in_words(tmp_path, officer, monkeypatch, name, content, words):
    if "larger" in words:
        monkeypatch.setattr(imports, "MOST_BYTES", 2048)
    path = tmp_path / name
    path.write_bytes(content)

    run = work(start_run(kind="ror", files=[("", path)], actor=officer))

    assert run.status == Status.FAILED
    assert words in run.failure


def test_an_empty_file_gives_nothing_and_no_failure(tmp_path, officer):
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"")

    run = work(start_run(kind="ror", files=[("", path)], actor=officer))

    assert (run.status, run.total, run.proposals.count()) == (Status.READY, 0, 0)


def test_unicode_text_of_a_spreadsheet_and_characters_outside_the_plane_are_read(tmp_path, officer):
    path = tmp_path / "a.jsonl"
    text = json.dumps(line(1, "Université inventée 🧪"))
    assert "\\ud83e" in text
    path.write_bytes(text.encode("utf-16"))

    run = work(start_run(kind="ror", files=[("", path)], actor=officer))

    assert run.proposals.get().title == "Université inventée 🧪"


def test_a_file_without_its_columns_names_them(tmp_path, officer):
    path = tmp_path / "x.csv"
    path.write_text("a;b\n1;2\n")

    run = work(start_run(kind="rnsr", files=[("", path)], actor=officer))

    assert "numero_national_de_structure" in run.failure
    assert "a;b" in run.failure


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "The file is empty"),
        ("\n\n", "The file is empty"),
        ("{columns}", ""),
        ("{columns},libelle\n", "Two columns of the file are called libelle"),
        ("{columns},,\n", ""),
        ('{columns}\n"' + "A" * 140_000 + '"\n', "Line 2 holds a field of more than 131072 characters"),
        ("numero_national_de_structure\n", "lacks the columns libelle, "),
    ],
    ids=["nothing", "blank", "header", "doubled", "unnamed", "long", "missing"],
)
@pytest.mark.parametrize("limit", [131_072, 2_000_000], ids=["as Python has it", "as another part left it"])
def test_a_table_whose_head_or_fields_cannot_be_read_is_refused_in_words(
    tmp_path, officer, text, words, limit, request
):
    request.addfinalizer(partial(csv.field_size_limit, csv.field_size_limit(limit)))
    path = tmp_path / "x.csv"
    path.write_text(text.format(columns=",".join(importer_of("rnsr").columns)), encoding="utf-8")

    run = work(start_run(kind="rnsr", files=[("", path)], actor=officer))

    assert (run.status == Status.FAILED) is bool(words)
    assert words in run.failure
