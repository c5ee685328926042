# Draws a film strip: the noisy input, the image that follows from the machine's state at some steps, that of the
# window's mean, and the clean image, with the PSNR under each.
#
#   gnuplot -c host/report/film.gp out/run/whole/film.png out/run/whole [TITLE]
#
# Picture, and the run's folder. film.csv lists the frames (name: step, or "mean" for the window's mean) and film-pixels.csv holds
# them; the first and the last picture are sample 0's in images.csv and images-pixels.csv (index 0 noisy, 4 clean).
# TITLE: above.
file(name) = name[1:1] eq '/' ? name : './'.name # one that begins with < would be a command
png = file(ARG1)
run = file(ARG2)
title = ARG3
# The folder of this script, with its last slash.
before(s, n) = n == 0 ? '' : s[n:n] eq '/' ? s[1:n] : before(s, n - 1)
here = file(before(ARG0, strlen(ARG0)))

list = run.'/film.csv'
set datafile separator comma
stats list using 1 skip 1 nooutput
frames = int(STATS_max) + 1
colour = 0
if (STATS_columns > 4) { stats list using (colour = strcol(5) eq 'rgb', $1) skip 1 nooutput }
# Of many frames the very first steps are left out: a machine of several layers has hardly moved by then.
first = frames > 8 ? 4 : 1
n = frames - first + 3
columns = n > 8 ? (n + 1) / 2 : n
rows = (n + columns - 1) / columns
width = 150 * columns
height = 196 * rows + (title eq '' ? 8 : 40)
set terminal pngcairo size width,height font 'sans,11'
set termoption noenhanced
set output png
set multiplot title title
set palette gray
set cbrange [-1:1]
unset colorbox
unset key
unset tics
set border 0
set size ratio -1

# Place i of the strip, from the top left, row by row.
place(i, what) = what eq 'left' ? (150.0 * (i % columns) + 3) / width : (196.0 * (rows - 1 - i / columns) + 24) / height
do for [i=0:n-1] {
  name = ''
  db = ''
  if (i == 0 || i == n - 1) {
    source = run.'/images-pixels.csv'
    at = i == 0 ? 0 : 4
    name = i == 0 ? 'noisy input' : 'clean image'
    if (i == 0) { stats run.'/images.csv' using 4 skip 1 every ::0::0 nooutput; db = sprintf('%.2f dB', STATS_mean) }
  } else {
    source = run.'/film-pixels.csv'
    at = i == 1 ? 0 : i - 2 + first
    stats list using (name = strcol(3), $4) skip 1 every ::at::at nooutput
    name = name eq 'mean' ? 'window mean' : 'step '.name
    db = sprintf('%.2f dB', STATS_mean)
  }
  left = place(i, 'left')
  bottom = place(i, 'bottom')
  set lmargin at screen left
  set rmargin at screen left + 144.0 / width
  set bmargin at screen bottom
  set tmargin at screen bottom + 144.0 / height
  set title name offset 0,-0.7
  set xlabel db offset 0,0.4
  load here.'picture.gp'
}
unset multiplot
