#include "machine/fixed_point/array_contents.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "base/error.hpp"

namespace settle {

namespace {

using Code = registers::Operation;

class ImageBuilder {
 public:
  ImageBuilder(const Machine& machine, const Configuration& c, const std::string& name)
      : machine_(machine), c_(c), name_(name) {}

  ArrayContents build(int traced) {
    check_fit();
    for (std::size_t l = 0; l < machine_.layers.size(); ++l) add_layer(static_cast<int>(l));
    update_.resize(contents_.layers.size());
    for (std::size_t l = 0; l < contents_.layers.size(); ++l) add_local_operations(static_cast<int>(l));
    for (std::size_t b = 0; b < machine_.buses.size(); ++b) add_bus(b);
    assemble(traced);
    check_overflow();
    return std::move(contents_);
  }

 private:
  void require(bool fits, const char* what, std::int64_t value, const char* bound, std::int64_t most) const {
    if (!fits) throw error("{}: {}: {} exceeds configuration {}: {} {}", name_, what, value, c_.name, bound, most);
  }

  void check_fit() const {
    if (machine_.step != c_.step()) {
      throw error("{}: step: {} is not configuration {}'s {}", name_, machine_.step, c_.name, c_.step());
    }
    const auto layers = static_cast<std::int64_t>(machine_.layers.size());
    require(layers <= c_.layers, "layers", layers, "layers", c_.layers);
  }

  std::int16_t coefficient(double value, const std::string& what) const {
    return static_cast<std::int16_t>(to_fixed(value, c_.coefficient, name_ + ": " + what));
  }

  /// Appends a row of one word per cell and returns its first word.
  template <typename Value>
  int add_row(int cells, const Value& value, const std::string& what) {
    const int first = static_cast<int>(contents_.coefficients.size());
    for (int i = 0; i < cells; ++i) {
      contents_.coefficients.push_back(coefficient(value(i), fmt::format("{}[{}]", what, i)));
    }
    const auto used = static_cast<std::int64_t>(contents_.coefficients.size());
    require(used <= c_.coefficients, "coefficient words", used, "coefficients", c_.coefficients);
    return first;
  }

  /// Columns of a bus matrix one after the other.
  int add_matrix(const Eigen::MatrixXd& matrix, const std::string& what) {
    const int first = static_cast<int>(contents_.coefficients.size());
    for (int m = 0; m < matrix.cols(); ++m) {
      add_row(
          static_cast<int>(matrix.rows()), [&](int i) { return matrix(i, m); }, fmt::format("{} column {}", what, m));
    }
    return first;
  }

  void add_layer(int index) {
    const Layer& layer = machine_.layers[static_cast<std::size_t>(index)];
    const std::string what = fmt::format("layers[{}]", index);
    require(layer.site_cells <= c_.site_cells, (what + ".site_cells").c_str(), layer.site_cells, "site_cells",
            c_.site_cells);
    require(layer.height <= c_.side, (what + ".height").c_str(), layer.height, "side", c_.side);
    require(layer.width <= c_.side, (what + ".width").c_str(), layer.width, "side", c_.side);
    require(contents_.cells + layer.cells() <= c_.cells, "cells", contents_.cells + layer.cells(), "cells", c_.cells);
    if (layer.site_cells % c_.lanes != 0) {
      throw error("{}: {}.site_cells: {} is not a multiple of the configuration's {} lanes", name_, what,
                  layer.site_cells, c_.lanes);
    }
    ArrayContents::Layer out;
    out.first = contents_.cells;
    out.site_cells = layer.site_cells;
    out.height = layer.height;
    out.width = layer.width;
    while ((1 << out.columns_log2) < layer.columns) ++out.columns_log2;
    out.rows = layer.site_cells / layer.columns;
    out.scale = layer.scale;
    out.table = table(layer, what);
    // A layer that stands for a map is conditioned, or compared, site by site.
    out.per_site_field = layer.sites() > 1 && (layer.field.size() == layer.cells() || !layer.map.empty());
    out.field = add_row(
        out.per_site_field ? layer.cells() : layer.site_cells,
        [&](int i) { return layer.field(i % layer.field.size()) / layer.scale; }, what + ".field");
    out.reference = add_row(
        layer.cells(), [](int) { return 0.0; }, what + ".reference");
    contents_.layers.push_back(out);
    for (int i = 0; i < layer.cells(); ++i) {
      contents_.clamp.push_back(layer.clamp.empty() ? std::uint8_t{0} : layer.clamp[static_cast<std::size_t>(i)]);
    }
    contents_.cells += layer.cells();
  }

  std::vector<std::uint32_t> table(const Layer& layer, const std::string& what) const {
    if (layer.force.empty()) return {};
    const auto segments = static_cast<std::size_t>(c_.table_segments());
    if (layer.force.size() != segments + 1) {
      throw error("{}: {}.force: {} knots, configuration {} has tables of {}", name_, what, layer.force.size(), c_.name,
                  segments == 0 ? 0 : segments + 1);
    }
    std::vector<std::uint32_t> words;
    for (std::size_t s = 0; s < segments; ++s) {
      const std::string at = fmt::format("{}.force[{}]", what, s);
      const std::int16_t left = coefficient(layer.force[s] / layer.scale, at);
      // The rise between rounded knots, so that the table stays continuous.
      const Format& f = c_.coefficient;
      const double right = to_fixed(layer.force[s + 1] / layer.scale, f, name_ + ": " + at + " right end") * f.unit();
      const std::int16_t rise = coefficient(right - left * f.unit(), at + " rise");
      words.push_back(in_place(registers::kTableLeft, left) | in_place(registers::kTableRise, rise));
    }
    return words;
  }

  void add_local_operations(int index) {
    const Layer& layer = machine_.layers[static_cast<std::size_t>(index)];
    const std::string what = fmt::format("layers[{}]", index);
    std::vector<Operation>& update = update_[static_cast<std::size_t>(index)];
    Operation head{Code::layer, false, 0, index, 0, contents_.layers[static_cast<std::size_t>(index)].field, 0};
    head.per_site = contents_.layers[static_cast<std::size_t>(index)].per_site_field;
    update.push_back(head);
    contents_.products.noise += layer.cells();
    contents_.products.window += layer.cells();
    const int stiffness = add_row(
        layer.site_cells, [&](int i) { return layer.stiffness(i); }, what + ".stiffness");
    update.push_back({Code::stiffness, false, 0, index, 0, stiffness, 0});
    contents_.products.always += layer.cells();
    if (!layer.force.empty()) {
      update.push_back({Code::table, false, 0, index, 0, 0, 0});
      contents_.products.always += layer.cells();
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
    std::vector<Operation>& update = update_[static_cast<std::size_t>(index)];
    // J_ij acts on both ends: row i of the first operation is the pair (i, i + offset), of the second (i - offset, i).
    const int there = add_row(
        layer.site_cells, [&](int i) { return neighbour.coupling(i); }, at);
    update.push_back({Code::neighbour, false, 0, index, neighbour.dx, there, neighbour.dy});
    const int back = add_row(
        layer.site_cells, [&](int i) { return neighbour.coupling(shifted(i, back_dy, back_dx)); }, at);
    update.push_back({Code::neighbour, false, 0, index, back_dx, back, back_dy});
    contents_.products.always += 2 * layer.cells();
  }

  /// Words times this power of two: what the layers' scales ask for.
  int word_gain(int from, int to, const std::string& what) const {
    const ArrayContents::Layer& source = contents_.layers[static_cast<std::size_t>(from)];
    const ArrayContents::Layer& target = contents_.layers[static_cast<std::size_t>(to)];
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
    for (const Operation& other : project_) {
      project.word = other.word;
      if (encode(project) == encode(other)) return other.word;
    }
    project.word = contents_.words;
    project_.push_back(project);
    contents_.words += sites * project.count;
    require(contents_.words <= c_.words, "bus words", contents_.words, "words", c_.words);
    contents_.products.project += products;
    return project.word;
  }

  void add_spread(int to, Operation bus, std::int64_t products) {
    bus.code = Code::bus;
    bus.layer = to;
    update_[static_cast<std::size_t>(to)].push_back(bus);
    contents_.products.always += products;
  }

  /// The matrix's words, or those of an equal matrix that is there already: buses from one port share them.
  int port_matrix(int layer, const Eigen::MatrixXd& matrix, const std::string& what) {
    for (const PortMatrix& other : port_matrices_) {
      if (other.layer == layer && other.matrix.cols() == matrix.cols() && other.matrix == matrix)
        return other.coefficient;
    }
    port_matrices_.push_back({layer, matrix, add_matrix(matrix, what)});
    return port_matrices_.back().coefficient;
  }

  /// Pairs of a site and a tap inside the grid.
  static std::int64_t tap_sites(const ArrayContents::Layer& layer, const Window& window) {
    const auto inside = [](int side, int first, int taps) {
      std::int64_t count = 0;
      for (int t = first; t < first + taps; ++t) count += std::max(0, side - std::abs(t));
      return count;
    };
    return inside(layer.height, window.top, window.height) * inside(layer.width, window.left, window.width);
  }

  void add_bus(std::size_t index) {
    const Bus& bus = machine_.buses[index];
    const std::string what = fmt::format("buses[{}]", index);
    const int rank = static_cast<int>(bus.source_matrix.cols());
    require(rank <= c_.rank, (what + " rank").c_str(), rank, "rank", c_.rank);
    const ArrayContents::Layer source = contents_.layers[static_cast<std::size_t>(bus.source)];
    const ArrayContents::Layer target = contents_.layers[static_cast<std::size_t>(bus.target)];
    const Resolution step = *resolution(machine_.layers[static_cast<std::size_t>(bus.source)],
                                        machine_.layers[static_cast<std::size_t>(bus.target)]);
    if (c_.side == 1 && !(bus.window == Window{})) {
      throw error("{}: {}.window: configuration {} has no taps in hardware", name_, what, c_.name);
    }
    const bool self = bus.source == bus.target;
    const int port = port_matrix(bus.source, bus.source_matrix, what + ".source_matrix");
    const int taps = self ? port : add_matrix(bus.target_matrix, what + ".target_matrix");
    const std::int64_t target_products = tap_sites(target, bus.window) * rank * target.site_cells;
    const std::int64_t source_products = std::int64_t{rank} * source.cells();

    // From double: words are made of whole blocks, so they lie on the target's grid already.
    Operation project{Code::project, false, word_gain(bus.source, bus.target, what), bus.source, rank, port, 0};
    project.block = project.mean = step == Resolution::from_double;
    project.odd_rows = project.block && source.height % 2 == 1;
    project.odd_columns = project.block && source.width % 2 == 1;
    const int sites = step == Resolution::from_double ? target.sites() : source.sites();
    Operation spread{Code::bus, false, 0, bus.target, rank, taps, add_port(project, sites, source_products)};
    spread.window = bus.window;
    spread.half = step == Resolution::from_half;
    add_spread(bus.target, spread, target_products);
    if (!bus.reciprocal || self) return;

    // The adjoint: what the target's states give back through the taps, gathered at the words' sites.
    Operation gather{Code::project, false, word_gain(bus.target, bus.source, what), bus.target, rank, taps, 0};
    gather.window = bus.window;
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
      const ArrayContents::Layer& layer = contents_.layers.at(static_cast<std::size_t>(traced));
      contents_.program.push_back({Code::trace, false, 0, traced, 0, layer.reference, 0});
      contents_.products.trace += 2 * layer.cells();
    }
    contents_.program.insert(contents_.program.end(), project_.begin(), project_.end());
    contents_.program.push_back({Code::barrier, false, 0, 0, 0, 0, 0});
    for (std::vector<Operation>& update : update_) {
      update.back().last = true;
      contents_.program.insert(contents_.program.end(), update.begin(), update.end());
    }
    contents_.program.push_back({Code::end, false, 0, 0, 0, 0, 0});
    const auto length = static_cast<std::int64_t>(contents_.program.size());
    require(length <= c_.program, "program operations", length, "program", c_.program);
  }

  /// The largest force that any state and any words could give must fit the accumulator, beside the state.
  void check_overflow() const {
    const std::int64_t operand = -c_.operand.lowest();
    const std::int64_t most = std::int64_t{1} << (c_.accumulator_width - 1);
    for (std::size_t l = 0; l < update_.size(); ++l) {
      const int cells = contents_.layers[l].site_cells;
      for (int i = 0; i < cells; ++i) {
        std::int64_t sum = 2 * (std::int64_t{1} << 30);  // any field and any noise
        sum += std::int64_t{1} << (c_.state.width - 1 + c_.rounded_bits());
        for (const Operation& o : update_[l]) {
          if (o.code == Code::layer || o.code == Code::table) {
            sum += std::int64_t{1} << 31;
            continue;
          }
          const std::int64_t terms = o.code == Code::bus ? o.count * o.window.taps() : 1;
          for (std::int64_t m = 0; m < terms; ++m) {
            const std::int64_t at = o.coefficient + m * cells + i;
            sum += operand * std::abs(contents_.coefficients[static_cast<std::size_t>(at)]);
          }
        }
        if (sum >= most) {
          throw error("{}: layers[{}] cell {}: its state and force could reach {} of the accumulator's {}", name_, l, i,
                      sum, most);
        }
      }
    }
  }

  const Machine& machine_;
  const Configuration& c_;
  std::string name_;
  ArrayContents contents_;
  struct PortMatrix {
    int layer;
    Eigen::MatrixXd matrix;
    int coefficient;
  };
  std::vector<PortMatrix> port_matrices_;
  std::vector<Operation> project_;
  std::vector<std::vector<Operation>> update_;
};

}  // namespace

ArrayContents array_contents(const Machine& machine, const Configuration& configuration, const std::string& name,
                             int traced) {
  return ImageBuilder(machine, configuration, name).build(traced);
}

}  // namespace settle
