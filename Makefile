# Few targets; everything lives in .venv. `make demo` and `make test` are all a newcomer needs.
PYTHON ?= $(shell for v in python3.13 python3.12 python3.11 python3.14 python3; do \
	command -v $$v >/dev/null 2>&1 && $$v -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$v && break; done)
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help install demo test paraphrases chaos lint format bench lock migration clean

help:  ## what there is
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(STAMP): requirements/dev.txt pyproject.toml
	@test -n "$(PYTHON)" || { echo "Shopkeeper needs Python 3.11 or newer: install it, or name it with make PYTHON=/path/to/python3"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "This Python has no venv module: on Debian, apt-get install python3-venv"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@$(BIN)/shopkeeper nlu train
	@touch $@

install: $(STAMP)  ## make .venv with everything in it

demo: $(STAMP)  ## a complete shop on this machine, no account needed
	@$(BIN)/shopkeeper demo $(ARGS)

test: $(STAMP)  ## all tests (ARGS="-k name" for some)
	@$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder $(ARGS)

CHAOS := $(addprefix tests/integration/test_,kill.py shutdown.py two_servers.py database_away.py bad_input.py storm.py replay.py \
	conversations_providers.py conversations_channels.py deploy_fuzz.py)

chaos: $(STAMP)  ## deaths, stops and a database that goes away, again and again (ROUNDS=10)
	@CHAOS_ROUNDS=$(or $(ROUNDS),10) $(BIN)/python -m pytest $(CHAOS) tests/regressions $(ARGS)

paraphrases: $(STAMP)  ## the acceptance cases in 5 other wordings per language (ARGS="--only C06 --language ru --show")
	@$(BIN)/python -m tests.paraphrases $(ARGS)

lint: $(STAMP)  ## ruff, mypy, import-linter
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(STAMP)  ## put the code in the house style
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(STAMP)  ## figures on this machine (ONLY=turns|search|nlu|money|replay)
	@$(BIN)/python -m tests.bench $(if $(ONLY),--only $(ONLY))

lock: $(STAMP)  ## choose versions anew and write their hashes
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -o requirements/runtime.txt
	$(BIN)/uv pip compile pyproject.toml --group dev --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -o requirements/dev.txt

migration: $(STAMP)  ## write the next migration from the tables (M="what changes", FIRST=1: the first one anew)
	@$(BIN)/python -m app.migrations.write $(if $(FIRST),--first) "$(or $(M),Every table of the first version.)"

clean:  ## forget the virtual environment and caches
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis
