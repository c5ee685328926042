# shellcheck shell=sh
# What tests of the front door share; read by them. A copy of the Makefile and its scripts in $tree, and programs that stand
# in for every tool, alone on PATH: what cmake --build makes is a program too that only says how it was called.
set -eu
unset CDPATH MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES TMPDIR VERILATOR_ROOT GNUTERM \
  PRESET ENGINE SAMPLES SEED SIGMA OUT ARGS JOBS PLAN NETWORK DEVICE FAULTS FUZZ BOARD BUILD SEEDS PROOFS MUTANTS NOISE_LEVELS \
  CC CXX

source=$(cd "$(dirname "$0")/../.." && pwd -P)
work=$(mktemp -d)
work=$(cd "$work" && pwd -P)
trap 'rm -rf "$work"' EXIT
tree=$work/tree
calls=$work/calls
export calls
faults=0

fail() {
  printf 'FAILED: %s\n' "$*"
  faults=$((faults + 1))
}

# has FILE TEXT WHAT: fails unless the text stands in the file. lacks: unless it does not.
has() {
  grep -qF -- "$2" "$1" || { fail "$3: no $2 in:" && cat "$1"; }
}
lacks() {
  ! grep -qF -- "$2" "$1" || { fail "$3: $2 in:" && cat "$1"; }
}

# make_tree FOLDER: a copy of the front door.
make_tree() {
  mkdir -p "$1/sim" "$1/host/study/sweep/plans" "$1/tests/formal" "$1/data/mnist" "$1/rtl" "$1/constraints"
  cp -R "$source/Makefile" "$source/.make" "$1"
  cp "$source/sim/quietly.sh" "$1/sim"
  cp -R "$source/host/report" "$1/host"
  mkdir "$1/host/assets" && cp "$source/host/assets/presets.json" "$1/host/assets"
  cp "$source/host/study/sweep/word_lengths.gp" "$1/host/study/sweep"
  cp "$source/host/study/sweep/plans/word-lengths.json" "$1/host/study/sweep/plans"
  cp "$source/tests/formal/proofs.txt" "$1/tests/formal"
  mkdir -p "$1/host/network/train" && cp -R "$source/host/network/train/networks" "$1/host/network/train"
  : >"$1/data/mnist/train-images-idx3-ubyte"
}

# tool NAME: a stand-in; its script comes on standard input.
tool() {
  cat >"$work/bin/$1"
  chmod +x "$work/bin/$1"
}

# finish: the end of a test.
finish() {
  [ "$faults" -eq 0 ] || exit 1
  echo "all is well"
}

mkdir "$work/bin"
for name in sh env make cat cp mv rm mkdir chmod find sed tr wc head tail sort date dirname basename mktemp id grep xargs \
  printf nproc touch awk tee ln cut; do
  ln -s "$(command -v "$name" | grep / || command -v "/usr/bin/$name" || echo "/bin/$name")" "$work/bin/$name"
done
tool g++ <<'END'
#!/bin/sh
echo 12.2.0
END
tool verilator <<'END'
#!/bin/sh
case $1 in
  --version) echo "Verilator 5.006 2023-01-22" ;;
  --getenv) echo "${VERILATOR_ROOT:-$(dirname "$0")}" ;;
esac
END
mkdir "$work/bin/include"
: >"$work/bin/include/verilated.cpp"
tool dpkg-query <<'END'
#!/bin/sh
shift 2
for package; do printf ' installed:%s ' "${package#-f}"; done
END
for name in ninja git yosys nextpnr-ice40 icepack z3 gnuplot clang; do
  tool "$name" <<'END'
#!/bin/sh
{ printf '%s' "${0##*/}" && printf ' <%s>' "$@" && echo; } >>"$calls"
END
done
# What cmake --build makes.
tool program <<'END'
#!/bin/sh
{ printf '%s' "${0##*/}" && printf ' <%s>' "$@" && echo; } >>"$calls"
case "$*" in
  'list --family ice40') echo icebreaker ;;
  *'--field family') echo ice40 ;;
  *'--field device') echo up5k ;;
  'info --presets') echo anchored ;;
esac
for word; do
  case $word in --out=*) mkdir -p "${word#--out=}" && : >"${word#--out=}/settling.csv" ;; esac
done
END
tool cmake <<'END'
#!/bin/sh
case $1 in
  --version) echo "cmake version 3.25.1" && exit ;;
  -S)
    { printf 'configure <CXX=%s>' "${CXX-}" && printf ' <%s>' "$@" && echo; } >>"$calls"
    [ -f "$4/CMakeCache.txt" ] || printf 'CMAKE_CACHEFILE_DIR:INTERNAL=%s\nCMAKE_HOME_DIRECTORY:INTERNAL=%s\n' \
      "$(pwd -P)/$4" "$(pwd -P)/$2" >"$4/CMakeCache.txt"
    env >"$4/environment"
    ;;
  --build)
    { printf 'build' && printf ' <%s>' "$@" && echo; } >>"$calls"
    folder=$2
    shift 5
    for target; do
      case $target in
        settle-generate) place=contract/generate/$target ;;
        settle-physics | settle-noise-words) place=tests/physics/$target ;;
        settle-fuzz) place=fuzz/$target ;;
        netlists) place=settle-netlist-$BOARD ;;
        *) place=$target ;;
      esac
      case $place in *?/*) mkdir -p "$folder/${place%/*}" ;; esac
      cp "$(dirname "$0")/program" "$folder/$place" 2>/dev/null
    done
    ;;
esac
END
PATH=$work/bin
make_tree "$tree"
