#include "array/ensemble/array_block.hpp"

#include <algorithm>
#include <limits>

#include "array/model/fixed.hpp"

namespace settle::ensemble {

namespace {

constexpr std::uint64_t kStepMask = (std::uint64_t{1} << 40) - 1;
constexpr int kSumWidth = 48;

/// Numbers that a part of a layer has, of all chains: its forces and noise then stay in the nearest cache.
constexpr int kPartNumbers = 2048;

/// Sites of a part; a multiple of 8 where that many fit, so that its noise begins and ends between two groups of pairs.
int sites_of_part(int site_numbers, int chains) {
  const int sites = std::max(1, kPartNumbers / (std::max(1, site_numbers) * chains));
  return sites < 2 * kNoisePairs ? sites : sites / (2 * kNoisePairs) * (2 * kNoisePairs);
}

template <typename T, int Chains>
T* numbers(std::vector<Row<T, Chains>>& rows, std::size_t first = 0) {
  return rows[first].values.data();
}

template <typename T, int Chains>
const T* numbers(const Row<T, Chains>* rows) {
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

template <int Chains>
ArrayBlockOf<Chains>::ArrayBlockOf(std::shared_ptr<const BlockPlan> plan, const Kernels& kernels)
    : plan_(std::move(plan)), kernels_(kernels) {
  const Configuration& c = plan_->configuration;
  std::size_t part = 0, word_pairs = 0;
  const auto make_part = [&](int sites, int site_numbers) {
    part = std::max(part, index(std::min(sites, sites_of_part(site_numbers, Chains)) * site_numbers));
  };
  for (const UpdatePlan& update : plan_->updates) {
    const LayerDescriptor& shape = plan_->layers[index(update.layer)].shape;
    make_part(shape.sites(), shape.site_cells);
    for (const BusPlan& bus : update.buses) {
      word_pairs = std::max(word_pairs, bus.first_pair + index(bus.sources * bus.shape.pairs));
    }
  }
  for (const ProjectPlan& project : plan_->projects) make_part(project.height * project.width, project.count);
  state_.resize(index(c.cells));
  next_.resize(index(c.cells));
  pairs_.resize(plan_->pair_rows);
  fields_.resize(plan_->samples);
  noise_.resize(part + 4 * kNoisePairs);
  gains_.resize(index(c.segments * c.layers));
  keys_.resize(index(c.noise_rounds));
  force_.resize(part + kOutputs);
  high_.resize(part + kOutputs);
  words_.resize(std::max<std::size_t>(plan_->words, 1));
  word_pairs_.resize(std::max<std::size_t>(word_pairs, 1));
  sum_.resize(plan_->cells);
  square_.resize(plan_->cells);
  sum_part_.resize(plan_->cells);
  square_part_.resize(plan_->cells);
  clamp_.resize(index(c.cells));
}

template <int Chains>
void ArrayBlockOf<Chains>::set_common(const ArrayMemories& memories) {
  clamp_ = memories.clamp;
  segments_ = memories.segments;
  references_.clear();
  for (const TracePlan& trace : plan_->traces) {
    const auto first = memories.coefficients.begin() + trace.reference;
    references_.emplace_back(first, first + plan_->layers[index(trace.layer)].shape.cells());
  }
}

template <int Chains>
void ArrayBlockOf<Chains>::set_chain(int chain, const ArrayMemories& memories) {
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

template <int Chains>
void ArrayBlockOf<Chains>::load(int chain, const std::vector<std::int32_t>& other, const ArrayResults& results,
                                bool with_sums) {
  const std::size_t at = place(chain);
  for (std::size_t i = 0; i < next_.size(); ++i) next_[i].values[at] = other[i];
  for (std::size_t w = 0; w < plan_->words; ++w) words_[w].values[at] = results.words[w];
  for (std::size_t i = 0; with_sums && i < sum_.size(); ++i) {
    sum_[i].values[at] = results.sum[i];
    square_[i].values[at] = results.square[i];
    sum_part_[i].values[at] = square_part_[i].values[at] = 0;
  }
  saturated_states_.values[at] = static_cast<std::int32_t>(results.saturated_states);
  saturated_words_.values[at] = static_cast<std::int32_t>(results.saturated_words);
  window_steps_ = results.window_steps;
  traces_[at] = results.trace;
}

template <int Chains>
void ArrayBlockOf<Chains>::store(int chain, std::vector<std::int32_t>& state, std::vector<std::int32_t>& other,
                                 ArrayResults& results, bool with_sums) const {
  const std::size_t at = place(chain);
  for (std::size_t i = 0; i < state_.size(); ++i) {
    state[i] = state_[i].values[at];
    other[i] = next_[i].values[at];
  }
  for (std::size_t w = 0; w < plan_->words; ++w) results.words[w] = word(chain, static_cast<int>(w));
  for (std::size_t i = 0; with_sums && i < sum_.size(); ++i) {
    results.sum[i] = sum(chain, static_cast<int>(i));
    results.square[i] = square(chain, static_cast<int>(i));
  }
  results.saturated_states = saturated_states(chain);
  results.saturated_words = saturated_words(chain);
  results.window_steps = window_steps_;
  results.trace = traces_[at];
}

template <int Chains>
void ArrayBlockOf<Chains>::zero_states() {
  std::fill(state_.begin(), state_.end(), Row<std::int32_t>());
}

template <int Chains>
void ArrayBlockOf<Chains>::clear_results() {
  std::fill(sum_.begin(), sum_.end(), Row<std::int64_t>());
  std::fill(square_.begin(), square_.end(), Row<std::int64_t>());
  clear_parts();
  for (auto& trace : traces_) trace.clear();
  saturated_states_ = saturated_words_ = {};
  window_steps_ = 0;
}

template <int Chains>
void ArrayBlockOf<Chains>::begin(int segments) {
  run_ = {};
  run_.segments = segments;
}

template <int Chains>
bool ArrayBlockOf<Chains>::advance(std::uint64_t most) {
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

template <int Chains>
bool ArrayBlockOf<Chains>::noisy(int segment) const {
  return std::any_of(plan_->updates.begin(), plan_->updates.end(), [&](const UpdatePlan& update) {
    const auto& gains = gains_[index(segment * plan_->configuration.layers + update.layer)].values;
    return std::any_of(gains.begin(), gains.end(), [](std::int32_t gain) { return gain != 0; });
  });
}

template <int Chains>
void ArrayBlockOf<Chains>::one_step(std::uint32_t run_step) {
  const Configuration& c = plan_->configuration;
  const Rounding operand = to_format(c.state.fraction - c.operand.fraction, c.operand, c.round_half_up != 0);
  std::int32_t largest_operand = 0;
  for (const LayerPlan& layer : plan_->layers) {
    if (!layer.used) continue;
    const std::int32_t largest = kernels_.operands(numbers(state_, index(layer.shape.first)), layer.shape.sites(),
                                                   layer.shape.site_cells, operand, numbers(pairs_, layer.first_pair));
    largest_operand = std::max(largest_operand, largest);
  }
  const bool has_noise = noisy(run_.segment);
  const bool window = segments_[index(run_.segment)].window;
  if (window) make_room(largest_operand);
  const bool project_due = run_step % static_cast<std::uint32_t>(refresh) == 0;
  const bool trace_due = trace_stride != 0 && run_step % static_cast<std::uint32_t>(trace_stride) == 0 &&
                         traces_[0].size() < index(c.trace_depth);
  std::vector<ArrayResults::TraceEntry> entries(trace_due ? static_cast<std::size_t>(Chains) : 0);
  for (const StepPart& part : plan_->parts) {
    if (part.kind == StepPart::Kind::update) update(plan_->updates[part.index], has_noise, window);
    if (part.kind == StepPart::Kind::project && project_due) project(plan_->projects[part.index]);
    if (part.kind == StepPart::Kind::trace && trace_due) trace_layer(part.index, entries);
  }
  for (std::size_t chain = 0; chain < entries.size(); ++chain) traces_[chain].push_back(entries[chain]);
  if (window) ++window_steps_;
  state_.swap(next_);
  step = (step + 1) & kStepMask;
}

template <int Chains>
void ArrayBlockOf<Chains>::project(const ProjectPlan& p) {
  const bool half_up = plan_->configuration.round_half_up != 0;
  const std::int32_t* const pairs = numbers(pairs_of(p.layer));
  const int most = sites_of_part(p.count, Chains);
  const auto make_part = [&](int first, int count, const Rounding& rounding) {
    const Sums sums = {numbers(force_), p.split ? numbers(high_) : nullptr, rounding.shift};
    const int rows = count * p.count;
    kernels_.dots(p.terms, index(first), index(count), pairs, p.coefficients.data(), p.shape, index(p.count), sums);
    kernels_.words(sums, rows, rounding, numbers(words_, index(p.first_word + first * p.count)),
                   saturated_words_.values.data());
  };
  // Sites whose sums are rounded alike.
  const auto make = [&](int first, int count, const Rounding& rounding) {
    for (int done = 0; done < count; done += most) make_part(first + done, std::min(most, count - done), rounding);
  };
  if (!p.mean) {
    make(0, p.height * p.width, longer(p.rounding, 0, half_up));
    return;
  }
  for (int y = 0; y < p.height; ++y) {
    const int more = p.odd_rows && y == p.height - 1 ? 0 : 1;
    const int even = p.odd_columns ? p.width - 1 : p.width;
    if (even > 0) make(y * p.width, even, longer(p.rounding, more + 1, half_up));
    if (p.odd_columns) make(y * p.width + even, 1, longer(p.rounding, more, half_up));
  }
}

template <int Chains>
void ArrayBlockOf<Chains>::update(const UpdatePlan& u, bool noisy, bool window) {
  for (const BusPlan& bus : u.buses) {
    kernels_.word_pairs(numbers(words_, index(bus.first_word)), bus.sources, bus.count,
                        numbers(word_pairs_, bus.first_pair));
  }
  const LayerDescriptor& layer = plan_->layers[index(u.layer)].shape;
  const int sites = layer.sites(), most = sites_of_part(layer.site_cells, Chains);
  for (int site = 0; site < sites; site += most) update_part(u, site, std::min(most, sites - site), noisy, window);
}

template <int Chains>
void ArrayBlockOf<Chains>::update_part(const UpdatePlan& u, int site, int sites, bool noisy, bool window) {
  const Configuration& c = plan_->configuration;
  const LayerPlan& layer = plan_->layers[index(u.layer)];
  const int first_cell = site * layer.shape.site_cells, sample = u.first_sample + first_cell;
  const auto cell = index(layer.shape.first + first_cell);
  CellUpdate part;
  part.sites = sites;
  part.site_cells = layer.shape.site_cells;
  part.state = numbers(state_, cell);
  part.pairs = numbers(pairs_of(u.layer) + site * layer.site_pairs);
  if (noisy) part.noise = make_noise(sample, sites * layer.shape.site_cells);
  part.fields = numbers(fields_, index(sample));
  part.gains = numbers(gains_, index(run_.segment * c.layers + u.layer));
  part.fraction = c.operand.fraction;
  part.locals = &u.locals;
  part.tables = u.tables;
  part.table = u.table.data();
  part.below = c.operand.width - c.table_bits;
  part.lowest = static_cast<std::int32_t>(c.operand.lowest());
  part.force = {numbers(force_), u.split ? numbers(high_) : nullptr, c.rounded_bits()};
  part.begun = !u.buses.empty();
  part.clamp = clamp_.data() + cell;
  part.rounding = to_format(c.rounded_bits(), c.state, c.round_half_up != 0);
  part.next = numbers(next_, cell);
  part.counts = saturated_states_.values.data();
  if (window) {
    part.sum = numbers(sum_part_, cell);
    part.square = numbers(square_part_, cell);
  }
  for (const BusPlan& bus : u.buses) {
    kernels_.dots(bus.terms, index(site), index(sites), numbers(word_pairs_, bus.first_pair), bus.coefficients.data(),
                  bus.shape, index(layer.shape.site_cells), part.force);
  }
  kernels_.update(part);
}

/// Noise of `cells` cells, of which the first one takes sample `sample` of the step.
template <int Chains>
const std::int32_t* ArrayBlockOf<Chains>::make_noise(int sample, int cells) {
  const Configuration& c = plan_->configuration;
  const int group = 2 * kNoisePairs, skipped = sample % group, first = sample - skipped;
  kernels_.samples(numbers(keys_), c.noise_rounds, step, first / 2, (skipped + cells + 1) / 2, plan_->gaussian.data(),
                   kNoiseFraction - c.noise_fraction, numbers(noise_));
  return numbers(noise_, index(skipped));
}

/// Sums of 32 bits take a window's steps until they might be full.
template <int Chains>
void ArrayBlockOf<Chains>::make_room(std::int32_t largest_operand) {
  const std::int64_t most = (std::int64_t{1} << (32 - plan_->configuration.state.width)) - 1;  // of states
  const auto operand = static_cast<std::uint64_t>(largest_operand);
  const std::uint64_t square = static_cast<std::uint64_t>(plan_->overlap) * operand * operand;
  if (part_additions_ + plan_->overlap > most || part_square_ + square > std::numeric_limits<std::uint32_t>::max()) {
    for (std::size_t i = 0; i < sum_.size(); ++i) {
      for (std::size_t c = 0; c < static_cast<std::size_t>(Chains); ++c) {
        sum_[i].values[c] += sum_part_[i].values[c];
        square_[i].values[c] += static_cast<std::uint32_t>(square_part_[i].values[c]);
      }
    }
    clear_parts();
  }
  part_additions_ += plan_->overlap;
  part_square_ += square;
}

template <int Chains>
void ArrayBlockOf<Chains>::clear_parts() {
  std::fill(sum_part_.begin(), sum_part_.end(), Row<std::int32_t>());
  std::fill(square_part_.begin(), square_part_.end(), Row<std::int32_t>());
  part_additions_ = 0;
  part_square_ = 0;
}

template <int Chains>
void ArrayBlockOf<Chains>::trace_layer(std::size_t number, std::vector<ArrayResults::TraceEntry>& entries) const {
  const int traced = plan_->traces[number].layer;
  const LayerPlan& layer = plan_->layers[index(traced)];
  const int width = plan_->configuration.projection_width;
  for (std::size_t chain = 0; chain < static_cast<std::size_t>(Chains); ++chain) {
    std::int64_t overlap = 0, square = 0;
    for (int i = 0; i < layer.shape.cells(); ++i) {
      const int site = i / layer.shape.site_cells, cell = i % layer.shape.site_cells;
      const std::int32_t pair = (pairs_of(traced) + site * layer.site_pairs + cell / 2)->values[chain];
      const std::int64_t x = static_cast<std::int16_t>(cell % 2 == 0 ? pair & 0xffff : pair >> 16);
      overlap += x * references_[number][index(i)];
      square += x * x;
    }
    entries[chain].overlap = wrap(entries[chain].overlap + overlap, width);
    entries[chain].square = wrap(entries[chain].square + square, width);
  }
}

template <int Chains>
std::int64_t ArrayBlockOf<Chains>::sum(int chain, int cell) const {
  const std::size_t i = place(cell), c = place(chain);
  return wrap(sum_.at(i).values[c] + sum_part_[i].values[c], kSumWidth);
}

template <int Chains>
std::int64_t ArrayBlockOf<Chains>::square(int chain, int cell) const {
  const std::size_t i = place(cell), c = place(chain);
  return wrap(square_.at(i).values[c] + static_cast<std::uint32_t>(square_part_[i].values[c]), kSumWidth);
}

template <int Chains>
std::int16_t ArrayBlockOf<Chains>::word(int chain, int word) const {
  return static_cast<std::int16_t>(words_.at(place(word)).values[place(chain)]);
}

template class ArrayBlockOf<kChains>;
template class ArrayBlockOf<1>;

}  // namespace settle::ensemble
