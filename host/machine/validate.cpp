#include "machine/validate.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "array/model/tap_range.hpp"
#include "base/error.hpp"
#include "contract/configuration/fields.hpp"

namespace settle {
namespace {

// Activation per unit of x: far wider than any map's, and far from where squares of read-outs lose their digits.
constexpr double kLeastUnit = 1e-6, kMostUnit = 1e6;

constexpr std::size_t kLongestOwnName = 64;  // of a configuration that a machine brings

bool power_of_two(double value) {
  int exponent = 0;
  return std::isfinite(value) && value > 0 && std::frexp(value, &exponent) == 0.5;
}

// Reports one file's fields. `where` is a field's full name, as in layers[0].stiffness.
class Validator {
 public:
  explicit Validator(std::string name) : name_(std::move(name)) {}

  template <typename Value>
  [[noreturn]] void refuse(const std::string& where, const Value& value, const std::string& allowed) const {
    throw error("{}: {} is {}, {} is needed", name_, where, value, allowed);
  }

  void integer(const std::string& where, std::int64_t value, std::int64_t least, std::int64_t greatest) const {
    if (value < least || value > greatest) refuse(where, value, fmt::format("{} to {}", least, greatest));
  }

  void number(const std::string& where, double value) const {
    if (!std::isfinite(value)) refuse(where, value, "a finite number");
  }

  void vector(const std::string& where, const Eigen::VectorXd& v, Eigen::Index size) const {
    if (v.size() != size) refuse(where, fmt::format("of {} values", v.size()), fmt::format("{}", size));
    for (Eigen::Index i = 0; i < size; ++i) number(fmt::format("{}[{}]", where, i), v[i]);
  }

  void matrix(const std::string& where, const Eigen::MatrixXd& m, Eigen::Index rows, Eigen::Index columns) const {
    if (m.rows() != rows || m.cols() != columns) {
      refuse(where, fmt::format("{} x {}", m.rows(), m.cols()), fmt::format("{} x {}", rows, columns));
    }
    for (Eigen::Index r = 0; r < rows; ++r) {
      for (Eigen::Index c = 0; c < columns; ++c) number(fmt::format("{}[{}][{}]", where, r, c), m(r, c));
    }
  }

  void layer(const std::string& where, const Layer& layer) const;
  void bus(const std::string& where, const Bus& bus, const Machine& machine) const;
  void names(const std::string& what, const std::vector<std::string>& names) const;
  void readout(const Machine& machine) const;
  void interface(const Interface& interface, const Machine& machine) const;
  void own_configuration(const Machine& machine) const;

 private:
  void neighbours(const std::string& where, const Layer& layer) const;
  void meets_grid(const std::string& where, int first, int taps, int side) const;

  std::string name_;
};

void Validator::layer(const std::string& where, const Layer& layer) const {
  integer(where + ".height", layer.height, 1, highest_of(&Configuration::side));
  integer(where + ".width", layer.width, 1, highest_of(&Configuration::side));
  integer(where + ".site_cells", layer.site_cells, 1, highest_of(&Configuration::site_cells));
  if (!power_of_two(layer.scale)) refuse(where + ".scale", layer.scale, "a power of two");
  vector(where + ".stiffness", layer.stiffness, layer.site_cells);
  vector(where + ".field", layer.field,
         layer.field.size() == layer.cells() ? layer.cells() : static_cast<Eigen::Index>(layer.site_cells));
  const std::size_t knots = (std::size_t{1} << highest_of(&Configuration::table_bits)) + 1;
  if (layer.force.size() == 1 || layer.force.size() > knots) {
    refuse(where + ".force", fmt::format("of {} values", layer.force.size()), fmt::format("none or 2 to {}", knots));
  }
  for (std::size_t i = 0; i < layer.force.size(); ++i) number(fmt::format("{}.force[{}]", where, i), layer.force[i]);
  const bool fits = layer.columns >= 1 && power_of_two(layer.columns) && layer.site_cells % layer.columns == 0;
  if (!fits)
    refuse(where + ".columns", layer.columns, fmt::format("a power of two that divides {} cells", layer.site_cells));
  if (!layer.clamp.empty() && layer.clamp.size() != static_cast<std::size_t>(layer.cells())) {
    refuse(where + ".clamp", fmt::format("of {} values", layer.clamp.size()), fmt::format("none or {}", layer.cells()));
  }
  for (std::size_t i = 0; i < layer.clamp.size(); ++i)
    integer(fmt::format("{}.clamp[{}]", where, i), layer.clamp[i], 0, 1);
  if (layer.held && layer.map.empty()) refuse(where + ".held", "true", "false for a layer that stands for no map");
  if (!layer.added_map.empty()) {
    if (layer.map.empty()) refuse(where + ".added_map", layer.added_map, "none for a layer that stands for no map");
    vector(where + ".added_factor", layer.added_factor, layer.site_cells);
  }
  if (layer.unit.size() > 0) vector(where + ".unit", layer.unit, layer.site_cells);
  for (Eigen::Index i = 0; i < layer.unit.size(); ++i) {
    if (!(layer.unit[i] >= kLeastUnit && layer.unit[i] <= kMostUnit)) {
      refuse(fmt::format("{}.unit[{}]", where, i), layer.unit[i], fmt::format("{} to {}", kLeastUnit, kMostUnit));
    }
  }
  if (layer.noise_level.size() > 0) {
    matrix(where + ".noise_level", layer.noise_level, layer.site_cells, layer.noise_level.cols());
  }
  neighbours(where, layer);
}

void Validator::neighbours(const std::string& where, const Layer& layer) const {
  const int rows = layer.site_cells / layer.columns;
  std::set<std::pair<int, int>> seen;
  integer("number of " + where + ".neighbours", static_cast<std::int64_t>(layer.neighbours.size()), 0,
          highest_of(&Configuration::program));
  for (std::size_t n = 0; n < layer.neighbours.size(); ++n) {
    const Neighbour& neighbour = layer.neighbours[n];
    const std::string here = fmt::format("{}.neighbours[{}]", where, n);
    integer(here + ".dy", neighbour.dy, 0, rows - 1);
    integer(here + ".dx", neighbour.dx, 0, layer.columns - 1);
    vector(here + ".coupling", neighbour.coupling, layer.site_cells);
    const std::pair<int, int> offset{neighbour.dy, neighbour.dx};
    const std::pair<int, int> opposite{(rows - neighbour.dy) % rows, (layer.columns - neighbour.dx) % layer.columns};
    const std::string value = fmt::format("({}, {})", neighbour.dy, neighbour.dx);
    // An offset that is its own opposite would name every pair twice.
    if (offset == opposite) refuse(here, value, "an offset that differs from its opposite");
    if (seen.count(offset) + seen.count(opposite) > 0)
      refuse(here, value, "an offset that is not listed yet, nor its opposite");
    seen.insert(offset);
  }
}

// A range none of whose taps leads from a site to a site would carry nothing.
void Validator::meets_grid(const std::string& where, int first, int taps, int side) const {
  const int least = 2 - side - taps, most = side - 1;
  if (first >= least && first <= most) return;
  refuse(where, first,
         fmt::format("{} to {}, where one of {} taps meets a grid of {},", std::max(least, kLeastTapOffset),
                     std::min(most, kMostTapOffset), taps, side));
}

void Validator::bus(const std::string& where, const Bus& bus, const Machine& machine) const {
  const auto layers = static_cast<std::int64_t>(machine.layers.size());
  integer(where + ".source", bus.source, 0, layers - 1);
  integer(where + ".target", bus.target, 0, layers - 1);
  const Eigen::Index rank = bus.source_matrix.cols();
  const Layer& source = machine.layers[static_cast<std::size_t>(bus.source)];
  const Layer& target = machine.layers[static_cast<std::size_t>(bus.target)];
  if (!resolution(source, target)) {
    refuse(where,
           fmt::format("from a {} x {} to a {} x {} grid", source.height, source.width, target.height, target.width),
           "equal grids or one step between them, half sides rounded up,");
  }
  // The array (rtl/tap_range.sv) and the model agree on all of these, also on taps at offsets from 8 up.
  integer(where + ".window.top", bus.tap_range.top, kLeastTapOffset, kMostTapOffset);
  integer(where + ".window.left", bus.tap_range.left, kLeastTapOffset, kMostTapOffset);
  integer(where + ".window.height", bus.tap_range.height, 1, kMostTapSide);
  integer(where + ".window.width", bus.tap_range.width, 1, kMostTapSide);
  meets_grid(where + ".window.top", bus.tap_range.top, bus.tap_range.height, target.height);
  meets_grid(where + ".window.left", bus.tap_range.left, bus.tap_range.width, target.width);
  integer(where + ".source_matrix columns (the rank)", rank, 1, highest_of(&Configuration::rank));
  matrix(where + ".source_matrix", bus.source_matrix, source.site_cells, rank);
  matrix(where + ".target_matrix", bus.target_matrix, target.site_cells, bus.tap_range.taps() * rank);
  if (bus.source != bus.target) return;
  if (!(bus.tap_range == TapRange{})) refuse(where + ".window", "another window", "one tap at offset 0 for a self-bus");
  if (!bus.reciprocal) refuse(where + ".reciprocal", false, "true for a self-bus");
  if (bus.source_matrix != bus.target_matrix)
    refuse(where + ".target_matrix", "another matrix", "the source's for a self-bus");
}

void Validator::interface(const Interface& interface, const Machine& machine) const {
  if (interface.source.empty()) return;
  const auto layers = static_cast<std::int64_t>(machine.layers.size());
  integer("interface.target", interface.target, 0, layers - 1);
  integer("interface.anchor", interface.anchor, -1, layers - 1);
  const Layer& target = machine.layers[static_cast<std::size_t>(interface.target)];
  const Eigen::Index wide = interface.up.rows();
  if (interface.down.size() == 0) refuse("interface.down", "empty", "a matrix");
  if (interface.in.size() == 0) refuse("interface.in", "empty", "a matrix");
  matrix("interface.down", interface.down, interface.down.rows(), interface.down.cols());
  matrix("interface.up", interface.up, wide, interface.down.rows());
  matrix("interface.in", interface.in, interface.in.rows(), wide);
  matrix("interface.out", interface.out, target.site_cells, interface.in.rows());
  vector("interface.mean_field", interface.mean_field, target.cells());
  if (interface.anchor >= 0) {
    const Layer& anchor = machine.layers[static_cast<std::size_t>(interface.anchor)];
    if (anchor.height != target.height || anchor.width != target.width) {
      refuse("interface.anchor", fmt::format("a layer of {} x {} sites", anchor.height, anchor.width),
             fmt::format("{} x {} sites, the target's,", target.height, target.width));
    }
    if (wide != anchor.site_cells) {
      refuse("interface.up", fmt::format("{} rows", wide),
             fmt::format("{} rows, the cells of the anchor's sites,", anchor.site_cells));
    }
    vector("interface.mean_hidden", interface.mean_hidden, anchor.cells());
  } else {
    vector("interface.mean_hidden", interface.mean_hidden, 0);
  }
}

void Validator::names(const std::string& what, const std::vector<std::string>& names) const {
  std::set<std::string> seen;
  for (std::size_t n = 0; n < names.size(); ++n) {
    const std::string where = fmt::format("{}[{}].name", what, n);
    if (names[n].empty()) refuse(where, "\"\"", "a name");
    if (!seen.insert(names[n]).second) refuse(where, '"' + names[n] + '"', "a name that no other of " + what + " has");
  }
}

void Validator::readout(const Machine& machine) const {
  const auto layers = static_cast<std::int64_t>(machine.layers.size());
  integer("encoder", machine.encoder, -1, layers - 1);
  integer("decoder", machine.decoder, 0, layers - 1);
  if (machine.encoder == machine.decoder) refuse("decoder", machine.decoder, "a layer other than the encoder's");
  const Layer& decoder = machine.layers[static_cast<std::size_t>(machine.decoder)];
  if (decoder.held) {
    // Its field would be made of the very activation that it is compared with.
    throw error("{}: layers[{}].held is true, but that layer is read: false is needed", name_, machine.decoder);
  }
  vector("fit_mean", machine.fit_mean, decoder.cells());
  const double most = kStateRange * decoder.scale;
  for (Eigen::Index i = 0; i < machine.fit_mean.size(); ++i) {
    const double value = machine.fit_mean[i];
    if (std::fabs(value) > most) {
      refuse(fmt::format("fit_mean[{}]", i), value, fmt::format("{} to {}, what a state can hold,", -most, most));
    }
  }
}

void Validator::own_configuration(const Machine& machine) const {
  Configuration own = *machine.own_configuration;
  for (const NamedValue& f : named_values(own)) {
    integer(fmt::format("configuration_fields.{}", f.name), *f.value, f.lowest, f.highest);
  }
  settle::check(own, name_);
  // Files and comments of what is built for it are called so.
  const bool good = own.name.size() <= kLongestOwnName &&
                    own.name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") ==
                        std::string::npos;
  if (!good) {
    refuse("configuration", '"' + one_line(own.name) + '"',
           fmt::format("up to {} letters, digits, _ and - for one of its own", kLongestOwnName));
  }
  if (own.name != machine.configuration) {
    refuse("configuration", '"' + machine.configuration + '"', '"' + own.name + "\", its own configuration's name,");
  }
  if (own.hash_text() != machine.configuration_hash) {
    refuse("configuration_hash", machine.configuration_hash, own.hash_text() + ", that of its configuration_fields,");
  }
}

}  // namespace

void validate(const Machine& machine, const std::string& name) {
  const Validator check(name);
  if (machine.preset.empty()) check.refuse("preset", "\"\"", "a name");
  if (machine.configuration.empty()) check.refuse("configuration", "\"\"", "a name");
  const std::string& hash = machine.configuration_hash;
  if (hash.size() != 16 || hash.find_first_not_of("0123456789abcdef") != std::string::npos) {
    check.refuse("configuration_hash", '"' + hash + '"', "16 lower-case hexadecimal digits");
  }
  if (machine.own_configuration) check.own_configuration(machine);
  if (!power_of_two(machine.step) || machine.step > 1) check.refuse("step", machine.step, "a power of two up to 1");
  if (!std::isfinite(machine.kt) || machine.kt < 0) check.refuse("kt", machine.kt, "a finite number >= 0");
  check.integer("settle_steps", machine.settle_steps, 0, kMostSettleSteps);
  check.integer("window_steps", machine.window_steps, 1, kMostWindowSteps);
  if (!std::isfinite(machine.sigma) || machine.sigma < 0)
    check.refuse("fit.sigma", machine.sigma, "a finite number >= 0");
  check.integer("fit.images", machine.fit_images, 0, 1 << 30);

  const auto layers = static_cast<std::int64_t>(machine.layers.size());
  check.integer("number of layers", layers, 1, highest_of(&Configuration::layers));
  std::int64_t cells = 0;
  for (std::size_t l = 0; l < machine.layers.size(); ++l) {
    check.layer(fmt::format("layers[{}]", l), machine.layers[l]);
    cells += machine.layers[l].cells();
  }
  check.integer("number of cells of all layers", cells, 1, highest_of(&Configuration::cells));
  // Each takes an operation of the array's program at least.
  check.integer("number of buses", static_cast<std::int64_t>(machine.buses.size()), 0,
                highest_of(&Configuration::program));
  for (std::size_t b = 0; b < machine.buses.size(); ++b)
    check.bus(fmt::format("buses[{}]", b), machine.buses[b], machine);
  std::vector<std::string> layer_names, bus_names;
  for (const Layer& layer : machine.layers) layer_names.push_back(layer.name);
  for (const Bus& bus : machine.buses) bus_names.push_back(bus.name);
  check.names("layers", layer_names);
  check.names("buses", bus_names);
  check.readout(machine);
  check.interface(machine.interface, machine);
}

}  // namespace settle
