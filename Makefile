# `make run` builds and shows Chancery; `make test` runs every test. Both install what is missing first.
.PHONY: test build format clean dependencies

dependencies:
	@deploy/install-dependencies

build: dependencies
	swift build -c release

test: dependencies
	swift build --build-tests
	swift test --skip-build

format:
	swift format format -i -r -p Package.swift Shared Services Tests

clean:
	rm -rf .build run
