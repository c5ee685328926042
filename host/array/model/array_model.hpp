// What the array computes, bit for bit: the definition that the RTL in rtl/ implements, and the fast engine `model`. No
// clocks, lanes or pipelines here, because none of them may change a bit.
#pragma once

#include <cstdint>
#include <vector>

#include "array/model/layer_descriptor.hpp"
#include "array/model/noise.hpp"
#include "array/model/operation.hpp"
#include "contract/configuration/configuration.hpp"

namespace settle {

/// What the host can write: the array's memories, in the units and formats of rtl/registers.json.
struct ArrayMemories {
  /// One segment of the schedule.
  struct Segment {
    std::uint32_t steps = 0;
    bool window = false;
  };
  /// One piece of a force table, a straight line between two knots.
  struct TablePiece {
    std::int16_t left = 0;  ///< force at the left knot
    std::int16_t rise = 0;  ///< force at the right knot minus that
  };

  std::vector<std::int32_t> state;         ///< [cells]
  std::vector<std::int16_t> coefficients;  ///< [coefficients]
  std::vector<std::uint8_t> clamp;         ///< [cells]
  std::vector<Operation> program;          ///< [program]
  std::vector<LayerDescriptor> layers;     ///< [layers]
  std::vector<TablePiece> table;           ///< [layers * 2^table_bits]
  std::vector<Segment> segments;           ///< [segments]
  std::vector<std::int16_t> gains;         ///< [segments * layers]
  std::vector<std::uint32_t> noise_keys;   ///< [noise_rounds]
};

/// What the array counts and sums for the host to read.
struct ArrayResults {
  std::vector<std::int64_t> sum;     ///< [cells] sum of x, state units, 48 bits
  std::vector<std::int64_t> square;  ///< [cells] sum of x^2, operand units squared, 48 bits
  struct TraceEntry {
    std::int64_t overlap = 0;  ///< sum of reference_i x_i, product units, projection_width bits
    std::int64_t square = 0;   ///< sum of x_i^2
  };
  std::vector<TraceEntry> trace;
  std::vector<std::int16_t> words;  ///< [words]
  std::uint32_t saturated_states = 0;
  std::uint32_t saturated_words = 0;
  std::uint32_t window_steps = 0;
};

/// Starts with every memory, result and register at 0. What the memories hold is not checked: the ranges are those of
/// rtl/registers.json, and who fills the memories keeps them.
class ArrayModel {
 public:
  explicit ArrayModel(const Configuration& configuration);

  /// What it computes from, and what its runs have left. Memories are not to be changed while a run has steps left.
  ArrayMemories& memories() { return memories_; }
  const ArrayMemories& memories() const { return memories_; }
  const ArrayResults& results() const { return results_; }

  // For who makes a run's steps in its place: what the run leaves, and the bank of states that a step reads one step
  // later [cells].
  ArrayResults& results() { return results_; }
  std::vector<std::int32_t>& other_bank() { return next_; }

  std::uint64_t step = 0;  ///< number of the next step, 40 bits; not reset by a run
  int refresh = 1;         ///< steps between projections
  int trace_stride = 0;    ///< steps between trace entries; 0: none

  /// Sets every state to 0.
  void zero_state();
  /// Sets sums, counters and trace to 0.
  void clear_results();

  /// Begins a run of the first `segments` segments, whose steps advance() makes. Trace and refresh count from here.
  void begin(int segments);
  /// Makes the run's next steps, `most` of them at most. True if there are more.
  bool advance(std::uint64_t most);

 private:
  /// Where a run stands.
  struct Run {
    int segments = 0, segment = 0;   ///< all of them, and the current one
    std::uint32_t segment_step = 0;  ///< steps of the current segment that are made
    std::uint32_t step = 0;          ///< steps of the run that are made
  };

  void one_step(const Noise& noise, std::uint32_t run_step, int segment);
  void trace_layer(const Operation& operation, ArrayResults::TraceEntry& entry) const;
  void project(const Operation& operation);
  /// Adds to `sums` [count] what the taps at site (y, x) of the layer's grid give.
  void project_site(const Operation& operation, const LayerDescriptor& layer, int y, int x,
                    std::vector<std::int64_t>& sums) const;
  /// Runs the operations of one layer from its `layer` operation on; returns the index after its last one.
  std::size_t update_layer(std::size_t begin, const std::int16_t* noise, int segment);
  void load_force(const Operation& head, const LayerDescriptor& layer, const std::int16_t* noise, int segment);
  void apply(const Operation& operation, const LayerDescriptor& layer, int layer_index);
  void apply_table(const LayerDescriptor& layer, int layer_index);
  void apply_neighbour(const Operation& operation, const LayerDescriptor& layer);
  void apply_bus(const Operation& operation, const LayerDescriptor& layer);
  void finish(const LayerDescriptor& layer);
  void accumulate_window(const LayerDescriptor& layer);

  Configuration configuration_;
  ArrayMemories memories_;
  ArrayResults results_;
  Run run_;
  // Both banks of the state: a step reads `memories_.state` and writes `next_`. A cell that no layer operation covers
  // keeps what its bank held two steps ago, as in the hardware.
  std::vector<std::int32_t> next_;
  std::vector<std::int16_t> operand_;  ///< the state as the multipliers see it, [cells]
  std::vector<std::int16_t> noise_;    ///< samples of one step in update order
  std::vector<std::int64_t> force_;    ///< accumulators of the layer being updated, [cells]
};

}  // namespace settle
