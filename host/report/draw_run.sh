#!/bin/sh
# draw_run.sh FOLDER: draws what a run left in FOLDER: its settling curve, its images, the film of its first sample.
set -u +C

run=$1
here=$(dirname "$0")
status=0
[ ! -f "$run/settling.csv" ] || sh "$here/draw.sh" "$run/settling.png" "$here/settling.gp" "$run/settling.csv" || status=1
[ ! -f "$run/images.csv" ] || sh "$here/draw.sh" "$run/images.png" "$here/pictures.gp" "$run" || status=1
[ ! -f "$run/film.csv" ] || sh "$here/draw.sh" "$run/film.png" "$here/film.gp" "$run" || status=1
exit $status
