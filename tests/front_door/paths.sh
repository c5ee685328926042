#!/bin/sh
# Where the tree lies: a path that a tool cannot take is refused at once, a build that was made elsewhere is made anew.
. "$(dirname "$0")/common.sh"

for name in 'my tree' "it's" 'a$b' 'a:b' 'a#b' 'a;b' 'a%b' 'a
b'; do
  make_tree "$work/$name"
  : >"$calls"
  for target in run test fpga-report; do
    ! make -C "$work/$name" $target >"$work/log" 2>&1 </dev/null || fail "$name: make $target: status 0"
    has "$work/log" 'make, CMake and Verilator take letters, digits and / . _ + @ - alone' "$name"
  done
  [ ! -s "$calls" ] || fail "$name: tools were called"
  make -C "$work/$name" help >"$work/log" 2>&1 || fail "$name: make help"
  rm -rf "${work:?}/$name"
done

# builds FOLDER: make run there; what it printed is in $work/log.
builds() {
  : >"$calls"
  make -C "$1" run PRESET=paper >"$work/log" 2>&1 </dev/null || { fail "$1: make run" && cat "$work/log"; }
}
builds "$tree"
: >"$tree/build/kept"
builds "$tree"
[ -f "$tree/build/kept" ] || fail 'a build that is where it was made is not kept'
lacks "$work/log" 'anew' 'a build that is where it was made'

mv "$tree" "$work/moved-é+1"
tree=$work/moved-é+1
builds "$tree"
has "$work/log" "build is made anew: it was made in $work/tree/build" 'a tree that was moved'
[ ! -e "$tree/build/kept" ] || fail 'files of the build that was moved stay'

: >"$tree/build/kept"
cp -R "$tree" "$work/copy"
builds "$work/copy"
has "$work/log" "build is made anew: it was made in $tree/build" 'a tree that was copied'
[ ! -e "$work/copy/build/kept" ] || fail 'files of the build that was copied stay'

: >"$tree/build/kept"
mv "$tree/build" "$work/elsewhere"
ln -s "$work/elsewhere" "$tree/build"
builds "$tree"
lacks "$work/log" 'anew' 'a build behind a link'
[ -L "$tree/build" ] && [ -f "$work/elsewhere/kept" ] || fail 'the link, or what it leads to, is not kept'

echo >"$tree/build/CMakeCache.txt"
builds "$tree"
has "$work/log" 'build is made anew' 'a cut cache'
touch -d '1 day' "$tree/build/CMakeCache.txt"
builds "$tree"
has "$work/log" 'build is made anew: its time is in the future' 'a build from when the clock was ahead'

# A link to the tree is the tree.
ln -s "$tree" "$work/link"
builds "$work/link"
lacks "$work/log" 'anew' 'a link to the tree'
# make -f, from elsewhere.
: >"$calls"
! (cd "$work" && make -f "$tree/Makefile" run >"$work/log" 2>&1) || fail 'make -f from elsewhere: status 0'
has "$work/log" "make -C" 'make -f from elsewhere'
[ ! -s "$calls" ] || fail 'make -f from elsewhere: tools were called'
finish
