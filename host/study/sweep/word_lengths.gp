# Draws what each word length alone costs: loss of cosine_centred against fraction bits, one panel per format.
#
#   gnuplot -c host/study/sweep/word_lengths.gp out/word-lengths/sweep.png out/word-lengths/sweep.csv
#
# Picture, and sweep.csv of the plan word-lengths.json.
file(name) = name[1:1] eq '/' ? name : './'.name # one that begins with < would be a command
csv = file(ARG2)

set terminal pngcairo size 1200,720 font 'sans,11'
set output file(ARG1)
set datafile separator comma
set datafile missing ''

# A row belongs to a panel if the format is the first that it changes, or if it changes nothing.
fits(key) = strcol('changed') eq '' || word(strcol('changed'), 1) eq key
of(preset) = strcol('preset') eq preset
digits(text) = real(text[strstrt(text, '.') + 1:*])  # of Q4.16, or of a plain number
# Losses below what the seeds' noise lets one see stand at the bottom, gains with them.
least = 1e-6
shown(loss) = loss > least ? loss : least
at(key, preset) = fits(key) && of(preset) ? digits(strcol(key)) : NaN

set logscale y
set yrange [least / 2:1]
set format y '10^{%L}'
set grid ytics linecolor rgb '#dddddd' linetype 1
set border 3
set tics nomirror out
set offsets 0.5, 0.5, 0, 0
set arrow from graph 0, first 0.001 to graph 1, first 0.001 nohead dashtype 3 linecolor rgb '#555555'
set key top right

set multiplot layout 2,3 margins 0.07,0.98,0.09,0.90 spacing 0.07,0.15 \
  title 'loss of cosine\_centred by one short format, the others as shipped (a state shorter where it must be); dotted: 0.001'
do for [panel in 'state operand coefficient word noise_fraction table_bits'] {
  set xlabel panel eq 'table_bits' ? 'table: log2 of pieces' : (panel eq 'noise_fraction' ? 'noise: ' : panel.': ').'fraction bits'
  plot for [preset in 'anchored map'] csv using (at(panel, preset)):(shown(column('loss_cosine_centred'))) \
    with points pointtype (preset eq 'map' ? 6 : 7) pointsize 1.4 linewidth 2 \
    linecolor rgb (preset eq 'map' ? '#c0392b' : '#4a90c2') title preset
  unset key
}
unset multiplot
