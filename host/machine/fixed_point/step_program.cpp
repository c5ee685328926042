#include "machine/fixed_point/step_program.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <utility>

#include "base/error.hpp"
#include "machine/fixed_point/bound.hpp"

namespace settle {

namespace {

using Code = registers::Operation;

class Compiler {
 public:
  Compiler(const Machine& machine, const Configuration& c, const std::string& name,
           const std::vector<LayerContents>& layers, CoefficientMemory& memory)
      : machine_(machine), c_(c), name_(name), layers_(layers), memory_(memory) {}

  StepProgram compile(int traced) {
    program_.updates.resize(layers_.size());
    for (std::size_t l = 0; l < layers_.size(); ++l) add_local_operations(static_cast<int>(l));
    for (std::size_t b = 0; b < machine_.buses.size(); ++b) add_bus(b);
    assemble(traced);
    return std::move(program_);
  }

 private:
  void check(const std::string& what, std::int64_t value, const char* bound, std::int64_t most) const {
    check_bound(c_, name_, what, value, bound, most);
  }

  void add_local_operations(int index) {
    const Layer& layer = machine_.layers[static_cast<std::size_t>(index)];
    const std::string what = fmt::format("layers[{}]", index);
    std::vector<Operation>& update = program_.updates[static_cast<std::size_t>(index)];
    Operation head{Code::layer, false, 0, index, 0, layers_[static_cast<std::size_t>(index)].field, 0};
    head.per_site = layers_[static_cast<std::size_t>(index)].per_site_field;
    update.push_back(head);
    program_.products.noise += layer.cells();
    program_.products.window += layer.cells();
    const int stiffness = memory_.add_row(
        layer.site_cells, [&](int i) { return layer.stiffness(i); }, what + ".stiffness");
    update.push_back({Code::stiffness, false, 0, index, 0, stiffness, 0});
    program_.products.always += layer.cells();
    if (!layer.force.empty()) {
      update.push_back({Code::table, false, 0, index, 0, 0, 0});
      program_.products.always += layer.cells();
    }
    for (std::size_t n = 0; n < layer.neighbours.size(); ++n) add_neighbour(index, n, what);
  }

  void add_neighbour(int index, std::size_t n, const std::string& what) {
    if (c_.neighbours == 0) {
      throw error("{}: {}.neighbours: configuration {} has no neighbour hardware", name_, what, c_.name);
    }
    const Layer& layer = machine_.layers[static_cast<std::size_t>(index)];
    const Neighbour& neighbour = layer.neighbours[n];
    const int rows = layer.site_cells / layer.columns;
    const auto shifted = [&](int i, int dy, int dx) {
      return ((i / layer.columns + dy) % rows) * layer.columns + (i % layer.columns + dx) % layer.columns;
    };
    const int back_dy = (rows - neighbour.dy) % rows, back_dx = (layer.columns - neighbour.dx) % layer.columns;
    const std::string at = fmt::format("{}.neighbours[{}].coupling", what, n);
    std::vector<Operation>& update = program_.updates[static_cast<std::size_t>(index)];
    // J_ij acts on both ends: row i of the first operation is the pair (i, i + offset), of the second (i - offset, i).
    const int there = memory_.add_row(
        layer.site_cells, [&](int i) { return neighbour.coupling(i); }, at);
    update.push_back({Code::neighbour, false, 0, index, neighbour.dx, there, neighbour.dy});
    const int back = memory_.add_row(
        layer.site_cells, [&](int i) { return neighbour.coupling(shifted(i, back_dy, back_dx)); }, at);
    update.push_back({Code::neighbour, false, 0, index, back_dx, back, back_dy});
    program_.products.always += 2 * layer.cells();
  }

  /// Words times this power of two: what the layers' scales ask for.
  int word_gain(int from, int to, const std::string& what) const {
    const LayerContents& source = layers_[static_cast<std::size_t>(from)];
    const LayerContents& target = layers_[static_cast<std::size_t>(to)];
    const double ratio = std::log2(source.scale / target.scale);
    const int gain = static_cast<int>(std::lround(ratio));
    if (gain != ratio || gain < -8 || gain > 7 || (gain != 0 && c_.word_gain_bits == 0)) {
      throw error("{}: {}: layer scales {} and {} need a word gain of 2^{}, configuration {} has {}", name_, what,
                  source.scale, target.scale, ratio, c_.name, c_.word_gain_bits == 0 ? "none" : "2^-8 to 2^7");
    }
    return gain;
  }

  /// Adds a projection to `sites` sets of words, unless an earlier one makes the same words; returns their first.
  int add_port(Operation project, int sites, std::int64_t products) {
    for (const Operation& other : projections_) {
      project.word = other.word;
      if (encode(project) == encode(other)) return other.word;
    }
    project.word = program_.words;
    projections_.push_back(project);
    program_.words += sites * project.count;
    check("bus words", program_.words, "words", c_.words);
    program_.products.project += products;
    return project.word;
  }

  void add_spread(int to, Operation bus, std::int64_t products) {
    bus.code = Code::bus;
    bus.layer = to;
    program_.updates[static_cast<std::size_t>(to)].push_back(bus);
    program_.products.always += products;
  }

  /// The matrix's words, or those of an equal matrix that is there already: buses from one port share them.
  int port_matrix(int layer, const Eigen::MatrixXd& matrix, const std::string& what) {
    for (const PortMatrix& other : port_matrices_) {
      if (other.layer == layer && other.matrix.cols() == matrix.cols() && other.matrix == matrix)
        return other.coefficient;
    }
    port_matrices_.push_back({layer, matrix, memory_.add_matrix(matrix, what)});
    return port_matrices_.back().coefficient;
  }

  /// The same of the target's ends: an answer and the linear cell beside it take in the same, as do layers of one sum.
  int tap_matrix(const Eigen::MatrixXd& matrix, const std::string& what) {
    for (const TapMatrix& other : tap_matrices_) {
      if (other.matrix->rows() == matrix.rows() && other.matrix->cols() == matrix.cols() && *other.matrix == matrix)
        return other.coefficient;
    }
    tap_matrices_.push_back({&matrix, memory_.add_matrix(matrix, what)});
    return tap_matrices_.back().coefficient;
  }

  /// Pairs of a site and a tap inside the grid.
  static std::int64_t tap_sites(const LayerContents& layer, const TapRange& range) {
    const auto inside = [](int side, int first, int taps) {
      std::int64_t count = 0;
      for (int t = first; t < first + taps; ++t) count += std::max(0, side - std::abs(t));
      return count;
    };
    return inside(layer.height, range.top, range.height) * inside(layer.width, range.left, range.width);
  }

  void add_bus(std::size_t index) {
    const Bus& bus = machine_.buses[index];
    const std::string what = fmt::format("buses[{}]", index);
    const int rank = static_cast<int>(bus.source_matrix.cols());
    check(what + " rank", rank, "rank", c_.rank);
    const LayerContents source = layers_[static_cast<std::size_t>(bus.source)];
    const LayerContents target = layers_[static_cast<std::size_t>(bus.target)];
    const Resolution step = *resolution(machine_.layers[static_cast<std::size_t>(bus.source)],
                                        machine_.layers[static_cast<std::size_t>(bus.target)]);
    if (c_.side == 1 && !(bus.tap_range == TapRange{})) {
      throw error("{}: {}.window: configuration {} has no taps in hardware", name_, what, c_.name);
    }
    const bool self = bus.source == bus.target;
    const int port = port_matrix(bus.source, bus.source_matrix, what + ".source_matrix");
    const int taps = self ? port : tap_matrix(bus.target_matrix, what + ".target_matrix");
    const std::int64_t target_products = tap_sites(target, bus.tap_range) * rank * target.site_cells;
    const std::int64_t source_products = std::int64_t{rank} * source.cells();

    // From double: words are made of whole blocks, so they lie on the target's grid already.
    Operation project{Code::project, false, word_gain(bus.source, bus.target, what), bus.source, rank, port, 0};
    project.block = project.mean = step == Resolution::from_double;
    project.odd_rows = project.block && source.height % 2 == 1;
    project.odd_columns = project.block && source.width % 2 == 1;
    const int sites = step == Resolution::from_double ? target.sites() : source.sites();
    Operation spread{Code::bus, false, 0, bus.target, rank, taps, add_port(project, sites, source_products)};
    spread.tap_range = bus.tap_range;
    spread.half = step == Resolution::from_half;
    add_spread(bus.target, spread, target_products);
    if (!bus.reciprocal || self) return;

    // The adjoint: what the target's states give back through the taps, gathered at the words' sites.
    Operation gather{Code::project, false, word_gain(bus.target, bus.source, what), bus.target, rank, taps, 0};
    gather.tap_range = bus.tap_range;
    gather.block = step == Resolution::from_half;
    gather.mean = step == Resolution::from_double;
    gather.odd_rows = gather.mean && source.height % 2 == 1;
    gather.odd_columns = gather.mean && source.width % 2 == 1;
    Operation back{Code::bus, false, 0, bus.source, rank, port, add_port(gather, sites, target_products)};
    back.half = step == Resolution::from_double;
    add_spread(bus.source, back, source_products);
  }

  void assemble(int traced) {
    if (traced >= 0) {
      const LayerContents& layer = layers_.at(static_cast<std::size_t>(traced));
      program_.operations.push_back({Code::trace, false, 0, traced, 0, layer.reference, 0});
      program_.products.trace += 2 * layer.cells();
    }
    program_.operations.insert(program_.operations.end(), projections_.begin(), projections_.end());
    program_.operations.push_back({Code::barrier, false, 0, 0, 0, 0, 0});
    for (std::vector<Operation>& update : program_.updates) {
      update.back().last = true;
      program_.operations.insert(program_.operations.end(), update.begin(), update.end());
    }
    program_.operations.push_back({Code::end, false, 0, 0, 0, 0, 0});
    check("program operations", static_cast<std::int64_t>(program_.operations.size()), "program", c_.program);
  }

  /// A port's matrix that is in the memory, and where.
  struct PortMatrix {
    int layer;
    Eigen::MatrixXd matrix;
    int coefficient;
  };

  /// A target's end that is in the memory, of a bus of machine_, and where.
  struct TapMatrix {
    const Eigen::MatrixXd* matrix;
    int coefficient;
  };

  const Machine& machine_;
  const Configuration& c_;
  const std::string& name_;
  const std::vector<LayerContents>& layers_;
  CoefficientMemory& memory_;
  std::vector<PortMatrix> port_matrices_;
  std::vector<TapMatrix> tap_matrices_;
  std::vector<Operation> projections_;
  StepProgram program_;
};

}  // namespace

StepProgram step_program(const Machine& machine, const Configuration& configuration, const std::string& name,
                         const std::vector<LayerContents>& layers, int traced, CoefficientMemory& memory) {
  return Compiler(machine, configuration, name, layers, memory).compile(traced);
}

}  // namespace settle
