"""The world of the public files: real bodies with the desk's accounts, and refusals that say what to do."""

import csv
import gzip
import importlib.util
import json
import types
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from motrice.accounts.models import RoleAssignment, User
from motrice.accounts.operations.users import system_user
from motrice.core import audit, catalogue, imports_runs, search_index
from motrice.core.imports import importer_of
from motrice.core.models import ImportRun
from motrice.demo import real
from motrice.demo.real import SOURCES
from motrice.directory.models import Evidence, Organisation
from tests.directory.importers.samples import structure

HEAD = 120
LEFT_OUT = ("ror", "ror-places", "transfer-mechanisms", "anr-investments")


@pytest.fixture
def excerpt(shared_data, tmp_path):
    """The first rows of the public files, so that a test reads in a second what a site reads in minutes."""
    for source in SOURCES:
        if source.kind in LEFT_OUT:
            continue
        target = tmp_path / source.path
        target.parent.mkdir(parents=True, exist_ok=True)
        with (
            gzip.open(shared_data / source.path, "rt", encoding="utf-8-sig", newline="") as whole,
            gzip.open(target, "wt", encoding="utf-8", newline="") as part,
        ):
            reader = csv.DictReader(whole)
            rows = [row for _number, row in zip(range(HEAD * 20), reader, strict=False)]
            writer = csv.DictWriter(part, reader.fieldnames)
            writer.writeheader()
            writer.writerows(rows)
    return tmp_path


@pytest.mark.shared
@pytest.mark.slow
def test_real_bodies_and_texts_are_read_and_the_desk_has_its_people(db, excerpt):
    catalogue.sync(actor=system_user())
    printed = StringIO()

    with translation.override("en"):
        arguments = [word for kind in LEFT_OUT for word in ("--without", kind)]
        call_command("real-world", "--folder", str(excerpt), *arguments, stdout=printed)

    text = printed.getvalue()
    assert Organisation.objects.filter(kind="unit", identifiers__scheme="rnsr").count() > 500
    assert Evidence.objects.filter(source="i-Lab", owners__organisation__isnull=False).exists()
    assert {"coordinator", "administrator", "auditor", "officer", "lab_director", "correspondent"} <= set(
        RoleAssignment.objects.values_list("kind", flat=True)
    )
    head = User.objects.get(email="laboratory@demo.motrice.invalid")
    unit = Organisation.objects.get(pk=head.roles.get().scope_pk)
    assert unit.evidence_links.exists()
    assert "rnsr: " in text
    assert "coordinator@demo.motrice.invalid" in text
    assert audit.differences() == []


def test_files_that_are_absent_are_named(db, tmp_path):
    with translation.override("en"), pytest.raises(CommandError, match=r"rnsr/structures_actives_2022\.csv\.gz"):
        call_command("real-world", "--folder", str(tmp_path), stdout=StringIO())


def test_an_unknown_sort_of_file_is_refused(db, tmp_path):
    with translation.override("en"), pytest.raises(CommandError, match="There is no sort of file cnrs"):
        call_command("real-world", "--folder", str(tmp_path), "--without", "cnrs", stdout=StringIO())


def test_a_database_in_use_is_left_alone(db, tmp_path):
    for source in SOURCES:
        for name in (source.path, *(path for _role, path in source.beside)):
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).touch()
    Organisation.objects.create(kind="company", name="Entreprise déjà là")

    with translation.override("en"), pytest.raises(CommandError, match="in use"):
        call_command("real-world", "--folder", str(tmp_path), stdout=StringIO())

    assert Organisation.objects.count() == 1


def test_a_file_that_cannot_be_read_stops_the_making_and_says_why(db, tmp_path):
    target = tmp_path / "rnsr" / "structures_actives_2022.csv.gz"
    target.parent.mkdir(parents=True)
    with gzip.open(target, "wt", encoding="utf-8") as file:
        file.write("nom;ville\nLaboratoire;Paris\n")
    others = [word for source in SOURCES if source.kind != "rnsr" for word in ("--without", source.kind)]

    with (
        translation.override("en"),
        pytest.raises(CommandError, match=r"2022\.csv\.gz stopped"),
    ):
        call_command("real-world", "--folder", str(tmp_path), *others, stdout=StringIO())

    assert not User.objects.filter(is_system=False).exists()


class Stopped(BaseException):
    """What stops a making anywhere, as a kill does: nobody handles it."""


@pytest.fixture
def small(tmp_path, settings):
    """A folder whose file of structures names three."""
    settings.MEDIA_ROOT = tmp_path / "files"
    catalogue.sync(actor=system_user())
    (tmp_path / "rnsr").mkdir()
    write_structures(tmp_path, {"U": "Laboratoire 5", "V": "Laboratoire 6", "W": "Laboratoire 7"})
    return tmp_path


def write_structures(folder, names):
    with gzip.open(folder / SOURCES[0].path, "wt", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, importer_of("rnsr").columns)
        writer.writeheader()
        rows = enumerate(names.items(), start=5)
        writer.writerows(structure(f"20011234{n}{key}", name, code_postal="29200") for n, (key, name) in rows)


def make(folder, *kinds):
    left_out = [source.kind for source in SOURCES if source.kind not in (kinds or ("rnsr",))]
    arguments = [word for kind in left_out for word in ("--without", kind)]
    printed = StringIO()
    with translation.override("en"):
        call_command("real-world", "--folder", str(folder), *arguments, stdout=printed)
    return printed.getvalue()


@pytest.mark.parametrize(
    ("place", "name"),
    [(real, "work"), (real, "decide"), (real, "ask_write"), (imports_runs, "_next_piece"), (real._Desk, "_write")],
)
def test_a_making_that_was_stopped_goes_on_from_there(db, small, monkeypatch, place, name):
    def stop(*_args, **_values):
        raise Stopped

    with monkeypatch.context() as patch:
        patch.setattr(place, name, stop)
        with pytest.raises(Stopped):
            make(small)
    assert not real.is_made()

    text = make(small)

    assert ("rnsr: read before" in text) is (place is real._Desk)
    assert Organisation.objects.filter(kind="unit").count() == 3
    assert ImportRun.objects.get().status == ImportRun.Status.DONE
    assert real.is_made()
    assert audit.differences() == []


def test_registers_that_name_a_body_of_one_country_alike_mean_one_body(db, small):
    """One that is merely alike waits for a person, and no later file makes a second record of its number."""
    names = small / "ror" / "ror_registry_names.jsonl.gz"
    places = small / "ror" / "ror_france_active.csv.gz"
    names.parent.mkdir()
    common = {"status": "active", "types": ["facility"], "country": "FR", "rel": {"parent": ["05a28rw58"]}}
    bodies = [{"id": "02feahw73", "name": "Laboratoire inventé du sel"},
              {"id": "04ezk3x31", "name": "Laboratoire inventé des soudure"}]  # fmt: skip
    with gzip.open(names, "wt", encoding="utf-8") as file:
        file.write("\n".join(json.dumps(common | body) for body in bodies))
    with gzip.open(places, "wt", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, importer_of("ror-places").columns)
        writer.writeheader()
        writer.writerows({"ror_id": body["id"], "name": body["name"], "types": "facility", "country_code": "FR",
                          "region": "Bretagne"} for body in bodies)  # fmt: skip
    write_structures(small, {"U": "Laboratoire inventé du sel", "V": "Laboratoire inventé des soudures"})

    text = make(small, "rnsr", "ror", "ror-places")

    assert Organisation.objects.filter(kind="unit").count() == 2
    assert Organisation.objects.get(identifiers__value="02feahw73").identifiers.filter(scheme="rnsr").exists()
    assert not Organisation.objects.filter(identifiers__value="04ezk3x31").exists()
    assert "open: 1" in text
    assert "undecided: 1" in text


def test_a_file_put_right_after_a_failure_is_read_anew(db, small):
    target = small / "rnsr" / "structures_actives_2022.csv.gz"
    right = target.read_bytes()
    with gzip.open(target, "wt", encoding="utf-8") as file:
        file.write("nom;ville\nLaboratoire;Paris\n")
    with pytest.raises(CommandError):
        make(small)
    target.write_bytes(right)

    make(small)

    assert Organisation.objects.filter(kind="unit").count() == 3


@pytest.fixture
def demo(monkeypatch, tmp_path):
    """The script behind `make real`, and the commands that it ran."""
    monkeypatch.setenv("MOTRICE_DEMO", "1")  # the script sets it: put back afterwards
    path = Path(__file__).resolve().parents[2] / "scripts" / "demo.py"
    spec = importlib.util.spec_from_file_location("demo_script", path)
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    ran = []
    monkeypatch.setattr(script, "motrice", lambda *words: ran.append(words))
    monkeypatch.setattr(script, "data_folder", lambda: tmp_path)

    def fill(*, is_real):
        ran.clear()
        script.fill(types.SimpleNamespace(real=is_real, size="small", seed=1))
        return ran[2:]

    return fill


def test_half_a_world_is_completed_before_it_is_served(db, demo, monkeypatch, small):
    monkeypatch.setattr(real._Desk, "_write", lambda _self: None)
    make(small)

    made = ("real-world", "--folder", str(small), "--verbosity", "0")
    assert demo(is_real=True) == [made, ("search-index", "rebuild")]


def test_a_whole_world_is_neither_made_nor_indexed_twice(db, demo, settings, tmp_path, small):
    make(small)
    settings.SEARCH_ROOT = tmp_path / "search"
    settings.SEARCH_ROOT.mkdir()
    (settings.SEARCH_ROOT / "rebuilding.lock").touch()  # all that a kill during the first building leaves

    assert demo(is_real=True) == [("search-index", "rebuild")]
    search_index.rebuild()
    assert demo(is_real=True) == [("search-index", "follow")]
