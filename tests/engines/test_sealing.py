"""Sealed files: whole they verify with nothing but themselves; a changed byte, chain or seal is found."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

from motrice.engines.sealing import GENESIS, canonical, chain_faults, main, seal_of, sealed_file, verify_file


def versions(count: int = 2) -> list[dict]:
    found, previous, house = [], GENESIS, "a" * 64
    for number in range(1, count + 1):
        parts = {
            "position": number,
            "content": canonical({"title": f"Résultat {number}", "share": "1/3"}),
            "page": f"<p>Résultat {number}</p>",
            "previous": previous,
            "house_previous": house,
        }
        sealed_at = f"2026-11-2{number}T10:00:00+00:00"
        previous = seal_of(reference="ABCD2345", sealed_at=sealed_at, **parts)
        found.append(parts | {"sealed_at": sealed_at, "seal": previous})
    return found


def test_a_whole_file_holds_and_gives_its_last_version():
    rows = versions()

    proof = verify_file(sealed_file("ABCD2345", rows), expected=rows[0]["seal"])

    assert proof.faults == ()
    assert (proof.reference, proof.last, proof.content["title"]) == ("ABCD2345", rows[1]["seal"], "Résultat 2")


def test_every_changed_byte_is_found():
    whole = sealed_file("ABCD2345", versions()).encode()
    source = random.Random(7)
    places = source.sample(range(len(whole)), 400)

    missed = []
    for place in places:
        changed = whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :]
        try:
            text = changed.decode()
        except UnicodeDecodeError:
            continue
        if verify_file(text).holds:
            missed.append(place)

    assert missed == []


def test_a_file_written_anew_with_the_same_versions_is_not_the_one_that_was_made():
    data = json.loads(sealed_file("ABCD2345", versions()))

    assert verify_file(sealed_file("ABCD2345", versions()).replace("\n", "\r\n") + "\n").holds
    assert [fault.code for fault in verify_file(json.dumps(data)).faults] == ["rewritten"]


@pytest.mark.parametrize("name", ["content", "page", "sealed_at", "house_previous", "previous"])
def test_a_changed_part_is_named(name):
    rows = versions()
    rows[1][name] = rows[1][name].replace("2", "3").replace("a", "b")

    faults = verify_file(sealed_file("ABCD2345", rows)).faults

    assert any("version 2 was altered" in fault or "does not follow" in fault for fault in faults)


def test_a_version_taken_out_is_found():
    rows = versions(3)

    faults = verify_file(sealed_file("ABCD2345", [rows[0], rows[2]])).faults

    assert "version 2 bears the number 3: one is missing or moved" in faults
    assert "version 2 does not follow the one before it" in faults


def test_a_file_made_anew_lacks_the_seal_that_was_kept():
    kept = versions()[1]["seal"]
    rows = versions(1)

    assert verify_file(sealed_file("ABCD2345", rows)).holds
    assert not verify_file(sealed_file("ABCD2345", rows), expected=kept).holds


@pytest.mark.parametrize("text", ["", "[]", "{}", "nul\x00", '{"format": "motrice-sealed/1"}', "[" * 100_000])
def test_what_is_no_sealed_file_is_refused_in_words(text):
    proof = verify_file(text)

    assert len(proof.faults) == 1
    assert proof.seals == ()


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"versions": "none"}, "the file names no record or no version"),
        ({"reference": 7}, "the file names no record or no version"),
        ({"versions": []}, "the file holds something else than versions, or none"),
        ({"more": 1}, "the file holds something else than versions, or none"),
        ({"versions": ["text"]}, "version 1 lacks a part, or has one too many"),
        ({"versions": [{"seal": "0" * 64}]}, "version 1 lacks a part, or has one too many"),
    ],
)
def test_a_file_of_another_shape_is_refused_with_what_is_wrong(change, fault):
    data = json.loads(sealed_file("ABCD2345", versions())) | change

    assert verify_file(json.dumps(data)).faults == (fault,)


@pytest.mark.parametrize(
    ("name", "value", "fault"),
    [
        ("position", "2", "has a part of the wrong kind"),
        ("page", None, "has a part of the wrong kind"),
        ("seal", "A" * 64, "has a seal that is none"),
        ("content", "{", "is no JSON"),
        ("content", "[" * 100_000, "is no JSON"),
        ("content", "[]", "is no record"),
    ],
)
def test_a_version_with_a_part_of_another_kind_is_refused_with_its_number(name, value, fault):
    rows = versions()
    rows[1][name] = value

    [found] = verify_file(sealed_file("ABCD2345", rows)).faults

    assert found.endswith(fault)
    assert found.values == {"number": 2}


def test_a_proof_of_nothing_has_no_last_seal():
    assert verify_file("").last == ""


def test_a_broken_chain_of_the_house_is_named():
    links = [("1" * 64, GENESIS), ("2" * 64, "1" * 64), ("3" * 64, "9" * 64)]

    assert chain_faults(links[:2]) == []
    assert chain_faults(links) == ["seal 3 (333333333333…) does not follow the one before it"]


def test_the_command_needs_neither_site_nor_database(tmp_path: Path):
    path = tmp_path / "sealed.json"
    path.write_text(sealed_file("ABCD2345", versions()), encoding="utf-8")
    command = [sys.executable, "-m", "motrice.engines.sealing", str(path)]

    whole = subprocess.run(command, capture_output=True, text=True, env={"PYTHONPATH": "src", "PATH": ""}, check=False)
    path.write_text(path.read_text(encoding="utf-8").replace("1/3", "2/3", 1), encoding="utf-8")
    changed = subprocess.run(command, capture_output=True, text=True, env={"PYTHONPATH": "src"}, check=False)

    assert (whole.returncode, whole.stdout.splitlines()[-1]) == (0, "whole: nothing was changed")
    assert changed.returncode == 1
    assert "version 1 was altered" in changed.stdout


def test_the_command_says_what_it_found(tmp_path: Path, capsys):
    path, rows = tmp_path / "sealed.json", versions()
    path.write_text(sealed_file("ABCD2345", rows), encoding="utf-8")

    assert main([str(path), rows[0]["seal"].upper()]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "record ABCD2345",
        *(f"sealed {row['sealed_at']}  {row['seal']}" for row in rows),
        "whole: nothing was changed",
    ]
    assert main([str(path), "f" * 64]) == 1
    assert "FAULT  the seal kept elsewhere is none of this file's" in capsys.readouterr().out


def test_the_command_refuses_bytes_that_are_no_text(tmp_path: Path, capsys):
    path = tmp_path / "image.png"
    path.write_bytes(b"\x89PNG\xff")

    assert main([str(path)]) == 1
    assert capsys.readouterr().out == "FAULT  this is not a sealed file: it is no JSON\n"


@pytest.mark.parametrize("arguments", [[], ["file", "seal", "more"]])
def test_the_command_without_a_file_says_how_it_is_used(arguments, capsys):
    assert main(arguments) == 2
    assert capsys.readouterr().err == "usage: python -m motrice.engines.sealing FILE [SEAL]\n"


def test_a_file_that_is_not_there_is_said(tmp_path: Path, capsys):
    assert main([str(tmp_path / "none.json")]) == 2
    assert "none.json" in capsys.readouterr().err
    assert json.loads(sealed_file("A", []))["versions"] == []
