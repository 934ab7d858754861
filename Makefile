# make run     look at it: everything set up, a demonstration province, accounts printed
# make test    set up, then every test on SQLite and PostgreSQL
# make check   style, types, layers, templates
# make proof   the promised counts in full (NAME=… for one of them; resumes where it stopped)
# make bench-peers   what `qualityeval bench` compares with, for that alone
# Needs Python 3.11 or newer and make. A second call of any target does only what has changed.

SHELL := /bin/sh
.DELETE_ON_ERROR:
.PHONY: setup run test check proof bench-peers lock catalogue bundle browser clean

FOUND := $(shell PYTHON='$(PYTHON)' sh tools/find_python.sh)
BIN := .venv/bin
STAMPS := .venv/stamps
UV := $(BIN)/uv --quiet --no-config
WORKERS ?= 3
STATIC := $(wildcard qualityeval/static/build.mjs) $(shell find qualityeval/static/src -type f 2>/dev/null)
SENTENCES := $(shell find qualityeval/translations/en/parts -name '*.po' 2>/dev/null)

setup: $(STAMPS)/project $(STAMPS)/bundle $(STAMPS)/catalogue browser

run: setup
	@exec $(BIN)/qualityeval launch

# One worker more than the cores of a small machine: tests of processes and browsers wait as well as reckon.
# Tests start many processes: where the environment forbids to write bytecode, each would compile everything anew.
# Long files first, and each with one worker, which builds the worlds that its tests share once: tests/scheduling.py
test: setup
	@$(BIN)/python -m compileall -q qualityeval config.py wsgi.py
	@PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n $(WORKERS) --no-loadscope-reorder $(TESTS)

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --lint --quiet templates

proof: setup
	@$(BIN)/python -m tools.proof $(NAME)

bench-peers: setup
	@$(UV) pip install --python $(BIN)/python --require-hashes -r requirements-bench.txt

catalogue: $(STAMPS)/catalogue
bundle: $(STAMPS)/bundle

# Hashes are checked by pip for uv itself, then by uv for all the rest.
$(STAMPS)/venv: requirements-setup.txt
	@sh tools/environment.sh '$(FOUND)'
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-setup.txt
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/packages: $(STAMPS)/venv requirements.txt requirements-dev.txt
	@echo "Packages, each checked against its hash"
	@$(UV) pip install --python $(BIN)/python --require-hashes --compile-bytecode -r requirements.txt -r requirements-dev.txt
	@touch $@

$(STAMPS)/project: $(STAMPS)/packages pyproject.toml
	@$(UV) pip install --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

$(STAMPS)/node_modules: $(STAMPS)/packages package.json package-lock.json .npmrc requirements-node.txt
	@echo "Browser libraries from the npm lock"
	@sh tools/node.sh npm ci --no-progress --loglevel=error
	@touch $@

$(STAMPS)/bundle: $(STAMPS)/node_modules $(STATIC)
	@echo "Style sheet and script"
	@sh tools/node.sh npm run --silent build
	@touch $@

$(STAMPS)/catalogue: $(STAMPS)/packages $(SENTENCES) tools/catalogue.py
	@$(BIN)/python -m tools.catalogue compile
	@touch $@

browser:
	@sh tools/browser.sh

lock: $(STAMPS)/venv
	for name in setup "" dev node bench; do \
	  file=requirements$${name:+-$$name}; \
	  $(UV) pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url \
	    $(if $(UPGRADE),--upgrade) $$file.in -o $$file.txt > /dev/null || exit 1; \
	done
	sh tools/node.sh npm install --package-lock-only --loglevel=error

clean:
	rm -rf .venv .node node_modules qualityeval/static/dist build *.egg-info .mypy_cache .pytest_cache .ruff_cache
	rm -rf .import_linter_cache .hypothesis .coverage qualityeval/translations/en/LC_MESSAGES
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
