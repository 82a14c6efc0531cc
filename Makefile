# make run      the app, in an environment made here (.venv)
# make test     lint, types, doctests, unit, web and browser tests
# make soak     the tests that draw many cases, with all of their cases; make test draws a seeded tenth of them
# make oracle   the tests that compare with PyTorch, which is installed for it
# make bench    the figures that are promised, measured: docs/benchmarks.md
# make lint     ruff and mypy alone
# make gallery  the classic animations, and README's moving picture
#
# PYTHON is any Python from 3.11 on, PORT a port for the app, CHROMIUM a browser if the usual names do not find one.

PYTHON ?= python3
PORT ?=
ENV := .venv
BIN := $(ENV)/bin
INSTALL := $(BIN)/python -m pip install --disable-pip-version-check --quiet --no-compile
MANIFESTS := pyproject.toml setup.py convviz/pyproject.toml

.DEFAULT_GOAL := run
.PHONY: run test soak oracle bench lint gallery clean browser checks ruff mypy tests

unexport PYTHONDONTWRITEBYTECODE  # the packages come uncompiled: what is imported is compiled then, and only once

run: $(ENV)/app.stamp
	$(BIN)/streamlit run app.py $(if $(PORT),--server.port $(PORT))

test:
	@$(MAKE) --no-print-directory --jobs=2 $(ENV)/dev.stamp browser
	@$(MAKE) --no-print-directory --keep-going checks

soak: $(ENV)/dev.stamp
	@browser="$$($(BIN)/python tools/browser.py)" || exit 1; \
	SOAK=1 CHROMIUM="$$browser" $(BIN)/python -m pytest -n 2 --dist worksteal tests

oracle: $(ENV)/oracle.stamp
	ORACLE=1 $(BIN)/python -m pytest -n 2 -m oracle tests/unit

bench: $(ENV)/dev.stamp
	CHROMIUM="$$($(BIN)/python tools/browser.py)" $(BIN)/python -m tests.bench

lint: $(ENV)/dev.stamp
	@$(MAKE) --no-print-directory --keep-going ruff mypy

gallery: $(ENV)/app.stamp
	$(BIN)/convviz classics --out out/classics
	$(BIN)/convviz gif conv -i 5 -k 3 -s 2 -p 1 -o assets/readme.gif

clean:
	rm -rf $(ENV) out build dist *.egg-info

# --- the parts of `make test`: side by side; each runs, even where another has failed

checks:
	@$(MAKE) --no-print-directory --keep-going --jobs=2 ruff mypy tests

ruff:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

mypy:
	$(BIN)/mypy

tests:  # the browser's first: they take longest, and what takes longest must not end alone
	@browser="$$($(BIN)/python tools/browser.py)" || failed=1; \
	[ -n "$$browser" ] || without=--ignore=tests/browser; \
	echo "pytest, in $${browser:-no browser}"; \
	CHROMIUM="$$browser" $(BIN)/python -m pytest -n 2 --dist worksteal $$without || failed=1; \
	exit $${failed:-0}

browser:
	@$(PYTHON) tools/browser.py beforehand

# --- the environment: made once, and again when what it holds changes

$(ENV)/made.stamp:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "convviz needs Python 3.11 or newer; this is $$($(PYTHON) --version): make PYTHON=python3.11 ..."; exit 1; }
	$(PYTHON) -m venv --clear $(ENV)
	@touch $@

$(ENV)/app.stamp: $(ENV)/made.stamp requirements.txt $(MANIFESTS)
	$(INSTALL) -r requirements.txt
	@touch $@

$(ENV)/dev.stamp: $(ENV)/made.stamp requirements.txt requirements-dev.txt $(MANIFESTS)
	$(INSTALL) -r requirements-dev.txt
	@touch $(ENV)/app.stamp $@

$(ENV)/oracle.stamp: $(ENV)/dev.stamp requirements-oracle.txt
	$(INSTALL) -r requirements-oracle.txt
	@touch $@
