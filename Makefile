# Everything here needs only python3, make and the package index; it builds its own .venv.
PYTHON ?= python3
PORT ?= 8765
BIN := .venv/bin
# The tests start the program a hundred times: it is to be compiled once.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup demo test check bench pictures lock clean

help: ## show these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: .venv/dev.stamp ## build .venv with everything in it

demo: .venv/run.stamp ## start the whole system on this machine, without a token or an account (PORT=…)
	@exec $(BIN)/isobot demo --port $(PORT)

test: .venv/dev.stamp ## run all the tests
	@$(BIN)/python -m pytest --numprocesses auto --maxprocesses 8 --dist loadfile --no-loadscope-reorder

check: .venv/dev.stamp ## lint, format, types, imports, dead code, knowledge packs
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/vulture
	$(BIN)/isobot check

bench: .venv/dev.stamp ## measure search, notices, load, memory and size beside their peers, into bench/results/
	@$(BIN)/python -m tests.bench

pictures: .venv/dev.stamp ## make the pictures of the documentation anew, from the demo (needs chromium)
	@$(BIN)/python docs/pictures.py

lock: ## renew the two lock files from pyproject.toml (needs uv)
	uv pip compile pyproject.toml $(LOCK) -o requirements.lock
	uv pip compile pyproject.toml --extra dev $(LOCK) -o requirements-dev.lock

LOCK := --quiet --generate-hashes --no-emit-index-url --universal --python-version 3.11

clean: ## remove .venv and everything that was measured or cached
	rm -rf .venv bench/results .pytest_cache .mypy_cache .ruff_cache .hypothesis

PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "isobot needs Python 3.11 or newer; name one with PYTHON=…"; exit 1; }
	$(PYTHON) -m venv .venv

.venv/run.stamp: requirements.lock pyproject.toml | .venv/bin/python
	@echo "Installing what isobot runs on …"
	@$(PIP) --require-hashes -r requirements.lock
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

.venv/dev.stamp: requirements-dev.lock .venv/run.stamp
	@echo "Installing what isobot is tested with …"
	@$(PIP) --require-hashes -r requirements-dev.lock
	@touch $@
