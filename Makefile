# The front door. Every target first looks around (.make/surroundings.sh) and installs the Debian packages that it misses, by
# name (.make/packages.sh).
.DEFAULT_GOAL := help
.PHONY: help run digit sweep test soak hil board fuzz physics dieharder data train fit bench scaling lint formal format plot pictures clean pinned \
  bitstream prog synth netlist fpga-report
.DELETE_ON_ERROR:
# Two targets build in one folder.
.NOTPARALLEL:
MAKEFLAGS += --no-print-directory

ifeq ($(wildcard .make/surroundings.sh),)
  $(error make runs at the top of the tree: make -C FOLDER)
endif

# Every variable that the command line may set, so that a misspelt one does not silently leave the default. CC and CXX are
# CMake's.
known   = PRESET ENGINE SAMPLES SEED SIGMA OUT ARGS JOBS PLAN NETWORK DEVICE FAULTS FUZZ BOARD BUILD SEEDS PROOFS MUTANTS \
  NOISE_LEVELS CC CXX
given   = $(foreach name,$(.VARIABLES),$(if $(findstring command line,$(origin $(name))),$(name)))
unknown = $(filter-out $(known),$(given))
ifneq ($(unknown),)
  $(error unknown variable $(unknown); known are $(known))
endif

# Settings of `make run`, `make fit` and `make train`, for instance `make run PRESET=paper ENGINE=model`.
PRESET       ?= anchored
ENGINE       ?= rtl
SAMPLES      ?= 64
SEED         ?= 1
SIGMA        ?= 0.5
OUT          ?= out/run
# More options for the program behind the target, for instance `make run ARGS=--energy`: words, no commands.
ARGS         ?=
# Of the other targets, which say what they are for.
PLAN         ?= host/study/sweep/plans/word-lengths.json
NETWORK      ?= unet
DEVICE       ?= virtual
FAULTS       ?= 2000
FUZZ         ?= 60
BOARD        ?= icebreaker
BUILD        ?=
PROOFS       ?=
MUTANTS      ?= yes
NOISE_LEVELS ?= 0.25 0.5 1.0
ifeq ($(origin SEEDS),undefined)
  SEEDS := $(if $(filter fpga-report,$(MAKECMDGOALS)),5,1)
endif
ifeq ($(origin JOBS),undefined)
  JOBS := $(shell nproc || echo 1)
endif

# What a user gives is a value: make does not expand it, and recipes take it from the environment, "$$OUT", where no shell
# reads it as a command.
values = $(foreach name,$(known),$(if $(filter undefined default,$(origin $(name))),,$(name)))
$(foreach name,$(values),$(eval override $(name) := $$(value $(name))))
export $(values)

# What the environment may say to other programs, and must not to ours.
unexport MAKEFILES CDPATH ENV BASH_ENV SHELLOPTS BASHOPTS POSIXLY_CORRECT GREP_OPTIONS TAR_OPTIONS LANGUAGE DESTDIR
unexport GNUTERM CMAKE_GENERATOR CMAKE_GENERATOR_INSTANCE CMAKE_GENERATOR_PLATFORM CMAKE_GENERATOR_TOOLSET CMAKE_BUILD_TYPE
export LC_ALL := C.UTF-8

# Programs that run make, and make called again for another target, must not inherit this make's flags: values are in the
# environment, and `make -n` prints this as it prints all else.
apart     = env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL
again     = $(apart) $(MAKE) --no-print-directory

packages  = sh .make/surroundings.sh && sh .make/packages.sh
# $(call configure,FOLDER,OPTIONS): quiet unless it fails.
configure = $(apart) sh .make/configure.sh $1 host $2
# Files of a library are compiled sixteen at a time: headers that all of them read take most of the time.
unity     = -DCMAKE_UNITY_BUILD=ON -DCMAKE_UNITY_BUILD_BATCH_SIZE=16
build     = $(apart) sh .make/build.sh $1 "$$JOBS" $2
plain     = $(call configure,build,-DSETTLE_ALL_ENGINES=OFF -DSETTLE_TESTS=OFF $(unity))
ctest     = $(apart) ctest --test-dir $1 --output-on-failure --no-tests=error --parallel "$$JOBS"
# $(args) PROGRAM WORD...: with the words of ARGS.
args      = sh .make/with_words.sh

help:
	@echo "make run     settle 64 held-out images on the verilated array, print eight measures, ARGS=--all every one (PRESET, ENGINE, SAMPLES, SEED, SIGMA, OUT, ARGS)"
	@echo "make test    every test, the host under sanitizers, on the verilated RTL; a JUnit report in out/test"
	@echo "make soak    the same tests and longer ones: RTL against model for eighteen million cell updates, a million frames, sweeps under mpirun"
	@echo "make pinned  every preset's report and CSVs against the values that are kept in tests/pinned"
	@echo "make hil     one list of tests on a board (DEVICE=its serial port), by default on a virtual one that it starts"
	@echo "make board   a virtual board whose serial port is out/board, until Ctrl-C (ARGS)"
	@echo "make fuzz    the host's side of the link under a coverage-guided fuzzer (FUZZ seconds)"
	@echo "make physics every claim about noise, stationary law, equilibrium and time against exact answers (ARGS)"
	@echo "make dieharder  every test of dieharder on the words behind the noise: an hour or more"
	@echo "make digit   one digit's map settled on the verilated array, one whole digit out of noise on the model (make run does so too)"
	@echo "make sweep   what each word length costs: settle sweep over a plan, and its picture (PLAN)"
	@echo "make plot    draw the last run's settling curve and images (OUT)"
	@echo "make pictures  digits at several noise levels, settled by every machine of maps, side by side"
	@echo "make bench   speed of Icarus, verilated RTL, model, ensemble engine, libtorch and Eigen, side by side, and what limits it (ARGS)"
	@echo "make scaling what a step costs as cells, rank, layers, chains and grid side grow, with fitted exponents (ARGS)"
	@echo "make bitstream  yosys, nextpnr and icepack for an iCE40 board (BOARD, BUILD, SEEDS=n, ARGS)"
	@echo "make prog    load the bitstream into the board (BOARD, BUILD)"
	@echo "make synth   what any board takes of its device, and the estimated limit of lanes (BOARD, BUILD, ARGS)"
	@echo "make netlist  what synthesis made of an iCE40 board, simulated, against the model (BOARD, BUILD, SEED, ARGS)"
	@echo "make fpga-report  every board's builds in one table; out/fpga/report.json (SEEDS, 5 if not given; ARGS)"
	@echo "make data    fetch MNIST into data/mnist"
	@echo "make train   train a network, write it to host/assets (NETWORK=unet, silu or textures; but for textures it needs make data)"
	@echo "make fit     fit every preset, write host/assets/*.machine.json (needs make data)"
	@echo "make lint    Verilator, Icarus and yosys on the RTL, clang-format and clang-tidy on the C++"
	@echo "make formal  proofs of the RTL's small parts (yosys, z3), then that they find faults put in (PROOFS=names; MUTANTS=no)"
	@echo "make format  clang-format on the C++"
	@echo "make clean   remove builds and results; data/ stays"

run:
	@sh .make/known_values.sh PRESET
	@$(packages) build drawing
	@$(plain)
	@$(call build,build,settle)
	@$(args) build/settle run --preset="$$PRESET" --engine="$$ENGINE" --samples="$$SAMPLES" --seed="$$SEED" \
	  --sigma="$$SIGMA" --out="$$OUT"
	@printf "results: %s/report.json and the CSV files beside it; make plot OUT='%s' draws them\n" "$$OUT" "$$OUT"
	@test "$$PRESET-$$ENGINE" != anchored-rtl || DRAWING_SAID=yes $(again) digit

# One digit on the verilated array: the decoder's 7 x 7 map settles, the image follows. Then on the whole machine, by the
# model: every layer settles from x = 0, and the digit comes out of the noise.
digit:
	@$(packages) build drawing
	@$(plain)
	@$(call build,build,settle)
	@build/settle run --preset map --engine rtl --samples 1 --seed="$$SEED" --sigma="$$SIGMA" --out="$$OUT/map"
	@sh host/report/draw_run.sh "$$OUT/map" || true
	@build/settle run --preset whole --engine model --quick --samples 1 --seed="$$SEED" --sigma="$$SIGMA" --out="$$OUT/whole"
	@sh host/report/draw.sh "$$OUT/whole/film.png" host/report/film.gp "$$OUT/whole" \
	  'a digit settles out of noise: every layer from x = 0' || true

# A plan's runs, kept in a folder of the plan's name: what is there already is not run again.
sweep:
	@sh .make/known_values.sh PLAN
	@$(packages) build drawing
	@$(plain)
	@$(call build,build,settle)
	@name=$$(basename -- "$$PLAN"); build/settle sweep --out="out/$${name%.*}" -- "$$PLAN"
	@test "$$(basename -- "$$PLAN")" != word-lengths.json || sh host/report/draw.sh out/word-lengths/sweep.png \
	  host/study/sweep/word_lengths.gp out/word-lengths/sweep.csv || true

# Every configuration is verilated. The sanitizers see all but what Verilator wrote, the benches of single modules, the
# physics suite, the loops of model and ensemble engine, Eigen's decompositions and products, and what calls CLI11. What
# is freed is watched for the next 4 MB: for the 256 MB that are the sanitizer's own choice the kernel works as long as
# the tests.
tested = -DSETTLE_SANITIZE=ON -DSETTLE_WAVEFORMS=anchored -DSETTLE_ALL_ENGINES=ON -DSETTLE_TESTS=ON -DSETTLE_PRECOMPILE=ON \
  -DCMAKE_BUILD_TYPE=None -DCMAKE_CXX_FLAGS=-Og $(unity)
test:
	@$(packages) build test
	@$(call configure,build-test,$(tested))
	@$(call build,build-test,settle_tests)
	@ASAN_OPTIONS=quarantine_size_mb=4:malloc_context_size=8:$$ASAN_OPTIONS $(call ctest,build-test) --output-junit $(CURDIR)/out/test/junit.xml

# The same tests, and sweeps under mpirun, where sanitizers also see uses of what has gone out of scope, and the ensemble
# engine's loops, too; one run of settle-bench; RTL against model for eighteen million cell updates; the link's RTL for a
# million frames.
soak:
	@$(packages) build test icarus mpi
	@$(call configure,build-soak,$(tested) -DSETTLE_SOAK=ON)
	@$(call build,build-soak,settle_tests)
	@$(call ctest,build-soak) --output-junit $(CURDIR)/out/soak/junit.xml
	@build-soak/tests/test_array --no-skip --test-suite=soak
	@build-soak/tests/test_ensemble --no-skip --test-suite=soak
	@build-soak/tests/test_maps --no-skip --test-suite=soak
	@build-soak/tests/test_on_demand --no-skip --test-suite=soak
	@build-soak/tests/test_program --no-skip --test-suite=soak
	@build-soak/tests/rtl_modules/test_rtl_modules --no-skip --test-suite=soak

# Values of reports and bytes of CSVs, on the model and the verilated array, against those that are kept.
pinned:
	@$(packages) build pinned
	@$(plain)
	@$(call build,build,settle)
	@sh tests/pinned/pin.sh build/settle out/pinned

# A board's tests, from its pins to a whole run, and a JUnit report of them. No DEVICE: a virtual board.
hil:
	@$(packages) build
	@$(plain)
	@$(call build,build,settle-hil)
	@build/settle-hil --device="$$DEVICE" --faults="$$FAULTS" --seed="$$SEED" --out out/hil --junit out/hil/junit.xml

# A virtual board behind out/board, until Ctrl-C.
board:
	@$(packages) build
	@$(plain)
	@$(call build,build,settle-board)
	@mkdir -p out
	@echo "a virtual board, until Ctrl-C; in another terminal: build/settle run --device serial:out/board --samples 4"
	@$(args) build/settle-board --pty out/board

# clang brings the fuzzer. What it finds stays in out/fuzz, and is where the next run begins.
fuzz:
	@sh .make/surroundings.sh FUZZ && sh .make/packages.sh build fuzz
	@$(call configure,build-fuzz,-DCMAKE_CXX_COMPILER=clang++ -DSETTLE_ENGINES=OFF -DSETTLE_TESTS=OFF -DSETTLE_FUZZ=ON)
	@$(call build,build-fuzz,settle-fuzz)
	@mkdir -p out/fuzz
	build-fuzz/fuzz/settle-fuzz -max_total_time="$$FUZZ" -max_len=2000 -timeout=10 -artifact_prefix=out/fuzz/ out/fuzz

# A build of its own: the verilated array at three step sizes.
physics:
	@$(packages) build test
	@$(call configure,build-physics,-DSETTLE_ALL_ENGINES=OFF -DSETTLE_WAVEFORMS= -DSETTLE_PHYSICS_ENGINES=ON -DSETTLE_TESTS=ON)
	@$(call build,build-physics,settle-physics)
	@$(args) build-physics/tests/physics/settle-physics --out out/physics

# Every test of dieharder on the uniform words behind the noise: an hour or more.
dieharder:
	@$(packages) build test dieharder
	@$(call configure,build-physics,-DSETTLE_ALL_ENGINES=OFF -DSETTLE_WAVEFORMS= -DSETTLE_PHYSICS_ENGINES=ON -DSETTLE_TESTS=ON)
	@$(call build,build-physics,settle-noise-words)
	@sh tests/physics/dieharder.sh build-physics/tests/physics/settle-noise-words "$$SEED" out/physics

# The FPGA boards are the folders of constraints/; BUILD is one of a board's builds, by default its first.
fpga   = build/settle-fpga
which  = --board="$$BOARD" $${BUILD:+--build="$$BUILD"}
bitstream:
	@$(packages) build fpga
	@$(plain)
	@$(call build,build,settle-fpga)
	@$(args) $(fpga) build $(which) --seeds="$$SEEDS"

# Loads what `make bitstream` (or `make synth`, where it can place and route) wrote.
prog:
	@$(packages) build
	@$(plain)
	@$(call build,build,settle-fpga)
	@$(args) $(fpga) prog $(which)

# What a board takes, by yosys; place-and-route too where the user has the tool.
synth:
	@$(packages) build fpga
	@$(plain)
	@$(call build,build,settle-fpga)
	@$(args) $(fpga) synth $(which) --seeds="$$SEEDS"

# The netlist of an iCE40 board, and an HX8K's bitstream, against the model, through the pins. What is missing, or was made
# of other sources, is made.
# $(call says,FIELD,VALUE): whether the board's FIELD is VALUE.
says = test "$$($(fpga) show --board="$$BOARD" --field $1)" = $2
netlist:
	@$(packages) build fpga
	@$(plain)
	@$(call build,build,settle-fpga)
	@$(fpga) show --board="$$BOARD" --field name >/dev/null
	@$(call says,family,ice40) || \
	  { echo "make netlist: BOARD=$$BOARD: cell models are there for the family ice40 only" >&2; exit 1; }
	@$(fpga) synth $(which) --no-limit --no-place
	@! $(call says,device,hx8k) || $(fpga) build $(which) --keep --seeds="$$SEEDS"
	@$(call configure,build-netlist,-DSETTLE_ENGINES=OFF -DSETTLE_TESTS=OFF "-DSETTLE_NETLISTS=$$BOARD$${BUILD:+:$$BUILD}")
	@$(call build,build-netlist,netlists)
	@for program in netlist $$($(call says,device,hx8k) && echo bitstream); do \
	  $(args) "build-netlist/settle-$$program-$$BOARD" --seed="$$SEED" || exit 1; done

# Every board's builds in one table, and in out/fpga/report.json: bitstreams of the iCE40 boards, their netlists against
# the model, the speed of every build's verilated RTL (in a build of its own), synthesis of the others. An hour or two.
# What fails on the way is in the table, and fails it.
fpga-report:
	@$(packages) build fpga
	@$(plain)
	@$(call build,build,settle-fpga)
	@$(call configure,build-fpga,-DSETTLE_BOARD_ENGINES=ON -DSETTLE_ALL_ENGINES=OFF -DSETTLE_TESTS=OFF)
	@$(call build,build-fpga,settle-fpga-speed)
	@build-fpga/settle-fpga-speed --out out/fpga/speed.json
	@failed=; for board in $$($(fpga) list --family ice40); do \
	  { $(fpga) build --board "$$board" --seeds="$$SEEDS" && BOARD=$$board BUILD= ARGS= $(again) netlist; } || \
	  failed="$$failed $$board"; done; \
	$(args) $(fpga) report --seeds="$$SEEDS" --speed out/fpga/speed.json || exit; \
	test -z "$$failed" || { echo "make fpga-report: bitstream or netlist failed:$$failed" >&2; exit 1; }

data:
	@$(packages) data
	@sh host/images/fetch.sh

# In any of the spellings in which it is spread.
has_mnist = set -- data/mnist/train-images[-.]idx3-ubyte*; test -f "$$1" || \
  { echo "data/mnist has no train-images-idx3-ubyte: make data fetches it" >&2; exit 1; }

# The U-Net has a file of libtorch's activations for the tests, and machines.
train:
	@sh .make/known_values.sh NETWORK
	@$(packages) train
	@! grep -q '"images": "mnist"' "host/network/train/networks/$$NETWORK.json" || { $(has_mnist); }
	@$(apart) sh .make/configure.sh build-train host/network/train
	@$(call build,build-train,settle-train)
	@set --; test "$$NETWORK" != unet || set -- --reference host/assets/unet-reference.safetensors; \
	  $(args) build-train/settle-train --network="$$NETWORK" --data data/mnist --out host/assets "$$@"
	@test "$$NETWORK" != unet || echo "now fit the presets to the new network: make fit"

fit:
	@$(packages) build
	@$(has_mnist)
	@$(plain)
	@$(call build,build,settle)
	@presets=$$(build/settle info --presets) || exit 1; \
	for preset in $$(echo "$$presets" | cut -d ' ' -f 1); do \
	  $(args) build/settle fit --preset $$preset --out host/assets/$$preset.machine.json || exit 1; done

# Alternately, so that all see the same machine; libtorch's side is a build of its own.
bench:
	@$(packages) build bench drawing
	@$(plain)
	@$(call build,build,settle-bench)
	@$(apart) sh .make/configure.sh build-bench-torch host/programs/bench/torch
	@$(call build,build-bench-torch,settle-bench-torch)
	@$(args) build/settle-bench engines --out out/bench
	@sh host/report/draw.sh out/bench/bench.png host/programs/bench/bench.gp out/bench/bench.csv || true

scaling:
	@$(packages) build drawing
	@$(plain)
	@$(call build,build,settle-bench)
	@$(args) build/settle-bench scaling --out out/bench
	@sh host/report/draw.sh out/bench/scaling.png host/programs/bench/scaling.gp out/bench/scaling.csv \
	  out/bench/scaling-fits.csv || true

lint:
	@$(packages) build test lint
	@$(call configure,build-lint,-DSETTLE_ALL_ENGINES=ON -DSETTLE_TESTS=ON)
	@$(call build,build-lint,settle_lint_inputs)
	@sh .make/lint.sh build-lint

# Proofs of what is small enough (tests/formal/README.md), then faults put into the RTL, each of which must break its proof.
formal:
	@case $$MUTANTS in yes | no) ;; *) echo "make formal: MUTANTS=$$MUTANTS: yes or no is needed" >&2; exit 1 ;; esac
	@$(packages) build formal
	@$(plain)
	@$(call build,build,settle-generate)
	@mkdir -p out/formal
	@build/contract/generate/settle-generate package --rtl rtl --configuration tiny --out out/formal/settle_pkg.sv
	@set -f; sh .make/formal.sh out/formal $$PROOFS
	@test "$$PROOFS$$MUTANTS" != yes || sh .make/formal.sh --mutants out/formal

format:
	@$(packages) lint
	@find host sim tests -name '*.cpp' -o -name '*.hpp' | xargs clang-format -i

plot:
	@$(packages) plot
	@test -f "$$OUT/settling.csv" || { printf '%s/settling.csv is not there: make run writes it\n' "$$OUT" >&2; exit 1; }
	@sh host/report/draw_run.sh "$$OUT"

# Digits at several noise levels, settled by every machine of maps (model engine), side by side.
pictures:
	@$(packages) build plot
	@$(plain)
	@$(call build,build,settle)
	@set -f; sh host/report/pictures.sh build/settle out/pictures $$NOISE_LEVELS

clean:
	rm -rf build build-test build-soak build-physics build-lint build-train build-bench-torch build-fuzz build-fpga build-netlist out
