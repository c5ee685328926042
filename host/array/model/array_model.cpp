#include "array/model/array_model.hpp"

#include <algorithm>
#include <cstddef>

#include "array/model/dot.hpp"
#include "array/model/fixed.hpp"

namespace settle {

namespace {

using Code = registers::Operation;

constexpr std::uint64_t kStepMask = (std::uint64_t{1} << 40) - 1;
constexpr int kSumWidth = 48;

std::size_t index(int value) { return static_cast<std::size_t>(value); }

}  // namespace

ArrayModel::ArrayModel(const Configuration& c) : configuration_(c) {
  memories_.state.resize(index(c.cells));
  memories_.coefficients.resize(index(c.coefficients));
  memories_.clamp.resize(index(c.cells));
  memories_.program.resize(index(c.program));
  memories_.layers.resize(index(c.layers));
  memories_.table.resize(index(c.layers * c.table_pieces()));
  memories_.segments.resize(index(c.segments));
  memories_.gains.resize(index(c.segments * c.layers));
  memories_.noise_keys.resize(index(c.noise_rounds));
  results_.sum.resize(index(c.cells));
  results_.square.resize(index(c.cells));
  results_.words.resize(index(c.words));
  next_.resize(index(c.cells));
  operand_.resize(index(c.cells));
  noise_.resize(index(c.cells));
  force_.resize(index(c.cells));
}

void ArrayModel::zero_state() { std::fill(memories_.state.begin(), memories_.state.end(), 0); }

void ArrayModel::clear_results() {
  std::fill(results_.sum.begin(), results_.sum.end(), 0);
  std::fill(results_.square.begin(), results_.square.end(), 0);
  results_.trace.clear();
  results_.saturated_states = results_.saturated_words = results_.window_steps = 0;
}

void ArrayModel::begin(int segments) {
  run_ = {};
  run_.segments = segments;
}

bool ArrayModel::advance(std::uint64_t most) {
  const Noise noise(memories_.noise_keys, configuration_.noise_fraction);
  while (run_.segment < run_.segments) {
    if (run_.segment_step == memories_.segments[index(run_.segment)].steps) {
      ++run_.segment;
      run_.segment_step = 0;
      continue;
    }
    if (most-- == 0) return true;
    one_step(noise, run_.step++, run_.segment);
    ++run_.segment_step;
  }
  return false;
}

void ArrayModel::one_step(const Noise& noise, std::uint32_t run_step, int segment) {
  const Format& operand = configuration_.operand;
  const int below = configuration_.state.fraction - operand.fraction;
  const bool half_up = configuration_.round_half_up != 0;
  std::uint32_t uncounted = 0;  // operands are not states: their saturation is no event
  for (std::size_t i = 0; i < operand_.size(); ++i) {
    operand_[i] =
        static_cast<std::int16_t>(saturate(round_shift(memories_.state[i], below, half_up), operand, uncounted));
  }
  noise.fill(step, configuration_.cells, noise_.data());
  const bool window = memories_.segments[index(segment)].window;
  const bool project_due = run_step % static_cast<std::uint32_t>(refresh) == 0;
  const bool trace_due = trace_stride != 0 && run_step % static_cast<std::uint32_t>(trace_stride) == 0 &&
                         results_.trace.size() < index(configuration_.trace_depth);
  ArrayResults::TraceEntry entry;
  int updated = 0;  // cells so far: noise samples are taken in update order
  for (std::size_t pc = 0; pc < memories_.program.size();) {
    const Operation& operation = memories_.program[pc];
    if (operation.code == Code::end) break;
    if (operation.code == Code::layer) {
      if (window) accumulate_window(memories_.layers[index(operation.layer)]);
      pc = update_layer(pc, noise_.data() + updated, segment);
      updated += memories_.layers[index(operation.layer)].cells();
      continue;
    }
    if (operation.code == Code::project && project_due) project(operation);
    if (operation.code == Code::trace && trace_due) trace_layer(operation, entry);
    ++pc;
  }
  if (trace_due) results_.trace.push_back(entry);
  if (window) ++results_.window_steps;
  memories_.state.swap(next_);
  step = (step + 1) & kStepMask;
}

void ArrayModel::accumulate_window(const LayerDescriptor& layer) {
  for (std::size_t i = index(layer.first); i < index(layer.first + layer.cells()); ++i) {
    results_.sum[i] = wrap(results_.sum[i] + memories_.state[i], kSumWidth);
    results_.square[i] = wrap(results_.square[i] + std::int64_t{operand_[i]} * operand_[i], kSumWidth);
  }
}

void ArrayModel::trace_layer(const Operation& operation, ArrayResults::TraceEntry& entry) const {
  const LayerDescriptor& layer = memories_.layers[index(operation.layer)];
  const std::int16_t* x = operand_.data() + layer.first;
  const std::int16_t* reference = memories_.coefficients.data() + operation.coefficient;
  entry.overlap = wrap(entry.overlap + dot(reference, x, layer.cells()), configuration_.projection_width);
  entry.square = wrap(entry.square + dot(x, x, layer.cells()), configuration_.projection_width);
}

void ArrayModel::project(const Operation& operation) {
  const LayerDescriptor& layer = memories_.layers[index(operation.layer)];
  const int gain = configuration_.word_gain_bits == 0 ? 0 : operation.gain;
  const int shift = configuration_.accumulator_fraction() - configuration_.word.fraction - gain;
  const int height = operation.block ? (layer.height + 1) / 2 : layer.height;
  const int width = operation.block ? (layer.width + 1) / 2 : layer.width;
  std::vector<std::int64_t> sums(index(operation.count));
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      std::fill(sums.begin(), sums.end(), 0);
      if (operation.block) {
        for (int n = 0; n < 4; ++n) {
          const int row = 2 * y + n / 2, column = 2 * x + n % 2;
          if (row < layer.height && column < layer.width) project_site(operation, layer, row, column, sums);
        }
      } else {
        project_site(operation, layer, y, x, sums);
      }
      // A block has 4 sites, 2 at an odd edge and 1 at an odd corner: dividing by them is a longer shift.
      int mean = 0;
      if (operation.mean) {
        mean = (operation.odd_rows && y == height - 1 ? 0 : 1) + (operation.odd_columns && x == width - 1 ? 0 : 1);
      }
      for (int m = 0; m < operation.count; ++m) {
        const std::int64_t sum = wrap(sums[index(m)], configuration_.projection_width);
        results_.words[index(operation.word + (y * width + x) * operation.count + m)] =
            static_cast<std::int16_t>(saturate(round_shift(sum, shift + mean, configuration_.round_half_up != 0),
                                               configuration_.word, results_.saturated_words));
      }
    }
  }
}

void ArrayModel::project_site(const Operation& operation, const LayerDescriptor& layer, int y, int x,
                              std::vector<std::int64_t>& sums) const {
  const TapRange& range = operation.tap_range;
  for (int t = 0; t < range.taps(); ++t) {
    const int row = y - (range.top + t / range.width), column = x - (range.left + t % range.width);
    if (row < 0 || row >= layer.height || column < 0 || column >= layer.width) continue;
    const std::int16_t* states = operand_.data() + layer.first + (row * layer.width + column) * layer.site_cells;
    const std::int16_t* tap =
        memories_.coefficients.data() + operation.coefficient + t * operation.count * layer.site_cells;
    for (int m = 0; m < operation.count; ++m) {
      sums[index(m)] += dot(tap + m * layer.site_cells, states, layer.site_cells);
    }
  }
}

std::size_t ArrayModel::update_layer(std::size_t begin, const std::int16_t* noise, int segment) {
  const Operation& head = memories_.program[begin];
  const LayerDescriptor& layer = memories_.layers[index(head.layer)];
  load_force(head, layer, noise, segment);
  std::size_t pc = begin;
  while (!memories_.program[pc].last && pc + 1 < memories_.program.size()) {
    ++pc;
    apply(memories_.program[pc], layer, head.layer);
  }
  finish(layer);
  return pc + 1;
}

void ArrayModel::load_force(const Operation& head, const LayerDescriptor& layer, const std::int16_t* noise,
                            int segment) {
  const std::int64_t gain = memories_.gains[index(segment * configuration_.layers + head.layer)];
  for (int s = 0; s < layer.sites(); ++s) {
    const int first = s * layer.site_cells;
    const std::int16_t* field = memories_.coefficients.data() + head.coefficient + (head.per_site ? first : 0);
    for (int i = 0; i < layer.site_cells; ++i) {
      force_[index(first + i)] =
          field[i] * (std::int64_t{1} << configuration_.operand.fraction) + gain * noise[first + i];
    }
  }
}

void ArrayModel::apply(const Operation& operation, const LayerDescriptor& layer, int layer_index) {
  switch (operation.code) {
    case Code::stiffness: {
      const std::int16_t* coefficient = memories_.coefficients.data() + operation.coefficient;
      for (int s = 0; s < layer.sites(); ++s) {
        std::int64_t* force = force_.data() + s * layer.site_cells;
        const std::int16_t* x = operand_.data() + layer.first + s * layer.site_cells;
        for (int i = 0; i < layer.site_cells; ++i) force[i] -= std::int64_t{coefficient[i]} * x[i];
      }
      break;
    }
    case Code::table:
      apply_table(layer, layer_index);
      break;
    case Code::neighbour:
      apply_neighbour(operation, layer);
      break;
    case Code::bus:
      apply_bus(operation, layer);
      break;
    default:
      break;  // any other code inside a layer is ignored, in hardware too
  }
}

void ArrayModel::apply_table(const LayerDescriptor& layer, int layer_index) {
  const std::int16_t* x = operand_.data() + layer.first;
  const int below = configuration_.operand.width - configuration_.table_bits;  // bits inside a piece
  const ArrayMemories::TablePiece* table = memories_.table.data() + layer_index * configuration_.table_pieces();
  for (int i = 0; i < layer.cells(); ++i) {
    const std::int64_t from_left = x[i] - configuration_.operand.lowest();
    const ArrayMemories::TablePiece& piece = table[from_left >> below];
    const std::int64_t inside = (from_left & ((1 << below) - 1)) << (configuration_.operand.fraction - below);
    force_[index(i)] -=
        (std::int64_t{piece.left} * (std::int64_t{1} << configuration_.operand.fraction)) + piece.rise * inside;
  }
}

void ArrayModel::apply_neighbour(const Operation& operation, const LayerDescriptor& layer) {
  const std::int16_t* coefficient = memories_.coefficients.data() + operation.coefficient;
  const int columns = 1 << layer.columns_log2;
  for (int s = 0; s < layer.sites(); ++s) {
    std::int64_t* force = force_.data() + s * layer.site_cells;
    const std::int16_t* x = operand_.data() + layer.first + s * layer.site_cells;
    for (int i = 0; i < layer.site_cells; ++i) {
      int row = (i >> layer.columns_log2) + operation.word;
      if (row >= layer.rows) row -= layer.rows;
      const int column = ((i & (columns - 1)) + operation.count) & (columns - 1);
      force[i] -= std::int64_t{coefficient[i]} * x[(row << layer.columns_log2) + column];
    }
  }
}

void ArrayModel::apply_bus(const Operation& operation, const LayerDescriptor& layer) {
  const TapRange& range = operation.tap_range;
  const int left = configuration_.operand.fraction - configuration_.word.fraction;
  const int source_width = operation.half ? (layer.width + 1) / 2 : layer.width;
  for (int s = 0; s < layer.sites(); ++s) {
    for (int t = 0; t < range.taps(); ++t) {
      const int row = s / layer.width + range.top + t / range.width;
      const int column = s % layer.width + range.left + t % range.width;
      if (row < 0 || row >= layer.height || column < 0 || column >= layer.width) continue;
      const int source = operation.half ? (row / 2) * source_width + column / 2 : row * source_width + column;
      const std::int16_t* words = results_.words.data() + operation.word + source * operation.count;
      const std::int16_t* tap =
          memories_.coefficients.data() + operation.coefficient + t * operation.count * layer.site_cells;
      subtract_words(force_.data() + s * layer.site_cells, tap, words, operation.count, 1 << left, layer.site_cells);
    }
  }
}

void ArrayModel::finish(const LayerDescriptor& layer) {
  const int shift = configuration_.rounded_bits();
  // State and force are one sum, as wide as the accumulator: checks of configuration and
  // contents keep it from wrapping.
  const std::int64_t half = configuration_.round_half_up != 0 ? std::int64_t{1} << (shift - 1) : 0;
  for (int i = 0; i < layer.cells(); ++i) {
    const std::size_t cell = index(layer.first + i);
    const std::int64_t sum = std::int64_t{memories_.state[cell]} * (std::int64_t{1} << shift) + force_[index(i)] + half;
    next_[cell] = memories_.clamp[cell] != 0
                      ? memories_.state[cell]
                      : static_cast<std::int32_t>(saturate(wrap(sum, configuration_.accumulator_width) >> shift,
                                                           configuration_.state, results_.saturated_states));
  }
}

}  // namespace settle
