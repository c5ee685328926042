#include "sim/equivalence/random_array.hpp"

#include <algorithm>
#include <array>

namespace settle::equivalence {

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
  void put(std::uint32_t address, std::int64_t value) {
    out_.writes.emplace_back(address, static_cast<std::uint32_t>(value));
  }

  /// Sites are multiples of 16 cells, or of the configuration's lanes: every number of lanes in the tests divides them.
  void layers() {
    const int unit = std::max(16, c_.lanes);
    const int count = random_.between(1, c_.layers);
    for (int l = 0; l < count; ++l) {
      const int room = std::min(c_.site_cells, c_.cells - out_.cells) / unit;
      if (room == 0) break;
      LayerDescriptor layer;
      layer.first = out_.cells;
      layer.site_cells = unit * random_.between(1, room);
      const int sites = (c_.cells - out_.cells) / layer.site_cells;
      layer.height = random_.between(1, std::min(c_.side, sites));
      layer.width = random_.between(1, std::min(c_.side, sites / layer.height));
      layer.columns_log2 = random_.between(0, 4);
      while (layer.site_cells % (1 << layer.columns_log2) != 0) --layer.columns_log2;
      layer.rows = layer.site_cells >> layer.columns_log2;
      layers_.push_back(layer);
      out_.cells += layer.cells();
    }
    std::size_t word = 0;
    for (const LayerDescriptor& layer : layers_) {
      for (const std::uint32_t part : encode(layer)) put(address(Memory::layer, word++), part);
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

  /// Any offsets, those of a 3 x 3 kernel most of the time; many lead out of a small grid.
  TapRange tap_range() {
    if (c_.side == 1) return {};
    if (random_.chance(50)) return {-1, -1, 3, 3};
    return {random_.between(-2, 1), random_.between(-2, 1), random_.between(1, 3), random_.between(1, 3)};
  }

  struct Port {
    int word, count, height, width;
  };

  /// Adds a projection with all that it can be told, if there is room for one.
  bool add_project() {
    const int index = random_.between(0, static_cast<int>(layers_.size()) - 1);
    const LayerDescriptor& layer = layers_[static_cast<std::size_t>(index)];
    Operation o{Code::project, false, random_.between(-8, 7), index, 0, 0, out_.words};
    if (random_.chance(60)) o.tap_range = tap_range();
    Port port{out_.words, 0, layer.height, layer.width};
    if (c_.side > 1) {
      o.block = random_.chance(40);
      o.mean = random_.chance(50);
      o.odd_rows = o.block ? layer.height % 2 == 1 : random_.chance(50);
      o.odd_columns = o.block ? layer.width % 2 == 1 : random_.chance(50);
    }
    if (o.block) {
      port.height = (layer.height + 1) / 2;
      port.width = (layer.width + 1) / 2;
    }
    const int sites = port.height * port.width, row = o.tap_range.taps() * layer.site_cells;
    const int most = std::min({c_.rank, (c_.words - out_.words) / sites, c_.coefficients / row});
    if (most < 1) return false;
    port.count = o.count = random_.between(1, most);
    o.coefficient = coefficients(o.count * row);
    add(o);
    ports_.push_back(port);
    out_.words += sites * o.count;
    return true;
  }

  /// A bus from a port whose grid suits the layer's, if the one that was drawn does.
  void add_bus(std::vector<Operation>& body, int index, const LayerDescriptor& layer) {
    if (ports_.empty()) return;
    const Port& port = ports_[static_cast<std::size_t>(random_.between(0, static_cast<int>(ports_.size()) - 1))];
    const bool same = port.height == layer.height && port.width == layer.width;
    const bool half = port.height == (layer.height + 1) / 2 && port.width == (layer.width + 1) / 2;
    if (!same && !half) return;
    Operation o{Code::bus, false, 0, index, port.count, 0, port.word};
    o.half = half && (!same || (c_.side > 1 && random_.chance(50)));
    o.tap_range = tap_range();
    const int words = o.tap_range.taps() * o.count * layer.site_cells;
    if (words > c_.coefficients) return;
    o.coefficient = coefficients(words);
    body.push_back(o);
  }

  void add_update(int index) {
    const LayerDescriptor& layer = layers_[static_cast<std::size_t>(index)];
    std::vector<Operation> body;
    const auto row = [&] { return coefficients(layer.site_cells); };
    if (random_.chance(80)) body.push_back({Code::stiffness, false, 0, index, 0, row(), 0});
    if (c_.table_bits > 0 && random_.chance(60)) body.push_back({Code::table, false, 0, index, 0, 0, 0});
    if (c_.neighbours != 0 && random_.chance(70)) {
      body.push_back({Code::neighbour, false, 0, index, random_.between(0, (1 << layer.columns_log2) - 1), row(),
                      random_.between(0, layer.rows - 1)});
    }
    for (int b = random_.between(0, 2); b > 0; --b) add_bus(body, index, layer);
    if (body.empty()) body.push_back({Code::stiffness, false, 0, index, 0, row(), 0});
    Operation head{Code::layer, false, 0, index, 0, 0, 0};
    head.per_site = c_.side > 1 && random_.chance(50);
    head.coefficient = coefficients(head.per_site ? layer.cells() : layer.site_cells);
    body.insert(body.begin(), head);
    body.back().last = true;
    for (const Operation& o : body) add(o);
  }

  void program() {
    const int budget = c_.program - 3 - 5 * static_cast<int>(layers_.size());
    for (int i = 0; i < budget / 2; ++i) {
      if (random_.chance(30)) {
        const int layer = random_.between(0, static_cast<int>(layers_.size()) - 1);
        const int cells = layers_[static_cast<std::size_t>(layer)].cells();
        add({Code::trace, false, 0, layer, 0, coefficients(cells), 0});
      } else if (!add_project()) {
        break;
      }
    }
    add({Code::barrier, false, 0, 0, 0, 0, 0});
    for (std::size_t l = 0; l < layers_.size(); ++l) add_update(static_cast<int>(l));
    add({Code::end, false, 0, 0, 0, 0, 0});
    std::size_t word = 0;
    for (const Operation& o : operations_) {
      for (const std::uint32_t part : encode(o)) put(address(Memory::program, word++), part);
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
    for (int i = 0; i < c_.layers * c_.table_pieces(); ++i) {
      const auto rise = coefficient(), left = coefficient();
      put(address(Memory::table, static_cast<std::size_t>(i)),
          in_place(registers::kTableRise, rise) | in_place(registers::kTableLeft, left));
    }
    for (int i = 0; i < c_.segments * c_.layers; ++i)
      put(address(Memory::gain, static_cast<std::size_t>(i)), coefficient());
  }

  void schedule(int most_steps) {
    const int segments = random_.between(1, c_.segments);
    for (int s = 0; s < segments; ++s) {
      const int steps = s > 0 && random_.chance(10) ? 0 : random_.between(1, most_steps);
      out_.steps += static_cast<std::uint64_t>(steps);
      std::array<std::uint32_t, registers::kSegmentWords> words{};
      settle::put(words, registers::kSegmentSteps, steps);
      settle::put(words, registers::kSegmentWindow, random_.chance(60) ? 1 : 0);
      std::size_t place = words.size() * static_cast<std::size_t>(s);
      for (const std::uint32_t word : words) put(address(Memory::segment, place++), word);
    }
    put(registers::segments, segments);
    put(registers::refresh, random_.chance(60) ? 1 : random_.between(1, 5));
    put(registers::trace_stride, random_.chance(40) ? 1 : random_.between(0, 4));
    for (int r = 0; r < c_.noise_rounds; ++r) {
      put(address(Memory::noise_key, static_cast<std::size_t>(r)),
          static_cast<std::int64_t>(random_.bits() & 0xffffffffu));
    }
    put(registers::step_lo, static_cast<std::int64_t>(random_.bits() & 0xffffffffu));
    put(registers::step_hi, random_.between(0, 255));
  }

  RandomArray& out_;
  const Configuration& c_;
  Random random_;
  bool extreme_;
  std::vector<LayerDescriptor> layers_;
  std::vector<Operation> operations_;
  std::vector<Port> ports_;
  int used_ = 0;
};

}  // namespace

RandomArray::RandomArray(const Configuration& configuration, std::uint64_t seed, Size size, int most_steps) {
  Builder(*this, configuration, seed, size).build(most_steps);
}

}  // namespace settle::equivalence
