# Everything a developer or a visitor needs: each target installs what is missing, builds, and runs.

SWIFT ?= swift
BUILD := .build/debug
RATCHET := $(BUILD)/ratchet

.PHONY: help deps build release demo test test-all conformance simulate bench bench-peers model browser record-demo verify-demo install dist clean

help:
	@echo "make demo         build, and run the demo: a good prompt version passes, a regressing one is refused"
	@echo "make test         build, and run all tests that need nothing more"
	@echo "make test-all     the same, and the tests that need a real model and a browser; installs both"
	@echo "make conformance  run the public test suites in DIR (DIR=../shared/conformance)"
	@echo "make simulate     measure false alarms and power of the gate anew; writes docs/design (RUNS=2000 POWER=400)"
	@echo "make bench        measure speed and memory of the optimised program, and print a table (LARGE=1: 100,000 examples)"
	@echo "make bench-peers  the same, beside two Python programs at the same work, installed under .build"
	@echo "make release      build the optimised program: .build/release/ratchet"
	@echo "make install      put it into PREFIX/bin (PREFIX=/usr/local)"
	@echo "make dist         a tarball under .build/dist: the program with Swift's runtime in it, manual page, completions"
	@echo "make record-demo  record the demo's answers anew from the real model"
	@echo "make verify-demo  ask the model 20 of the demo's examples again, and compare"

deps:
	@scripts/install-dependencies

build: deps
	$(SWIFT) build --product ratchet

release: deps
	$(SWIFT) build -c release --product ratchet --static-swift-stdlib

demo: build
	@scripts/demo $(RATCHET)

test: deps
	$(SWIFT) build --build-tests
	$(SWIFT) test --skip-build

test-all: deps model browser
	$(SWIFT) build --build-tests
	RATCHET_TEST_MODEL=1 $(SWIFT) test --skip-build

DIR ?= ../shared/conformance
conformance: deps
	$(SWIFT) build --product ratchet-conformance
	$(BUILD)/ratchet-conformance $(DIR)

RUNS ?= 2000
POWER ?= 400
simulate: deps
	$(SWIFT) build -c release --product ratchet-simulate
	.build/release/ratchet-simulate docs/design $(RUNS) $(POWER)

LARGE ?=
bench: release
	@scripts/bench .build/release/ratchet $(if $(LARGE),--large)

bench-peers: release
	@scripts/bench .build/release/ratchet --peers $(if $(LARGE),--large)

model:
	@scripts/install-dependencies model
	@scripts/demo-server --describe

browser:
	@scripts/install-dependencies browser

record-demo: build model
	scripts/record-demo $(RATCHET)

verify-demo: build model
	scripts/verify-demo $(RATCHET)

PREFIX ?= /usr/local
install: release
	@scripts/install-files .build/release/ratchet "$(DESTDIR)$(PREFIX)"

dist: release
	@scripts/dist .build/release/ratchet

clean:
	rm -rf .build
