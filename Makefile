# Short names for the commands of the README; each runs by itself too.
.PHONY: setup up test slow lint format words schema docs letters pictures recording release rooms bench exhaustive chaos demo ci

setup: ## the development environment
	uv sync

up: ## the whole stack on this machine, kept in .complaints
	uv run complaints up

demo: ## one complaint from mail to closing, in seconds
	uv run complaints demo

test: ## the default set, some minutes
	uv run pytest

slow: ## only the slow ones
	uv run pytest -m slow

lint: ## as CI does
	uv run ruff check
	uv run ruff format --check
	uv run mypy

format:
	uv run ruff format
	uv run ruff check --fix

words: ## every sentence of the sources into complaints/words/es.po; says what has no Spanish yet
	uv run python -m complaints.words.collecting

schema: ## after a new migration: all of them in one piece, complaints/records/migrations/whole.sql
	uv run python -m docs.whole_schema

docs: ## what the documents have from the code: schemas, tables
	uv run python -m starter.schemas
	uv run python -m docs.tables

letters: ## after a meant change of a letter: the approved texts anew; look at what changed
	UPDATE_GOLDEN_LETTERS=1 uv run pytest -q -n 0 tests/mail/test_letters_golden.py

pictures: ## the letters in docs/letters as people see them, with the system's Chromium; look at what changed
	uv run --with pillow python -m docs.letters.pictures --chromium "$$(command -v chromium)"

recording: ## the demo as the README shows it, docs/img/demo.svg
	uv run python -m docs.recording

release: ## wheel, source distribution, bill of materials and sums, into dist
	uv run --group audit python -m docs.release

rooms: ## the picture of the rooms in docs/architecture.md, from tests/house/test_rooms.py
	uv run python -m tests.house.rooms_drawn

bench: ## figures, not tests: docs/decisions.md says what they should be
	uv run python -m benchmarks.startup
	uv run python -m benchmarks.deadlines
	uv run python -m benchmarks.sandbox
	uv run python -m benchmarks.histories
	uv run python -m benchmarks.acknowledgement
	uv run python -m benchmarks.reading
	uv run python -m benchmarks.intake
	uv run python -m benchmarks.large_mail
	uv run python -m benchmarks.sending
	uv run python -m benchmarks.desk
	uv run python -m benchmarks.finding
	uv run python -m benchmarks.report
	uv run python -m benchmarks.digest
	uv run python -m benchmarks.what_if
	uv run python -m benchmarks.verify
	uv run python -m benchmarks.small_host
	uv run --group bench python -m benchmarks --only lives,waiting,storms,lateness,workers,replay,histories,sweep

exhaustive: ## every sequence of facts and strikes that ten minutes allow
	uv run python -m benchmarks.exhaustive

chaos: ## everything that may break, broken while a hundred complaints are lived; half an hour
	uv run python -m benchmarks.chaos --markdown

ci: ## everything
	.ci/run
