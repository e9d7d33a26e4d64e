# The two commands of a fresh machine: make demo, make test. Needs Python 3.11 or newer and make; the rest is installed
# into .venv/ here, pinned by uv.lock.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
# The tests' processes, each with a PostgreSQL of its own: one for each core, up to four. 0: all in one, one by one.
WORKERS ?= logical

# Else each of the hundred processes that the tests start would compile the program anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test check bench faults mutations soak simulate run clean

demo: $(READY)
	@$(BIN)/candor demo $(if $(ONCE),--once,)

test: $(READY)
	@$(BIN)/pytest -n $(WORKERS) --maxprocesses 4 --dist worksteal

check: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(READY)
	@$(BIN)/python -m tests.bench $(if $(ONLY),--only $(ONLY),)

faults: $(READY)
	@$(BIN)/python -m tests.faults $(if $(SEED),--seed $(SEED),) $(if $(ONLY),--only $(ONLY),)

soak: $(READY)
	@$(BIN)/python -m tests.soak $(if $(SEED),--seed $(SEED),) $(if $(ONLY),--only $(ONLY),)

mutations: $(READY)
	@$(BIN)/python -m tests.mutations $(if $(ONLY),--only "$(ONLY)",)

simulate: $(READY)
	@$(BIN)/python -m tests.simulation $(if $(PEOPLE),--people $(PEOPLE),)

run: $(READY)
	@$(BIN)/candor run

$(READY): pyproject.toml uv.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.12")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check "uv>=0.13,<0.14"
	@VIRTUAL_ENV=$(CURDIR)/$(VENV) $(BIN)/uv sync --quiet --frozen --active
	@touch $@

clean:
	rm -rf $(VENV) demo .pytest_cache .mypy_cache .ruff_cache .hypothesis
