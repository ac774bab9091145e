"""Write the software bill of materials (CycloneDX): Python packages of the runtime lock, and those of the front end.

python scripts/sbom.py FOLDER
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements" / "base.txt"


def python_part(target: Path) -> int:
    """The bill of the runtime lock; how many packages it lists."""
    command = [sys.executable, "-m", "cyclonedx_py", "requirements", "--pyproject", str(ROOT / "pyproject.toml")]
    command += ["--output-reproducible", "--of", "JSON", "-o", str(target), str(LOCK)]
    with tempfile.TemporaryFile() as errors:
        if subprocess.run(command, check=False, cwd=ROOT, stderr=errors).returncode:
            errors.seek(0)
            raise SystemExit(errors.read().decode())
    components = json.loads(target.read_text(encoding="utf-8"))["components"]
    pinned = set(re.findall(r"^([a-z0-9._-]+)==", LOCK.read_text(encoding="utf-8"), re.MULTILINE))
    missing = pinned - {component["name"] for component in components}
    if missing:
        raise SystemExit(f"{target} lacks {', '.join(sorted(missing))}.")
    return len(components)


def front_part(target: Path) -> int:
    """The bill of what the browser receives, and of what builds it; how many packages it lists."""
    done = subprocess.run(
        ["npm", "sbom", "--sbom-format", "cyclonedx", "--sbom-type", "application"],
        check=True,
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    bill = json.loads(done.stdout)
    target.write_text(json.dumps(bill, indent=1) + "\n", encoding="utf-8")
    return len(bill["components"])


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    print(f"{folder}/sbom-python.json: {python_part(folder / 'sbom-python.json')} packages")
    if (ROOT / "package.json").is_file():
        print(f"{folder}/sbom-front.json: {front_part(folder / 'sbom-front.json')} packages")
