#!/bin/sh
# packages.sh GROUP...: makes sure that what the groups need is there; installs the Debian packages that are missing and
# names them. Silent if nothing is. Groups: build, test, dieharder, train, data, bench, fuzz, fpga, lint,
# formal, plot, pinned.
set -eu

build='g++ cmake ninja-build make git verilator zlib1g-dev libeigen3-dev libfmt-dev nlohmann-json3-dev libcli11-dev
  libsystemc-dev libasio-dev'
tests='doctest-dev libboost-dev'
train='g++ cmake ninja-build zlib1g-dev libtorch-dev libeigen3-dev libfmt-dev nlohmann-json3-dev libcli11-dev'
data='nodejs npm'
bench='iverilog'
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
for group in "$@"; do
  case $group in
    build) wanted="$wanted $build" ;;
    test) wanted="$wanted $tests" ;;
    train) wanted="$wanted $train" ;;
    data) wanted="$wanted $data" ;;
    bench) wanted="$wanted $bench" ;;
    dieharder) wanted="$wanted $dieharder" ;;
    lint) wanted="$wanted $lint" ;;
    formal) wanted="$wanted $formal" ;;
    fuzz) wanted="$wanted $fuzz" ;;
    fpga) wanted="$wanted $fpga" ;;
    pinned) wanted="$wanted $pinned" ;;
    plot) wanted="$wanted $plot" ;;
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
  # shellcheck disable=SC2086 # one word a package
  installed=$(dpkg-query -W -f ' ${db:Status-Status}:${Package} ' $libraries 2>/dev/null) || true
  for package in $libraries; do
    case $installed in
      *" installed:$package "*) ;;
      *) missing="$missing $package" ;;
    esac
  done
fi # elsewhere CMake looks for the libraries and says which one it does not find

if [ -n "$missing" ]; then
  # shellcheck disable=SC2086
  missing=$(printf '%s\n' $missing | sort -u | tr '\n' ' ' | sed 's/ $//')
  command -v apt-get >/dev/null 2>&1 ||
    fail "missing: $missing. These are Debian's names; there is no apt-get here, so install them by hand"
  as_root=
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null 2>&1 ||
      fail "missing: $missing. To install them as root: apt-get install --no-install-recommends $missing"
    as_root=sudo
  fi
  echo "packages: installing $missing"
  log=$(mktemp)
  trap 'rm -f "$log"' EXIT
  apt() {
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 -qq "$@" </dev/null >>"$log" 2>&1
  }
  apt update || echo "packages: apt-get update failed, trying with the lists that are there" >&2
  # shellcheck disable=SC2086 # one word a package
  apt install -y --no-install-recommends $missing || {
    tail -n 20 "$log" >&2
    fail "apt-get could not install: $missing"
  }
fi

# at_least NAME NEEDED PACKAGE TEXT...: the first word of the text that begins with a digit is the version.
at_least() {
  name=$1 needed=$2 package=$3
  shift 3
  for version in "$@"; do
    case $version in
      [0-9]*) break ;;
    esac
  done
  printf '%s\n%s\n' "$needed" "$version" | sort -V -C ||
    fail "$name $version is too old: $needed or newer is needed (Debian 12 has it, package $package)"
}

# shellcheck disable=SC2046 # words are wanted
case " $* " in
  *' build '* | *' train '*)
    at_least CMake 3.25 cmake $(cmake --version)
    at_least g++ 12 g++ $(g++ -dumpfullversion)
    ;;
esac
# shellcheck disable=SC2046
case " $* " in
  *' build '*) at_least Verilator 5.006 verilator $(verilator --version) ;;
esac
