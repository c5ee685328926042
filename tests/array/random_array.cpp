#include "array/random_array.hpp"

#include <algorithm>

namespace settle::testing {

namespace {

using registers::Memory;
using Code = registers::Operation;

class Builder {
 public:
  Builder(RandomArray& out, const Configuration& c, std::uint64_t seed, RandomArray::Size size)
      : out_(out), c_(c), random_(seed), extreme_(size == RandomArray::Size::extreme) {}

  void build(int most_steps) {
    layers();
    program();
    memories();
    schedule(most_steps);
  }

 private:
  struct Layer {
    int first, cells, columns_log2, rows;
  };

  void put(std::uint32_t address, std::int64_t value) {
    out_.writes.emplace_back(address, static_cast<std::uint32_t>(value));
  }

  /// Layers are multiples of 16 cells, or of the configuration's lanes: every number of lanes in the tests divides
  /// them.
  void layers() {
    const int unit = std::max(16, c_.lanes);
    const int count = random_.between(1, c_.layers);
    for (int l = 0; l < count; ++l) {
      const int room = std::min(c_.layer_cells, c_.cells - out_.cells) / unit;
      if (room == 0) break;
      const int cells = unit * random_.between(1, room);
      int columns_log2 = random_.between(0, 4);
      while (cells % (1 << columns_log2) != 0) --columns_log2;
      layers_.push_back({out_.cells, cells, columns_log2, cells >> columns_log2});
      out_.cells += cells;
    }
    for (std::size_t l = 0; l < layers_.size(); ++l) {
      const auto word = static_cast<std::uint32_t>(2 * l);
      put(address(Memory::layer, word), static_cast<std::int64_t>(layers_[l].cells) << 16 | layers_[l].first);
      put(address(Memory::layer, word + 1), static_cast<std::int64_t>(layers_[l].rows) << 16 | layers_[l].columns_log2);
    }
  }

  /// Room in the coefficient memory; reused from the start once it is full, as sharing is allowed.
  int coefficients(int words) {
    if (used_ + words > c_.coefficients) used_ = 0;
    const int first = used_;
    used_ += words;
    return first;
  }

  void add(Operation o) { operations_.push_back(o); }

  void program() {
    struct Port {
      int word, count;
    };
    std::vector<Port> ports;
    const int budget = c_.program - 3 - 5 * static_cast<int>(layers_.size());
    for (int i = 0; i < budget / 2; ++i) {
      const int layer = random_.between(0, static_cast<int>(layers_.size()) - 1);
      const int cells = layers_[static_cast<std::size_t>(layer)].cells;
      if (random_.chance(30)) {
        add({Code::trace, false, 0, layer, 0, coefficients(cells), 0});
        continue;
      }
      const int most = std::min({c_.rank, c_.words - out_.words, c_.coefficients / cells});
      if (most < 1) break;
      const int count = random_.between(1, most);
      add({Code::project, false, random_.between(-8, 7), layer, count, coefficients(count * cells), out_.words});
      ports.push_back({out_.words, count});
      out_.words += count;
    }
    add({Code::barrier, false, 0, 0, 0, 0, 0});
    for (std::size_t l = 0; l < layers_.size(); ++l) {
      const Layer& layer = layers_[l];
      std::vector<Operation> body;
      const int index = static_cast<int>(l);
      if (random_.chance(80)) body.push_back({Code::stiffness, false, 0, index, 0, coefficients(layer.cells), 0});
      if (c_.table_bits > 0 && random_.chance(60)) body.push_back({Code::table, false, 0, index, 0, 0, 0});
      if (c_.neighbours != 0 && random_.chance(70)) {
        body.push_back({Code::neighbour, false, 0, index, random_.between(0, (1 << layer.columns_log2) - 1),
                        coefficients(layer.cells), random_.between(0, layer.rows - 1)});
      }
      const int buses = random_.between(0, 2);
      for (int b = 0; b < buses && !ports.empty(); ++b) {
        const Port& port = ports[static_cast<std::size_t>(random_.between(0, static_cast<int>(ports.size()) - 1))];
        if (port.count * layer.cells > c_.coefficients) continue;
        body.push_back({Code::bus, false, 0, index, port.count, coefficients(port.count * layer.cells), port.word});
      }
      if (body.empty()) body.push_back({Code::stiffness, false, 0, index, 0, coefficients(layer.cells), 0});
      body.insert(body.begin(), Operation{Code::layer, false, 0, index, 0, coefficients(layer.cells), 0});
      body.back().last = true;
      for (const Operation& o : body) add(o);
    }
    add({Code::end, false, 0, 0, 0, 0, 0});
    for (std::size_t i = 0; i < operations_.size(); ++i) {
      const std::uint64_t word = encode(operations_[i]);
      put(address(Memory::program, 2 * i), static_cast<std::int64_t>(word & 0xffffffffu));
      put(address(Memory::program, 2 * i + 1), static_cast<std::int64_t>(word >> 32));
    }
  }

  int coefficient() {
    const auto highest = static_cast<int>(c_.coefficient.highest());
    if (!extreme_) return random_.between(-(highest >> 4), highest >> 4);
    if (random_.chance(30)) return random_.chance(50) ? highest : -highest - 1;
    return random_.between(-highest - 1, highest);
  }

  void memories() {
    for (int i = 0; i < c_.coefficients; ++i) {
      put(address(Memory::coefficient, static_cast<std::size_t>(i)), coefficient());
    }
    const auto highest = static_cast<int>(c_.state.highest());
    for (int i = 0; i < c_.cells; ++i) {
      const auto cell = static_cast<std::size_t>(i);
      put(address(Memory::state, cell),
          extreme_ ? random_.between(-highest - 1, highest) : random_.between(-(highest >> 3), highest >> 3));
      put(address(Memory::clamp, cell), random_.chance(10) ? 1 : 0);
    }
    for (int i = 0; i < c_.layers * c_.table_segments(); ++i) {
      put(address(Memory::table, static_cast<std::size_t>(i)),
          std::int64_t{coefficient()} * 65536 + (coefficient() & 0xffff));
    }
    for (int i = 0; i < c_.segments * c_.layers; ++i)
      put(address(Memory::gain, static_cast<std::size_t>(i)), coefficient());
  }

  void schedule(int most_steps) {
    const int segments = random_.between(1, c_.segments);
    for (int s = 0; s < segments; ++s) {
      const int steps = s > 0 && random_.chance(10) ? 0 : random_.between(1, most_steps);
      out_.steps += static_cast<std::uint64_t>(steps);
      put(address(Memory::segment, 2 * static_cast<std::size_t>(s)), steps);
      put(address(Memory::segment, 2 * static_cast<std::size_t>(s) + 1), random_.chance(60) ? 1 : 0);
    }
    put(registers::segments, segments);
    put(registers::refresh, random_.chance(60) ? 1 : random_.between(1, 5));
    put(registers::trace_stride, random_.chance(40) ? 1 : random_.between(0, 4));
    for (const std::uint32_t r : {registers::seed_lo, registers::seed_hi, registers::step_lo}) {
      put(r, static_cast<std::int64_t>(random_.bits() & 0xffffffffu));
    }
    put(registers::step_hi, random_.between(0, 255));
  }

  RandomArray& out_;
  const Configuration& c_;
  Random random_;
  bool extreme_;
  std::vector<Layer> layers_;
  std::vector<Operation> operations_;
  int used_ = 0;
};

}  // namespace

RandomArray::RandomArray(const Configuration& configuration, std::uint64_t seed, Size size, int most_steps) {
  Builder(*this, configuration, seed, size).build(most_steps);
}

}  // namespace settle::testing
