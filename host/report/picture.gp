# Draws one picture, for pictures.gp and film.gp: block `at` of the file `source`, as report/pictures.hpp says it is.
# `colour`: whether the block holds a pixel per line. (Of a single row or column gnuplot draws nothing.)
if (colour) {
  stats source index at using (column(-1)) nooutput
  high = int(STATS_max) + 1
  wide = int(STATS_records) / high
  level(v) = v < -1 ? 0 : v > 1 ? 255 : 127.5 * (v + 1)
  plot [-0.5:wide-0.5] [high-0.5:-0.5] source index at \
    using (int($0) % wide):(int($0) / wide):(level($1)):(level($2)):(level($3)) with rgbimage
} else {
  stats source index at matrix nooutput
  wide = int(STATS_size_x)
  high = int(STATS_size_y)
  plot [-0.5:wide-0.5] [high-0.5:-0.5] source index at matrix with image
}
