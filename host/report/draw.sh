#!/bin/sh
# draw.sh PICTURE SCRIPT WORD...: gnuplot makes PICTURE by SCRIPT, which finds PICTURE and the words in ARG1, ARG2, ...
# Says what is drawn. Without gnuplot nothing is drawn and nothing said: .make/packages.sh has said so. Exit status 1 if
# gnuplot fails; nothing half drawn stays.
set -u +C

command -v gnuplot >/dev/null 2>&1 || exit 0
picture=$1 script=$2
shift 2
# A user's own terminal, settings and way to write numbers are for the screen.
unset GNUTERM
LC_ALL=C gnuplot -d -c "$script" "$picture" "$@" || {
  rm -f -- "$picture"
  printf 'not drawn: %s\n' "$picture" >&2
  exit 1
}
printf 'drawn: %s\n' "$picture"
