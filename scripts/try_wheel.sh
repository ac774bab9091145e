#!/usr/bin/env bash
# Install the wheel of dist/ in an empty environment, and run a small site from it as an institution would.
set -euo pipefail
wheel=$(ls "$PWD"/dist/motrice-*.whl)
lock=$PWD/requirements/base.txt
uv=$PWD/.venv/bin/uv
place=$(mktemp -d)
web=
ends() { [ -z "$web" ] || { kill "$web" && wait "$web"; } 2>/dev/null || true; rm -rf "$place"; }
trap ends EXIT
cd "$place"

in_venv() { local name=$1; shift; "$place/venv/bin/$name" "$@"; }
"$(dirname "$uv")/python" -m venv "$place/venv"
if [ -x "$uv" ]; then
  VIRTUAL_ENV=$place/venv "$uv" pip install --quiet --require-hashes -r "$lock"
  VIRTUAL_ENV=$place/venv "$uv" pip install --quiet --no-deps "$wheel"
else
  in_venv pip install --quiet --require-hashes -r "$lock"
  in_venv pip install --quiet --no-deps "$wheel"
fi
in_venv python -m pip check
in_venv motrice --version

export MOTRICE_VAR=$place/var MOTRICE_SECRET_KEY=a-key-for-the-trial-of-the-wheel-and-for-nothing-else-0123456789
in_venv motrice migrate --verbosity 0
in_venv motrice collectstatic --no-input --verbosity 0
in_venv motrice catalogue sync
MOTRICE_DEMO=1 in_venv motrice demo-world --size small --seed 1
in_venv motrice audit verify

port=$(in_venv python -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
"$place/venv/bin/granian" --interface wsgi --host 127.0.0.1 --port "$port" --no-access-log motrice.config.wsgi:application >"$place/web.log" 2>&1 &
web=$!
cat >"$place/fetch.py" <<'PY'
"""The home page answers, in words, and each style sheet and script it names is served."""
import re, sys, time, urllib.error, urllib.request
base = sys.argv[1]
for _attempt in range(60):
    try:
        with urllib.request.urlopen(base + "/", timeout=10) as answer:
            page = answer.read().decode()
        break
    except urllib.error.HTTPError as error:
        sys.exit(f"the home page answered {error.code}: {error.read()[:300]!r}")
    except OSError:
        time.sleep(0.5)
else:
    sys.exit("the site did not start")
assets = set(re.findall(r'(?:href|src)="(/static/[^"]+\.(?:css|js))"', page))
if "Motrice" not in page or not assets:
    sys.exit(f"the home page does not look like one: {page[:500]}")
for asset in sorted(assets):
    with urllib.request.urlopen(base + asset, timeout=10) as answer:
        if answer.status != 200 or len(answer.read()) < 100:
            sys.exit(f"{asset} is not served")
print(f"the home page and its {len(assets)} assets are served")
PY
in_venv python "$place/fetch.py" "http://127.0.0.1:$port" || { tail -20 "$place/web.log"; exit 1; }
