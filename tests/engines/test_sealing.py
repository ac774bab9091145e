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


def test_a_file_that_is_not_there_is_said(tmp_path: Path, capsys):
    assert main([str(tmp_path / "none.json")]) == 2
    assert "none.json" in capsys.readouterr().err
    assert json.loads(sealed_file("A", []))["versions"] == []
