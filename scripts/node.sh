#!/usr/bin/env bash
# Install the front end's packages as package-lock.json locks them.
set -euo pipefail
if ! command -v npm >/dev/null || ! node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)'; then
  echo "Motrice needs Node 20 or newer, with npm, to build its front end: install it from https://nodejs.org or your system." >&2
  exit 1
fi
echo "installing the packages of the front end"
npm ci --silent --no-audit --no-fund
