"""The world of the public files: real bodies with the desk's accounts, and refusals that say what to do."""

import csv
import gzip
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from motrice.accounts.models import RoleAssignment, User
from motrice.accounts.operations.users import system_user
from motrice.core import audit, catalogue
from motrice.demo.real import SOURCES
from motrice.directory.models import Evidence, Organisation

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
