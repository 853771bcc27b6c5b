# `make demo` and `make test` do their own set-up: they need Python 3.11+ and nothing else.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready

.PHONY: demo test lint types unit chaos bench bench-export bench-rate fmt golden schemas clean

$(READY): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "zbbulk needs Python 3.11 or newer; this is $$($(PYTHON) --version 2>&1). Try: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 2; }
	@$(PYTHON) -m venv $(VENV) || \
	  { echo "Python cannot make a virtual environment here. On Debian or Ubuntu: sudo apt install python3-venv"; exit 2; }
	@echo "Installing zbbulk and its tools into $(VENV) (once) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $(READY)

demo: $(READY)  ## load a sample into the embedded sandbox and show every step
	@$(BIN)/python tools/demo.py

test: lint types unit  ## everything CI runs

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

types: $(READY)
	$(BIN)/mypy

unit: $(READY)
	$(BIN)/pytest -q -n auto

chaos: $(READY)  ## kill an import 200 times at random moments, under faults, and audit what came of it
	$(BIN)/python tests/chaos/chaos.py

bench: $(READY)  ## speed and memory beside a plain loop, frictionless and reading alone
	$(BIN)/python benchmarks/run.py

bench-export: $(READY)  ## count the calls of exports beside those needed; a minute
	$(BIN)/python benchmarks/export.py

bench-rate: $(READY)  ## hold the rate that Zoho allows, by one process and by two; ten minutes
	$(BIN)/python benchmarks/rate.py

fmt: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

golden: $(READY)  ## write the golden files anew; review the diff
	$(BIN)/pytest -q --update-golden

OPENAPI ?= ../shared/zoho-openapi

schemas: $(READY)  ## write the schemas anew from Zoho's OpenAPI files: make schemas OPENAPI=folder-or-zip
	$(BIN)/python tools/build_schemas.py $(OPENAPI)

clean:
	rm -rf $(VENV) zbbulk-demo bench-work
