#!/bin/sh
# What is seen of a build: its steps and what compilers say, nothing where nothing was to be done, and its exit status.
. "$(dirname "$0")/common.sh"
cd "$tree"

# builds STATUS LINE...: build.sh on a cmake that prints these lines and ends so; what is seen of it is in $work/log.
builds() {
  status=$1
  shift
  printf '%s\n' "$@" >"$work/lines"
  tool cmake <<END
#!/bin/sh
printf '%s' "\$*" >"$work/words"
cat "$work/lines"
echo "an error" >&2
exit $status
END
  found=0
  sh .make/build.sh folder 3 one two >"$work/log" 2>"$work/errors" || found=$?
  [ "$found" -eq "$status" ] || fail "status $found, not $status"
  has "$work/errors" 'an error' "status $status"
  [ "$(cat "$work/words")" = '--build folder --parallel 3 --target one two' ] || fail "cmake $(cat "$work/words")"
}

# CMake prints what stands there; the other two are ninja's.
commit=$(sed -n 's/^ *COMMENT "\(.*commit\)" VERBATIM.*/\1/p' "$source/host/programs/CMakeLists.txt")
has "$source/.make/build.sh" "$commit" 'the words of host/programs/CMakeLists.txt'
nothing="[0/2] Re-checking globbed directories..."
builds 0 "$nothing" "[1/1] $commit" 'ninja: no work to do.'
[ ! -s "$work/log" ] || { fail 'nothing was to be done:' && cat "$work/log"; }

builds 7 "$nothing" "[1/3] $commit" '[2/3] Building a.o' 'FAILED: a.o' '  a.cpp:1: error: \n "' '[3/3] Linking b'
printf '%s\n' '[2/3] Building a.o' 'FAILED: a.o' '  a.cpp:1: error: \n "' '[3/3] Linking b' >"$work/wanted"
[ "$(cat "$work/log")" = "$(cat "$work/wanted")" ] || { fail 'a build that fails:' && cat "$work/log"; }
finish
