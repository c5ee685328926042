# Draws how fast every engine is: cell updates per second on a log axis, one panel per machine, its limit as a line.
#
#   gnuplot -c host/programs/bench/bench.gp out/bench/bench.png out/bench/bench.csv [TITLE]
#
# Picture, and bench.csv of settle-bench: machine, engine, median, least, most; the last row of a machine is its limit.
# TITLE: above.
file(name) = name[1:1] eq '/' ? name : './'.name # one that begins with < would be a command
png = file(ARG1)
csv = file(ARG2)
title = ARG3

set datafile separator comma
machines = 'anchored map whole'
# Rows first to last of each machine, without its limit.
array first[words(machines)]
array last[words(machines)]
array limit[words(machines)]
rows = 0
do for [m=1:words(machines)] {
  stats csv using (strcol(1) eq word(machines, m) ? $0 : NaN) skip 1 nooutput
  first[m] = int(STATS_min)
  last[m] = int(STATS_max) - 1
  rows = rows + last[m] - first[m] + 1
  at = last[m] + 1
  stats csv using 3 skip 1 every ::at::at nooutput
  limit[m] = STATS_max
}
stats csv using 4 skip 1 nooutput name 'all'
low = 10**floor(log10(all_min))

bar = 24.0
gap = 52.0
height = bar*rows + gap*words(machines) + 40
set terminal pngcairo size 1100,int(height) font 'sans,11' noenhanced
set output png
set multiplot title title
set logscale x
most = 10**ceil(log10(all_max))
set xrange [low:most]
set format x '%.0e'
set grid xtics linecolor rgb '#dddddd' linetype 1
set border 1
set xtics nomirror out
set ytics nomirror scale 0
set lmargin at screen 0.25
set rmargin at screen 0.90
unset key
set style fill solid 0.9 noborder
begins(text, with) = strstrt(text, with) == 1
colour(engine) = begins(engine, 'ensemble') ? 0x2f6fa8 : engine eq 'model' ? 0x7fa8cc : \
  begins(engine, 'libtorch') ? 0xc0392b : begins(engine, 'Eigen') ? 0xd98b3a : engine eq 'verilated' ? 0x4a9a6a : 0x9a9a9a

y = height - 44
do for [m=1:words(machines)] {
  n = last[m] - first[m] + 1
  set tmargin at screen y / height
  set bmargin at screen (y - bar*n) / height
  y = y - bar*n - gap
  set yrange [n - 0.5:-0.5]
  set title word(machines, m) offset 0,-0.9 font ',13'
  set xlabel m == words(machines) ? 'cell updates per second' : ''
  set arrow 1 from limit[m], graph 0 to limit[m], graph 1 nohead dashtype 2 linewidth 2 linecolor rgb '#333333' front
  set label 1 sprintf('limit %.3g', limit[m]) at limit[m], graph 1 offset 0,0.5 center textcolor rgb '#333333' front
  from = first[m]
  to = last[m]
  plot csv using (low):0:(low):3:($0-0.36):($0+0.36):(colour(strcol(2))):ytic(2) skip 1 every ::from::to \
         with boxxyerror linecolor rgb variable, \
       csv using 3:0:4:5 skip 1 every ::from::to with xerrorbars pointtype 0 linecolor rgb '#222222', \
       csv using (most):0:(sprintf('%.3g', $3)) skip 1 every ::from::to with labels left offset 0.8,0
}
unset multiplot
