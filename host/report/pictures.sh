#!/bin/sh
# Digits at several noise levels, settled by every machine of maps on the model engine, drawn side by side: what
# `make pictures` shows. Says which of its runs is the current one, and how long all of them took last time.
#   pictures.sh PROGRAM OUT LEVEL...
# PROGRAM: the built settle. OUT: folder for the runs and pictures. Exit status 1 if a run or a drawing fails.
set -eu +C

program=$1 out=$2
shift 2
here=$(dirname "$0")
presets='map unet whole'
all=$(($# * 3))

# The seconds of the last time, for as many levels.
memory=$out/seconds-of-$all-runs
begin=$(date +%s)
mkdir -p "$out"
if [ -r "$memory" ]; then
  echo "$all runs, $(cat "$memory") s last time"
else
  echo "$all runs, some minutes"
fi

number=0
for sigma in "$@"; do
  for preset in $presets; do
    number=$((number + 1))
    echo "$number of $all, after $(($(date +%s) - begin)) s: $preset at noise level $sigma"
    "$program" run --preset "$preset" --engine model --samples 4 --sigma "$sigma" --out "$out/$sigma/$preset" \
      >"$out/run.log" || exit 1
    sh "$here/draw.sh" "$out/$sigma/$preset/film.png" "$here/film.gp" "$out/$sigma/$preset" >"$out/draw.log" || exit 1
  done
  columns='0:noisy:map 1:U-Net:map 2:map:map 2:unet:unet 2:whole:whole 4:clean:map'
  sh "$here/draw.sh" "$out/sigma-$sigma.png" "$here/pictures.gp" "$out/$sigma" "$columns" "noise level $sigma" || exit 1
done
echo $(($(date +%s) - begin)) >"$memory"
