# Schotten: what one does here. `make` or `make help` lists it.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV   ?= .venv
BIN    := $(VENV)/bin
ARGS   ?=

# The demo's instance. A real one lies outside the checkout (deploy/README.md).
export SCHOTTEN_INSTANCE ?= $(CURDIR)/var
export PIP_DISABLE_PIP_VERSION_CHECK := 1

PIP       := $(BIN)/python -m pip --quiet --require-virtualenv
LOCKED    := install --require-hashes
INSTALLED := $(VENV)/.installed
FOR_TESTS := $(VENV)/.installed-for-tests
PIP_COMPILE := CUSTOM_COMPILE_COMMAND="make requirements" $(CURDIR)/$(BIN)/pip-compile --quiet --generate-hashes \
	--allow-unsafe --strip-extras --no-annotate --no-emit-options \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test check format bench screenshots messages requirements clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(INSTALLED) ## the demo organisation on http://127.0.0.1:8000, made at the first start (with logins to try)
	@test -e "$$SCHOTTEN_INSTANCE/demo.json" || $(BIN)/schotten demo
	@exec $(BIN)/schotten serve $(ARGS)

test: $(FOR_TESTS) ## every test; some of them: make test ARGS="tests/keys -x"
	@$(BIN)/python -m pytest -n 2 --dist loadgroup $(ARGS)

check: $(FOR_TESTS) ## style, types, import contracts, completeness of the German catalogue
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m app.translations.catalogue check

format: $(FOR_TESTS) ## lay the code out, and repair what ruff can repair
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

bench: $(FOR_TESTS) ## the measures, as a table and as bench/results.json
	@$(BIN)/python -m bench $(ARGS)

screenshots: $(FOR_TESTS) ## walk through the stories in Chromium and put the pictures into docs/screenshots/
	@SCHOTTEN_SCREENSHOTS=$(CURDIR)/docs/screenshots SCHOTTEN_TESTS_REQUIRE_EVERYTHING=1 \
		$(BIN)/python -m pytest -m browser tests/stories $(ARGS)

messages: $(INSTALLED) ## take over new strings (and German: make messages ARGS="some.json") and compile the catalogue
	@$(BIN)/python -m app.translations.catalogue merge $(ARGS)
	@$(BIN)/python -m app.translations.catalogue compile

requirements: $(FOR_TESTS) ## compile requirements/*.in anew; UPGRADE=--upgrade takes the newest versions
	@cd requirements && for name in build runtime demo dev; do $(PIP_COMPILE) $(UPGRADE) -o $$name.txt $$name.in || exit 1; done

clean: ## remove what was installed, compiled and measured here; the demo in var/ stays
	rm -rf $(VENV) build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis tests/output bench/results.json *.egg-info
	find . -name __pycache__ -not -path './.git/*' -type d -prune -exec rm -rf {} +
	find app -name '*.mo' -delete

# --- installation: done once, and again when a file on the right of the colon is newer ------------------------------

define NO_VENV
Schotten needs Python 3.11 or newer with a module that makes virtual environments, and this one has none.
  On Debian or Ubuntu:  apt install python3-venv     (or: python3-virtualenv)
  With another Python:  make run PYTHON=/path/to/python3.11
endef
export NO_VENV

$(BIN)/python:
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "$$NO_VENV" >&2; exit 1; }
	@"$(PYTHON)" -m venv $(VENV) >/dev/null 2>&1 || { rm -rf $(VENV); "$(PYTHON)" -m virtualenv --quiet $(VENV) 2>/dev/null; } \
		|| { rm -rf $(VENV); echo "$$NO_VENV" >&2; exit 1; }

$(INSTALLED): requirements/build.txt requirements/runtime.txt requirements/demo.txt pyproject.toml | $(BIN)/python
	@echo "Installing into $(VENV) (once; a minute or two) ..."
	@$(PIP) $(LOCKED) -r requirements/build.txt -r requirements/runtime.txt -r requirements/demo.txt
	@$(PIP) install --no-deps --no-build-isolation -e .
	@$(BIN)/python -m app.translations.catalogue compile
	@touch $@

$(FOR_TESTS): requirements/dev.txt $(INSTALLED)
	@echo "Installing what the tests need ..."
	@$(PIP) $(LOCKED) -r requirements/dev.txt
	@touch $@
