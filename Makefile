# Two commands for a new machine: `make run` and `make test`. `make help` lists the rest.
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do \
  "$$p" -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null \
  && { echo $$p; break; }; done)
TORCH ?= torch==2.13.0
BIN := .venv/bin
SAID := $(BIN)/said
PYTEST_ARGS ?=

.PHONY: help audit run test check lint types contracts format eval eval-extraction train bench bench-text bench-growth bench-crawl bench-pledges bench-read bench-digest bench-workers chaos fuzz setup lock clean

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "make %-15s %s\n", $$1, $$2}'

run: setup ## the main job on the bundled sample web, then a summary
	@$(SAID) sample

test: setup ## every test, quality floors included
	@$(BIN)/python -m pytest $(PYTEST_ARGS)

check: setup lint contracts ## the one gate: format, lint, types, import contracts, tests, floors
	@$(MAKE) --no-print-directory -j2 types test # types take one core for a minute; tests wait for others now and then

lint: setup
	@$(BIN)/ruff format --check . && $(BIN)/ruff check .

types: setup
	@$(BIN)/mypy

contracts: setup
	@$(BIN)/lint-imports

format: setup ## put the code into the house format
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix .

eval: setup ## figures on the labelled regions anew, and the report that `said evaluate` shows: an hour or more
	@$(BIN)/python -m nlp.evaluation
	@$(BIN)/python -m tests.golden.polnear

train: setup ## what the text side has learned anew, from the labels, pairs and sentences in the repo: some ten hours
	@$(BIN)/python -m nlp.training

eval-extraction: setup ## articles out of the sample web's pages: what is left, lost and dated, and how fast
	@$(BIN)/python -m tests.golden.extraction

BENCH ?= build/bench
bench: setup ## speed and growth in one run, short forms, each figure with its bar; big homes are kept in $(BENCH)
	@$(MAKE) --no-print-directory bench-text bench-workers bench-growth bench-read bench-pledges

bench-text: setup ## speed of the text side against the bare parse
	@OMP_NUM_THREADS=1 $(BIN)/python -m benchmarks.extraction

DAY ?= 100
STORED ?= 1000,10000,100000
bench-growth: setup ## a day of DAY articles (100; 1000 is the long form) on none and on STORED, nothing new, memory, what readers wait for; pictures
	@OMP_NUM_THREADS=1 $(BIN)/python -m benchmarks.growth --day $(DAY) --stored $(STORED) --folder $(BENCH)/growth
	@$(BIN)/python -m benchmarks.growth --pictures docs

bench-pledges: setup ## joining new commitments against joining all anew, and the embedding
	@OMP_NUM_THREADS=1 $(BIN)/python -m benchmarks.pledges

bench-crawl: setup ## cost of a crawl against stock Scrapy, its manners, and what faults do to it
	@$(BIN)/python -m benchmarks.crawl
	@$(BIN)/python -m benchmarks.manners

bench-read: setup ## reading 1,000,000 statements: search against DuckDB's own index, queries, pages, decisions
	@mkdir -p $(BENCH) && $(BIN)/python -m benchmarks.read 100000 1000000 $(BENCH)/read

bench-digest: setup ## letters of a day: 5,000 new statements, 2,000 subscriptions, against one by one
	@$(BIN)/python -m benchmarks.digest

POINTS ?= 60
chaos: setup ## what it survives: killed at POINTS points (60; 1000 is the long form), no room, wrong clocks, two at once, damage
	@$(BIN)/python -m benchmarks.faults --points $(POINTS)

INPUTS ?= 2000
fuzz: setup ## what it takes: INPUTS mutated pages, lists, papers (2000; 10000 is the long form), hostile text, files, decisions
	@OMP_NUM_THREADS=1 $(BIN)/python -m benchmarks.fuzz --inputs $(INPUTS)

bench-workers: setup ## two processes that read texts against one, memory and bytes an article
	@OMP_NUM_THREADS=1 $(BIN)/python -m benchmarks.workers

audit: setup ## known faults of the locked libraries, by pip-audit in an environment of its own, where its data can be had
	@.audit/bin/pip-audit --version >/dev/null 2>&1 || { $(PYTHON) -m venv .audit && .audit/bin/python -m pip install --quiet --no-compile --disable-pip-version-check pip-audit; } || { echo "Not audited: pip-audit could not be installed; is the network there?"; exit 2; }
	@.audit/bin/pip-audit --requirement requirements.lock --disable-pip --require-hashes --progress-spinner off > .audit/told.txt 2>&1; found=$$?; \
	  unknown=$$(grep -cE "could not be audited|Error|Max retries" .audit/told.txt); \
	  if [ $$unknown -gt 0 ]; then echo "Not audited: of $$unknown libraries the list of known faults could not be had from here."; exit 2; fi; \
	  cat .audit/told.txt; exit $$found

setup: .venv/ready ## the virtual environment alone

.venv/ready: requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "Said & Done needs Python 3.11, 3.12 or 3.13 with venv (Debian: python3 and python3-venv). None was found; name one with make PYTHON=/path/to/python3."; exit 2; }
	@echo "Setting up .venv with $$($(PYTHON) --version): about two minutes and 2.4 GB the first time."
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --no-compile --disable-pip-version-check "$(TORCH)" || { echo "Could not install $(TORCH): is the network there, and is there room on the disk? Another build can be chosen with make TORCH=…"; exit 2; }
	@$(BIN)/python -m pip install --quiet --no-compile --disable-pip-version-check --require-hashes --no-deps -r requirements.lock || { echo "Could not install the locked packages: is the network there, and is there room on the disk? Run the same command again: what is there is not fetched twice."; exit 2; }
	@$(BIN)/python -m pip install --quiet --no-compile --disable-pip-version-check --no-deps --no-build-isolation --editable . || { echo "Could not install the project itself into .venv: remove .venv and run the same command again."; exit 2; }
	@$(BIN)/python -m compileall -qq -j 0 .venv/lib; true # on all cores, where pip takes one; some libraries ship files that are no Python
	@touch .venv/ready

# torch and what it brings for graphics cards stay out of the lock: every reader chooses a build of it. So does
# what drives a browser of its own, which the package that carries axe-core asks for and no test uses.
NOT_LOCKED := playwright pyee torch triton nvidia-cublas nvidia-cuda-cupti nvidia-cuda-nvrtc nvidia-cuda-runtime nvidia-cudnn-cu13 \
  nvidia-cufft nvidia-cufile nvidia-curand nvidia-cusolver nvidia-cusparse nvidia-cusparselt-cu13 nvidia-nccl-cu13 \
  nvidia-nvjitlink nvidia-nvshmem-cu13 nvidia-nvtx nvidia-cuda-cccl cuda-bindings cuda-pathfinder cuda-toolkit
lock: ## make requirements.lock again (needs uv on the PATH)
	uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --group dev \
	  $(foreach p,$(NOT_LOCKED),--no-emit-package $(p)) --custom-compile-command "make lock" \
	  -o requirements.lock pyproject.toml

clean: ## remove the environment; what runs made stays (the archive is the evidence)
	rm -rf .venv .audit
