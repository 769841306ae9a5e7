# make run: build the index and serve the chat.  make test: every check.
.DEFAULT_GOAL := help
PYTHON ?= python3
SETS ?= $(wildcard ../shared/bench/*/)
BIN := .venv/bin
# Whole files to two processes, so that fixtures are made once, in the order of tests/conftest.py: short files last.
BY_TWO := -n 2 --dist loadfile --no-loadscope-reorder
export HF_HUB_OFFLINE ?= 1
unexport PYTHONDONTWRITEBYTECODE  # without bytecode each process compiles all tests, and each server all sources, anew

.PHONY: help run test test-quick lint index eval bench bench-scale bench-web bench-log ablation lock wheels bundle clean

help: ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

.venv/installed: .requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement .requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

index: .venv/installed ## build the index from source_texts/ (or see that it is current)
	@$(BIN)/python -m index build source_texts --skip-bad-files

run: export CHAT_EXAMPLES ?= How many intergovernmental agreements on science cooperation had China signed by January 2026?|$\
  Was the basic-research share planned for 2025 reached?|$\
  Who chairs the National Venture Capital Guidance Fund?|$\
  2025年研发经费投入强度是多少？
run: index ## serve the chat on http://127.0.0.1:7860
	@$(BIN)/python -m app serve

lint: .venv/installed
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

test: lint ## lint, types and the whole test suite
	$(BIN)/pytest $(BY_TWO)

test-quick: lint ## the tests without a browser, a database or a real model, for every day
	$(BIN)/pytest $(BY_TWO) -m "not slow"

eval: index ## ask the eval set, print its measures, write .report/index.html
	$(BIN)/python -m eval run --report .report

bench: .venv/installed ## how fast it is, beside other pipelines (in .venv-rivals, 2 GB) and as it grows: SIZES="1000 1000000"
	$(BIN)/python -m eval.speed $(if $(SIZES),--sizes $(SIZES))

bench-scale: .venv/installed ## what growing costs, in a folder and in a PostgreSQL started for it: SIZES="10000 100000" JOINED=3 LANCE=1
	$(BIN)/python -m tests.postgres $(BIN)/python -m eval.scale $(if $(SIZES),--sizes $(SIZES)) $(if $(LANCE),--lance)

bench-web: .venv/installed ## weight and times of the pages in a real browser; without the reader: READER=none
	@$(BIN)/python -m tests.bench_web $(if $(READER),--reader $(READER))

bench-log: .venv/installed ## cost of the log of questions, and 10,000 lines by eight processes that are killed
	@$(BIN)/python -m tests.bench_log

ablation: .venv/installed ## measure every ranking variant on the public sets in SETS
	$(BIN)/python -m eval bench $(SETS) --ablation

lock: .venv/installed ## write .requirements.lock anew from pyproject.toml
	$(BIN)/python -m pip install --quiet pip-tools
	$(BIN)/pip-compile --quiet --extra dask --extra dev --extra eval --extra postgresql --strip-extras --allow-unsafe --no-emit-index-url --no-emit-find-links \
	  --no-header --output-file .requirements.lock pyproject.toml
	sed -i 's/^torch==2.13.0+cpu/torch==2.13.0/' .requirements.lock

wheels: .venv/installed ## ask the registry which wheels the pins have, for docs/deploy/wheels.txt
	$(BIN)/python docs/deploy/wheels.py

bundle: .venv/installed ## one archive, dist/citewell.tar, that installs without a registry; with an index: INDEX=.index
	rm -rf dist/citewell dist/citewell.tar
	$(BIN)/python -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir dist/citewell/wheels .
	$(BIN)/python -m pip download --quiet --only-binary :all: --constraint .requirements.lock --dest dist/citewell/wheels \
	  "$$(ls dist/citewell/wheels/*.whl)[postgresql]"
	cp docs/deploy/install.sh dist/citewell
	$(if $(INDEX),cp -R $(INDEX) dist/citewell/index && rm -rf dist/citewell/index/lock dist/citewell/index/encoding)
	cd dist/citewell && find . -type f ! -name SHA256SUMS -exec sha256sum {} + > SHA256SUMS
	tar -C dist -cf dist/citewell.tar citewell

clean: ## remove the environments and the index
	rm -rf .venv .venv-rivals .index dist
