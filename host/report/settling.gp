# Draws a settling curve: distance to the settled run against the step, with its prediction.
#
#   gnuplot -c host/report/settling.gp out/run/settling.png out/run/settling.csv
#
# Picture, and its data: columns step, distance, predicted (may be empty), with a heading, as `settle run` writes them.
file(name) = name[1:1] eq '/' ? name : './'.name # one that begins with < would be a command
png = file(ARG1)
csv = file(ARG2)

set terminal pngcairo size 960,600 font 'sans,13'
set output png
set datafile separator comma

# Everything is shown relative to the start, so that the 1 % line is the same for every machine.
stats csv using 1:2 skip 1 nooutput name 'measured'
stats csv using (strlen(strcol(3)) > 0 ? 1 : 0) skip 1 nooutput name 'predicted'
start = 0.0
stats csv using (start = ($1 == 0 ? $2 : start)) skip 1 nooutput name 'start'

set xlabel 'step of the array'
set ylabel 'distance / distance at the start'
set logscale y
set format y '10^{%L}'
set xrange [0:measured_max_x]
set yrange [*:2]
set grid xtics ytics linecolor rgb '#dddddd' linetype 1
set border 3
set tics nomirror out
set key top right

settled = 0.01
set arrow from graph 0, first settled to graph 1, first settled nohead dashtype 3 linecolor rgb '#555555'
set label 'settled: 1 %' at graph 0.99, first settled*1.7 right textcolor rgb '#555555'

# A distance of exactly 0 has no place on a log axis and is left out.
share(d) = d > 0 ? d/start : NaN
if (predicted_max > 0) {
  plot csv using 1:(share($2)) skip 1 with lines linewidth 3 linecolor rgb '#4a90c2' title 'measured', \
       csv using 1:(share($3)) skip 1 with lines linewidth 2 dashtype 2 linecolor rgb '#c0392b' title 'predicted'
} else {
  plot csv using 1:(share($2)) skip 1 with lines linewidth 3 linecolor rgb '#4a90c2' title 'measured'
}
