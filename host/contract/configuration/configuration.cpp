#include "contract/configuration/configuration.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <vector>

#include "base/error.hpp"
#include "base/hash.hpp"
#include "base/json.hpp"

namespace settle {

namespace {

struct Field {
  const char* name;
  int Configuration::*value;
  int lowest;
  int highest;
  bool decides_bits;  // part of the hash
};

struct FormatField {
  const char* name;
  Format Configuration::*format;
  int Format::*value;
  int lowest;
  int highest;
};

constexpr std::array<Field, 18> kFields{{
    {"lanes", &Configuration::lanes, 1, 64, false},
    {"layers", &Configuration::layers, 1, 64, true},
    {"side", &Configuration::side, 1, 64, true},
    {"site_cells", &Configuration::site_cells, 1, 4096, true},
    {"cells", &Configuration::cells, 1, 65536, true},
    {"rank", &Configuration::rank, 1, 1024, true},
    {"coefficients", &Configuration::coefficients, 16, 1 << 20, true},
    {"words", &Configuration::words, 1, 65536, true},
    {"program", &Configuration::program, 4, 1024, true},
    {"segments", &Configuration::segments, 1, 64, true},
    {"trace_depth", &Configuration::trace_depth, 256, 65536, true},
    {"table_bits", &Configuration::table_bits, 0, 10, true},
    {"neighbours", &Configuration::neighbours, 0, 1, true},
    {"word_gain_bits", &Configuration::word_gain_bits, 0, 4, true},
    {"step_shift", &Configuration::step_shift, 0, 12, true},
    {"noise_lanes", &Configuration::noise_lanes, 1, 64, false},
    {"noise_rounds", &Configuration::noise_rounds, 8, 27, true},
    {"noise_rounds_per_cycle", &Configuration::noise_rounds_per_cycle, 1, 27, false},
}};

/// The rest of a format's fields.
constexpr std::array<Field, 4> kFormatNumbers{{
    {"accumulator_width", &Configuration::accumulator_width, 33, 48, true},
    {"projection_width", &Configuration::projection_width, 40, 48, true},
    {"noise_fraction", &Configuration::noise_fraction, 1, 12, true},
    {"round_half_up", &Configuration::round_half_up, 0, 1, true},
}};

constexpr std::array<FormatField, 8> kFormats{{
    {"state_width", &Configuration::state, &Format::width, 12, 32},
    {"state_fraction", &Configuration::state, &Format::fraction, 4, 30},
    {"operand_width", &Configuration::operand, &Format::width, 8, 16},
    {"operand_fraction", &Configuration::operand, &Format::fraction, 4, 15},
    {"coefficient_width", &Configuration::coefficient, &Format::width, 8, 16},
    {"coefficient_fraction", &Configuration::coefficient, &Format::fraction, 4, 15},
    {"word_width", &Configuration::word, &Format::width, 4, 16},
    {"word_fraction", &Configuration::word, &Format::fraction, 1, 15},
}};

/// A field of one configuration by its name: what a change by name goes through.
struct NamedValue {
  const char* name;
  int* value;
  int lowest;
  int highest;
};

std::vector<NamedValue> named_values(Configuration& c) {
  std::vector<NamedValue> all;
  all.reserve(kFields.size() + kFormats.size() + kFormatNumbers.size());
  for (const Field& f : kFields) all.push_back({f.name, &(c.*f.value), f.lowest, f.highest});
  for (const FormatField& f : kFormats) all.push_back({f.name, &((c.*f.format).*f.value), f.lowest, f.highest});
  for (const Field& f : kFormatNumbers) all.push_back({f.name, &(c.*f.value), f.lowest, f.highest});
  return all;
}

/// Sets each named field that is known and in its range.
void set_fields(Configuration& c, const std::map<std::string, int>& changes, const std::string& origin) {
  const std::vector<NamedValue> fields = named_values(c);
  for (const auto& [name, value] : changes) {
    const std::string& wanted = name;  // C++17: a structured binding cannot be captured
    const auto field =
        std::find_if(fields.begin(), fields.end(), [&](const NamedValue& f) { return f.name == wanted; });
    if (field == fields.end()) {
      std::vector<std::string> known;
      known.reserve(fields.size());
      for (const NamedValue& f : fields) known.emplace_back(f.name);
      throw error("{}: {}: no such field of a configuration; known are {}", origin, one_line(name),
                  fmt::join(known, ", "));
    }
    if (value < field->lowest || value > field->highest) {
      throw error("{}: {}: {} is not {} to {}", origin, name, value, field->lowest, field->highest);
    }
    *field->value = value;
  }
}

void read_format(const JsonValue& format, Configuration& c) {
  std::vector<std::string> known;
  for (const FormatField& f : kFormats) {
    (c.*f.format).*f.value = format.at(f.name).integer(f.lowest, f.highest);
    known.emplace_back(f.name);
  }
  for (const Field& f : kFormatNumbers) {
    c.*f.value = format.at(f.name).integer(f.lowest, f.highest);
    known.emplace_back(f.name);
  }
  format.keys(known);
}

Configuration read_configuration(const std::string& name, const JsonValue& object, const JsonValue& formats,
                                 const std::string& origin) {
  Configuration c;
  c.name = name;
  c.purpose = object.at("purpose").text();
  std::vector<std::string> known{"purpose", "format"};
  for (const Field& f : kFields) {
    c.*f.value = object.at(f.name).integer(f.lowest, f.highest);
    known.emplace_back(f.name);
  }
  object.keys(known);
  const JsonValue format = object.at("format");
  if (!formats.has(format.text())) format.refuse("one of the formats");
  read_format(formats.at(format.text()), c);
  check(c, origin);
  return c;
}

/// A whole number of up to `most` digits, nothing beside them.
std::optional<int> digits(const std::string& text, std::size_t most) {
  if (text.empty() || text.size() > most || text.find_first_not_of("0123456789") != std::string::npos) return {};
  return std::stoi(text);
}

bool power_of_two(int value) { return value > 0 && (value & (value - 1)) == 0; }

}  // namespace

void check(const Configuration& c, const std::string& origin) {
  const auto refuse = [&](const std::string& why) -> Error {
    return error("{}: configuration {}: {}", origin, c.name, why);
  };
  if (!power_of_two(c.lanes)) throw refuse(fmt::format("lanes {} is not a power of two", c.lanes));
  if (c.site_cells % c.lanes != 0 || c.cells % c.lanes != 0) {
    throw refuse(fmt::format("lanes {} does not divide site_cells {} and cells {}", c.lanes, c.site_cells, c.cells));
  }
  if (c.site_cells > c.cells) throw refuse("site_cells is larger than cells");
  if (!power_of_two(c.noise_lanes) || (c.lanes > c.noise_lanes && c.lanes % c.noise_lanes != 0)) {
    throw refuse(fmt::format("noise_lanes {} is not a power of two that divides lanes {}", c.noise_lanes, c.lanes));
  }
  if (c.noise_rounds % c.noise_rounds_per_cycle != 0)
    throw refuse("noise_rounds_per_cycle does not divide noise_rounds");
  if (c.word_gain_bits != 0 && c.word_gain_bits != 4) throw refuse("word_gain_bits is neither 0 nor 4");
  if (c.state.width - c.state.fraction != c.operand.width - c.operand.fraction ||
      c.state.fraction <= c.operand.fraction) {
    throw refuse("operand must be the upper part of the state: as many integer bits, fewer fraction bits");
  }
  if (c.word.fraction > c.operand.fraction || c.word.width - c.word.fraction > c.operand.width - c.operand.fraction) {
    throw refuse("word does not fit the operand format");
  }
  if (c.state.fraction >= c.accumulator_fraction()) throw refuse("state_fraction must be below that of a product");
  // A segment must not be wider than 1, nor be a single operand or half the range.
  const int fewest = std::max(2, c.operand.width - c.operand.fraction), most = c.operand.width - 1;
  if (c.table_bits != 0 && (c.table_bits < fewest || c.table_bits > most)) {
    throw refuse(fmt::format("table_bits {}: 0 or {} to {} is needed for operands of {} bits, {} behind the point",
                             c.table_bits, fewest, most, c.operand.width, c.operand.fraction));
  }
  // Terms of full size that a force sum must hold: self-bus and bus of the largest rank, neighbours and the rest.
  const int product_bits = c.coefficient.width + c.operand.width - 1;
  const std::int64_t terms = 2 * c.rank + 16;
  const std::int64_t largest = std::int64_t{1} << (c.accumulator_width - 1);
  const std::int64_t products = terms << (product_bits - 1);
  if (products > largest) {
    throw refuse(fmt::format("accumulator_width {} cannot hold {} products", c.accumulator_width, terms));
  }
  // The state is part of the sum, so that one rounding does for both.
  const int state_bits = c.state.width - 1 + c.rounded_bits();
  if (state_bits >= c.accumulator_width || products + (std::int64_t{1} << state_bits) > largest) {
    throw refuse(fmt::format("accumulator_width {} cannot hold {} products and a state at step_shift {}",
                             c.accumulator_width, terms, c.step_shift));
  }
}

void check_changes(const std::map<std::string, int>& changes, const std::string& origin) {
  Configuration any;
  set_fields(any, changes, origin);
}

Configuration with_changes(const Configuration& configuration, const std::map<std::string, int>& changes,
                           const std::string& origin) {
  Configuration changed = configuration;
  set_fields(changed, changes, origin);
  check(changed, origin);
  return changed;
}

std::vector<std::pair<std::string, int>> field_values(const Configuration& configuration) {
  Configuration copy = configuration;
  std::vector<std::pair<std::string, int>> all;
  for (const NamedValue& f : named_values(copy)) all.emplace_back(f.name, *f.value);
  return all;
}

Configuration configuration_from(const std::vector<int>& values, const std::string& name, const std::string& origin) {
  Configuration c;
  const std::vector<NamedValue> fields = named_values(c);
  if (values.size() != fields.size()) {
    throw error("{}: a configuration of {} values, {} are needed", origin, values.size(), fields.size());
  }
  std::map<std::string, int> named;
  for (std::size_t i = 0; i < fields.size(); ++i) named[fields[i].name] = values[i];
  c.name = name;
  return with_changes(c, named, origin);
}

void add_change(std::map<std::string, int>& changes, const std::string& text, const std::string& origin) {
  const std::size_t equals = text.find('=');
  const std::string key = text.substr(0, equals);
  const std::string value = equals == std::string::npos ? "" : text.substr(equals + 1);
  const std::set<std::string> formats = {"state", "operand", "coefficient", "word"};
  if (formats.count(key) == 0) {
    const std::optional<int> number = digits(value, 7);
    if (key.empty() || !number) {
      throw error("{}: {}: FIELD=NUMBER or FORMAT=Q4.12 is needed; formats are {}", origin, one_line(text),
                  fmt::join(formats, ", "));
    }
    changes[key] = *number;
    return;
  }
  const std::size_t point = value.find('.');
  const bool parted = !value.empty() && value[0] == 'Q' && point != std::string::npos;
  const std::optional<int> before = digits(parted ? value.substr(1, point - 1) : "", 2);
  const std::optional<int> behind = digits(parted ? value.substr(point + 1) : "", 2);
  if (!before || !behind) throw error("{}: {}: a format is needed, as in {}=Q4.12", origin, one_line(text), key);
  changes[key + "_width"] = *before + *behind;
  changes[key + "_fraction"] = *behind;
}

std::string format_text(const Format& format) {
  return fmt::format("Q{}.{}", format.width - format.fraction, format.fraction);
}

std::uint64_t Configuration::hash() const {
  std::string canonical;
  for (const Field& f : kFields) {
    if (f.decides_bits) canonical += fmt::format("{}={};", f.name, this->*f.value);
  }
  for (const FormatField& f : kFormats) canonical += fmt::format("{}={};", f.name, (this->*f.format).*f.value);
  for (const Field& f : kFormatNumbers) canonical += fmt::format("{}={};", f.name, this->*f.value);
  return fnv1a64(canonical);
}

std::string Configuration::hash_text() const { return fmt::format("{:016x}", hash()); }

std::vector<Configuration> parse_configurations(const std::string& text, const std::string& origin) {
  const JsonValue root = parse_json(text, origin);
  root.keys({"formats", "configurations"});
  std::map<std::string, JsonValue> by_name;  // sorted, wherever they stand in the file
  for (const auto& [name, object] : root.at("configurations").members()) by_name.emplace(name, object);
  std::vector<Configuration> all;
  for (const auto& [name, object] : by_name) {
    all.push_back(read_configuration(name, object, root.at("formats"), origin));
  }
  return all;
}

}  // namespace settle
