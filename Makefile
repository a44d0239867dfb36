# `make run` builds Chancery, starts it and shows it; `make test` runs every test. Both install what is missing first.
.DEFAULT_GOAL := help
.PHONY: help run stop test test-python build bench-transport format lint clean dependencies

help:
	@echo "make run      build, start everything on this machine, register the sample papers, search"
	@echo "make stop     stop what make run started"
	@echo "make test     every test"
	@echo "make test-python   the tests of the Python client alone, with the real services"
	@echo "make build    the programs, optimised, in .build/release"
	@echo "make bench-transport   our TLS handler beside swift-nio-ssl's"
	@echo "make format   lay out the sources; make lint only checks"
	@echo "make clean    remove what was built; what was registered stays in run/"

dependencies:
	@deploy/install-dependencies

# The Swift runtime is linked in, so that the programs also run on hosts without Swift.
build: dependencies
	swift build -c release --static-swift-stdlib

run: build
	@deploy/chancery up
	@deploy/first-look

stop:
	@deploy/chancery down

# The system tests start processes and wait for them: one after the other, so that none waits for the rest.
test: dependencies
	swift build --build-tests
	swift test --skip-build --skip SystemTests
	swift test --skip-build --filter SystemTests --no-parallel

bench-transport: dependencies
	swift run -c release --package-path Benchmarks/Transport

test-python: dependencies
	for service in ingest index query; do swift build --product chancery-$$service || exit 1; done
	python3 -m venv .build/python-venv
	.build/python-venv/bin/python -m pip install --quiet 'Clients/python[test]'
	cd Clients/python && ../../.build/python-venv/bin/python -m mypy && ../../.build/python-venv/bin/python -m pytest

format:
	swift format format -i -r -p Package.swift Shared Services Tests

lint:
	swift format lint --strict -r -p Package.swift Shared Services Tests

clean:
	rm -rf .build
