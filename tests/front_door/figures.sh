#!/bin/sh
# The figures that the documents give for `make run` are those that tests/pinned keeps, rounded.
set -eu
unset CDPATH
cd "$(dirname "$0")/../.."
awk '
  # agree SHOWN KEPT: whether the number as it is shown, of so many digits, is the other one rounded.
  function agree(shown, kept, parts, digits, point) {
    split(shown, parts, /e/)
    point = index(parts[1], ".")
    digits = point ? length(parts[1]) - point : 0
    difference = shown - kept
    return (difference < 0 ? -difference : difference) <= 0.501 * 10 ^ (parts[2] - digits)
  }
  function judge(name, shown) {
    gsub(/[` ]/, "", name)
    gsub(/^ +/, "", shown)
    sub(/[ ,(].*$/, "", shown)
    if (name !~ /^[a-z0-9_.]+$/ || shown !~ /^-?[0-9]/) return
    if (!(name in kept)) {
      print "FAILED: " FILENAME ": " name ": nothing is kept of it"
      faults++
    } else if (!agree(shown, kept[name])) {
      print "FAILED: " FILENAME ": " name " is " shown ", kept is " kept[name]
      faults++
    } else judged++
  }
  FILENAME ~ /pinned/ { kept[$1] = $2; next }
  FNR == 1 { # these two follow from the others
    kept["decoder.share_of_baseline"] = (1 - kept["decoder.cosine"]) / (1 - kept["decoder.baseline_mean"])
    kept["decoder.share_of_frozen"] = (1 - kept["decoder.cosine_centred"]) / (1 - kept["decoder.frozen_interface"])
  }
  FILENAME == "README.md" && /^\| `/ { split($0, cell, "|"); judge(cell[2], cell[4]) }
  FILENAME != "README.md" && /^\| `/ { split($0, cell, "|"); judge(cell[2], cell[3]); judge(cell[5], cell[6]) }
  END {
    if (judged < 30) { print "FAILED: only " judged " figures were found"; faults++ }
    exit faults > 0
  }' tests/pinned/results/anchored-rtl.txt README.md host/study/run/README.md
hash=$(sed -n 's/^config_hash "\(.*\)"$/\1/p' tests/pinned/results/anchored-rtl.txt)
grep -q "configuration $hash;" host/study/run/README.md || {
  echo "FAILED: host/study/run/README.md: the configuration is $hash"
  exit 1
}
