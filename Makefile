# make setup | check | test | chat: everything a machine with Python 3.11 or newer needs, nothing left to do by hand.
PYTHON ?= python3
BIN := .venv/bin
# What Python compiles is kept, also where the environment says otherwise: hundreds of processes start in the tests alone.
unexport PYTHONDONTWRITEBYTECODE
STAMP := .venv/.installed
# Processes that tests are dealt out to; 0 runs them in one. Each takes up to 3 GB.
WORKERS ?= 2
PYTEST := $(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup --no-loadscope-reorder

.PHONY: setup chat test check browser-test every-test clean

setup: $(STAMP)

$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; name one: make PYTHON=python3.12 ...")'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade pip
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --constraint constraints.txt --editable '.[anthropic,ollama,postgres,otel,evaluate,dev]'
	@# Of 27,000 modules a few thousand are used; to compile all would take two thirds of the time of the whole set-up.
	@$(BIN)/python -c 'import assistant.models.in_process, assistant.pipeline, assistant.web.page, chromadb'
	@touch $(STAMP)

chat: setup
	@$(BIN)/strategy-assistant chat

test: WHICH := -m 'not browser'
browser-test: WHICH := -m browser
# Where more processes compute than there are cores, threads that wait for each other give the core away.
test browser-test every-test: export OMP_WAIT_POLICY := PASSIVE
test browser-test every-test: setup
	@$(BIN)/strategy-assistant models pull
	$(PYTEST) $(WHICH)

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

clean:
	rm -rf .venv build dist *.egg-info
