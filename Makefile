# One word for each thing to do; plain `make` prints the list.
# The script `reunion` does the set-up and the work, so that people without make have the same.
# PY names the Python that .venv is made from, as in `make run PY=python3.12`.

PY ?= python3
export PY
PYTHON := .venv/bin/python

.PHONY: help setup system run test lint types lock vendor messages docs sbom figures fuzz storm bench reset clean

help:           ## Print this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1\t\2/p' Makefile | expand -t 16

# WITH hands on options, as in `make run WITH=--open`.
run:            ## Set up, then start a synthetic system with a sign-in for every role
	@./reunion run $(WITH)

test:           ## Set up, then run the checks of `lint` and all tests
	@./reunion test

lint:           ## Check style, formatting, types and the order of the rooms
	@./reunion lint

types: setup   ## Check types only
	@$(PYTHON) -m mypy

setup:          ## Install everything that is pinned into .venv
	@./reunion install

system:         ## Install what the tests need of the distribution (root, Debian)
	@./reunion system

lock: setup     ## Choose the pinned versions anew, where pyproject.toml asks for it
	@$(PIN) --group installer --output-file requirements-uv.txt
	@$(PIN) pyproject.toml --all-extras --group dev --group docs --output-file requirements.txt

# Versions already pinned stay, unless UPGRADE=--upgrade.
PIN = $(PYTHON) -m uv pip compile --quiet $(UPGRADE) --universal --python-version 3.11 \
	--generate-hashes --no-header --no-annotate

vendor:         ## Take the libraries of the pages anew, and compile the stylesheets (needs Node 20)
	@npm ci
	@node tools/vendor.mjs

messages: setup ## Bring the Chinese catalogue up to date with the texts of the source
	@$(PYTHON) -m tools.messages

docs: setup     ## Build the documentation site into build/site
	@NO_MKDOCS_2_WARNING=1 $(PYTHON) -m mkdocs build --quiet --strict

sbom: setup     ## List the packages that the program is made of in build/sbom.json (CycloneDX)
	@$(PYTHON) -m tools.sbom

# GROUPS names what is measured, also what takes long: make figures GROUPS="formats quality cluster".
figures: setup  ## Measure the figures in docs/figures.md (minutes), then describe the source
	@$(PYTHON) tools/figures.py $(GROUPS)
	@$(PYTHON) tools/yardstick.py src/reunion tests

fuzz: setup     ## Change 100,000 files for each reader at random; none may be misread (an hour)
	@$(PYTHON) -m tools.fuzz
	@$(PYTHON) -m tools.attachment_fuzz --files 100000

storm: setup   ## Kill writers and database servers at random; nothing acknowledged may be lost (15 minutes)
	@$(PYTHON) -m tools.storm

bench: setup    ## Measure the speed of the kinship engine
	@$(PYTHON) -m reunion kinship bench

reset:          ## Remove all data that the program wrote (var/)
	rm -rf var

clean:          ## Remove .venv, caches and build/; data stays
	rm -rf .venv build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find src tests tools -name __pycache__ -prune -exec rm -rf {} +
