# make demo   installs what is missing, builds, and runs the support-messages example
# make test   builds and runs every test
# make help   lists the other targets

SWIFT ?= swift
CONFIGURATION ?= release
BUILD = $(SWIFT) build -c $(CONFIGURATION)
HUNCH = .build/$(CONFIGURATION)/hunch
EXAMPLE = examples/support-messages

.PHONY: help demo build test format lint bench clean system-packages

help:
	@sed -n 's/^# //p' Makefile
	@echo "make build | format | lint | bench | clean"

demo: build
	$(MAKE) -s -C $(EXAMPLE) HUNCH=$(CURDIR)/$(HUNCH)
	$(HUNCH) run $(EXAMPLE)

build: system-packages
	$(BUILD) --product hunch

test: system-packages
	$(BUILD) --build-tests
	$(SWIFT) test -c $(CONFIGURATION) --skip-build

# SQLite, PCRE2 and pkg-config with their headers; nothing is done where they are there already.
system-packages:
	@scripts/system-packages

format:
	$(SWIFT) format -i -r -p Sources Tests labeling-functions Benchmarks Package.swift

lint:
	$(SWIFT) format lint --strict -r -p Sources Tests labeling-functions Benchmarks Package.swift

bench: build
	$(MAKE) -C Benchmarks HUNCH=$(CURDIR)/$(HUNCH)

clean:
	rm -rf .build
