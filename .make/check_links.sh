#!/bin/sh
# check_links.sh [FOLDER]: the documents (*.md) of the tree at FOLDER, by default the one that this script is in. Each
# relative link leads to a file, each anchor to a heading, each path of the sources that stands in `...` to a file or
# folder, and README.md has at most 8192 bytes. A line for each fault, and an exit status of 1 if there is one.
set -eu +C
unset CDPATH # cd would print where it went

cd "${1:-$(dirname "$0")/..}"
most=8192

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
{
  if [ -e .git ]; then
    git ls-files --cached --others --exclude-standard -- '*.md'
  else # a tarball
    find . -name '*.md' -not -path './build*' -not -path './out/*' | sed 's|^\./||'
  fi
} | while read -r file; do
  test ! -f "$file" || echo "$file" # one that is deleted is still listed
done | sort >"$work/files"
test -s "$work/files" || { echo "no documents"; exit 1; }

# Anchors as GitHub makes them of headings: lower case, spaces to -, no punctuation, -1, -2, ... where one comes again.
# shellcheck disable=SC2046 # names of documents have no spaces
awk '
  FNR == 1 { fenced = 0; delete times }
  /^ *(```|~~~)/ { fenced = !fenced; next }
  fenced || !/^#+ / { next }
  {
    text = $0
    sub(/^#+ +/, "", text)
    sub(/ +#* *$/, "", text)
    while (match(text, /\]\([^)]*\)/)) text = substr(text, 1, RSTART - 1) substr(text, RSTART + RLENGTH)
    text = tolower(text)
    gsub(/[!-,.\/:-@\[-^`{-~]/, "", text)
    gsub(/ /, "-", text)
    count = times[text]++
    print FILENAME "#" text (count ? "-" count : "")
  }' $(cat "$work/files") >"$work/anchors"

# A line for each link and each path: document, line, kind, target.
# shellcheck disable=SC2046
awk '
  function found(kind, target) { print FILENAME, FNR, kind, target }
  FNR == 1 { fenced = 0 }
  /^ *(```|~~~)/ { fenced = !fenced; next }
  fenced { next }
  {
    text = $0
    while (match(text, /`[^`]+`/)) {
      code = substr(text, RSTART + 1, RLENGTH - 2)
      if (code ~ /^(rtl|host|sim|tests|constraints|\.make|\.github)\/[A-Za-z0-9_.\/-]*$/) found("path", code)
      text = substr(text, 1, RSTART - 1) "code" substr(text, RSTART + RLENGTH)
    }
    rest = text
    while (match(rest, /\]\([^) ]+/)) {
      found("link", substr(rest, RSTART + 2, RLENGTH - 2))
      rest = substr(rest, RSTART + RLENGTH)
    }
    rest = text
    while (match(rest, /(src|href)="[^"]+"/)) {
      target = substr(rest, RSTART, RLENGTH - 1)
      sub(/^[a-z]*="/, "", target)
      found("link", target)
      rest = substr(rest, RSTART + RLENGTH)
    }
    if (match(text, /^\[[^]]+\]: +[^ ]+/)) {
      target = substr(text, RSTART, RLENGTH)
      sub(/^.*: +/, "", target)
      found("link", target)
    }
  }' $(cat "$work/files") >"$work/targets"

while read -r file line kind target; do
  case $kind:$target in
    link:http://* | link:https://* | link:mailto:*) continue ;;
    path:*)
      test -e "$target" || echo "$file:$line: $target: no such file or folder"
      continue
      ;;
  esac
  path=${target%%#*} anchor=
  case $target in *'#'*) anchor=${target#*#} ;; esac
  case $path in
    '') place=$file ;;
    *) place=$(dirname "$file")/$path ;;
  esac
  if [ ! -e "$place" ]; then
    echo "$file:$line: $target: no such file"
  elif [ -n "$anchor" ]; then
    place=$(realpath --relative-to=. "$place")
    grep -qxF "$place#$anchor" "$work/anchors" || echo "$file:$line: $target: no such heading in $place"
  fi
done <"$work/targets" >"$work/faults"

if [ -f README.md ]; then
  bytes=$(wc -c <README.md)
  [ "$bytes" -le "$most" ] ||
    echo "README.md: $bytes bytes, at most $most are meant: what is about one part goes to that part" >>"$work/faults"
else
  echo "README.md: it is not there" >>"$work/faults"
fi

cat "$work/faults"
test ! -s "$work/faults"
