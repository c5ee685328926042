#include "array/ensemble/array_block.hpp"

#include <algorithm>

#include "array/model/fixed.hpp"

namespace settle::ensemble {

namespace {

constexpr std::uint64_t kStepMask = (std::uint64_t{1} << 40) - 1;
constexpr int kSumWidth = 48;

template <typename T>
T* numbers(Rows<T>& rows, std::size_t first = 0) {
  return rows[first].values.data();
}

template <typename T>
const T* numbers(const Row<T>* rows) {
  return rows->values.data();
}

/// The same rounding by `more` bits more, with the half that it adds.
Rounding longer(Rounding rounding, int more, bool half_up) {
  rounding.shift += more;
  rounding.half = half_up && rounding.shift > 0 ? 1 << (rounding.shift - 1) : 0;
  return rounding;
}

Rounding to_format(int shift, const Format& format, bool half_up) {
  return longer({shift, 0, static_cast<std::int32_t>(format.lowest()), static_cast<std::int32_t>(format.highest())}, 0,
                half_up);
}

}  // namespace

ArrayBlock::ArrayBlock(std::shared_ptr<const BlockPlan> plan, const Kernels& kernels)
    : plan_(std::move(plan)), kernels_(kernels) {
  const Configuration& c = plan_->configuration;
  std::size_t layer_cells = 0, word_pairs = 0;
  for (const UpdatePlan& update : plan_->updates) {
    const LayerDescriptor& shape = plan_->layers[index(update.layer)].shape;
    layer_cells = std::max(layer_cells, index(shape.cells()));
    for (const BusPlan& bus : update.buses) {
      word_pairs = std::max(word_pairs, index(shape.sites() * bus.shape.pairs));
    }
  }
  for (const ProjectPlan& project : plan_->projects) layer_cells = std::max(layer_cells, index(project.count));
  const std::size_t samples = (plan_->samples + 2 * kNoisePairs - 1) / (2 * kNoisePairs) * (2 * kNoisePairs);
  state_.resize(index(c.cells));
  next_.resize(index(c.cells));
  pairs_.resize(plan_->pair_rows);
  fields_.resize(plan_->samples);
  noise_.resize(samples);
  gains_.resize(index(c.segments * c.layers));
  keys_.resize(index(c.noise_rounds));
  force_.resize(layer_cells + kOutputs);
  high_.resize(layer_cells + kOutputs);
  words_.resize(std::max<std::size_t>(plan_->words, 1));
  word_pairs_.resize(std::max<std::size_t>(word_pairs, 1));
  sum_.resize(plan_->cells);
  square_.resize(plan_->cells);
  clamp_.resize(index(c.cells));
}

void ArrayBlock::set_common(const ArrayMemories& memories) {
  clamp_ = memories.clamp;
  segments_ = memories.segments;
  if (!plan_->traces.empty()) references_ = memories.coefficients;
}

void ArrayBlock::set_chain(int chain, const ArrayMemories& memories) {
  const std::size_t at = place(chain);
  for (std::size_t i = 0; i < state_.size(); ++i) state_[i].values[at] = memories.state[i];
  for (const UpdatePlan& update : plan_->updates) {
    const LayerDescriptor& shape = plan_->layers[index(update.layer)].shape;
    for (int i = 0; i < shape.cells(); ++i) {
      const int field = update.field + (update.per_site ? i : i % shape.site_cells);
      fields_[index(update.first_sample + i)].values[at] = pair_of(0, memories.coefficients[index(field)]);
    }
  }
  for (std::size_t g = 0; g < gains_.size(); ++g) gains_[g].values[at] = memories.gains[g];
  for (std::size_t r = 0; r < keys_.size(); ++r) keys_[r].values[at] = memories.noise_keys[r];
}

void ArrayBlock::zero_states() { std::fill(state_.begin(), state_.end(), Row<std::int32_t>()); }

void ArrayBlock::clear_results() {
  std::fill(sum_.begin(), sum_.end(), Row<std::int64_t>());
  std::fill(square_.begin(), square_.end(), Row<std::int64_t>());
  for (auto& trace : traces_) trace.clear();
  saturated_states_ = saturated_words_ = {};
  window_steps_ = 0;
}

void ArrayBlock::begin(int segments) {
  run_ = {};
  run_.segments = segments;
}

bool ArrayBlock::advance(std::uint64_t most) {
  while (run_.segment < run_.segments) {
    if (run_.segment_step == segments_[index(run_.segment)].steps) {
      ++run_.segment;
      run_.segment_step = 0;
      continue;
    }
    if (most-- == 0) return true;
    one_step(run_.step++);
    ++run_.segment_step;
  }
  return false;
}

bool ArrayBlock::noisy(int segment) const {
  return std::any_of(plan_->updates.begin(), plan_->updates.end(), [&](const UpdatePlan& update) {
    const auto& gains = gains_[index(segment * plan_->configuration.layers + update.layer)].values;
    return std::any_of(gains.begin(), gains.end(), [](std::int32_t gain) { return gain != 0; });
  });
}

void ArrayBlock::one_step(std::uint32_t run_step) {
  const Configuration& c = plan_->configuration;
  const Rounding operand = to_format(c.state.fraction - c.operand.fraction, c.operand, c.round_half_up != 0);
  for (const LayerPlan& layer : plan_->layers) {
    if (!layer.used) continue;
    kernels_.operands(numbers(state_, index(layer.shape.first)), layer.shape.sites(), layer.shape.site_cells, operand,
                      numbers(pairs_, layer.first_pair));
  }
  const bool has_noise = noisy(run_.segment);
  if (has_noise) {
    kernels_.samples(numbers(keys_), c.noise_rounds, step, static_cast<int>((plan_->samples + 1) / 2),
                     plan_->gaussian.data(), kNoiseFraction - c.noise_fraction, numbers(noise_));
  }
  const bool window = segments_[index(run_.segment)].window;
  const bool project_due = run_step % static_cast<std::uint32_t>(refresh) == 0;
  const bool trace_due = trace_stride != 0 && run_step % static_cast<std::uint32_t>(trace_stride) == 0 &&
                         traces_[0].size() < index(c.trace_depth);
  std::vector<ArrayResults::TraceEntry> entries(trace_due ? kChains : 0);
  for (const StepPart& part : plan_->parts) {
    if (part.kind == StepPart::Kind::update) update(plan_->updates[part.index], has_noise, window);
    if (part.kind == StepPart::Kind::project && project_due) project(plan_->projects[part.index]);
    if (part.kind == StepPart::Kind::trace && trace_due) trace_layer(plan_->traces[part.index], entries);
  }
  for (std::size_t chain = 0; chain < entries.size(); ++chain) traces_[chain].push_back(entries[chain]);
  if (window) ++window_steps_;
  state_.swap(next_);
  step = (step + 1) & kStepMask;
}

void ArrayBlock::project(const ProjectPlan& p) {
  const LayerPlan& plan = plan_->layers[index(p.layer)];
  const LayerDescriptor& layer = plan.shape;
  const int height = p.block ? (layer.height + 1) / 2 : layer.height;
  const int width = p.block ? (layer.width + 1) / 2 : layer.width;
  const bool half_up = plan_->configuration.round_half_up != 0;
  const std::size_t tap_numbers = index(p.shape.pairs * p.shape.outputs);
  const auto see = [&](int y, int x) {
    for (int t = 0; t < p.tap_range.taps(); ++t) {
      const int row = y - (p.tap_range.top + t / p.tap_range.width);
      const int column = x - (p.tap_range.left + t % p.tap_range.width);
      if (row < 0 || row >= layer.height || column < 0 || column >= layer.width) continue;
      terms_.push_back({numbers(pairs_of(p.layer) + (row * layer.width + column) * plan.site_pairs),
                        p.coefficients.data() + index(t) * tap_numbers});
    }
  };
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      terms_.clear();
      for (int n = 0; n < (p.block ? 4 : 1); ++n) {
        const int row = p.block ? 2 * y + n / 2 : y, column = p.block ? 2 * x + n % 2 : x;
        if (row < layer.height && column < layer.width) see(row, column);
      }
      int more = 0;
      if (p.mean) more = (p.odd_rows && y == height - 1 ? 0 : 1) + (p.odd_columns && x == width - 1 ? 0 : 1);
      const Rounding rounding = longer(p.rounding, more, half_up);
      const Sums sums = {numbers(force_), p.split ? numbers(high_) : nullptr, rounding.shift};
      std::fill_n(force_.begin(), p.shape.outputs, Row<std::int32_t>());
      if (p.split) std::fill_n(high_.begin(), p.shape.outputs, Row<std::int32_t>());
      kernels_.dots(terms_.data(), terms_.size(), p.shape, sums);
      kernels_.words(sums, p.count, rounding, numbers(words_, index(p.first_word + (y * width + x) * p.count)),
                     saturated_words_.values.data());
    }
  }
}

void ArrayBlock::update(const UpdatePlan& u, bool noisy, bool window) {
  const Configuration& c = plan_->configuration;
  const LayerDescriptor& layer = plan_->layers[index(u.layer)].shape;
  const std::int32_t* const pairs = numbers(pairs_of(u.layer));
  const auto first = index(layer.first), sample = index(u.first_sample);
  if (window) {
    kernels_.window(numbers(state_, first), pairs, layer.sites(), layer.site_cells, numbers(sum_, first),
                    numbers(square_, first));
  }
  const Sums force = {numbers(force_), u.split ? numbers(high_) : nullptr, c.rounded_bits()};
  kernels_.start(noisy ? numbers(noise_, sample) : nullptr, numbers(fields_, sample),
                 numbers(gains_, index(run_.segment * c.layers + u.layer)), c.operand.fraction, layer.cells(), force);
  for (const LocalPlan& local : u.locals) {
    kernels_.local(pairs, local.partners.data(), local.coefficients.data(), layer.sites(), layer.site_cells, force);
  }
  for (int t = 0; t < u.tables; ++t) {
    kernels_.table(pairs, u.table.data(), c.operand.width - c.table_bits, static_cast<std::int32_t>(c.operand.lowest()),
                   c.operand.fraction, layer.sites(), layer.site_cells, force);
  }
  for (const BusPlan& bus : u.buses) add_bus(bus, layer, force);
  kernels_.finish(force, numbers(state_, first), clamp_.data() + first, layer.cells(),
                  to_format(c.rounded_bits(), c.state, c.round_half_up != 0), numbers(next_, first),
                  saturated_states_.values.data());
}

void ArrayBlock::add_bus(const BusPlan& bus, const LayerDescriptor& layer, const Sums& force) {
  const int source_height = bus.half ? (layer.height + 1) / 2 : layer.height;
  const int source_width = bus.half ? (layer.width + 1) / 2 : layer.width;
  kernels_.word_pairs(numbers(words_, index(bus.first_word)), source_height * source_width, bus.count,
                      numbers(word_pairs_));
  const std::size_t tap_numbers = index(bus.shape.pairs * bus.shape.outputs);
  for (int s = 0; s < layer.sites(); ++s) {
    terms_.clear();
    for (int t = 0; t < bus.tap_range.taps(); ++t) {
      const int row = s / layer.width + bus.tap_range.top + t / bus.tap_range.width;
      const int column = s % layer.width + bus.tap_range.left + t % bus.tap_range.width;
      if (row < 0 || row >= layer.height || column < 0 || column >= layer.width) continue;
      const int source = bus.half ? (row / 2) * source_width + column / 2 : row * source_width + column;
      terms_.push_back(
          {numbers(word_pairs_.data() + source * bus.shape.pairs), bus.coefficients.data() + index(t) * tap_numbers});
    }
    const auto at = static_cast<std::ptrdiff_t>(s * layer.site_cells) * kChains;
    kernels_.dots(terms_.data(), terms_.size(), bus.shape,
                  {force.low + at, force.high == nullptr ? nullptr : force.high + at, force.shift});
  }
}

void ArrayBlock::trace_layer(const TracePlan& plan, std::vector<ArrayResults::TraceEntry>& entries) const {
  const LayerPlan& layer = plan_->layers[index(plan.layer)];
  const int width = plan_->configuration.projection_width;
  for (std::size_t chain = 0; chain < kChains; ++chain) {
    std::int64_t overlap = 0, square = 0;
    for (int i = 0; i < layer.shape.cells(); ++i) {
      const int site = i / layer.shape.site_cells, cell = i % layer.shape.site_cells;
      const std::int32_t pair = (pairs_of(plan.layer) + site * layer.site_pairs + cell / 2)->values[chain];
      const std::int64_t x = static_cast<std::int16_t>(cell % 2 == 0 ? pair & 0xffff : pair >> 16);
      overlap += x * references_[index(plan.reference + i)];
      square += x * x;
    }
    entries[chain].overlap = wrap(entries[chain].overlap + overlap, width);
    entries[chain].square = wrap(entries[chain].square + square, width);
  }
}

std::int64_t ArrayBlock::sum(int chain, int cell) const {
  return wrap(sum_.at(place(cell)).values[place(chain)], kSumWidth);
}

std::int64_t ArrayBlock::square(int chain, int cell) const {
  return wrap(square_.at(place(cell)).values[place(chain)], kSumWidth);
}

std::int16_t ArrayBlock::word(int chain, int word) const {
  return static_cast<std::int16_t>(words_.at(place(word)).values[place(chain)]);
}

}  // namespace settle::ensemble
