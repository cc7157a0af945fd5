# Everything a person does with a checkout. Needs git, make and Python 3.11 or later; uses uv where
# it is installed, since it is faster, and plain pip otherwise. Both install the same pinned hashes.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory
export UV_PYTHON_DOWNLOADS := never
export PIP_DISABLE_PIP_VERSION_CHECK := 1

BIN := .venv/bin

# Asked only by the targets that install.
UV = $(shell uv --version 2>/dev/null)
INSTALL = $(if $(UV),uv pip install --quiet --python $(BIN)/python,$(BIN)/python -m pip install --quiet --no-compile)

RECENT := import sys; sys.exit(sys.version_info < (3, 11))

.PHONY: help run check test soak bench format lint lock clean

help: ## say what there is
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1@\2/p' Makefile | awk -F@ '{ printf "%-13s %s\n", $$1, $$2 }'

run: .venv/.run ## start the bot; the first time, prepare .venv for it
	@exec $(BIN)/tandem run

check: .venv/.dev lint ## the quick checks: format, lint, types, imports, the tests of parts and of a few whole ways
	@$(BIN)/pytest -n auto --dist worksteal -m "not browser and not kill and not whole"

test: .venv/.dev lint ## all checks, with the tests in a browser and those that kill processes
	@$(BIN)/pytest -n auto --dist worksteal

# Days for n=1000: a community takes a processor some minutes. Each part says how many there were.
# What it found in one is looked at with its seed:
# .venv/bin/pytest tests/test_simulation.py --soak 1 --seed N
n = 1000
SOAK = $(BIN)/pytest -n auto --soak $(n)

soak: .venv/.dev ## days: n=1000 communities of half a year, n kills of each kind, storms, years, PostgreSQL
	@echo "$(n) communities of 40 tandems for 26 weeks, in virtual time"
	@$(SOAK) tests/test_simulation.py
	@echo "$(n) kills on each platform, way in and database"
	@$(SOAK) tests/test_kill.py
	@echo "Storms: refusals, lost answers, a database that stands still or is full"
	@$(BIN)/pytest -n 0 -s --soak $(n) tests/test_storms.py
	@echo "A year of reminders, and any pauses and holidays"
	@$(BIN)/pytest -n auto --long tests/test_reminders.py tests/test_pauses.py
	@echo "10,000 hostile strings in each language; every act about everything"
	@$(BIN)/pytest -n auto --long tests/test_hostile.py tests/test_authorization.py
	@echo "All tests once more, on PostgreSQL"
	@$(BIN)/pytest -n auto --dist worksteal --postgres

bench: .venv/.dev ## measure: topics, pairs, groups, whole rounds, the running bot (minutes)
	@for what in topics groups matching runtime; do $(BIN)/python -m benchmarks.$$what; done

lint: .venv/.dev
	@$(BIN)/ruff format --check
	@$(BIN)/ruff check
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

format: .venv/.dev ## format the code, and repair what can be repaired without asking
	@$(BIN)/ruff check --fix-only
	@$(BIN)/ruff format

# The output files are read first: a pin moves only where pyproject.toml asks for it.
LOCK = uv pip compile --no-config --quiet --universal --generate-hashes --no-header \
	--python-version 3.11 $(if $(upgrade),--upgrade) pyproject.toml --group build

lock: ## pin the dependencies anew; with upgrade=1, at their latest versions (needs uv)
	@$(LOCK) --output-file requirements.lock
	@$(LOCK) --group dev --constraints requirements.lock --output-file requirements-dev.lock

clean: ## remove .venv and all caches; the bot's data stay
	@rm -rf .venv dist .hypothesis .*_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# A stamp says: installed as the lock and pyproject.toml want it. The second adds the tools.
.venv/.run: requirements.lock pyproject.toml
	@$(VENV)
	@$(INSTALL) --require-hashes --requirement requirements.lock
	@$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.dev: requirements-dev.lock .venv/.run
	@echo "Installing the tools for development"
	@$(INSTALL) --require-hashes --requirement requirements-dev.lock
	@touch $@

# A virtual environment is kept while it works: same place, recent Python, pip where uv is missing.
define VENV
if ! { $(BIN)/python -c '$(RECENT)' $(if $(UV),,&& $(BIN)/python -m pip --version); } >/dev/null 2>&1; then \
	for python in python3 python3.14 python3.13 python3.12 python3.11; do \
		$$python -c '$(RECENT)' 2>/dev/null && break; \
	done || { echo "Tandem needs Python 3.11 or later, which is not on the PATH." >&2; exit 1; }; \
	echo "Preparing .venv with $$($$python --version): once, and within a minute"; \
	rm -rf .venv; \
	$(if $(UV),uv venv --quiet --python $$python .venv,$$python -m venv .venv) || { \
		rm -rf .venv; \
		echo "No virtual environment could be made. On Debian and Ubuntu: apt install python3-venv" >&2; \
		exit 1; \
	}; \
fi
endef
