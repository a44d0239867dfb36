# `make run` builds Chancery, starts it and shows it; `make test` runs every test. Both install what is missing first.
.DEFAULT_GOAL := help
.PHONY: help run stop test build format lint clean dependencies bench-transport

help:
	@echo "make run      build, start everything on this machine, register the sample papers, search"
	@echo "make stop     stop what make run started"
	@echo "make test     every test"
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

test: dependencies
	swift build --build-tests
	swift test --skip-build

bench-transport: dependencies
	swift run -c release --package-path Benchmarks/Transport

format:
	swift format format -i -r -p Package.swift Shared Services Tests

lint:
	swift format lint --strict -r -p Package.swift Shared Services Tests

clean:
	rm -rf .build
