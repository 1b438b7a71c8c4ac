# The few commands people type. Python: any from 3.11 on; PYTHON=python3.12 chooses another.
PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
STAGE ?= dev
VENV := .venv
BIN := $(VENV)/bin
NPM := $(shell command -v npm)
PIP := $(BIN)/pip --disable-pip-version-check --quiet install
INSTALL := $(PIP) --require-hashes
COMPILE = $(BIN)/uv pip compile --quiet --universal --python-version=3.11 --generate-hashes $(UPGRADE)
SHIPPED := requirements-lambda.txt requirements-server.txt requirements-zappa.txt tests/deployed/requirements.txt

export PYTHONUNBUFFERED = 1

.PHONY: run serve lint test train package deploy undeploy bench-lambda lock clean

# Serve the site on http://$(HOST):$(PORT): installs what serving needs, migrates SQLite, makes example cars once.
run: export LOCAL = 1
run: $(VENV)/serving
	$(BIN)/python manage.py migrate --verbosity 0
	$(BIN)/python manage.py seed_examples
	$(BIN)/python manage.py place_cars
	$(BIN)/python manage.py runserver --noreload $(HOST):$(PORT)

# Serve the site on one machine of your own, behind a proxy that speaks TLS; docs/deploy.md has its settings.
serve: $(VENV)/server
	$(BIN)/python manage.py collectstatic --noinput --verbosity 0
	$(BIN)/python manage.py migrate --verbosity 0
	$(BIN)/gunicorn --bind $(HOST):$(PORT) --config deploy/gunicorn.py carsite.wsgi

# Style and types of Python and of static/js, and Django's own checks. Without npm, JavaScript waits for CI.
lint: export LOCAL = 1
lint: $(VENV)/everything $(if $(NPM),node_modules)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(if $(NPM),npm run --silent types,@echo "npm is missing: the types of static/js were not checked."; test "$(CI)" != true)
	$(BIN)/python manage.py check
	$(BIN)/python manage.py makemigrations --check --dry-run

# Every check, and all tests with coverage, a file at a time on each core,
# in the order of their folders, which has the slow ones first.
test: export LOCAL = 1
test: lint
	$(BIN)/pytest --cov --numprocesses auto --dist loadfile --no-loadscope-reorder

# Train on your own pictures: make train DATA=folder
train: $(VENV)/everything
	$(BIN)/python -m ml.train --data $(DATA) --out runs/$(notdir $(abspath $(DATA)))

# The zip for AWS Lambda, in dist/: make package STAGE=production
package: $(VENV)/deploying
	$(BIN)/python -m deploy.package --stage $(STAGE)

# From nothing to a running site, or to its next version. Needs AWS keys and a region, S3_BUCKET and DATABASE_URL.
deploy: $(VENV)/deploying
	$(BIN)/python -m deploy.deploy --stage $(STAGE)

# Removes the function, its address, schedule, log and role; the bucket and the database stay.
undeploy: $(VENV)/deploying
	$(BIN)/python -m deploy.undeploy --stage $(STAGE)

# How long a cold start takes, beside the same without bytecode and beside PyTorch.
bench-lambda: export DJANGO_SETTINGS_MODULE = tests.settings
bench-lambda: $(VENV)/everything
	$(BIN)/python -m tests.deployed.bench

# What the requirements*.txt leave open, pinned with hashes. Changes no version that still fits; UPGRADE=--upgrade does.
lock: $(VENV)/everything
	$(COMPILE) --output-file=locks/requirements.txt requirements.txt
	for file in $(SHIPPED); do \
		$(COMPILE) --constraints=locks/requirements.txt --output-file=locks/$$file $$file || exit 1; \
	done

clean:
	rm -rf $(VENV) node_modules .mypy_cache .pytest_cache .ruff_cache .coverage

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

node_modules: package.json package-lock.json
	npm ci --silent
	@touch $@
