# The few commands people type. Python: any from 3.11 on; PYTHON=python3.12 chooses another.
PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin

export PYTHONUNBUFFERED = 1

.PHONY: run test train clean

# Serve the site on http://$(HOST):$(PORT): installs what serving needs, migrates SQLite, makes example cars once.
run: export LOCAL = 1
run: $(VENV)/serving
	$(BIN)/python manage.py migrate --verbosity 0
	$(BIN)/python manage.py seed_examples
	$(BIN)/python manage.py runserver --noreload $(HOST):$(PORT)

# Every check: style, types, Django's own, and all tests with coverage.
test: export LOCAL = 1
test: $(VENV)/everything
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python manage.py check
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/pytest --cov

# Train on your own pictures: make train DATA=folder
train: $(VENV)/everything
	$(BIN)/python -m ml.train --data $(DATA) --out runs/$(notdir $(abspath $(DATA)))

clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .coverage

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or later is needed: make PYTHON=python3.12 …"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/serving: requirements-lambda.txt | $(BIN)/python
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-lambda.txt
	@touch $@

$(VENV)/everything: requirements.txt requirements-lambda.txt | $(BIN)/python
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@
