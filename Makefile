# Homeward: `make help` lists what can be asked for.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PYTHONPATH := $(CURDIR)

.PHONY: help test lint clean
help: ## show this help
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(BIN)/python:
	@echo "Making the virtual environment in $(VENV)"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/run.ready: requirements.lock | $(BIN)/python
	@echo "Installing what Homeward runs on (about 40 seconds the first time)"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

$(VENV)/dev.ready: requirements-dev.lock $(VENV)/run.ready
	@echo "Installing what the tests and checks need"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

# The default model pack, each file verified by its SHA-256.
.cache/models.ready: services/matcher/install.py | $(VENV)/run.ready
	@$(BIN)/python -m services.matcher.install .cache/models
	@touch $@

test: $(VENV)/dev.ready .cache/models.ready ## set up and run every test
	@$(BIN)/python -m pytest

lint: $(VENV)/dev.ready ## formatting, lint and types
	@$(BIN)/ruff check shared services tests tools
	@$(BIN)/ruff format --check shared services tests tools
	@$(BIN)/mypy
	@$(BIN)/lint-imports

clean: ## remove the virtual environment and caches; keeps var/
	rm -rf $(VENV) .cache .mypy_cache .ruff_cache .pytest_cache
