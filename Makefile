# `make` alone lists what there is. The two that matter: `make run` and `make test`.
.DEFAULT_GOAL := help
.PHONY: help run install test check bench chaos mutants standards shots lock

help: ## list these
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1	\2/p' Makefile

run: ## install what is missing, make the database, load demo data, start everything
	@scripts/run

install: ## make .venv and install the pinned libraries
	@scripts/install run
	@scripts/vendor run

test: ## install what the tests need, then run all of them
	@scripts/test

check: ## format, lint, types, templates, then all tests
	@scripts/test check

bench: ## how fast the portal answers, at 1,000 and 10,000 releases
	@scripts/install dev
	@scripts/measuring
	@.venv/bin/python -m tests.bench

chaos: ## kill and starve the processes, then count what was lost
	@scripts/install dev
	@scripts/measuring
	@.venv/bin/python -m tests.chaos

mutants: ## change the rules bit by bit, and see whether a test notices
	@scripts/install dev
	@.venv/bin/python -m tests.mutants

standards: ## run other people's checkers over every page and feed of the demo
	@scripts/install dev
	@scripts/vendor dev
	@scripts/chromium
	@scripts/standards
	@.venv/bin/python -m tests.standards

shots: ## screenshots of the key pages, in shots/
	@scripts/install dev
	@scripts/vendor dev
	@scripts/chromium
	@.venv/bin/python -m tests.shots

lock: ## pin the libraries anew after a change in pyproject.toml or package.json
	@scripts/install dev
	@scripts/lock
