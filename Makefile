# Every task of Motrice, from a bare machine with Python 3.11 or newer and Node 20 or newer. `make` alone lists them.
# The data, the index and the files of a checkout live in var/.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

VENV := .venv
BIN := $(VENV)/bin
PY := $(BIN)/python
STAMPS := $(VENV)/.stamps
SEED ?= 1
SIZE ?= small
PORT ?= 8000
ARGS ?=
# How many processes share the tests out between them; 0 is none but this one.
WORKERS ?= 0
# PostgreSQL of the tests: a server one may create databases on.
TEST_DATABASE_URL ?= postgres://$(USER)@127.0.0.1:5432/motrice
CHROMIUM ?= $(shell command -v chromium-headless-shell || command -v chromium || command -v chromium-browser || command -v google-chrome)

FRONT := $(shell find src/motrice/web/frontend frontend -type f -not -path '*/node_modules/*' 2>/dev/null) \
  $(wildcard package.json esbuild.* build.mjs scripts/*.mjs)
CATALOGUES := $(shell find src -name '*.po')

# Nothing of the surroundings decides what the tests find.
unexport DJANGO_SETTINGS_MODULE PYTHONPATH PYTHONHOME PYTEST_ADDOPTS PYTEST_PLUGINS VIRTUAL_ENV NODE_ENV
# Without its bytecode each of some hundred starts of Python compiles everything again: five seconds each.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup run worker demo real test suite test-fast test-postgres e2e cover bench lint format types imports \
  house check migrations migrations-check messages docs docs-serve reference reference-check lock lock-check dist sbom clean

help: ## list the tasks
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sort | awk 'BEGIN {FS = ":.*## "} {printf "  make %-18s %s\n", $$1, $$2}'

# --- environment -----------------------------------------------------------------------------------------------------

setup: $(STAMPS)/python $(STAMPS)/front $(STAMPS)/messages ## make .venv, install what is locked, build the front end and the translations

$(STAMPS)/python: requirements/setup.txt requirements/dev.txt requirements/base.in pyproject.toml scripts/setup.sh
	@bash scripts/setup.sh $(VENV)
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/node: $(wildcard package.json package-lock.json)
	@if [ -f package.json ]; then bash scripts/node.sh; fi
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/front: $(STAMPS)/python $(STAMPS)/node $(FRONT)
	@if [ -f package.json ]; then echo "building the front end" && npm run --silent build; fi
	@touch $@

$(STAMPS)/messages: $(STAMPS)/python $(CATALOGUES) scripts/messages.py
	@$(PY) scripts/messages.py compile
	@touch $@

lock: $(STAMPS)/python ## resolve requirements/*.in into exact pins with hashes (ARGS=--upgrade takes newer versions)
	@$(PY) scripts/lock.py $(ARGS)

lock-check: $(STAMPS)/python ## fail when a lock does not answer its .in file
	@$(PY) scripts/lock.py --check

# --- running ---------------------------------------------------------------------------------------------------------

run: setup ## start the site for development, reloading on change
	@MOTRICE_DEBUG=1 $(BIN)/motrice migrate --verbosity 0 && MOTRICE_DEBUG=1 $(BIN)/motrice runserver $(PORT)

worker: setup ## run the jobs in the queue
	@MOTRICE_DEBUG=1 $(BIN)/motrice db_worker

demo: setup ## fill a database with invented people and companies, then start the site and its worker
	@$(PY) scripts/demo.py --size $(SIZE) --seed $(SEED) --port $(PORT)

real: setup ## fill a database from the real public files (MOTRICE_SHARED_DATA), then start the site and its worker
	@$(PY) scripts/demo.py --real --port $(PORT)

# --- tests -----------------------------------------------------------------------------------------------------------

test: setup ## set up and run every test; those in a browser too when Chromium is there
	@$(MAKE) suite WORKERS=auto
	@if [ -n "$(CHROMIUM)" ]; then $(MAKE) e2e WORKERS=auto; else echo "Chromium was not found: the browser tests were left out."; fi

suite: setup ## run the tests without the browser, on SQLite
	@env -u DATABASE_URL $(PY) -m pytest -m "not e2e" -n $(WORKERS) $(ARGS)

test-fast: setup ## run the tests without the slow ones and without the browser
	@env -u DATABASE_URL $(PY) -m pytest -m "not e2e and not slow and not postgres" -n $(WORKERS) $(ARGS)

test-postgres: setup ## run the tests on PostgreSQL (TEST_DATABASE_URL)
	@DATABASE_URL=$(TEST_DATABASE_URL) $(PY) -m pytest -m "not e2e" -n $(WORKERS) $(ARGS)

e2e: setup ## play the stories in Chromium
	@status=0; env -u DATABASE_URL MOTRICE_CHROMIUM="$(CHROMIUM)" $(PY) -m pytest -m e2e -p no:randomly -n $(WORKERS) $(ARGS) || status=$$?; \
	if [ $$status = 5 ]; then echo "There is no browser test yet."; else exit $$status; fi

cover: setup ## measure what the tests run, and hold the floors
	@env -u DATABASE_URL $(PY) -m pytest -m "not e2e" -n $(WORKERS) -p tests.measured $(ARGS)
	@$(PY) scripts/coverage_floor.py

bench: setup ## measure sizes and times of the engines and of the heavy pages
	@$(PY) -m pytest benchmarks -c pyproject.toml --benchmark-only -p no:randomly $(ARGS)

# --- checks ----------------------------------------------------------------------------------------------------------

check: lint types imports house migrations-check lock-check reference-check suite ## what must hold before a commit

lint: setup ## check style of Python and templates
	@$(BIN)/ruff check . && $(BIN)/ruff format --check --quiet .
	@$(BIN)/djlint src --lint --quiet

format: setup ## put Python and imports in shape
	@$(BIN)/ruff check --fix --quiet . && $(BIN)/ruff format --quiet .

types: setup ## check types of core, engines, operations and queries
	@$(PY) scripts/check_types.py

imports: setup ## check who imports whom
	@$(BIN)/lint-imports --no-cache

house: setup ## check facts about the repository
	@env -u DATABASE_URL $(PY) -m pytest -q $(wildcard tests/test_house*.py) $(ARGS)

migrations: setup ## write the migrations that models ask for
	@MOTRICE_DEBUG=1 $(BIN)/motrice makemigrations

migrations-check: setup ## fail when a model changed without its migration
	@MOTRICE_DEBUG=1 $(BIN)/motrice makemigrations --check --dry-run

messages: setup ## say which words lack French, and compile the translations
	@$(PY) scripts/messages.py report && $(PY) scripts/messages.py compile

# --- manual and release ----------------------------------------------------------------------------------------------

reference: setup ## write the generated pages of the manual again
	@$(PY) scripts/reference.py

reference-check: setup ## fail when a generated page of the manual is out of date
	@$(PY) scripts/reference.py --check

docs: setup ## build the manual; every warning is an error
	@$(PY) -m sphinx -W --keep-going -q -b html docs docs/_build/html && echo "docs/_build/html/index.html"

docs-serve: docs ## read the manual at http://127.0.0.1:8001
	@$(PY) -m http.server --bind 127.0.0.1 --directory docs/_build/html 8001

dist: setup ## build the wheel and the source archive into dist/
	@rm -rf dist && $(PY) -m build --no-isolation --outdir dist . > /dev/null && ls -1 dist

sbom: setup ## write the software bill of materials to dist/
	@mkdir -p dist && $(PY) scripts/sbom.py dist

clean: ## remove everything that was made, but the data in var/
	@rm -rf $(VENV) node_modules dist build docs/_build src/motrice/web/static/web/dist .coverage* htmlcov
	@rm -rf .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .benchmarks
	@find src -name '*.mo' -delete; find . -name __pycache__ -type d -prune -exec rm -rf {} +
