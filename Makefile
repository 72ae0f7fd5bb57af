.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
PACKAGES := listener connectors sentiment storage

.PHONY: help demo test fuzz check lint fix docs model bench bench-scoring clean

help: ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 15

demo: $(BIN)/.app ## install, then the whole program on made-up platforms: no key, no network
	@$(BIN)/listener demo

test: $(BIN)/.dev ## the whole test suite
	@$(BIN)/pytest -n auto -q

fuzz: $(BIN)/.dev ## every connector with ten thousand and more mutated answers, and a backlog of ten thousand posts
	@FUZZ_EXAMPLES=700 BACKLOG=10000 $(BIN)/pytest -n auto -q tests/connectors -k "mutated or deep"

lint: $(BIN)/.dev ## format, lint, types, import rules, docs: the cheap half of check
	@$(BIN)/ruff format --check . && $(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/pytest -q tests/test_docs.py

check: lint test ## all that CI runs

fix: $(BIN)/.dev ## format and mend what can be mended
	@$(BIN)/ruff check --fix . ; $(BIN)/ruff format .

docs: $(BIN)/.dev ## write the generated parts of the documentation anew
	@$(BIN)/python -m listener.reference
	@$(BIN)/python -m tests.cookbook

model: $(BIN)/.dev ## train the built-in sentiment model anew (installs torch)
	@$(BIN)/python -m pip install --quiet --group train
	@$(BIN)/python -m sentiment.training

bench: $(BIN)/.dev ## how fast the figures are at 5 million mentions: half an hour, 10 GB; make bench OPTIONS=--quick
	@$(BIN)/python -m benchmarks.report $(OPTIONS)

bench-scoring: $(BIN)/.dev ## how fast texts are scored, about ten minutes; installs torch
	@$(BIN)/python -m pip install --quiet --group bench
	@$(BIN)/python -m benchmarks.sentiment_speed
	@$(BIN)/python -m benchmarks.scoring

clean: ## remove the environment and the demo
	rm -rf .venv demo benchmarks/.made

$(BIN)/python:
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"

$(BIN)/.app: pyproject.toml | $(BIN)/python
	@echo "Installing into .venv (once, about a minute) ..."
	@$(BIN)/python -m pip install --quiet --editable . && touch $@

$(BIN)/.dev: pyproject.toml | $(BIN)/python
	@$(BIN)/python -m pip install --quiet --editable . --group dev && touch $@ $(BIN)/.app
