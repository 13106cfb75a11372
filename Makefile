# Homeward: `make help` lists what can be asked for.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
CATALOGUES := $(wildcard services/*/translations/*/LC_MESSAGES/*.po shared/web/translations/*/LC_MESSAGES/*.po)
SOURCES := shared services tests tools bench
export PYTHONPATH := $(CURDIR)
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
# Counts what pip collects, so that nobody waits before a silent terminal.
PROGRESS = awk -v all=$$(grep -c == $(1)) '/^ *Collecting/ { printf "%s  %d of %d packages", (n ? "\r" : ""), ++n, all } \
	/^Installing/ { print "\n  putting them in place …" } { fflush() }'
PIP := $(BIN)/pip install --disable-pip-version-check --progress-bar off
export HOMEWARD_MODELS ?= $(CURDIR)/.cache/models

.PHONY: help demo run test lint bench clean
help: ## show this help
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(BIN)/python:
	@echo "Making the virtual environment in $(VENV)"
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Homeward needs Python 3.11 or newer; set PYTHON to one.")'
	@$(PYTHON) -m venv $(VENV)

$(VENV)/run.ready: requirements.lock pyproject.toml | $(BIN)/python
	@echo "Installing what Homeward runs on (about 40 seconds the first time)"
	@$(PIP) --require-hashes -r requirements.lock | $(call PROGRESS,requirements.lock)
	@$(PIP) --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/dev.ready: requirements-dev.lock $(VENV)/run.ready
	@echo "Installing what the tests and checks need"
	@$(PIP) --require-hashes -r requirements-dev.lock | $(call PROGRESS,requirements-dev.lock)
	@touch $@

# The model pack that is set, each file verified by its SHA-256 and its networks prepared.
.cache/models.ready: $(wildcard services/matcher/*.py services/matcher/graphs/*.py) | $(VENV)/run.ready
	@$(BIN)/python -m services.matcher.install .cache/models
	@touch $@

.cache/translations.ready: $(CATALOGUES) | $(VENV)/run.ready
	@mkdir -p .cache
	@$(BIN)/python tools/translations.py compile
	@touch $@

READY := $(VENV)/run.ready .cache/models.ready .cache/translations.ready

demo: $(READY) ## play one whole story as an exercise and leave the stack running; EXIT=1 stops it at the end
	@HOMEWARD_HOME="$${HOMEWARD_HOME:-var/exercise}" $(BIN)/homeward demo $(if $(EXIT),--exit)

run: $(READY) ## the stack alone, until Ctrl-C
	@$(BIN)/homeward up

test: $(VENV)/dev.ready $(READY) ## set up and run every test
	@$(BIN)/python -m pytest

lint: $(VENV)/dev.ready ## formatting, lint, types, import contracts, translations
	@$(BIN)/ruff check $(SOURCES)
	@$(BIN)/ruff format --check $(SOURCES)
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python tools/translations.py check

bench: $(VENV)/dev.ready $(READY) ## measure what the README promises; prints ratios to each limit
	@$(BIN)/python -m bench

clean: ## remove the virtual environment and caches; keeps var/
	rm -rf $(VENV) .cache .mypy_cache .ruff_cache .pytest_cache
