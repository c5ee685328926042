#!/bin/sh
# with_words.sh COMMAND...: runs the command with the words of ARGS after its own. Blanks separate words, quotes and
# backslashes keep them together, as in a shell. Nothing else in ARGS means anything: no command, variable or pattern.
set -eu +C

# xargs reads words so. None has a line end in it, so a line is a word; the last line keeps those that are empty.
words=$(printf '%s\n' "${ARGS-}" | xargs printf '%s\n' 2>/dev/null && echo end) || {
  printf 'make: ARGS=%s: a quote is not closed\n' "$ARGS" >&2
  exit 1
}
words=${words%end}
case ${ARGS-} in
  *[![:space:]]*)
    while IFS= read -r word; do
      set -- "$@" "$word"
    done <<END
${words%?}
END
    ;;
esac
exec "$@"
