// Chains of one machine, settled side by side with the bits of as many models: each has its own states, fields,
// temperatures and noise; program, coefficients, tables, clamps and schedule are common.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "array/ensemble/block_plan.hpp"
#include "array/ensemble/kernels.hpp"
#include "array/model/array_model.hpp"

namespace settle::ensemble {

/// A number of each chain, aligned for the widest vectors where there are many.
template <typename T, int Chains>
struct alignas(Chains == 1 ? alignof(T) : 64) Row {
  std::array<T, static_cast<std::size_t>(Chains)> values{};
};

/// To be told what is common and what each chain is before it begins; nothing that it is told is checked beyond that.
/// `chain`: 0 to Chains - 1; chains that are not set have states and fields of 0 and no noise.
template <int Chains>
class ArrayBlockOf {
 public:
  /// Every chain starts with states, results and fields of 0, no noise and step 0. `kernels`: for as many chains.
  explicit ArrayBlockOf(std::shared_ptr<const BlockPlan> plan,
                        const Kernels& kernels = Chains == 1 ? best_solo_kernels() : best_kernels());

  std::uint64_t step = 0;  ///< number of the next step, 40 bits; not reset by a run
  int refresh = 1;         ///< steps between projections, 1 or more
  int trace_stride = 0;    ///< steps between trace entries; 0: none

  /// What is common beside the plan: clamps, schedule and references of the trace. The same contents as the plan's.
  void set_common(const ArrayMemories& memories);
  /// Takes a chain's states, fields (of the coefficient memory), gains and round keys from what its array would hold.
  void set_chain(int chain, const ArrayMemories& memories);

  /// Goes on from where a model's run has left its array, beside its memories: `other`, the bank of states [cells] that
  /// the model does not show, words, counters and trace; and leaves them there. `with_sums`: also the sums of a window.
  /// `results`: words [words or more], sums [cells]; its window_steps is common to all chains.
  void load(int chain, const std::vector<std::int32_t>& other, const ArrayResults& results, bool with_sums);
  void store(int chain, std::vector<std::int32_t>& state, std::vector<std::int32_t>& other, ArrayResults& results,
             bool with_sums) const;

  void zero_states();
  void clear_results();

  /// As ArrayModel's. `segments`: as many as the configuration has at most.
  void begin(int segments);
  bool advance(std::uint64_t most);

  // In the model's units. Cells and words: those that the plan has in use.
  std::int32_t state(int chain, int cell) const { return state_[place(cell)].values[place(chain)]; }
  std::int64_t sum(int chain, int cell) const;
  std::int64_t square(int chain, int cell) const;
  std::int16_t word(int chain, int word) const;
  const std::vector<ArrayResults::TraceEntry>& trace(int chain) const { return traces_[place(chain)]; }
  std::uint32_t saturated_states(int chain) const { return count(saturated_states_, chain); }
  std::uint32_t saturated_words(int chain) const { return count(saturated_words_, chain); }
  std::uint32_t window_steps() const { return window_steps_; }

 private:
  template <typename T>
  using Row = ensemble::Row<T, Chains>;
  template <typename T>
  using Rows = std::vector<Row<T>>;

  struct Run {
    int segments = 0, segment = 0;
    std::uint32_t segment_step = 0, step = 0;
  };

  static std::size_t place(int index) { return static_cast<std::size_t>(index); }
  static std::uint32_t count(const Row<std::int32_t>& counts, int chain) {
    return static_cast<std::uint32_t>(counts.values[place(chain)]);
  }

  void one_step(std::uint32_t run_step);
  bool noisy(int segment) const;
  void project(const ProjectPlan& project);
  void update(const UpdatePlan& update, bool noisy, bool window);
  void update_part(const UpdatePlan& update, int site, int sites, bool noisy, bool window);
  const std::int32_t* make_noise(int sample, int cells);
  void make_room(std::int32_t largest_operand);
  void clear_parts();
  void trace_layer(std::size_t number, std::vector<ArrayResults::TraceEntry>& entries) const;
  const Row<std::int32_t>* pairs_of(int layer) const { return pairs_.data() + plan_->layers[place(layer)].first_pair; }

  std::shared_ptr<const BlockPlan> plan_;
  const Kernels& kernels_;
  std::vector<std::uint8_t> clamp_;
  std::vector<ArrayMemories::Segment> segments_;
  std::vector<std::vector<std::int16_t>> references_;  ///< [traces][layer cells]

  Rows<std::int32_t> state_, next_;  ///< [cells]; both banks, as in ArrayModel
  Rows<std::int32_t> pairs_;         ///< operands
  Rows<std::int32_t> fields_;        ///< [samples] times 2^16, in update order
  Rows<std::int32_t> noise_;         ///< of the part being updated
  Rows<std::int32_t> gains_;         ///< [segments * layers]
  Rows<std::uint32_t> keys_;         ///< [rounds]
  Rows<std::int32_t> force_, high_;  ///< of the part being updated, or of the words being projected
  Rows<std::int32_t> words_;         ///< [words]
  Rows<std::int32_t> word_pairs_;    ///< of the layer's buses
  Rows<std::int64_t> sum_, square_;  ///< [cells] without what the next two hold
  Rows<std::int32_t> sum_part_;      ///< [cells] of the last steps
  Rows<std::int32_t> square_part_;   ///< the same, without a sign
  std::int64_t part_additions_ = 0;  ///< how many numbers these can be the sum of
  std::uint64_t part_square_ = 0;    ///< what the largest square can be
  Row<std::int32_t> saturated_states_, saturated_words_;
  std::uint32_t window_steps_ = 0;
  std::array<std::vector<ArrayResults::TraceEntry>, static_cast<std::size_t>(Chains)> traces_;
  Run run_;
};

using ArrayBlock = ArrayBlockOf<kChains>;  ///< sixteen chains, a vector holding one cell of many
using SoloBlock = ArrayBlockOf<1>;         ///< one chain, a vector holding many of its cells

}  // namespace settle::ensemble
