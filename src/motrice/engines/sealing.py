"""Seals: a text and its page, fixed by SHA-256, a time and the seals before them; checked with nothing but the file.

A sealed file is JSON. It holds every version of one record that was sealed, oldest first. Each seal covers the text,
the page, the time, the seal before it of the same record and the seal before it of the whole house. Whoever kept one
seal (it is in the mail of each signatory) can prove that nothing was changed since, without the site that made it:

    python -m motrice.engines.sealing FILE [SEAL]
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FORMAT = "motrice-sealed/1"
GENESIS = "0" * 64
HEX = re.compile(r"^[0-9a-f]{64}$")
PARTS = ("position", "sealed_at", "content", "page", "previous", "house_previous", "seal")


FAULTS = {
    "no_json": "this is not a sealed file: it is no JSON",
    "rewritten": "the file is not written as it was made: something was added, removed or moved in it",
    "other_seal": "the seal kept elsewhere is none of this file's: the file was made anew, or is another record's",
    "other_form": "this is not a sealed file of the form %(form)s",
    "no_version": "the file names no record or no version",
    "something_else": "the file holds something else than versions, or none",
    "parts": "version %(number)d lacks a part, or has one too many",
    "wrong_kind": "version %(number)d has a part of the wrong kind",
    "no_seal": "version %(number)d has a seal that is none",
    "text_no_json": "the text of version %(number)d is no JSON",
    "text_no_record": "the text of version %(number)d is no record",
    "misplaced": "version %(number)d bears the number %(found)d: one is missing or moved",
    "not_following": "version %(number)d does not follow the one before it",
    "altered": "version %(number)d was altered: its text, page, time or chain no longer gives its seal",
}


class Fault(str):
    """What is wrong, as an English text; its code and values let others say it in another language."""

    code: str
    values: dict[str, Any]

    def __new__(cls, code: str, **values: Any) -> Fault:
        """The fault of this code."""
        fault = super().__new__(cls, FAULTS[code] % values)
        fault.code, fault.values = code, values
        return fault


def canonical(content: Any) -> str:
    """One text for one content: sorted keys, no spaces, letters as they are."""
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def checksum(text: str) -> str:
    """SHA-256 (FIPS 180-4) of a text in UTF-8."""
    return hashlib.sha256(text.encode()).hexdigest()


def seal_of(
    *, reference: str, position: int, sealed_at: str, content: str, page: str, previous: str, house_previous: str
) -> str:
    """The seal of one version of one record."""
    head = {
        "format": FORMAT,
        "reference": reference,
        "position": position,
        "sealed_at": sealed_at,
        "content_sha256": checksum(content),
        "page_sha256": checksum(page),
        "previous": previous,
        "house_previous": house_previous,
    }
    return checksum(canonical(head))


def sealed_file(reference: str, versions: Sequence[dict[str, Any]]) -> str:
    """The file to keep: every sealed version of a record, oldest first."""
    return json.dumps(
        {"format": FORMAT, "reference": reference, "versions": list(versions)}, ensure_ascii=False, indent=1
    )


@dataclass(frozen=True)
class Proof:
    """What a verification found: the record, its seals with their times, every fault in words, the last version."""

    reference: str = ""
    seals: tuple[tuple[str, str], ...] = ()
    faults: tuple[Fault, ...] = ()
    content: dict[str, Any] = field(default_factory=dict)

    @property
    def holds(self) -> bool:
        """Whether nothing was changed."""
        return not self.faults

    @property
    def last(self) -> str:
        """The last seal, to compare with the one that was kept elsewhere."""
        return self.seals[-1][0] if self.seals else ""


def verify_file(text: str, *, expected: str = "") -> Proof:
    """Check a sealed file by itself; with `expected`, also that the seal kept elsewhere is one of its seals."""
    try:
        data = json.loads(text)
    except (json.JSONDecodeError, RecursionError):
        return Proof(faults=(Fault("no_json"),))
    fault = _shape(data)
    if fault is not None:
        return Proof(faults=(fault,))
    faults: list[Fault] = []
    if sealed_file(data["reference"], data["versions"]) != text.replace("\r\n", "\n").rstrip("\n"):
        faults.append(Fault("rewritten"))
    previous, seals = GENESIS, []
    for number, version in enumerate(data["versions"], start=1):
        faults += _faults_of(data["reference"], number, version, previous)
        previous = version["seal"]
        seals.append((version["seal"], version["sealed_at"]))
    if expected and expected.strip().lower() not in {seal for seal, _at in seals}:
        faults.append(Fault("other_seal"))
    return Proof(data["reference"], tuple(seals), tuple(faults), json.loads(data["versions"][-1]["content"]))


def _shape(data: Any) -> Fault | None:
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        return Fault("other_form", form=FORMAT)
    if not isinstance(data.get("reference"), str) or not isinstance(data.get("versions"), list):
        return Fault("no_version")
    if set(data) != {"format", "reference", "versions"} or not data["versions"]:
        return Fault("something_else")
    for number, version in enumerate(data["versions"], start=1):
        if not isinstance(version, dict) or set(version) != set(PARTS):
            return Fault("parts", number=number)
        if type(version["position"]) is not int or not all(isinstance(version[name], str) for name in PARTS[1:]):
            return Fault("wrong_kind", number=number)
        if not all(HEX.match(version[name]) for name in ("previous", "house_previous", "seal")):
            return Fault("no_seal", number=number)
        try:
            content = json.loads(version["content"])
        except (json.JSONDecodeError, RecursionError):
            return Fault("text_no_json", number=number)
        if not isinstance(content, dict):
            return Fault("text_no_record", number=number)
    return None


def _faults_of(reference: str, number: int, version: dict[str, Any], previous: str) -> list[Fault]:
    faults = []
    if version["position"] != number:
        faults.append(Fault("misplaced", number=number, found=version["position"]))
    if version["previous"] != previous:
        faults.append(Fault("not_following", number=number))
    expected = seal_of(
        reference=reference,
        position=version["position"],
        sealed_at=version["sealed_at"],
        content=version["content"],
        page=version["page"],
        previous=version["previous"],
        house_previous=version["house_previous"],
    )
    if expected != version["seal"]:
        faults.append(Fault("altered", number=number))
    return faults


def chain_faults(links: Sequence[tuple[str, str]]) -> list[str]:
    """Where the chain of the house breaks: `links` are the seals in order, each with the seal that it follows."""
    faults, previous = [], GENESIS
    for number, (seal, follows) in enumerate(links, start=1):
        if follows != previous:
            faults.append(f"seal {number} ({seal[:12]}…) does not follow the one before it")
        previous = seal
    return faults


def report(proof: Proof) -> list[str]:
    """A verification in lines."""
    lines = [f"record {proof.reference}"] if proof.reference else []
    lines += [f"sealed {at}  {seal}" for seal, at in proof.seals]
    return lines + ([f"FAULT  {fault}" for fault in proof.faults] or ["whole: nothing was changed"])


def main(arguments: Sequence[str]) -> int:
    """Verify one file from the command line; 1 when a fault is found, 2 when there is nothing to read."""
    if len(arguments) not in (1, 2):
        print("usage: python -m motrice.engines.sealing FILE [SEAL]", file=sys.stderr)
        return 2
    try:
        text = Path(arguments[0]).read_bytes().decode()
    except OSError as error:
        print(f"{arguments[0]}: {error.strerror}", file=sys.stderr)
        return 2
    except UnicodeDecodeError:
        text = ""
    proof = verify_file(text, expected=arguments[1] if len(arguments) == 2 else "")
    print("\n".join(report(proof)))
    return 0 if proof.holds else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
