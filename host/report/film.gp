# Draws a film strip: the image that follows from the state at some steps, PSNR under each.
#
#   gnuplot -e "run='out/run/map'" host/report/film.gp
#
# run: its folder; film.csv lists the frames (name: step, or "mean" for the window's mean), film-pixels.csv holds them.
if (!exists("run")) run = 'out/run'
if (!exists("png")) png = run.'/film.png'

list = run.'/film.csv'
set datafile separator comma
stats list using 1 skip 1 nooutput
n = int(STATS_max) + 1
set terminal pngcairo size 150*n,200 font 'sans,11'
set termoption noenhanced
set output png
set multiplot layout 1,n margins 0.01,0.99,0.16,0.84 spacing 0.008,0
set palette gray
set cbrange [-1:1]
unset colorbox
unset key
unset tics
set border 0
set size ratio -1
name = ''
do for [i=0:n-1] {
  stats list using (name = strcol(3), $4) skip 1 every ::i::i nooutput
  set title (name eq 'mean' ? 'window mean' : 'step '.name) offset 0,-0.7
  set xlabel sprintf('%.2f dB', STATS_mean) offset 0,0.4
  plot [-0.5:27.5] [27.5:-0.5] run.'/film-pixels.csv' index i matrix with image
}
unset multiplot
