# Everything a person runs. Needs Python 3.11 and make; nothing else, and no network but the package index.
PYTHON ?= python3.11
WORKERS ?= 2
# The same order and the same random numbers in every run, so that what fails for one fails for all. What a test leaves
# behind for another is found by other orders: make pytest SEED=2, and so on; the first lines of a run name its seed.
SEED ?= 1
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input --require-hashes --only-binary :all:
APPS := $(wildcard workflows documents capa notifications config)

# A stamp is named after the content of its lock: another lock, another stamp, a new installation.
RUNTIME := .venv/.runtime-$(shell cksum < requirements.txt | cut -d' ' -f1)
DEV := .venv/.dev-$(shell cat requirements.txt requirements-dev.txt | cksum | cut -d' ' -f1)

.PHONY: demo test lint types pytest browser histories coverage lock venv
.DEFAULT_GOAL := demo

# SERVE=0 stops after the story; DATA=path plays it on a folder of JSON Lines, in a place of its own beside the sample's;
# REPORTS=1 loads and tells the three reports instead, in a place of its own as well.
OWN := $(if $(REPORTS),reports,$(notdir $(DATA:/=)))
demo: $(RUNTIME)
	$(if $(OWN),KHUNG_VAR="$${KHUNG_VAR:-var/$(OWN)}") $(BIN)/python manage.py demo $(if $(filter 0,$(SERVE)),--no-serve) $(if $(REPORTS),--reports,$(if $(DATA),--data "$(DATA)"))

test: lint types pytest browser

lint: $(DEV)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	find $(APPS) -name '*.html' -exec $(BIN)/djade --check --target-version 5.2 {} +
	$(BIN)/lint-imports

types: $(DEV)
	$(BIN)/mypy .
	$(BIN)/python manage.py makemigrations --check --dry-run --settings config.settings.test
	$(BIN)/python manage.py check --settings config.settings.test

pytest: $(DEV)
	$(BIN)/python -m pytest -m "not browser" --randomly-seed=$(SEED) -n $(WORKERS) --dist worksteal $(PYTEST_ARGS)

# Each worker has a server, a database and a browser of its own.
# Three times at most, and said so: one walk in thousands meets a browser or a machine that stood still.
browser: $(DEV)
	$(BIN)/python -m pytest -m browser -p no:randomly -n $(WORKERS) --dist worksteal --reruns 2 -raR $(BROWSER_ARGS)

# A thousand random histories of corrective action and ten thousand suppositions instead of the few of every run.
histories: $(DEV)
	HISTORIES=1000 SIMULATIONS=10000 $(BIN)/python -m pytest -n $(WORKERS) --dist worksteal \
	  tests/capa/test_histories.py tests/documents/test_simulation.py

coverage: $(DEV)
	$(BIN)/coverage run -m pytest -m "not browser"
	$(BIN)/coverage report

venv: $(DEV)

$(RUNTIME):
	@$(BIN)/python -c '' 2>/dev/null || $(PYTHON) -m venv --clear .venv
	@echo "Installing the locked packages (once; about a minute)"
	@$(PIP) -r requirements.txt
	@touch $@

$(DEV):
	@$(BIN)/python -c '' 2>/dev/null || $(PYTHON) -m venv --clear .venv
	@echo "Installing the locked packages and test tools (once; about two minutes)"
	@$(PIP) -r requirements-dev.txt
	@touch $@ $(RUNTIME)

# Maintainers only: read the newest versions that requirements*.in allow, and pin them by hash.
lock:
	$(PYTHON) -m venv var/uv && var/uv/bin/pip install --quiet uv
	var/uv/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	  --only-binary :all: --custom-compile-command "make lock" requirements.in -o requirements.txt
	var/uv/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	  --only-binary :all: --custom-compile-command "make lock" requirements-dev.in -o requirements-dev.txt
