# make demo   installs what is missing, builds, and runs the support-messages example
# make test   builds and runs every test
# make test-unit builds (in debug) and runs the tests that do no whole run and start no process,
#             server or compiler: minutes from a clean clone
# make faults kills runs at 100 random moments (HUNCH_KILLS=1000 for more), damages workspaces, runs
#             very large inputs and 10,000 projects that a seed makes up (HUNCH_PROJECTS): two hours
# make bench  measures; PEERS_PYTHON=… names a Python with other libraries to compare with
# make quality scores every label model on corpora with gold labels and on synthetic votes, and
#             writes docs/quality.md; HUNCH_MORE_DATA=… names a folder with further corpora
# make docs   builds the documentation of the libraries into .build/docs
# make guide  makes the pictures of docs/guide anew; those of the report need Chromium
# make install puts hunch, completions and the manual page into PREFIX (/usr/local); DESTDIR counts
# make uninstall takes them away again
# make dist   packs hunch with the libraries that it needs, to run without Swift (Linux)
# make dist-check runs what was packed in a fresh Debian (DEBIAN=bookworm); needs root, debootstrap
# make help   lists the other targets

SWIFT ?= swift
CLANG ?= clang
PREFIX ?= /usr/local
DEBIAN ?= bookworm
CONFIGURATION ?= release
BUILD = $(SWIFT) build -c $(CONFIGURATION)
HUNCH = .build/$(CONFIGURATION)/hunch
EXAMPLE = examples/support-messages
PACKAGES_EXAMPLE = examples/debian-packages
PEERS_PYTHON ?=
HUNCH_MORE_DATA ?=

# What `hunch --version` says of the sources; nothing where there is no git. It is linked in by a
# file with its name, so that another commit compiles nothing.
COMMIT := $(shell test -e .git && git rev-parse --short=7 HEAD 2>/dev/null)
ifneq ($(COMMIT),)
COMMIT := $(COMMIT)$(if $(shell git status --porcelain | head -n 1),-dirty)
COMMIT_OBJECT = .build/commit-$(COMMIT).o
BUILD_HUNCH = $(BUILD) --product hunch -Xlinker "$(CURDIR)/$(COMMIT_OBJECT)"
else
BUILD_HUNCH = $(BUILD) --product hunch
endif

.PHONY: help demo build test test-unit faults format lint bench quality docs guide clean \
  system-packages tree install uninstall dist dist-check

help:
	@sed -n '/^$$/q; s/^# //p' Makefile
	@echo "make build | format | lint | bench | quality | guide | tree | clean"

demo: build
	$(MAKE) -s -C $(EXAMPLE) HUNCH=$(CURDIR)/$(HUNCH)
	$(HUNCH) run $(EXAMPLE)

build: system-packages $(COMMIT_OBJECT)
	$(BUILD_HUNCH)

.build/commit-%.o:
	@mkdir -p .build
	@rm -f .build/commit-*.o
	echo 'const char *hunch_commit(void) { return "$*"; }' | $(CLANG) -x c -c - -o $@

test: system-packages
	$(BUILD) --build-tests
	$(SWIFT) test -c $(CONFIGURATION) --skip-build

# The package leaves out the other test targets, and what only they need is not built. Shared corpora
# take long in debug: their tests are skipped, and say so.
# Names for debuggers would take a tenth of the build.
test-unit: system-packages
	HUNCH_TESTS=unit $(SWIFT) build -debug-info-format none --product hunchPackageTests
	HUNCH_TESTS=unit HUNCH_SHARED=none $(SWIFT) test --skip-build

faults: system-packages
	$(BUILD) --build-tests
	HUNCH_FAULTS=1 HUNCH_KILLS=$${HUNCH_KILLS:-100} HUNCH_PROJECTS=$${HUNCH_PROJECTS:-10000} \
	  HUNCH_MUTATIONS=$${HUNCH_MUTATIONS:-20000} $(SWIFT) test -c $(CONFIGURATION) --skip-build \
	  --no-parallel --filter 'KillTests|LockTests|FullDiskTests|ChangingCorpusTests' \
	  --filter 'DamagedWorkspaceTests|PathologicalInputTests|RandomProjectTests|MutationTests' \
	  --filter 'ServerFaultTests|PredictCommandTests'

# What `make install` copies. The generator of the manual page is swift-argument-parser's.
tree: build
	$(SWIFT) build --product generate-manual --scratch-path .build/manual \
	  --package-path .build/checkouts/swift-argument-parser
	scripts/tree .build/$(CONFIGURATION) .build/manual/debug/generate-manual .build/tree

# With sudo nothing is built, or root would own files in .build: `make tree` comes first.
install: $(if $(SUDO_UID),,tree)
	scripts/install "$(DESTDIR)$(PREFIX)" .build/tree

uninstall:
	scripts/install "$(DESTDIR)$(PREFIX)"

# The second build links the program once more and compiles nothing; the third takes that back.
dist: tree
	@test "$$(uname)" = Linux || { echo "make dist is for Linux: docs/installing.md" >&2; exit 1; }
	HUNCH_DIST=1 $(BUILD_HUNCH)
	mkdir -p .build/dist
	cp $(HUNCH) .build/dist/hunch
	$(BUILD_HUNCH)
	scripts/dist .build/$(CONFIGURATION) .build/tree .build/dist/hunch .build/dist

dist-check:
	scripts/dist-check $(DEBIAN) \
	  ".build/dist/hunch-$$($(HUNCH) --version | cut -d ' ' -f 2)-linux-$$(uname -m).tar.gz"

# SQLite, PCRE2, OpenSSL and libcurl with their headers, and pkg-config; nothing is done where they
# are there already.
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

docs: build
	scripts/docs .build/$(CONFIGURATION) .build/docs

guide: build
	$(MAKE) -s -C $(EXAMPLE) HUNCH=$(CURDIR)/$(HUNCH)
	HUNCH_BINARY=$(CURDIR)/$(HUNCH) docs/guide/pictures

clean:
	rm -rf .build
