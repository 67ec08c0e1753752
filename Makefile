# Entry points for people. The build itself is CMake's: see CMakePresets.json.
.PHONY: demo test build install bench bench-pipeline clean sanitize

jobs := $(shell nproc)
PREFIX ?= /usr/local
cupel := build/release/cupel

build: build/release/build.ninja
	@cmake --build --preset release -j $(jobs) -- --quiet

# Sets up what is missing, and runs the example project in a fresh machine.
demo: packages-demo build
	@$(cupel) run -C examples/container-network

# Sets up what is missing, builds, runs every test.
test: packages-test
	@cmake --preset release -DCUPEL_TESTS=ON >/dev/null
	@cmake --build --preset release -j $(jobs)
	@tools/run-tests

packages-demo:
	@tools/install-packages build run
packages-test:
	@tools/install-packages build run test
.PHONY: packages-demo packages-test

build/release/build.ninja: CMakePresets.json | packages-demo
	@cmake --preset release -DCUPEL_TESTS=OFF

# Unit tests under the address and undefined, and under the thread sanitizer.
sanitize: packages-test
	@for preset in asan tsan; do cmake --preset $$preset >/dev/null && cmake --build --preset $$preset -j $(jobs) -- --quiet && ctest --preset $$preset || exit 1; done

install: build
	@cmake --install build/release --prefix $(PREFIX) --component cupel

bench: build
	@benchmarks/machine_start

bench-pipeline: build
	@benchmarks/pipeline

clean:
	rm -rf build
