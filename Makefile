# What a newcomer runs: make demo, make test. Everything is installed into .venv; nothing else is touched.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin

export NUMBA_CACHE_DIR ?= $(CURDIR)/$(VENV)/numba-cache
export ENTREPOST_CACHE ?= $(CURDIR)/$(VENV)/entrepost-cache
export PIP_DISABLE_PIP_VERSION_CHECK := 1

# Three test workers share two cores, for many tests wait for disks and servers: one thread for each.
ONE_THREAD := POLARS_MAX_THREADS=$${POLARS_MAX_THREADS:-1} NUMBA_NUM_THREADS=$${NUMBA_NUM_THREADS:-1}

.PHONY: help demo test check bench campaign docs lock format clean

help:
	@echo "make demo      100,000 orders from intake to report, in out/"
	@echo "make test      all tests"
	@echo "make check     style, types, floors, sizes"
	@echo "make format    put the code into the one form that check accepts"
	@echo "make docs      the documentation, in site/"
	@echo "make campaign  the long campaigns, in full"
	@echo "make bench     the benchmarks, with their peers"
	@echo "make lock      resolve the dependencies anew"

demo: $(VENV)/.run $(VENV)/.compiled
	$(BIN)/entrepost demo $(ARGS)

test: $(VENV)/.dev $(VENV)/.compiled
	$(ONE_THREAD) $(BIN)/python -m pytest -n 3 --dist loadfile $(ARGS)

check: $(VENV)/.dev $(VENV)/.compiled
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(ONE_THREAD) $(BIN)/python -m pytest -q tests/tidy

format: $(VENV)/.dev
	$(BIN)/ruff check --fix --select I .
	$(BIN)/ruff format .

docs: $(VENV)/.dev
	$(BIN)/python tools/docs/reference.py
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

campaign: $(VENV)/.bench
	ENTREPOST_CAMPAIGN=full $(BIN)/python -m pytest -m campaign $(ARGS)

bench: $(VENV)/.bench
	$(BIN)/python -m benchmarks $(ARGS)

lock: $(VENV)/.dev
	$(BIN)/python -m pip install --quiet uv
	$(call resolve,requirements-dev.lock --extra dev)
	$(call resolve,requirements.lock --constraint requirements-dev.lock)
	$(call resolve,requirements-bench.lock --extra bench --constraint requirements-dev.lock)

clean:
	rm -rf $(VENV) site out .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

resolve = $(BIN)/uv pip compile pyproject.toml -o $(1) --universal --python-version 3.11 --upgrade \
	--generate-hashes --no-emit-index-url --no-header --no-annotate --quiet

# Installing: uv is quick, pip is always there. The stamps make a second call free.
install = $(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python $(1) || $(BIN)/python -m pip install --quiet $(1)

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; set PYTHON=/path/to/python3" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet uv || true

$(VENV)/.run: requirements.lock pyproject.toml | $(BIN)/python
	$(call install,-r requirements.lock)
	$(call install,--no-deps -e .)
	@touch $@

# What most of the code needs; several test workers would each compile it.
$(VENV)/.compiled: | $(VENV)/.run
	@echo "compiling, once (about two minutes)"
	rm -rf $(VENV)/first
	$(BIN)/entrepost init $(VENV)/first
	$(BIN)/entrepost demo --network $(VENV)/first/network --orders 100 --out $(VENV)/first/out > $(VENV)/first/log 2>&1
	$(BIN)/entrepost eta $(VENV)/first/out/demo.db --network $(VENV)/first/network --now 2026-06-22T12:00:00Z --quiet > $(VENV)/first/log 2>&1
	$(BIN)/entrepost exceptions $(VENV)/first/out/demo.db --network $(VENV)/first/network --now 2026-06-22T12:00:00Z --quiet > $(VENV)/first/log 2>&1
	@touch $@

$(VENV)/.dev: requirements-dev.lock pyproject.toml | $(BIN)/python
	$(call install,-r requirements-dev.lock)
	$(call install,--no-deps -e .)
	@touch $(VENV)/.run $@

$(VENV)/.bench: requirements-bench.lock $(VENV)/.dev
	$(call install,-r requirements-bench.lock)
	@touch $@
