# Two commands do everything: `make grade` and `make test`. Both build .venv first, once.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
CLASS ?= tests/submissions/class
OUT ?= results

.PHONY: help setup grade test test-thorough test-fast fuzz verify bench release lint clean
.DEFAULT_GOAL := help

help:  ## what can be made here
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(READY)  ## build .venv with convgrade in it

$(READY): pyproject.toml constraints.txt .ci/preflight
	@bash .ci/preflight $(PYTHON)
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $@

grade: $(READY)  ## grade the sample class (CLASS=…) into results/ (OUT=…)
	@$(BIN)/convgrade grade $(CLASS) --out $(OUT); status=$$?; [ $$status -le 1 ]

test: $(READY)  ## the tests: everything at the strongest tier of this machine, under ten minutes
	@$(BIN)/python -m pytest --numprocesses logical --dist loadgroup -m "not thorough"

test-thorough: $(READY)  ## the rest: weaker tiers of the wall, every attempt, every defence taken away
	@$(BIN)/python -m pytest --numprocesses logical --dist loadgroup -m thorough

test-fast: $(READY)  ## what needs no wall, no browser and no otter: under a minute
	@$(BIN)/python -m pytest --numprocesses logical --dist loadscope --ignore tests/engine/system -m "not slow and not thorough"

fuzz: $(READY)  ## what reads hostile bytes, 100,000 inputs each
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[fuzz]'
	@$(BIN)/python -m tests.fuzz

verify: $(READY)  ## are the hidden suites strong? mutants, misconceptions, both ends
	@$(BIN)/convgrade verify

bench: $(READY) $(VENV)/nbgrader/.ready  ## what a submission costs, beside plain pytest, otter and nbgrader
	@$(BIN)/python -m tests.bench $(BENCH)

# An environment of its own, for the bench alone: nothing of nbgrader's gets into the project's.
$(VENV)/nbgrader/.ready: | $(READY)
	$(PYTHON) -m venv $(VENV)/nbgrader
	$(VENV)/nbgrader/bin/python -m pip install --quiet --disable-pip-version-check 'nbgrader>=0.9.6,<0.10'
	@touch $@

release: $(READY)  ## write student_template/ anew
	@$(BIN)/convgrade release

lint: $(READY)  ## ruff and mypy
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

clean:  ## remove what was built
	rm -rf $(VENV) results dist build *.egg-info
