# `make run` builds Chancery, starts it and shows it; `make test` runs every test. Both install what is missing first.
.DEFAULT_GOAL := help
.PHONY: help run stop test build format lint clean dependencies bench

help:
	@echo "make run      build, start everything on this machine, register the sample papers, search"
	@echo "make stop     stop what make run started"
	@echo "make test     every test"
	@echo "make build    the programs, optimised, in .build/release"
	@echo "make bench    the engine's speed beside Lucene, Tantivy and PISA, when ../shared/peers is there"
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

format:
	swift format format -i -r -p Package.swift Shared Services Tests Benchmarks/Engine/Sources

lint:
	swift format lint --strict -r -p Package.swift Shared Services Tests Benchmarks/Engine/Sources

clean:
	rm -rf .build

# Speed beside other engines, when ../shared/peers is there; see its README. BENCH_DIR takes the peers, the corpus and the indexes.
PEERS := $(CURDIR)/../shared/peers
BENCH_DIR ?= $(CURDIR)/run/bench
BENCH := $(CURDIR)/Benchmarks/Engine/.build/release/chancery-engine-bench
bench:
	@test -d $(PEERS) || { echo "make bench needs ../shared/peers"; exit 1; }
	swift build -c release --package-path Benchmarks/Engine
	mkdir -p $(BENCH_DIR)
	Benchmarks/Engine/compare $(PEERS) $(BENCH_DIR) $(BENCH)
