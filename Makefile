# make demo    the main job on this repository's articles (STUDIO=no leaves out Label Studio)
# make test    style, types and every test but long fuzzing
PYTHON ?= python3
BIN := .venv/bin
UNIT := not studio and not browser and not fuzz
SERVER := (studio or browser) and not fuzz

.PHONY: demo test style unit slow server fuzz lowest wheel clean

demo: .venv/installed
	@$(BIN)/dipdata demo $(if $(filter no,$(STUDIO)),--no-studio)

test: style unit slow server

style: .venv/installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

unit: .venv/installed
	$(BIN)/pytest -n auto

slow: .venv/installed
	$(BIN)/pytest -n auto -m "slow and $(UNIT)"

server: .venv/installed
	$(BIN)/pytest -m "$(SERVER)"

fuzz: .venv/installed
	$(BIN)/pytest -m fuzz

# The unit tests on the oldest versions that pyproject.toml admits.
lowest:
	$(PYTHON) -m venv build/lowest
	build/lowest/bin/pip install --quiet -c constraints-lowest.txt -e '.[dev]'
	build/lowest/bin/pytest -n auto -m "$(UNIT)"

.venv/installed: pyproject.toml constraints.txt
	@echo "Installing dipdata into .venv (once; about a minute)" >&2
	$(PYTHON) -m venv .venv
	@$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

# A compiled wheel in build/wheels (a C compiler is needed; three minutes). Made from an archive, so that no compiled module stays in src/.
wheel:
	$(PYTHON) -m venv build/wheel
	build/wheel/bin/pip install --quiet build
	HATCH_BUILD_HOOKS_ENABLE=1 build/wheel/bin/python -m build --outdir build/wheels

clean:
	rm -rf .venv build dist
