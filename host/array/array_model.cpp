#include "array/array_model.hpp"

#include <algorithm>
#include <cstddef>

#include "array/dot.hpp"
#include "array/fixed.hpp"

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
  memories_.table.resize(index(c.layers * c.table_segments()));
  memories_.segments.resize(index(c.segments));
  memories_.gains.resize(index(c.segments * c.layers));
  results_.sum.resize(index(c.cells));
  results_.square.resize(index(c.cells));
  results_.words.resize(index(c.words));
  next_.resize(index(c.cells));
  operand_.resize(index(c.cells));
  noise_.resize(index(c.cells));
  force_.resize(index(c.layer_cells));
}

void ArrayModel::zero_state() { std::fill(memories_.state.begin(), memories_.state.end(), 0); }

void ArrayModel::clear_results() {
  std::fill(results_.sum.begin(), results_.sum.end(), 0);
  std::fill(results_.square.begin(), results_.square.end(), 0);
  results_.trace.clear();
  results_.saturated_states = results_.saturated_words = results_.window_steps = 0;
}

void ArrayModel::run(int segments) {
  const Noise noise(seed, configuration_.noise_rounds);
  std::uint32_t run_step = 0;
  for (int s = 0; s < segments; ++s) {
    for (std::uint32_t i = 0; i < memories_.segments[index(s)].steps; ++i) one_step(noise, run_step++, s);
  }
}

void ArrayModel::one_step(const Noise& noise, std::uint32_t run_step, int segment) {
  const Format& operand = configuration_.operand;
  const int below = configuration_.state.fraction - operand.fraction;
  std::uint32_t uncounted = 0;  // the view for the multipliers is not a state: its saturation is no event
  for (std::size_t i = 0; i < operand_.size(); ++i) {
    operand_[i] = static_cast<std::int16_t>(saturate(round_shift(memories_.state[i], below), operand, uncounted));
  }
  noise.fill(step, configuration_.cells, noise_.data());
  const bool window = memories_.segments[index(segment)].window;
  const bool project_due = run_step % static_cast<std::uint32_t>(refresh) == 0;
  const bool trace_due = trace_stride != 0 && run_step % static_cast<std::uint32_t>(trace_stride) == 0 &&
                         results_.trace.size() < index(configuration_.trace_depth);
  ArrayResults::TraceEntry entry;
  int updated = 0;  // cells so far: noise is dealt out in update order
  for (std::size_t pc = 0; pc < memories_.program.size();) {
    const Operation& operation = memories_.program[pc];
    if (operation.code == Code::end) break;
    if (operation.code == Code::layer) {
      if (window) accumulate_window(memories_.layers[index(operation.layer)]);
      pc = update_layer(pc, noise_.data() + updated, segment);
      updated += memories_.layers[index(operation.layer)].cells;
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

void ArrayModel::accumulate_window(const ArrayMemories::Layer& layer) {
  for (std::size_t i = index(layer.first); i < index(layer.first + layer.cells); ++i) {
    results_.sum[i] = wrap(results_.sum[i] + memories_.state[i], kSumWidth);
    results_.square[i] = wrap(results_.square[i] + std::int64_t{operand_[i]} * operand_[i], kSumWidth);
  }
}

void ArrayModel::trace_layer(const Operation& operation, ArrayResults::TraceEntry& entry) const {
  const ArrayMemories::Layer& layer = memories_.layers[index(operation.layer)];
  const std::int16_t* x = operand_.data() + layer.first;
  const std::int16_t* reference = memories_.coefficients.data() + operation.coefficient;
  entry.overlap = wrap(entry.overlap + dot(reference, x, layer.cells), configuration_.projection_width);
  entry.square = wrap(entry.square + dot(x, x, layer.cells), configuration_.projection_width);
}

void ArrayModel::project(const Operation& operation) {
  const ArrayMemories::Layer& layer = memories_.layers[index(operation.layer)];
  const int gain = configuration_.word_gain_bits == 0 ? 0 : operation.gain;
  const int shift = configuration_.accumulator_fraction() - configuration_.word.fraction - gain;
  for (int m = 0; m < operation.count; ++m) {
    const std::int64_t sum = dot(memories_.coefficients.data() + operation.coefficient + m * layer.cells,
                                 operand_.data() + layer.first, layer.cells);
    results_.words[index(operation.word + m)] = static_cast<std::int16_t>(saturate(
        round_shift(wrap(sum, configuration_.projection_width), shift), configuration_.word, results_.saturated_words));
  }
}

std::size_t ArrayModel::update_layer(std::size_t begin, const std::int16_t* noise, int segment) {
  const Operation& head = memories_.program[begin];
  const ArrayMemories::Layer& layer = memories_.layers[index(head.layer)];
  const std::int64_t gain = memories_.gains[index(segment * configuration_.layers + head.layer)];
  for (int i = 0; i < layer.cells; ++i) {
    const std::int64_t field = memories_.coefficients[index(head.coefficient + i)];
    force_[index(i)] = field * (std::int64_t{1} << configuration_.operand.fraction) + gain * noise[i];
  }
  std::size_t pc = begin;
  while (!memories_.program[pc].last && pc + 1 < memories_.program.size()) {
    ++pc;
    apply(memories_.program[pc], layer, head.layer);
  }
  finish(layer);
  return pc + 1;
}

void ArrayModel::apply(const Operation& operation, const ArrayMemories::Layer& layer, int layer_index) {
  const std::int16_t* x = operand_.data() + layer.first;
  const std::int16_t* coefficient = memories_.coefficients.data() + operation.coefficient;
  std::int64_t* force = force_.data();
  switch (operation.code) {
    case Code::stiffness:
      for (int i = 0; i < layer.cells; ++i) force[i] -= std::int64_t{coefficient[i]} * x[i];
      break;
    case Code::table: {
      const int below = configuration_.operand.width - configuration_.table_bits;  // bits inside a segment
      const ArrayMemories::TableSegment* table = memories_.table.data() + layer_index * configuration_.table_segments();
      for (int i = 0; i < layer.cells; ++i) {
        const std::int64_t from_left = x[i] - configuration_.operand.lowest();
        const ArrayMemories::TableSegment& segment = table[from_left >> below];
        const std::int64_t inside = (from_left & ((1 << below) - 1)) << (configuration_.operand.fraction - below);
        force[i] -=
            (std::int64_t{segment.left} * (std::int64_t{1} << configuration_.operand.fraction)) + segment.rise * inside;
      }
      break;
    }
    case Code::neighbour: {
      const int columns = 1 << layer.columns_log2;
      for (int i = 0; i < layer.cells; ++i) {
        int row = (i >> layer.columns_log2) + operation.word;
        if (row >= layer.rows) row -= layer.rows;
        const int column = ((i & (columns - 1)) + operation.count) & (columns - 1);
        force[i] -= std::int64_t{coefficient[i]} * x[(row << layer.columns_log2) + column];
      }
      break;
    }
    case Code::bus: {
      const int left = configuration_.operand.fraction - configuration_.word.fraction;
      for (int m = 0; m < operation.count; ++m) {
        const int word = results_.words[index(operation.word + m)] * (1 << left);
        subtract_scaled(force, coefficient + m * layer.cells, word, layer.cells);
      }
      break;
    }
    default:
      break;  // any other code inside a layer is ignored, in hardware too
  }
}

void ArrayModel::finish(const ArrayMemories::Layer& layer) {
  const int shift = configuration_.accumulator_fraction() - configuration_.state.fraction + configuration_.step_shift;
  for (int i = 0; i < layer.cells; ++i) {
    const std::size_t cell = index(layer.first + i);
    const std::int64_t change = round_shift(wrap(force_[index(i)], configuration_.accumulator_width), shift);
    next_[cell] = memories_.clamp[cell] != 0
                      ? memories_.state[cell]
                      : static_cast<std::int32_t>(
                            saturate(memories_.state[cell] + change, configuration_.state, results_.saturated_states));
  }
}

}  // namespace settle
