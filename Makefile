# Two commands do everything: `make grade` and `make test`. Both build .venv first, once.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
# A file's tests stay together and share what is graded once. One process more than cores: many tests wait, for a browser or a limit.
BY_FILE := --dist loadfile --no-loadscope-reorder --numprocesses
IN_PARALLEL := $(BY_FILE) $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)
CLASS ?= tests/submissions/class
OUT ?= results

.PHONY: help setup grade mark test test-thorough test-fast fuzz verify bench release package cluster lint lock clean
.DEFAULT_GOAL := help

help:  ## what can be made here
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@awk '/^[a-z]/ { printf "%s %-8s %5d MB to download, %5d MB on the disk\n", (NR > 2 ? "     " : "sizes"), $$1, $$2, $$3 }' requirements/sizes

setup: $(READY)  ## build .venv with what grading needs

$(READY): pyproject.toml constraints.txt requirements/grade.txt .ci/preflight
	@bash .ci/preflight $(PYTHON)
	@bash requirements/install $(PYTHON) $(VENV) grade
	@touch $@

# What only some commands need: .venv/.with-mark, .venv/.with-release, …
$(VENV)/.with-%: requirements/%.txt | $(READY)
	@bash requirements/install $(PYTHON) $(VENV) $* '$(MAKECMDGOALS)'
	@touch $@

grade: $(READY)  ## grade the sample class (CLASS=…) into results/ (OUT=…)
	@$(BIN)/convgrade grade $(CLASS) --out $(OUT); status=$$?; [ $$status -le 1 ]

mark: $(VENV)/.with-mark  ## mark the written answers of OUT on a page in the browser
	@$(BIN)/convgrade mark --from $(OUT)

test: $(VENV)/.with-dev  ## the tests, the wall at the strongest tier of this machine
	@$(BIN)/python -m pytest $(IN_PARALLEL) -m "not thorough"

test-thorough: $(VENV)/.with-dev  ## the rest: weaker tiers of the wall, every attempt, every defence taken away
	@$(BIN)/python -m pytest $(IN_PARALLEL) -m thorough

test-fast: $(VENV)/.with-dev  ## what needs no wall, no browser and no otter
	@$(BIN)/python -m pytest $(BY_FILE) logical --hypothesis-profile fast --ignore tests/engine/system -m "not slow and not thorough"

fuzz: $(VENV)/.with-fuzz  ## what reads hostile bytes, 100,000 inputs each
	@$(BIN)/python -m tests.fuzz

verify: $(READY)  ## are the hidden suites strong? mutants, misconceptions, both ends
	@$(BIN)/convgrade verify

bench: $(VENV)/.with-dev $(VENV)/nbgrader/.ready  ## what a submission costs, beside plain pytest, otter and nbgrader
	@$(BIN)/python -m tests.bench $(BENCH)

# An environment of its own, for the bench alone: nothing of nbgrader's gets into the project's.
$(VENV)/nbgrader/.ready: | $(READY)
	$(PYTHON) -m venv $(VENV)/nbgrader
	$(VENV)/nbgrader/bin/python -m pip install --quiet --disable-pip-version-check 'nbgrader>=0.9.6,<0.10'
	@touch $@

release: $(VENV)/.with-release  ## write student_template/ anew
	@$(BIN)/convgrade release

package: $(VENV)/.with-package  ## write dist/autograder.zip for otter-grader and Gradescope
	@$(BIN)/convgrade package

cluster: $(VENV)/.with-cluster  ## what a cluster's machines need: Dask

lock:  ## write requirements/*.txt anew (needs uv)
	@bash requirements/lock

lint: $(VENV)/.with-dev  ## ruff and mypy
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

clean:  ## remove what was built
	rm -rf $(VENV) results dist build *.egg-info
