#include "contract/configuration/changes.hpp"

#include <algorithm>
#include <optional>
#include <set>

#include "base/error.hpp"
#include "contract/configuration/fields.hpp"

namespace settle {

namespace {

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

/// A whole number of up to `most` digits, nothing beside them.
std::optional<int> digits(const std::string& text, std::size_t most) {
  if (text.empty() || text.size() > most || text.find_first_not_of("0123456789") != std::string::npos) return {};
  return std::stoi(text);
}

}  // namespace

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
  const std::optional<int> after = digits(parted ? value.substr(point + 1) : "", 2);
  if (!before || !after) throw error("{}: {}: a format is needed, as in {}=Q4.12", origin, one_line(text), key);
  changes[key + "_width"] = *before + *after;
  changes[key + "_fraction"] = *after;
}

std::string format_text(const Format& format) {
  return fmt::format("Q{}.{}", format.width - format.fraction, format.fraction);
}

}  // namespace settle
