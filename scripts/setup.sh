#!/usr/bin/env bash
# Make the virtual environment with exactly what is locked. Argument: where.
set -euo pipefail
venv=$1

suits() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

if [ ! -x "$venv/bin/python" ] || ! suits "$venv/bin/python"; then
  python=
  for candidate in "${PYTHON:-}" python3.13 python3.12 python3.11 python3 python; do
    if [ -n "$candidate" ] && command -v "$candidate" >/dev/null && suits "$candidate"; then python=$candidate; break; fi
  done
  if [ -z "$python" ]; then
    echo "Motrice needs Python 3.11 or newer: install it, or name it with PYTHON=/path/to/python3." >&2; exit 1
  fi
  echo "making $venv with $("$python" --version)"
  if ! "$python" -m venv --clear "$venv"; then
    echo "Python could not make a virtual environment: on Debian, install the package python3-venv." >&2; exit 1
  fi
fi

echo "installing what requirements/dev.txt locks"
if "$venv/bin/python" -m pip install --quiet --require-hashes -r requirements/setup.txt; then
  VIRTUAL_ENV=$venv "$venv/bin/uv" pip install --quiet --require-hashes -r requirements/dev.txt
else
  echo "uv could not be installed: going on with pip, which is slower" >&2
  "$venv/bin/python" -m pip install --quiet --require-hashes -r requirements/dev.txt
fi
"$venv/bin/python" -m pip install --quiet --no-deps --no-build-isolation --editable .
