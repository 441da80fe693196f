.DEFAULT_GOAL := help
.PHONY: help setup demo test fuzz check format lock clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' Makefile

setup: ## Prepare .venv from requirements.lock (a minute the first time, then nothing)
	@sh tools/setup.sh

demo: setup ## Run the main job on pages that every machine has: the documentation of Python and its packages
	@.venv/bin/orchard demo

test: setup ## Run all tests
	@.venv/bin/pytest

fuzz: setup ## Look for pages that break extraction: new random ones, every array's bounds checked
	NUMBA_BOUNDSCHECK=1 NUMBA_CACHE_DIR=.numba-bounds HYPOTHESIS_PROFILE=explore .venv/bin/pytest -n 0 tests/benchmarks/fuzz -m "not slow"

check: setup ## Lint, formatting and types
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	.venv/bin/pyright

format: setup ## Sort imports, mend what the linter can mend, format
	.venv/bin/ruff check --fix
	.venv/bin/ruff format

lock: setup ## Resolve pyproject.toml anew into requirements.lock (OPTIONS=--upgrade for newer versions)
	sh tools/lock.sh $(OPTIONS)

clean: ## Remove .venv and every cache
	rm -rf .venv .numba-bounds .pytest_cache .ruff_cache .hypothesis out
	find . -name __pycache__ -prune -exec rm -rf {} +
