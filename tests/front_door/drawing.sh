#!/bin/sh
# The gnuplot scripts draw from folders of any name, and nothing in a name is a command. 77: there is no gnuplot.
set -eu
unset CDPATH
command -v gnuplot >/dev/null 2>&1 || exit 77
source=$(cd "$(dirname "$0")/../.." && pwd -P)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
faults=0

fail() {
  echo "FAILED: $*"
  faults=$((faults + 1))
}

# picture FILE: whether it is a PNG that is not empty.
picture() {
  [ -s "$1" ] && head -c 4 "$1" | grep -q PNG
}

# pixels NUMBER: so many pictures of 28 x 28, as a run writes them.
pixels() {
  awk -v n="$1" 'BEGIN { for (i = 0; i < n; i++) { for (y = 0; y < 28; y++) { for (x = 0; x < 28; x++)
    printf "%s%.4f", x ? "," : "", (x * y * (i + 1)) % 7 / 3.5 - 1; print "" } print ""; print "" } }'
}

# list NAME...: the pictures' lines.
list() {
  echo index,sample,name,psnr
  index=0
  for name; do
    echo "$index,0,$name,20.5"
    index=$((index + 1))
  done
}

# a_run FOLDER: what draw_run.sh draws of.
a_run() {
  mkdir -p -- "$1"
  printf 'step,distance,predicted\n0,1.5,1.5\n1,0.7,0.75\n2,0.3,0.36\n3,0.01,\n' >"$1/settling.csv"
  list noisy unet settled mean_map clean >"$1/images.csv"
  pixels 5 >"$1/images-pixels.csv"
  list 0 1 2 3 mean >"$1/film.csv"
  pixels 5 >"$1/film-pixels.csv"
}

mkdir home
echo 'this is no command' >home/.gnuplot
for folder in run 'my results' "it's" 'a"b' '< touch hit; echo ' '|touch hit;' '`touch hit`' '$x {y}' '~' '-e' '+' "$(printf 'a\nb')"; do
  a_run "./$folder"
  HOME=$work/home GNUTERM=x11 LC_ALL=de_DE.UTF-8 sh "$source/host/report/draw_run.sh" "$folder" >log 2>&1 || {
    fail "$folder: status $?" && cat log
  }
  for drawn in settling images film; do picture "./$folder/$drawn.png" || fail "$folder: no $drawn.png"; done
  [ ! -e hit ] || { fail "$folder: a command ran" && rm hit; }
done

# Side by side, as `make pictures` draws them, and absolute.
a_run "$work/l v/map"
a_run "$work/l v/unet"
sh "$source/host/report/draw.sh" "$work/l v/sheet.png" "$source/host/report/pictures.gp" "$work/l v" \
  '0:noisy:map 2:map:map 2:unet:unet 4:clean:map' "it's" >log 2>&1 || { fail 'a sheet' && cat log; }
picture "$work/l v/sheet.png" || fail 'a sheet: no picture'
[ "$(cat log)" = "drawn: $work/l v/sheet.png" ] || { fail 'a sheet: says' && cat log; }

# Images of other sides, and in colour: where all three channels are the same, the picture is the grey image's.
# shaped WIDTH HEIGHT SHOWN SIGN: black and white; lists say SHOWN if that is not empty, which rgb makes a pixel per line,
# whose blue has the SIGN. A checksum of the pictures goes to the file drawn.
shaped() {
  a_run shaped
  for name in images film; do
    [ -z "$3" ] || sed -i "1s/\$/,shown/; 2,\$s/\$/,$3/" "shaped/$name.csv"
    awk -v w="$1" -v h="$2" -v colour="$3" -v sign="$4" 'BEGIN { for (i = 0; i < 5; i++) { for (y = 0; y < h; y++) {
      for (x = 0; x < w; x++) { v = x * y * (i + 1) % 7 < 3 ? -1 : 1
        printf "%s%d%s", x && colour != "rgb" ? "," : "", v, colour == "rgb" ? "," v "," sign * v "\n" : "" }
      print "" } print ""; if (colour != "rgb") print "" } }' >"shaped/$name-pixels.csv"
  done
  sh "$source/host/report/draw_run.sh" shaped >log 2>&1 || { fail "$*: status $?" && cat log; }
  ! grep -q warning log || { fail "$*: gnuplot warns" && cat log; }
  for drawn in images film; do picture "shaped/$drawn.png" || fail "$*: no $drawn.png"; done
  cat shaped/images.png shaped/film.png | cksum >drawn
}
shaped 12 40 '' 1
cp drawn tall
shaped 12 40 rgb 1
cmp -s tall drawn || fail 'an image of three equal channels is not drawn as the grey one is'
shaped 12 40 '1 of 5' 1
cmp -s tall drawn || fail 'the first of five channels is not drawn as the grey image is'
shaped 12 40 rgb -1
! cmp -s tall drawn || fail 'an image in colour is drawn in grey'
shaped 40 12 '' 1
! cmp -s tall drawn || fail 'a wide image is drawn as a tall one is'

# What cannot be drawn leaves nothing.
echo step >run/settling.csv
! sh "$source/host/report/draw_run.sh" run >log 2>&1 || fail 'a cut file: status 0'
[ ! -e run/settling.png ] || fail 'a cut file leaves a picture'
grep -qx 'not drawn: run/settling.png' log || { fail 'a cut file' && cat log; }

[ "$faults" -eq 0 ] || exit 1
echo "all is well"
