#!/bin/sh
# What make finds around it is checked before work, or does no harm.
. "$(dirname "$0")/common.sh"
cd "$tree"

# runs WHAT WORD...: make with a world around it in which it works all the same.
runs() {
  what=$1
  shift
  : >"$calls"
  "$@" >"$work/log" 2>&1 </dev/null || { fail "$what: status $?" && cat "$work/log"; }
}
# refused TEXT WORD...: it says so, in one line, and calls nothing.
refused() {
  text=$1
  shift
  : >"$calls"
  ! "$@" >"$work/log" 2>&1 </dev/null || fail "$text: status 0"
  has "$work/log" "$text" "$*"
  [ "$(grep -cv '^make: \*\*\*' "$work/log")" -eq 1 ] || { fail "$text: not one line:" && cat "$work/log"; }
  [ ! -s "$calls" ] || { fail "$text: tools were called" && cat "$calls"; }
}

refused 'JOBS=x: a whole number' env JOBS=x make run
refused "TMPDIR=$work/none: no folder that can be written" env TMPDIR="$work/none" make run
refused 'VERILATOR_ROOT is /none' env VERILATOR_ROOT=/none make run
touch -d '1 hour' host/report/draw.sh
refused 'host/report/draw.sh and 0 other files have times in the future' make run
touch host/report/draw.sh

# A Verilator that does not say which it is.
cp "$work/bin/verilator" "$work/kept"
tool verilator <<'END'
#!/bin/sh
case $1 in --getenv) dirname "$0" ;; *) exit 1 ;; esac
END
refused 'Verilator of no version is too old' make run
mv "$work/kept" "$work/bin/verilator"

printf 'echo hit >%s/hit\nset -o noclobber\n' "$work" >"$work/rc"
mkdir "$work/my temp"
runs 'odd surroundings' env CDPATH="$work:/" GNUTERM=x11 BASH_ENV="$work/rc" ENV="$work/rc" SHELLOPTS=noclobber \
  POSIXLY_CORRECT=1 GREP_OPTIONS='-v' CMAKE_GENERATOR='Unix Makefiles' CMAKE_GENERATOR_PLATFORM=x CMAKE_BUILD_TYPE=Debug \
  DESTDIR=/none LC_ALL=de_DE.UTF-8 LANG=de_DE.UTF-8 TAR_OPTIONS=-x TMPDIR="$work/my temp" PATH=":$PATH:" MAKEFLAGS=-j3 \
  MAKEFILES="$work/none" make run
for name in CDPATH GNUTERM BASH_ENV ENV SHELLOPTS POSIXLY_CORRECT GREP_OPTIONS CMAKE_GENERATOR CMAKE_GENERATOR_PLATFORM \
  CMAKE_BUILD_TYPE DESTDIR TAR_OPTIONS MAKEFLAGS MAKEFILES MAKELEVEL; do
  ! grep "^$name=" build/environment || fail "$name is in CMake's environment"
done
has build/environment 'LC_ALL=C.UTF-8' "in CMake's environment"
[ ! -e "$work/hit" ] || fail 'BASH_ENV was read'
runs 'no HOME, a narrow umask' env -u HOME sh -c 'umask 077; make run'
# What make was called with is not for the make that Verilator runs.
runs 'variables on the command line' make -k run PRESET=paper CXX=clang++
lacks build/environment MAKEFLAGS "in CMake's environment"
has "$calls" 'configure <CXX=clang++>' CXX
# Two targets that build in one folder do so one after the other.
runs 'two targets at a time' make -j 8 bitstream hil
[ "$(grep -c '^configure' "$calls")" -eq 2 ] || { fail 'two targets' && cat "$calls"; }

# make -n shows and does nothing.
for target in run digit sweep fpga-report netlist formal; do
  runs "make -n $target" make -n $target
  [ ! -s "$calls" ] || { fail "make -n $target calls tools" && cat "$calls"; }
done

# Drawing: said once if it cannot be had, and all else is done.
mv "$work/bin/gnuplot" "$work/kept"
for target in run digit sweep; do
  runs "no gnuplot, make $target" make $target
  [ "$(grep -c 'nothing is drawn' "$work/log")" -eq 1 ] || { fail "make $target without gnuplot" && cat "$work/log"; }
  lacks "$work/log" 'drawn: out' "make $target without gnuplot"
done
has "$calls" 'settle <sweep>' 'make sweep without gnuplot'
refused 'missing: gnuplot-nox; there is no apt-get here' make plot
refused 'missing: gnuplot-nox; there is no apt-get here' make pictures
# One that fails, too.
printf '#!/bin/sh\necho "unknown terminal" >&2\nexit 1\n' | tool gnuplot
runs 'a gnuplot that fails' make run
has "$work/log" 'not drawn: out/run/map/settling.png' 'a gnuplot that fails'
! make plot OUT=out/run/map >"$work/log" 2>&1 || fail 'make plot, a gnuplot that fails: status 0'
mv "$work/kept" "$work/bin/gnuplot"

# MNIST is there in every spelling in which it is spread, or make says who fetches it.
mv data/mnist/train-images-idx3-ubyte data/mnist/train-images.idx3-ubyte.gz
: >"$calls"
runs 'MNIST in another spelling' make fit
has "$calls" 'settle <fit>' 'MNIST in another spelling'
rm data/mnist/*
refused 'make data fetches it' make fit
refused 'make data fetches it' make train
# Not every network learns from it.
runs 'make train without MNIST' make train NETWORK=textures
has "$calls" 'settle-train <--network=textures>' 'make train without MNIST'

# The boards are reported even if one of them fails, and then the whole fails.
cp "$work/bin/program" "$work/kept"
printf '#!/bin/sh\n[ "$1" != build ] || exit 1\nexec "%s" "$@"\n' "$work/kept" | tool program
: >"$calls"
! make fpga-report >"$work/log" 2>&1 </dev/null || fail 'make fpga-report, a board that fails: status 0'
has "$work/log" 'make fpga-report: bitstream or netlist failed: icebreaker' 'make fpga-report, a board that fails'
has "$calls" ' <report> ' 'make fpga-report, a board that fails'
mv "$work/kept" "$work/bin/program"

# Notes of CMake are shown, the rest is not.
tool cmake <<'END'
#!/bin/sh
case $1 in
  --version) echo "cmake version 3.25.1" ;;
  -S) echo "-- Found x" && echo "note: commit unknown: y" && exit "${fails:-0}" ;;
esac
END
runs 'a note of CMake' make hil
has "$work/log" 'note: commit unknown: y' 'a note of CMake'
lacks "$work/log" 'Found' 'a note of CMake'
! fails=1 make hil >"$work/log" 2>&1 || fail 'CMake failed: status 0'
has "$work/log" 'Found x' 'CMake failed'

# Every other program that a group needs and that cannot be installed is missing, by its Debian name.
rm "$work/bin/ninja"
refused 'missing: ninja-build; there is no apt-get here' make run
finish
