# The front door. `make demo` and `make test` install what they need into .venv by themselves.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
PORT ?= 8080
VENV := .venv
BIN := $(VENV)/bin
RUNTIME := $(VENV)/.runtime
DEV := $(VENV)/.dev
# Compiled modules are kept, whatever the environment says: else every process compiles the whole program anew.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help demo test lint format browser browser-test pictures bench soak wheel lock clean

help:  ## what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(RUNTIME)  ## the whole bot against an invented company, with no account
	@$(BIN)/python -m bot demo --port $(PORT) $(if $(NO_BROWSER),--no-browser)

test: $(DEV)  ## every test, with coverage
	@$(BIN)/coverage erase
	$(BIN)/pytest -q -n 4 --dist worksteal --cov --cov-report= $(ARGS)
	$(BIN)/coverage report --fail-under=95
	$(BIN)/coverage report --include='bot/core/*,bot/features/*' --fail-under=100

lint: $(DEV)  ## style, types, layers, dependencies
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry .

format: $(DEV)  ## put the code into shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

browser:  ## install Chromium for the tests of the page (Debian, as root)
	@sh tests/browser/install.sh

browser-test: $(DEV)  ## the demo's page in a real browser
	$(BIN)/pytest -q -m browser -n 0 $(ARGS) tests/browser

pictures: $(DEV)  ## the pictures of the page in docs/pictures, taken anew
	$(BIN)/python -m tests.browser.pictures

bench: $(DEV)  ## the figures of docs/performance.md and docs/alerts.md, measured here (about half an hour)
	$(BIN)/python -m tests.bench $(ARGS)

soak: $(DEV)  ## hundreds of kills and faults against the real process
	$(BIN)/pytest -q -m soak -n 0 $(ARGS)

wheel: $(DEV)  ## build the wheel, install it bare, and run it
	$(BIN)/python -m tests.wheel

lock: $(DEV)  ## resolve the dependencies anew
	$(BIN)/pip-compile -q --upgrade --generate-hashes --allow-unsafe --strip-extras --no-header \
	  --no-emit-index-url --no-emit-find-links -o requirements.lock pyproject.toml
	$(BIN)/pip-compile -q --upgrade --generate-hashes --allow-unsafe --strip-extras --no-header --extra dev \
	  --no-emit-index-url --no-emit-find-links -c requirements.lock -o requirements-dev.lock pyproject.toml

clean:  ## remove what was installed and measured; the demo's data, too
	rm -rf $(VENV) .coverage* .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist data/demo

$(RUNTIME): requirements.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/pip install -q --disable-pip-version-check --no-deps -e .
	@touch $@

$(DEV): requirements-dev.lock $(RUNTIME)
	@$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@
