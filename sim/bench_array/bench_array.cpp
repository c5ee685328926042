#include "sim/bench_array/bench_array.hpp"

#include <cstddef>

#include "array/model/layer_descriptor.hpp"
#include "array/model/noise.hpp"
#include "array/model/operation.hpp"
#include "base/splitmix.hpp"

namespace settle {

namespace {

using Code = registers::Operation;
using registers::Memory;

constexpr int kLayers = 2, kLayerCells = kBenchCells / kLayers, kRank = 16;

// Coefficient memory: of each layer first the bus matrix, then field and stiffness.
constexpr int kMatrix = kRank * kLayerCells;
constexpr int kLayerCoefficients = kMatrix + 2 * kLayerCells;

int matrix_of(int layer) { return layer * kLayerCoefficients; }
int field_of(int layer) { return matrix_of(layer) + kMatrix; }
int stiffness_of(int layer) { return field_of(layer) + kLayerCells; }

std::vector<Operation> bench_program() {
  std::vector<Operation> program;
  // One project, layer, stiffness and bus operation per layer; a barrier and an end.
  program.reserve(2 + 4 * static_cast<std::size_t>(kLayers));
  for (int l = 0; l < kLayers; ++l) program.push_back({Code::project, false, 0, l, kRank, matrix_of(l), l * kRank});
  program.push_back({Code::barrier, false, 0, 0, 0, 0, 0});
  for (int l = 0; l < kLayers; ++l) {
    const int peer = 1 - l;
    program.push_back({Code::layer, false, 0, l, 0, field_of(l), 0});
    program.push_back({Code::stiffness, false, 0, l, 0, stiffness_of(l), 0});
    program.push_back({Code::bus, true, 0, l, kRank, matrix_of(l), peer * kRank});
  }
  program.push_back({Code::end, false, 0, 0, 0, 0, 0});
  return program;
}

class Writer {
 public:
  void put(std::uint32_t where, std::int64_t value) { writes.emplace_back(where, static_cast<std::uint32_t>(value)); }
  void put(Memory memory, int word, std::int64_t value) { put(address(memory, static_cast<std::size_t>(word)), value); }

  PortWrites writes;
};

}  // namespace

PortWrites bench_array(const Configuration& configuration, std::uint64_t seed) {
  if (configuration.layers < kLayers || configuration.site_cells < kLayerCells || configuration.rank < kRank) {
    throw error("configuration {}: the bench needs {} layers of {} cells and rank {}", configuration.name, kLayers,
                kLayerCells, kRank);
  }
  const int one = 1 << configuration.coefficient.fraction;
  std::uint64_t drawn = seed;
  const auto within = [&](int bound) {  // -bound .. bound
    return static_cast<int>(mix64(drawn++) % static_cast<std::uint64_t>(2 * bound + 1)) - bound;
  };
  Writer out;
  for (int l = 0; l < kLayers; ++l) {
    int place = static_cast<int>(registers::kLayerWords) * l;
    for (const std::uint32_t value : encode(LayerDescriptor{l * kLayerCells, kLayerCells, 1, 1, 0, kLayerCells})) {
      out.put(Memory::layer, place++, value);
    }
    // 1,024 entries within 1/16: the matrix has a largest singular value near 0.5, the bus one near 0.25.
    for (int i = 0; i < kMatrix; ++i) out.put(Memory::coefficient, matrix_of(l) + i, within(one / 16));
    for (int i = 0; i < kLayerCells; ++i) {
      out.put(Memory::coefficient, field_of(l) + i, within(one / 2));
      out.put(Memory::coefficient, stiffness_of(l) + i, one + within(one / 8));
    }
    out.put(Memory::gain, l, one / 16);
  }
  for (int i = 0; i < configuration.cells; ++i) out.put(Memory::clamp, i, 0);
  int word = 0;
  for (const Operation& operation : bench_program()) {
    for (const std::uint32_t value : encode(operation)) out.put(Memory::program, word++, value);
  }
  int round = 0;
  for (const std::uint32_t key : noise_keys(seed, configuration.noise_rounds)) out.put(Memory::noise_key, round++, key);
  out.put(registers::refresh, 1);
  out.put(registers::trace_stride, 0);
  return out.writes;
}

PortWrites bench_start(std::uint32_t steps) {
  Writer out;
  out.put(Memory::segment, registers::kSegmentSteps.word, in_place(registers::kSegmentSteps, steps));
  out.put(Memory::segment, registers::kSegmentWindow.word, in_place(registers::kSegmentWindow, 1));
  out.put(registers::segments, 1);
  out.put(registers::step_lo, 0);
  out.put(registers::step_hi, 0);
  out.put(registers::control, registers::kControlStart | registers::kControlZero | registers::kControlClear);
  return out.writes;
}

void run_to_end(Device& device, const PortWrites& writes) {
  for (const auto& [where, value] : writes) device.write(where, value);
  while ((device.read(registers::status) & registers::kStatusBusy) != 0) {
  }
}

std::vector<std::uint32_t> bench_states(Device& device) {
  std::vector<std::uint32_t> states(kBenchCells);
  device.read_block(address(Memory::state, 0), states.data(), states.size());
  return states;
}

}  // namespace settle
