#!/bin/sh
# packages.sh GROUP...: makes sure that what the groups need is there; installs the Debian packages that are missing and
# names them. Silent if nothing is. Groups: build, test, mpi, dieharder, train, data, icarus, bench, fuzz, fpga,
# lint, formal, plot, pinned; drawing: as plot, but where gnuplot cannot be had one line says that nothing is drawn.
set -eu +C

build='g++ cmake ninja-build make git verilator zlib1g-dev libeigen3-dev libfmt-dev nlohmann-json3-dev libcli11-dev
  libsystemc-dev libasio-dev libhwy-dev libonnx-dev libprotobuf-dev'
tests='doctest-dev libboost-dev'
# Sweeps under mpirun: some 100 MB, so not for every test.
mpi='libopenmpi-dev openmpi-bin'
train='g++ cmake ninja-build zlib1g-dev libtorch-dev libeigen3-dev libfmt-dev nlohmann-json3-dev libcli11-dev
  libhwy-dev'
data='nodejs npm'
icarus='iverilog'
# libtorch takes the libblas that it finds: Debian's reference is many times slower than OpenBLAS.
bench='iverilog libtorch-dev libopenblas0-pthread'
dieharder='dieharder'
lint='clang-format clang-tidy yosys iverilog'
formal='yosys z3'
plot='gnuplot-nox'
fpga='yosys nextpnr-ice40 fpga-icestorm'
fuzz='clang libclang-rt-14-dev'
pinned='jq'

fail() {
  echo "packages: $*" >&2
  exit 1
}

# Sets command to what a package is wanted for: a package whose command is there, however it came, is not missing.
find_command_of() {
  case $1 in
    g++ | cmake | make | git | verilator | npm | iverilog | clang | clang-format | clang-tidy) command=$1 ;;
    yosys | nextpnr-ice40 | z3 | jq) command=$1 ;;
    fpga-icestorm) command=icepack ;;
    ninja-build) command=ninja ;;
    nodejs) command=node ;;
    gnuplot-nox) command=gnuplot ;;
    *) command= ;;
  esac
}

wanted=
optional=
for group in "$@"; do
  case $group in
    build) wanted="$wanted $build" ;;
    test) wanted="$wanted $tests" ;;
    mpi) wanted="$wanted $mpi" ;;
    train) wanted="$wanted $train" ;;
    data) wanted="$wanted $data" ;;
    icarus) wanted="$wanted $icarus" ;;
    bench) wanted="$wanted $bench" ;;
    dieharder) wanted="$wanted $dieharder" ;;
    lint) wanted="$wanted $lint" ;;
    formal) wanted="$wanted $formal" ;;
    fuzz) wanted="$wanted $fuzz" ;;
    fpga) wanted="$wanted $fpga" ;;
    pinned) wanted="$wanted $pinned" ;;
    plot) wanted="$wanted $plot" ;;
    drawing) command -v gnuplot >/dev/null 2>&1 || optional=$plot ;;
    *) fail "no group $group" ;;
  esac
done

missing=
libraries=
for package in $wanted; do
  find_command_of "$package"
  if [ -z "$command" ]; then
    libraries="$libraries $package"
  elif ! command -v "$command" >/dev/null 2>&1; then
    missing="$missing $package"
  fi
done
if [ -n "$libraries" ] && command -v dpkg-query >/dev/null 2>&1; then
  # shellcheck disable=SC2086 # one word per package
  installed=$(dpkg-query -W -f ' ${db:Status-Status}:${Package} ' $libraries 2>/dev/null) || true
  for package in $libraries; do
    case $installed in
      *" installed:$package "*) ;;
      *) missing="$missing $package" ;;
    esac
  done
fi # elsewhere CMake looks for the libraries and says which one it does not find

# why_not PACKAGE...: prints why this user cannot install packages; nothing if it can.
why_not() {
  if ! command -v apt-get >/dev/null 2>&1; then
    echo "there is no apt-get here, so install them by hand: these are Debian's names"
  elif [ "$(id -u)" -ne 0 ] && ! command -v sudo >/dev/null 2>&1; then
    echo "there is no sudo here; as root: apt-get install --no-install-recommends $*"
  fi
}

# install PACKAGE...: names them and installs them, or says why it could not.
install() {
  echo "packages: installing $*"
  as_root=
  [ "$(id -u)" -eq 0 ] || as_root=sudo
  log=$(mktemp)
  trap 'rm -f "$log"' EXIT
  apt() {
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 -qq "$@" </dev/null >>"$log" 2>&1
  }
  apt update || echo "packages: apt-get update failed, trying with the lists that are there" >&2
  apt install -y --no-install-recommends "$@" && return 0
  tail -n 20 "$log" >&2
  echo "packages: apt-get could not install: $*" >&2
  return 1
}

if [ -n "$missing" ]; then
  # shellcheck disable=SC2086
  missing=$(printf '%s\n' $missing | sort -u | tr '\n' ' ' | sed 's/ $//')
  why=$(why_not "$missing")
  [ -z "$why" ] || fail "missing: $missing; $why"
  # shellcheck disable=SC2086 # one word per package
  install $missing || exit 1
fi
if [ -n "$optional" ] && [ -z "${DRAWING_SAID-}" ]; then # not a second time for one command
  why=$(why_not "$optional")
  if [ -n "$why" ]; then
    echo "packages: nothing is drawn: missing: $optional; $why"
  else
    install "$optional" || echo "packages: nothing is drawn without it"
  fi
fi

# at_least NAME NEEDED PACKAGE TEXT...: the first word of the text that begins with a digit is the version.
at_least() {
  name=$1 needed=$2 package=$3 version=
  shift 3
  for version in "$@"; do
    case $version in
      [0-9]*) break ;;
    esac
  done
  printf '%s\n%s\n' "$needed" "$version" | sort -V -C ||
    fail "$name ${version:-of no version} is too old: $needed or newer is needed (Debian 12 has it, package $package)"
}

# shellcheck disable=SC2046 # words are wanted
case " $* " in
  *' build '* | *' train '*)
    at_least CMake 3.25 cmake $(cmake --version 2>/dev/null)
    at_least g++ 12 g++ $(g++ -dumpfullversion)
    ;;
esac
# shellcheck disable=SC2046
case " $* " in
  *' build '*)
    # Half of it is sources, which VERILATOR_ROOT moves to a place of its own.
    root=$(verilator --getenv VERILATOR_ROOT 2>/dev/null) || root=
    case $root in /*) ;; *) root=/nowhere ;; esac # relative names mean another folder in every tool
    [ -f "$root/include/verilated.cpp" ] || fail "Verilator does not run or lacks its include/verilated.cpp" \
      "(VERILATOR_ROOT is ${VERILATOR_ROOT:-not set}): unset VERILATOR_ROOT, or name the folder of an installed Verilator"
    at_least Verilator 5.006 verilator $(verilator --version 2>/dev/null)
    ;;
esac
