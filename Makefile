# Two commands matter: `make demo` and `make test`. Each makes its own virtual environment when there is none.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
STAMP = $(VENV)/.stamp
PIP = $(BIN)/python -m pip install --quiet --disable-pip-version-check
HASHED = $(PIP) --require-hashes --no-deps --no-build-isolation --use-pep517
# `LOCKED=no`: what the index has, without hashes, where it lacks a file of the locks or Python is newer than they are.
LOCKED ?= yes

.PHONY: demo test lint bench hostile soak fuzz mutants kill samples schema lock licences clean

demo: $(STAMP)
	$(BIN)/earshot demo

test: $(STAMP)
	$(BIN)/python -m pytest -n auto --dist worksteal

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/mypy

bench: $(STAMP)
	$(BIN)/python -m tests.bench

# The long forms of what `make test` runs in short: every hostile behaviour with a table of results, ten minutes of
# overload, ten minutes of fuzzing for each parser, each guard taken away once, and 200 kills.
hostile: $(STAMP)
	$(BIN)/python -m tests.hostile
	$(BIN)/python -m tests.bottles
soak: $(STAMP)
	$(BIN)/python -m tests.soak
fuzz: $(STAMP)
	-$(HASHED) -r .ci/fuzz.lock
	$(BIN)/python -m tests.fuzz
mutants: $(STAMP)
	$(BIN)/python -m tests.mutants
kill: $(STAMP)
	$(BIN)/python -m tests.kill

# The sample reports under reports/ and the generated schemas, written again.
samples: $(STAMP)
	$(BIN)/python tests/report/test_sample.py
schema: $(STAMP)
	$(BIN)/python -m scanner.signature.check

# Every package that is used, with its hashes, for every Python and system; wants uv. Then what they are licensed under.
LOCK = uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --upgrade \
	--custom-compile-command "make lock"
lock:
	$(LOCK) pyproject.toml --extra ssh --group dev --output-file requirements.lock
	$(LOCK) --group build --output-file requirements-build.lock
	$(LOCK) --group audit --output-file .ci/audit.lock
	$(LOCK) --group fuzz --output-file .ci/fuzz.lock
licences: $(STAMP)
	$(BIN)/python -m tests.supply.licences --write

$(STAMP): pyproject.toml requirements.lock requirements-build.lock
	$(PYTHON) -m venv $(VENV)
ifeq ($(LOCKED),no)
	$(PIP) --upgrade "pip>=25.1"
	$(PIP) --editable . --group dev
else
	$(HASHED) -r requirements-build.lock
	$(HASHED) -r requirements.lock
	$(PIP) --no-deps --no-build-isolation --editable .
endif
	touch $@

clean:
	rm -rf $(VENV) dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis
