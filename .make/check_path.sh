#!/bin/sh
# check_path.sh FOLDER...: refuses folders whose names, or those above them, hold characters that make, CMake or Verilator
# take for something else: a space ends a name in a makefile, and Verilator writes makefiles.
set -u +C

for folder in "$@"; do
  odd=$(printf '%s' "$folder" | LC_ALL=C tr -d 'A-Za-z0-9/._+@\200-\377-' | tr '[:cntrl:]' '?')
  [ -z "$odd" ] || {
    printf '%s: the path holds "%s": make, CMake and Verilator take letters, digits and / . _ + @ - alone; move it\n' \
      "$(printf '%s' "$folder" | tr '[:cntrl:]' '?')" "$odd" >&2
    exit 1
  }
done
