# `make` builds everything and shows it; `make test` runs every test; `make help` lists the rest.
# Needs python3 (3.11 or later), make and, for what it misses, apt.

PYTHON ?= python3
BIN := .venv/bin
SAMPLE := sample-course
RUN := $(BIN)/rnncourse
# what the sample class is made from
SOURCES := $(wildcard chapters/*.md solutions/*.py) $(shell find rnncourse -name '*.py')

# byte code is written even where the environment says not to: without it TensorFlow takes 25 s
unexport PYTHONDONTWRITEBYTECODE
export PATH := $(CURDIR)/$(BIN):$(PATH)
export TF_CPP_MIN_LOG_LEVEL := 3

.PHONY: all site sample test lint verify clean help
.DEFAULT_GOAL := all

all: site sample ## Install, build the site, grade a sample class, say where everything is
	@echo
	@echo "The site:                $(CURDIR)/_build/html/index.html"
	@echo "The student notebooks:   $(CURDIR)/_build/release/"
	@echo "The graded sample class: $(CURDIR)/$(SAMPLE)/report.html"

site: .venv/installed ## Build the site and the student notebooks
	@$(RUN) site

# its answers are our own, so it may be graded where there is no sandbox; exit code 1 tells of the
# broken files that belong to the class
sample: $(SAMPLE)/expected.json ## Make a sample class, grade it, write feedback and a report
	@tools/debian "the sandbox of grading" "the sample class is graded, but no class of yours" \
	  bubblewrap libseccomp2 || true
	@unsafe=; $(RUN) doctor >/dev/null || unsafe=--no-sandbox; \
	  $(RUN) grade --course $(SAMPLE) $$unsafe || test $$? -eq 1
	@$(RUN) feedback --course $(SAMPLE)
	@$(RUN) report --course $(SAMPLE) --to $(SAMPLE)/report.html

$(SAMPLE)/expected.json: .venv/installed $(SOURCES)
	@$(RUN) demo --students 12 --seed 0 --course $(SAMPLE)
	@touch $@

test: site ## Run all tests
	@tools/debian "the tests of browser, sandbox and database" "every other test still runs" \
	  chromium fonts-noto-cjk libatomic1 bubblewrap libseccomp2 postgresql || test -z "$$CI"
	@$(BIN)/pytest -n 2 --dist loadgroup

lint: .venv/installed ## Style and types only
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

verify: .venv/installed ## Are the tests of every exercise good enough?
	@$(RUN) verify

.venv/installed: pyproject.toml constraints.txt tools/install
	@PYTHON="$(PYTHON)" tools/install

clean: ## Remove what make made, except the course directories
	rm -rf _build .venv .mypy_cache .ruff_cache .hypothesis

help: ## This list
	@grep -hE '^[a-z]+:.*## ' Makefile | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 16
