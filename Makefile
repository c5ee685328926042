# The front door. Every target first installs the Debian packages that it misses, by name (.make/packages.sh).
.DEFAULT_GOAL := help
.PHONY: help run test data train fit bench lint format plot clean
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

# Settings of `make run`, `make fit` and `make train`, for instance `make run PRESET=paper ENGINE=model`.
PRESET  ?= anchored
ENGINE  ?= rtl
SAMPLES ?= 64
SEED    ?= 1
SIGMA   ?= 0.5
OUT     ?= out/run
# More options for the program behind the target, for instance `make run ARGS=--energy`.
ARGS    ?=
JOBS    ?= $(shell nproc)

packages  = .make/packages.sh
# $(call configure,FOLDER,OPTIONS): quiet unless it fails.
configure = mkdir -p $1 && sh sim/quietly.sh $1/configure.log cmake -S host -B $1 -G Ninja $2
build     = cmake --build $1 --parallel $(JOBS) --target $2
plain     = $(call configure,build,-DSETTLE_ALL_ENGINES=OFF -DSETTLE_TESTS=OFF)
ctest     = ctest --test-dir $1 --output-on-failure --no-tests=error --parallel $(JOBS)

help:
	@echo "make run     settle 64 held-out images on the verilated array, print the table (PRESET, ENGINE, SAMPLES, SEED, SIGMA, OUT, ARGS)"
	@echo "make test    every test, with and without sanitizers"
	@echo "make plot    draw the settling curve of the last run"
	@echo "make bench   speed of Icarus, verilated RTL and model, side by side"
	@echo "make data    fetch MNIST into data/mnist"
	@echo "make train   train the U-Net, write host/assets/unet.safetensors (needs make data)"
	@echo "make fit     fit both presets, write host/assets/*.machine.json (needs make data)"
	@echo "make lint    Verilator, Icarus and yosys on the RTL, clang-format and clang-tidy on the C++"
	@echo "make clean   remove builds and results; data/ stays"

run:
	@$(packages) build
	@$(plain)
	@$(call build,build,settle)
	@build/settle run --preset $(PRESET) --engine $(ENGINE) --samples $(SAMPLES) --seed $(SEED) --sigma $(SIGMA) --out $(OUT) $(ARGS)
	@echo "results: $(OUT)/report.json and the CSV files beside it; make plot draws the settling curve"

# The sanitizers see everything but the verilated RTL, which has a build of its own with every configuration.
test:
	@$(packages) build test
	@$(call configure,build-sanitize,-DSETTLE_SANITIZE=ON -DSETTLE_ENGINES=OFF -DSETTLE_TESTS=ON -DCMAKE_BUILD_TYPE=None -DCMAKE_CXX_FLAGS=-O1)
	@$(call build,build-sanitize,all)
	@$(call configure,build-test,-DSETTLE_ALL_ENGINES=ON -DSETTLE_TESTS=ON)
	@$(call build,build-test,all)
	@$(call ctest,build-sanitize)
	@$(call ctest,build-test)

data:
	@$(packages) data
	@sh host/mnist/fetch.sh

train:
	@$(packages) train
	@test -f data/mnist/train-images-idx3-ubyte || { echo "data/mnist is not there: make data fetches it" >&2; exit 1; }
	@mkdir -p build-train && sh sim/quietly.sh build-train/configure.log cmake -S host/train -B build-train -G Ninja
	@$(call build,build-train,settle-train)
	build-train/settle-train --data data/mnist --out host/assets/unet.safetensors --reference host/assets/unet-reference.safetensors $(ARGS)
	@echo "now fit the presets to the new network: make fit"

fit:
	@$(packages) build
	@test -f data/mnist/train-images-idx3-ubyte || { echo "data/mnist is not there: make data fetches it" >&2; exit 1; }
	@$(plain)
	@$(call build,build,settle)
	build/settle fit --preset anchored --out host/assets/anchored.machine.json $(ARGS)
	build/settle fit --preset paper --out host/assets/paper.machine.json $(ARGS)

bench:
	@$(packages) build bench
	@$(plain)
	@$(call build,build,settle-bench)
	@build/bench/settle-bench --out out/bench $(ARGS)

lint:
	@$(packages) build test lint
	@$(call configure,build-lint,-DSETTLE_ALL_ENGINES=ON -DSETTLE_TESTS=ON)
	@$(call build,build-lint,settle_lint_inputs)
	@JOBS=$(JOBS) .make/lint.sh build-lint

format:
	@$(packages) lint
	@git ls-files -- '*.cpp' '*.hpp' | xargs clang-format -i

plot:
	@$(packages) plot
	@test -f $(OUT)/settling.csv || { echo "$(OUT)/settling.csv is not there: make run writes it" >&2; exit 1; }
	@gnuplot -e "csv='$(OUT)/settling.csv'; png='$(OUT)/settling.png'" host/report/settling.gp
	@echo "drawn: $(OUT)/settling.png"

clean:
	rm -rf build build-test build-sanitize build-lint build-train out
