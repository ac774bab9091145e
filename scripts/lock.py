"""Compile the locked requirements from the `.in` files, or check that the locks are up to date with them.

    python scripts/lock.py            resolve again, keeping what is pinned when it still fits
    python scripts/lock.py --upgrade  take the newest versions that fit
    python scripts/lock.py --check    no network: fail when a lock does not answer its `.in` file

The locks pin versions and hashes for every platform and name no package index.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import sysconfig
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

FOLDER = Path(__file__).resolve().parent.parent / "requirements"
LOCKS = ("setup", "base", "dev", "neural")
# Installed beside the base, so with the same versions.
BESIDE_BASE = ("dev", "neural")
HEADER = "# Made by `make lock` from {name}.in: do not edit.\n"
PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)(?:\[[^\]]*\])?==(?P<version>[^\s;\\]+)", re.MULTILINE)


def declared(name: str) -> list[Requirement]:
    """The requirements of a `.in` file and of those it includes."""
    found = []
    for raw in (FOLDER / f"{name}.in").read_text(encoding="utf-8").splitlines():
        line = raw.split("#")[0].strip()
        if line.startswith("-r "):
            found += declared(line[3:].strip().removesuffix(".in"))
        elif line:
            found.append(Requirement(line))
    return found


def pinned(text: str) -> dict[str, str]:
    """The version of each package that a lock pins."""
    return {canonicalize_name(match["name"]): match["version"] for match in PIN.finditer(text)}


def faults_of(name: str) -> list[str]:
    """What makes a lock unfit: a requirement without a fitting pin, a pin without hash, or a package index."""
    path = FOLDER / f"{name}.txt"
    if not path.is_file():
        return [f"{path.name} is missing"]
    text = path.read_text(encoding="utf-8")
    pins, faults = pinned(text), []
    for requirement in declared(name):
        version = pins.get(canonicalize_name(requirement.name))
        if version is None:
            faults.append(f"{path.name} does not pin {requirement.name}")
        elif not requirement.specifier.contains(version, prereleases=True):
            faults.append(f"{path.name} pins {requirement.name} {version}, which is not {requirement.specifier}")
    for block in re.split(r"\n(?=[A-Za-z0-9])", text):
        if (pin := PIN.match(block)) and "--hash=sha256:" not in block:
            faults.append(f"{path.name} gives no hash for {pin['name']}")
    if re.search(r"https?://|file://|--(extra-)?index|--find-links|-i ", text):
        faults.append(f"{path.name} names a package index or an address")
    if name in BESIDE_BASE:
        shared = pinned((FOLDER / "base.txt").read_text(encoding="utf-8"))
        faults += [
            f"{path.name} pins {package} {pins.get(package)}, base.txt {version}"
            for package, version in shared.items()
            if pins.get(package) != version and (name == "dev" or package in pins)
        ]
    return faults


def compile_lock(name: str, *, is_upgrade: bool) -> None:
    """Resolve one `.in` file for every platform and Python that Motrice supports."""
    target = FOLDER / f"{name}.txt"
    uv = Path(sysconfig.get_path("scripts")) / "uv"
    command = [str(uv), "pip", "compile", "--quiet", "--universal", "--python-version", "3.11", "--generate-hashes"]
    command += ["--no-header", "--no-emit-index-url", "--no-annotate", "--output-file", str(target), f"{name}.in"]
    if name in BESIDE_BASE:
        command += ["--constraints", str(FOLDER / "base.txt")]
    if is_upgrade:
        command.append("--upgrade")
    subprocess.run(command, check=True, cwd=FOLDER)
    body = target.read_text(encoding="utf-8")
    target.write_text(HEADER.format(name=name) + body.removeprefix(HEADER.format(name=name)), encoding="utf-8")


def main() -> int:
    """Compile or check, as asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--upgrade", action="store_true")
    options = parser.parse_args()
    if not options.check:
        for name in LOCKS:
            compile_lock(name, is_upgrade=options.upgrade)
    faults = [fault for name in LOCKS for fault in faults_of(name)]
    for fault in faults:
        print(f"{fault}: run `make lock`", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
