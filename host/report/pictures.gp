# Draws images side by side: a row per sample, a column per kind, PSNR under each image.
#
#   gnuplot -c host/report/pictures.gp out/run/map/images.png out/run/map
#   gnuplot -c host/report/pictures.gp out/sheet.png out '0:noisy:map 2:map:map 2:unet:unet 4:clean:map' [TITLE]
#
# Picture, and a run's folder. Or one that has several in it: columns then lists place within a sample (0 noisy, 1 U-Net, 2
# settled, 3 mean map, 4 clean), title and folder, by colons. TITLE: above.
kinds = 5
file(name) = name[1:1] eq '/' ? name : './'.name # one that begins with < would be a command
png = file(ARG1)
run = file(ARG2)
columns = ARGC > 2 ? ARG3 : '0:noisy:. 1:U-Net:. 2:settled:. 3:mean_map:. 4:clean:.'
title = ARG4
# The folder of this script, with its last slash.
before(s, n) = n == 0 ? '' : s[n:n] eq '/' ? s[1:n] : before(s, n - 1)
here = file(before(ARG0, strlen(ARG0)))

# gnuplot has no way to split at a character: cut at the first colon.
head(s) = strstrt(s, ':') > 0 ? s[1:strstrt(s, ':')-1] : s
tail(s) = s[strstrt(s, ':')+1:*]
place(c) = int(head(word(columns, c)))
name(c) = head(tail(word(columns, c)))
folder(c) = run.'/'.tail(tail(word(columns, c)))

set datafile separator comma
stats folder(1).'/images.csv' using 1 skip 1 nooutput
rows = int((STATS_max + 1) / kinds)
n = words(columns)
set terminal pngcairo size 150*n,172*rows+56 font 'sans,11'
set termoption noenhanced
set output png
set multiplot layout rows,n margins 0.01,0.99,26.0/(172*rows+56),1-50.0/(172*rows+56) spacing 0.008,28.0/(172*rows+56) title title
set palette gray
set cbrange [-1:1]
unset colorbox
unset key
unset tics
set border 0
set size ratio -1
do for [row=0:rows-1] {
  do for [c=1:n] {
    i = row*kinds + place(c)
    list = folder(c).'/images.csv'
    stats list using 1 skip 1 nooutput
    colour = 0
    if (STATS_columns > 4) { stats list using (colour = strcol(5) eq 'rgb', $1) skip 1 nooutput }
    source = folder(c).'/images-pixels.csv'
    at = i
    db = ''
    set label 1 '' at graph 0.5,-0.07 center
    if (place(c) != 4) {
      stats list using 4 skip 1 every ::i::i nooutput
      db = sprintf('%.2f dB', STATS_mean)
    }
    set xlabel db offset 0,0.4
    if (row == 0) { set title name(c) offset 0,-0.7 } else { unset title }
    load here.'picture.gp'
  }
}
unset multiplot
