# make demo   installs what is missing, builds, and runs the support-messages example
# make test   builds and runs every test
# make faults kills runs at 100 random moments (HUNCH_KILLS=1000 for more), damages workspaces and
#             runs very large inputs: some minutes
# make bench  measures; PEERS_PYTHON=… names a Python with other libraries to compare with
# make quality scores every label model on corpora with gold labels and on synthetic votes, and
#             writes docs/quality.md; HUNCH_MORE_DATA=… names a folder with further corpora
# make guide  makes the pictures of docs/guide anew; those of the report need Chromium
# make help   lists the other targets

SWIFT ?= swift
CONFIGURATION ?= release
BUILD = $(SWIFT) build -c $(CONFIGURATION)
HUNCH = .build/$(CONFIGURATION)/hunch
EXAMPLE = examples/support-messages
PACKAGES_EXAMPLE = examples/debian-packages
PEERS_PYTHON ?=
HUNCH_MORE_DATA ?=

.PHONY: help demo build test faults format lint bench quality guide clean system-packages

help:
	@sed -n 's/^# //p' Makefile
	@echo "make build | format | lint | bench | quality | guide | clean"

demo: build
	$(MAKE) -s -C $(EXAMPLE) HUNCH=$(CURDIR)/$(HUNCH)
	$(HUNCH) run $(EXAMPLE)

build: system-packages
	$(BUILD) --product hunch

test: system-packages
	$(BUILD) --build-tests
	$(SWIFT) test -c $(CONFIGURATION) --skip-build

faults: system-packages
	$(BUILD) --build-tests
	HUNCH_FAULTS=1 HUNCH_KILLS=$${HUNCH_KILLS:-100} $(SWIFT) test -c $(CONFIGURATION) --skip-build \
	  --no-parallel --filter 'KillTests|LockTests|FullDiskTests|ChangingCorpusTests' \
	  --filter 'DamagedWorkspaceTests|PathologicalInputTests'

# SQLite, PCRE2, OpenSSL and libcurl with their headers, and pkg-config; nothing is done where they are there already.
system-packages:
	@scripts/system-packages

format:
	$(SWIFT) format -i -r -p Sources Tests labeling-functions Benchmarks Package.swift

lint:
	$(SWIFT) format lint --strict -r -p Sources Tests labeling-functions Benchmarks Package.swift

bench: build
	$(MAKE) -C Benchmarks
ifneq ($(PEERS_PYTHON),)
	$(MAKE) -C $(PACKAGES_EXAMPLE) HUNCH=$(CURDIR)/$(HUNCH)
	$(MAKE) -C Benchmarks end-to-end HUNCH=$(CURDIR)/$(HUNCH) PEERS_PYTHON=$(abspath $(PEERS_PYTHON))
endif

quality: build
	$(MAKE) -s -C $(EXAMPLE) HUNCH=$(CURDIR)/$(HUNCH)
	$(MAKE) -s -C $(PACKAGES_EXAMPLE) HUNCH=$(CURDIR)/$(HUNCH)
	$(MAKE) -C Benchmarks quality HUNCH=$(CURDIR)/$(HUNCH) \
	  HUNCH_MORE_DATA=$(abspath $(HUNCH_MORE_DATA))

guide: build
	$(MAKE) -s -C $(EXAMPLE) HUNCH=$(CURDIR)/$(HUNCH)
	HUNCH_BINARY=$(CURDIR)/$(HUNCH) docs/guide/pictures

clean:
	rm -rf .build
