# PYTHON makes the virtual environment: 3.11 or later, such as PYTHON=python3.12.
PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
STAGE ?= dev
VENV := .venv
BIN := $(VENV)/bin
NPM := $(shell command -v npm)
PLAYER := build/static/player
PIP := $(BIN)/pip --disable-pip-version-check --quiet install
INSTALL := $(PIP) --require-hashes
COMPILE = $(BIN)/uv pip compile --quiet --universal --python-version=3.11 --generate-hashes $(UPGRADE)
SHIPPED := requirements-lambda.txt requirements-server.txt requirements-zappa.txt tests/deployed/requirements.txt

export PYTHONUNBUFFERED = 1

.PHONY: help run dev serve lint fast test train package deploy undeploy bench-lambda bench-scale bench-load pictures lock upgrade clean

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# Without npm, or a registry, the site works as well: the server makes every picture.
define prepare
	@$(MAKE) --silent $(PLAYER) || echo "Browsers will neither decode cars nor convert HEIC: what they need for it comes with npm (Node.js)."
	$(BIN)/python manage.py migrate --verbosity 0
	$(BIN)/python manage.py seed_examples
	$(BIN)/python manage.py place_cars
endef

run: export LOCAL = 1
run: $(VENV)/serving ## Serve the site on http://HOST:PORT: install what it needs, migrate SQLite, create the example cars
	$(prepare)
	$(BIN)/python manage.py runserver --noreload $(HOST):$(PORT)

dev: export DEBUG = 1
dev: $(VENV)/serving ## The same while developing: tracebacks, and a restart whenever a file changes
	$(prepare)
	$(BIN)/python manage.py runserver $(HOST):$(PORT)

serve: $(VENV)/server build/compressed ## Serve the site on one machine, behind a proxy that speaks TLS; docs/deploy.md has its settings
	$(BIN)/python manage.py collectstatic --noinput --verbosity 0
	$(BIN)/python manage.py migrate --verbosity 0
	$(BIN)/python manage.py place_cars
	$(BIN)/gunicorn --bind $(HOST):$(PORT) --config deploy/gunicorn.py carsite.wsgi

# Without npm, only CI checks the types of the scripts.
lint: export LOCAL = 1
lint: $(VENV)/everything $(if $(NPM),node_modules) ## Check style and types of Python and JavaScript, and what Django checks
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(if $(NPM),npm run --silent types,@echo "npm is missing: the types of static/js were not checked."; test "$(CI)" != true)
	$(BIN)/python manage.py check
	$(BIN)/python manage.py makemigrations --check --dry-run

fast: export LOCAL = 1
fast: lint ## Check a change within a minute: lint and the quick tests, without browser and package
	$(BIN)/pytest -m "not slow" --ignore tests/browser --ignore tests/deployed --numprocesses auto --dist worksteal

# Tests wait a third of their time, for browsers, servers and other processes: three workers keep two cores busy.
WORKERS = $(shell $(BIN)/python -c 'import os; print(os.cpu_count() * 3 // 2)')

# Each worker runs a part of the folders, the slow ones first, and then takes tests from the end of another's part.
test: export LOCAL = 1
test: lint $(if $(NPM),$(PLAYER)) ## Every check: lint, and all tests with coverage
	$(BIN)/pytest --cov --numprocesses $(WORKERS) --dist worksteal

train: $(VENV)/everything ## Train on pictures of your own: make train DATA=folder
	$(BIN)/python -m ml.train --data $(DATA) --out runs/$(notdir $(abspath $(DATA)))

package: $(VENV)/deploying build/compressed ## Build the zip for AWS Lambda in dist/: make package STAGE=production
	$(BIN)/python -m deploy.package --stage $(STAGE)

# Needs AWS keys and a region, S3_BUCKET and DATABASE_URL.
deploy: $(VENV)/deploying build/compressed ## Deploy the site to AWS, or update it: make deploy STAGE=production
	$(BIN)/python -m deploy.deploy --stage $(STAGE)

undeploy: $(VENV)/deploying build/compressed ## Remove the function, its address, schedule, log and role; the bucket and the database stay
	$(BIN)/python -m deploy.undeploy --stage $(STAGE)

bench-lambda: export DJANGO_SETTINGS_MODULE = tests.settings
bench-lambda: $(VENV)/everything ## Measure a cold start, beside the same without bytecode and beside PyTorch
	$(BIN)/python -m tests.deployed.bench

bench-scale: export DJANGO_SETTINGS_MODULE = tests.settings
bench-scale: $(VENV)/everything ## Measure pages, admin, sweep and placing with a million cars, on a PostgreSQL of its own
	$(BIN)/python -m tests.benches.scale

bench-load: $(VENV)/everything ## Measure many visitors at once, under production settings, while the services fail
	$(BIN)/python -m tests.benches.load

pictures: $(VENV)/everything ## Take README's pictures of the pages anew, from a site with the example cars that make run serves
	$(BIN)/python -m tests.browser.photograph http://$(HOST):$(PORT)

lock: $(BIN)/uv ## Bring locks/ up to date with requirements*.txt; changes no version that still fits
	$(COMPILE) --output-file=locks/requirements.txt requirements.txt
	for file in $(SHIPPED); do \
		$(COMPILE) --constraints=locks/requirements.txt --output-file=locks/$$file $$file || exit 1; \
	done

upgrade: UPGRADE = --upgrade
upgrade: export UV_EXCLUDE_NEWER = 7 days
upgrade: lock ## The same, with the newest versions that requirements*.txt allow and that are a week old

clean: ## Remove what make installed, and the caches of the checks
	rm -rf $(VENV) node_modules build .mypy_cache .pytest_cache .ruff_cache .coverage

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or later is needed: make PYTHON=python3.12 …"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/serving: locks/requirements-lambda.txt | $(BIN)/python
	$(INSTALL) -r $<
	@touch $@

$(VENV)/server: locks/requirements-server.txt | $(BIN)/python
	$(INSTALL) -r $<
	@touch $@

$(VENV)/deploying: locks/requirements-zappa.txt | $(BIN)/python
	$(INSTALL) -r $<
	@touch $@

# --no-deps, because lightning-fabric needs PyTorch, which is in no lock; the check finds what is missing.
$(VENV)/everything: locks/requirements.txt requirements-torch.txt | $(BIN)/python
	$(INSTALL) --no-deps -r $<
	$(PIP) -r requirements-torch.txt
	$(BIN)/pip --disable-pip-version-check check
	@touch $@

$(BIN)/uv:
	$(MAKE) $(VENV)/everything

node_modules: package.json package-lock.json
	npm ci --silent
	@touch $@

$(PLAYER): deploy/player.mjs ml/weights/decoder.onnx node_modules
	node $<
	@touch $@

# Takes minutes, once for each version of onnxruntime and of the weights.
build/compressed: $(PLAYER)
	node deploy/player.mjs --compress
	@touch $@
