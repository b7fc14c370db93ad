# Two commands matter: `make demo` and `make test`. Each makes its own virtual environment when there is none.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
STAMP = $(VENV)/.stamp

.PHONY: demo test lint bench samples schema clean

demo: $(STAMP)
	$(BIN)/earshot demo

test: $(STAMP)
	$(BIN)/python -m pytest -n auto --dist worksteal

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/mypy

bench: $(STAMP)
	$(BIN)/python -m tests.bench

# The sample reports under reports/ and the generated schemas, written again.
samples: $(STAMP)
	$(BIN)/python tests/report/test_sample.py
schema: $(STAMP)
	$(BIN)/python -m scanner.signature.check

$(STAMP): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable . --group dev
	touch $@

clean:
	rm -rf $(VENV) dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis
