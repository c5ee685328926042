#!/bin/sh
# The commit that programs say they are of: that of the tree that is built, never that of a repository around it.
set -eu
unset CDPATH
for name in $(env | sed -n 's/^\(GIT_[A-Z_]*\)=.*/\1/p'); do unset "$name"; done
source=$(cd "$(dirname "$0")/../.." && pwd -P)
work=$(mktemp -d)
work=$(cd "$work" && pwd -P)
trap 'rm -rf "$work"' EXIT
cd "$work"
export HOME="$work" GIT_CONFIG_NOSYSTEM=1
git config --global user.name tester
git config --global user.email tester@example.org
faults=0

cp "$source/host/programs/git.cmake" git.cmake
echo '@SETTLE_GIT@' >template
cat >refusal.cmake <<'END'
include(git.cmake)
settle_find_commit(commit refusal)
message(STATUS "${commit}|${refusal}|")
END

# says FOLDER COMMIT WHAT: a build of the tree in FOLDER is of COMMIT.
says() {
  cmake -DSETTLE_SOURCE="$work/$1" -DTEMPLATE="$work/template" -DOUT="$work/found" -P git.cmake >log 2>&1
  [ "$(cat found)" = "$2" ] && [ ! -s log ] && return
  echo "FAILED: $3: $(cat found), not $2"
  cat log
  faults=$((faults + 1))
}

# refuses FOLDER TEXT WHAT: the commit is unknown, and TEXT stands in the line that says why.
refuses() {
  says "$1" unknown "$3"
  cmake -DSETTLE_SOURCE="$work/$1" -P refusal.cmake >log 2>&1
  grep -qF -- "$2" log && [ "$(wc -l <log)" -eq 1 ] && return
  echo "FAILED: $3: no line with $2 in:"
  cat log
  faults=$((faults + 1))
}

# commit FOLDER TEXT: a file with TEXT, committed.
commit() {
  echo "$2" >"$1/file"
  git -C "$1" add file
  git -C "$1" commit -q -m "$2"
}

git init -q tree
commit tree one
commit tree two
head=$(git -C tree rev-parse HEAD | cut -c 1-12)
says tree "$head" 'a clone'
git -C tree tag v1
says tree "$head" 'a commit with a tag'
git clone -q --depth 1 "file://$work/tree" shallow
says shallow "$head" 'a shallow clone'
git -C tree worktree add -q "$work/beside"
says beside "$head" 'a worktree'
ln -s tree link
says link "$head" 'a link to the tree'
git init -q other
commit other three
GIT_DIR=$work/other/.git GIT_WORK_TREE=$work/other says tree "$head" 'in a hook of another repository'
echo changed >tree/file
says tree "$head-dirty" 'a changed tree'
git -C tree checkout -q file

mkdir other/unpacked
cp tree/file other/unpacked
says other/unpacked unknown 'a tarball unpacked in another repository'
refuses other/unpacked 'unknown||' 'a tarball unpacked in another repository'
mkdir other/unpacked/.git
says other/unpacked unknown 'a folder .git that is no repository, in another repository'
mkdir alone
says alone unknown 'a tarball'

git init -q empty
refuses empty 'commit unknown: git says: fatal: ' 'a repository without a commit'
# git's own way to test what it does in a tree of another user.
export GIT_TEST_ASSUME_DIFFERENT_OWNER=1
refuses tree "git config --global --add safe.directory $work/tree allows it" 'a tree of another user'
git config --global --add safe.directory "$work/tree"
says tree "$head" 'a tree of another user, allowed'

[ "$faults" -eq 0 ] || exit 1
echo "all is well"
