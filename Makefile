# `make run` builds Chancery, starts it and shows it; `make test` runs every test. Both install what is missing first.
.DEFAULT_GOAL := help
.PHONY: help run stop test test-swift test-python test-deploy test-hosts fuzz build bench bench-proofs bench-relevance \
  format lint clean dependencies programs

help:
	@echo "make run      build, start everything on this machine, register the sample papers, search"
	@echo "make stop     stop what make run started"
	@echo "make test     every test; make test-swift, test-python or test-deploy: some of them"
	@echo "make test-hosts   as root: the deploy script with other hosts, which are containers; not part of make test"
	@echo "make build    the programs, optimised, in .build/release"
	@echo "make fuzz     bytes that nobody thought of, SECONDS=60 for each target; make test replays those that were kept"
	@echo "make bench    the engine's speed beside Lucene, Tantivy and PISA, when ../shared/peers is there"
	@echo "make bench-proofs   make bench, then opening, threads, merges, kernels and instructions"
	@echo "make bench-relevance   ranking beside Lucene's, on judged queries, when ../shared has them"
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

test: test-deploy test-python test-swift

# The programs under test, and the tests.
programs: dependencies
	swift build --build-tests

# Some tests wait for the clock or for other programs, and those that compute would keep them from it: they come apart, the transport's alone. The system
# tests start processes and wait for them: one after the other, so that none waits for the rest.
WAITING := NetworkTests|OperationsTests|PlatformTests|RecognitionTests|HelperTests
test-swift: programs
	swift test --skip-build --skip 'SystemTests|TransportTests|$(WAITING)'
	swift test --skip-build --filter '$(WAITING)'
	swift test --skip-build --filter TransportTests
	swift test --skip-build --filter SystemTests --no-parallel

# The Python client's, with the real services.
test-python: programs
	python3 -m venv .build/python-venv
	.build/python-venv/bin/python -m pip install --quiet 'Clients/python[test]'
	cd Clients/python && ../../.build/python-venv/bin/python -m mypy && ../../.build/python-venv/bin/python -m pytest --quiet

# The deploy script's.
test-deploy: programs
	CHANCERY_BINARIES=.build/debug python3 -m unittest discover --start-directory Tests/Deploy

# The deploy script's with other hosts, which run the optimised programs: they have no Swift.
test-hosts: build
	Tests/Deploy/on-hosts

# Not part of make test, which replays the kept inputs without it: everything is compiled a second time, for the fuzzer.
SECONDS ?= 60
fuzz: dependencies
	Tests/Fuzz/run $(SECONDS)

format:
	swift format format -i -r -p Package.swift Shared Services Tests Benchmarks/Engine/Sources Benchmarks/Relevance/Sources

lint:
	swift format lint --strict -r -p Package.swift Shared Services Tests Benchmarks/Engine/Sources Benchmarks/Relevance/Sources

clean:
	rm -rf .build

# Speed beside other engines, when ../shared/peers is there; see its README. BENCH_DIR takes the peers, the corpus and the indexes.
PEERS := $(CURDIR)/../shared/peers
BENCH_DIR ?= $(CURDIR)/run/bench
BENCH := $(CURDIR)/Benchmarks/Engine/.build/release/chancery-engine-bench
bench:
	swift build -c release --package-path Benchmarks/Engine
	mkdir -p $(BENCH_DIR)
	Benchmarks/Engine/compare $(PEERS) $(BENCH_DIR) $(BENCH)

# Opening, threads, merges, kernels and instructions; after make bench, over its corpus.
bench-proofs: bench
	Benchmarks/Engine/proofs $(BENCH_DIR) $(BENCH)

# Ranking beside Lucene's on collections with judgements: COLLECTIONS are folders with docs.jsonl, queries.tsv and qrels.txt.
COLLECTIONS ?= $(wildcard $(CURDIR)/../shared/data/judged/*)
bench-relevance: dependencies
	@test -d $(PEERS) || { echo "make bench-relevance needs ../shared/peers"; exit 1; }
	swift build -c release --package-path Benchmarks/Relevance
	mkdir -p $(BENCH_DIR)
	test -d $(BENCH_DIR)/lucene || PEERS_DIR=$(BENCH_DIR) $(PEERS)/install.sh
	Benchmarks/Relevance/compare $(BENCH_DIR) Benchmarks/Relevance/.build/release/chancery-relevance $(COLLECTIONS)
