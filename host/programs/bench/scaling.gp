# Draws what a step costs as one size of a machine grows: measured points, fitted lines, and the hardware's clock cycles.
#
#   gnuplot -c host/programs/bench/scaling.gp out/bench/scaling.png out/bench/scaling.csv out/bench/scaling-fits.csv
#
# Picture, and the files of settle-bench scaling.
file(name) = name[1:1] eq '/' ? name : './'.name # one that begins with < would be a command
csv = file(ARG2)
fits = file(ARG3)

set terminal pngcairo size 1300,820 font 'sans,11' noenhanced
set output file(ARG1)
set termoption enhanced
set datafile separator comma
set datafile missing ''

series = 'cells rank layers chains side cells'
titles = '"D, cells per layer" "k, rank" "layers" "chains on one core" "side of the grid" "D, cells per layer"'
# Of each panel's fitted lines a + b x^p, and p's error.
engines = 'ensemble model slots'
array a[18]
array b[18]
array p[18]
array e[18]
array left[6]
array right[6]
do for [n=1:6] {
  of(name) = name eq word(series, n)
  do for [k=1:3] {
    i = 3*(n - 1) + k
    a[i] = 0.0; b[i] = 0.0; p[i] = 0.0; e[i] = 0.0
    stats fits using (of(strcol(1)) && strcol(2) eq word(engines, k) ? (a[i] = $3, b[i] = $4, p[i] = $5, e[i] = $6, 1) : 0) \
      skip 1 nooutput
  }
  stats csv using (of(strcol(1)) ? $2 : NaN) skip 1 nooutput
  left[n] = STATS_min / 1.2
  right[n] = STATS_max * 1.2
}

set logscale xy
set format y '10^{%L}'
set grid xtics ytics linecolor rgb '#dddddd' linetype 1
set border 3
set tics nomirror out
set key top left reverse Left samplen 2
set offsets 0, 0, graph 0.25, graph 0.05
set multiplot layout 2,3 margins 0.06,0.985,0.08,0.93 spacing 0.06,0.13 \
  title 'what a step costs as one size grows: points are medians, lines a + b x^p'
line(i, x) = p[i] > 0 ? a[i] + b[i]*x**p[i] : NaN
name(text, i) = p[i] > 0 ? sprintf('%s: p = %.2f +- %.2f', text, p[i], e[i]) : text
do for [n=1:6] {
  x(of, value) = of eq word(series, n) ? value : NaN
  set xrange [left[n]:right[n]]
  set xlabel word(titles, n)
  set ylabel n == 6 ? 'clock cycles per step' : (n % 3 == 1 ? 'seconds per step' : '')
  set xtics ()
  do for [t in (word(series, n) eq 'side' ? '6 8 12 16 20 24 28' : '2 4 8 16 32 64 128 256 512 1024')] {
    set xtics add (t real(t))
  }
  i = 3*(n - 1)
  if (n < 6) {
    plot csv using (x(strcol(1), $2)):9 skip 1 with points pointtype 7 linecolor rgb '#2f6fa8' \
           title name(n == 4 ? 'ensemble' : 'ensemble, 16 chains', i + 1), \
         line(i + 1, x) linecolor rgb '#2f6fa8' notitle, \
         csv using (n == 4 ? NaN : x(strcol(1), $2)):10 skip 1 with points pointtype 6 linecolor rgb '#c0392b' \
           title (n == 4 ? '' : name('model, 1 chain', i + 2)), \
         line(i + 2, x) linecolor rgb '#c0392b' dashtype 2 notitle
  } else {
    plot csv using (x(strcol(1), $2)):11 skip 1 with points pointtype 7 linecolor rgb '#4a9a6a' \
           title sprintf('RTL, 4 lanes, rank 16: p = %.2f', p[i + 3]), \
         line(i + 3, x) linecolor rgb '#4a9a6a' notitle, \
         csv using (x(strcol(1), $2)):12 skip 1 with linespoints pointtype 6 dashtype 2 linecolor rgb '#8a8a8a' \
           title 'the same with dense buses, D^2'
  }
}
unset multiplot
