#!/bin/sh
# configure.sh FOLDER SOURCE OPTION...: CMake configures SOURCE in FOLDER, quiet but for notes unless it fails. A build that
# was made elsewhere (it, or the tree, was moved or copied), or when the clock was ahead, is removed first: its files name
# the old place, or are taken for newer than every change.
set -eu +C

folder=$1 source=$2
shift 2

# stale FOLDER: prints why the build in it is of no use; nothing if it is or there is none.
stale() {
  [ -f "$1/CMakeCache.txt" ] || return 0
  made=$(sed -n 's/^CMAKE_CACHEFILE_DIR:INTERNAL=//p' "$1/CMakeCache.txt")
  from=$(sed -n 's/^CMAKE_HOME_DIRECTORY:INTERNAL=//p' "$1/CMakeCache.txt")
  # shellcheck disable=SC3013 # -ef: not in POSIX, but in every shell
  if ! [ "$made" -ef "$1" ]; then
    echo "it was made in $made"
  elif ! [ "$from" -ef "$source" ]; then
    echo "it was made of $from"
  elif [ -n "$(find "$1/CMakeCache.txt" "$1/build.ninja" -newermt '10 seconds' 2>/dev/null)" ]; then
    echo "its time is in the future"
  fi
}

why=$(stale "$folder")
if [ -n "$why" ]; then
  echo "$folder is made anew: $why" >&2
  find "$folder/" -mindepth 1 -delete
fi
mkdir -p "$folder"
sh sim/quietly.sh "$folder/configure.log" cmake -S "$source" -B "$folder" -G Ninja "$@"
sed -n '/^note: /p' "$folder/configure.log" >&2
