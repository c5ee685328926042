#include "base/json.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <unordered_set>

#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/foreign_file.hpp"

namespace settle {

using nlohmann::ordered_json;

namespace {

constexpr std::size_t kMostShown = 40;  // characters of a value in a message

template <typename Json>
std::string dumped(const Json& json, int indent) {
  return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

/// Builds the document while the library reads. The library's own builder looks through all keys of an object for each
/// new one; a netlist's objects have tens of thousands.
class Builder {
 public:
  Builder(const std::string& file, const std::string& text)
      : file_(file), bytes_(text.size()), empty_(text.find_first_not_of(" \t\r\n") == std::string::npos) {}

  ordered_json take() { return std::move(root_); }

  bool null() { return put(nullptr); }
  bool boolean(bool value) { return put(value); }
  bool number_integer(std::int64_t value) { return put(value); }
  bool number_unsigned(std::uint64_t value) { return put(value); }
  bool number_float(double value, const std::string&) { return put(value); }
  bool string(std::string& value) { return put(std::move(value)); }
  bool binary(std::vector<std::uint8_t>&) { return false; }  // JSON as text has none

  bool start_object(std::size_t) { return open(ordered_json::object()); }
  bool start_array(std::size_t) { return open(ordered_json::array()); }
  bool end_object() { return close(); }
  bool end_array() { return close(); }

  bool key(std::string& name) {
    Level& level = levels_.back();
    if (!level.keys.insert(name).second) {
      throw error("{}: the key {} stands twice in one object", one_line(file_), quoted_json(name));
    }
    level.key = last_key_ = name;
    return true;
  }

  bool parse_error(std::size_t position, const std::string& token, const nlohmann::detail::exception& failure) {
    if (dynamic_cast<const ordered_json::out_of_range*>(&failure) != nullptr) {
      throw error("{}: {}: a number that no double can hold: '{}'", one_line(file_),
                  last_key_.empty() ? "the file" : one_line(last_key_), one_line(token.substr(0, kMostShown)));
    }
    if (empty_) throw error("{}: there is nothing in it, JSON is needed", one_line(file_));
    throw error("{}: not JSON at byte {} of {}{}", one_line(file_), std::min(position, bytes_), bytes_, near());
  }

 private:
  struct Level {
    ordered_json* value = nullptr;
    std::unordered_set<std::string> keys;  ///< of an object, so far
    std::string key;                       ///< whose value comes next
  };

  std::string near() const { return last_key_.empty() ? "" : fmt::format(" (near key \"{}\")", one_line(last_key_)); }

  bool put(ordered_json value) {
    add(std::move(value));
    return true;
  }

  bool open(ordered_json empty) {
    if (levels_.size() >= static_cast<std::size_t>(kMostJsonLevels)) {
      throw error("{}: more than {} objects and lists in one another{}", one_line(file_), kMostJsonLevels, near());
    }
    ordered_json* const place = add(std::move(empty));
    levels_.emplace_back();
    levels_.back().value = place;
    return true;
  }

  bool close() {
    levels_.pop_back();
    return true;
  }

  /// Where the value then stands. It stays there until its level is closed: only the innermost level grows.
  ordered_json* add(ordered_json value) {
    if (levels_.empty()) {
      root_ = std::move(value);
      return &root_;
    }
    const Level& level = levels_.back();
    if (level.value->is_array()) return &level.value->emplace_back(std::move(value));
    auto& fields = level.value->get_ref<ordered_json::object_t&>();
    fields.push_back({level.key, std::move(value)});
    return &fields.back().second;
  }

  const std::string& file_;
  std::size_t bytes_;
  bool empty_;
  ordered_json root_;
  std::vector<Level> levels_;
  std::string last_key_;
};

/// In 64 bits, or refused as outside the range.
bool fits(const ordered_json& value, std::int64_t least, std::int64_t most) {
  if (value.is_number_unsigned()) {
    const auto number = value.get<std::uint64_t>();
    return most >= 0 && number <= static_cast<std::uint64_t>(most) &&
           number >= static_cast<std::uint64_t>(std::max<std::int64_t>(least, 0));
  }
  return value.is_number_integer() && value.get<std::int64_t>() >= least && value.get<std::int64_t>() <= most;
}

}  // namespace

JsonValue::JsonValue(std::shared_ptr<const ordered_json> document, const std::string& file)
    : document_(std::move(document)), file_(std::make_shared<const std::string>(file)), value_(document_.get()) {}

JsonValue::JsonValue(const JsonValue& parent, const ordered_json& value, std::string place)
    : document_(parent.document_), file_(parent.file_), value_(&value), place_(std::move(place)) {}

JsonValue JsonValue::field(const std::string& key, const ordered_json& value) const {
  return {*this, value, place_.empty() ? key : place_ + "." + key};
}

JsonValue JsonValue::item(std::size_t index) const {
  return {*this, (*value_)[index], fmt::format("{}[{}]", place_, index)};
}

bool JsonValue::is_null() const { return value_->is_null(); }
bool JsonValue::is_object() const { return value_->is_object(); }
bool JsonValue::is_list() const { return value_->is_array(); }
bool JsonValue::is_text() const { return value_->is_string(); }
bool JsonValue::is_whole() const { return value_->is_number_integer(); }
bool JsonValue::is_number() const { return value_->is_number(); }

std::string JsonValue::name() const { return place_.empty() ? "the file" : one_line(place_); }

void JsonValue::fail(const std::string& why) const { throw error("{}: {}: {}", one_line(*file_), name(), why); }

void JsonValue::refuse(const std::string& needed) const {
  throw error("{}: {} is {}, {} is needed", one_line(*file_), name(), shown(), needed);
}

std::string JsonValue::shown() const {
  if (is_list()) return fmt::format("a list of {}", value_->size());
  if (is_object()) return "an object";
  std::string text = to_line(*value_);
  if (text.size() <= kMostShown) return text;
  std::size_t end = kMostShown;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80) --end;  // not within a character
  return text.substr(0, end) + "...";
}

const ordered_json& JsonValue::object() const {
  if (!is_object()) refuse("an object");
  return *value_;
}

const ordered_json& JsonValue::list() const {
  if (!is_list()) refuse("a list");
  return *value_;
}

void JsonValue::keys(std::initializer_list<const char*> required) const {
  keys(std::vector<std::string>(required.begin(), required.end()));
}

void JsonValue::keys(const std::vector<std::string>& required, const std::vector<std::string>& optional) const {
  for (const std::string& key : required) at(key);
  const auto among = [](const std::vector<std::string>& names, const std::string& key) {
    return std::find(names.begin(), names.end(), key) != names.end();
  };
  for (const auto& [key, value] : object().items()) {
    if (among(required, key) || among(optional, key)) continue;
    throw error("{}: {} is not a known key", one_line(*file_), one_line(field(key, value).place()));
  }
}

bool JsonValue::has(const std::string& key) const { return value_->is_object() && value_->contains(key); }

JsonValue JsonValue::at(const std::string& key) const {
  const auto found = object().find(key);
  if (found == value_->end()) {
    throw error("{}: {} is missing", one_line(*file_), one_line(place_.empty() ? key : place_ + "." + key));
  }
  return field(key, *found);
}

std::vector<std::pair<std::string, JsonValue>> JsonValue::members() const {
  std::vector<std::pair<std::string, JsonValue>> all;
  for (const auto& [key, value] : object().items()) all.emplace_back(key, field(key, value));
  return all;
}

std::vector<JsonValue> JsonValue::items() const {
  std::vector<JsonValue> all;
  all.reserve(list().size());
  for (std::size_t i = 0; i < value_->size(); ++i) all.push_back(item(i));
  return all;
}

std::vector<std::string> JsonValue::texts() const {
  std::vector<std::string> all;
  for (const JsonValue& one : items()) all.push_back(one.text());
  return all;
}

std::vector<double> JsonValue::numbers() const {
  std::vector<double> all;
  all.reserve(list().size());
  for (const ordered_json& value : *value_) {
    if (!value.is_number()) item(all.size()).refuse("a finite number");
    all.push_back(value.get<double>());
  }
  return all;
}

std::vector<std::uint8_t> JsonValue::flags() const {
  std::vector<std::uint8_t> all;
  for (const ordered_json& value : list()) {
    if (!fits(value, 0, 1)) item(all.size()).refuse("0 or 1");
    all.push_back(value.get<std::uint8_t>());
  }
  return all;
}

std::vector<std::vector<double>> JsonValue::rows() const {
  std::vector<std::vector<double>> all;
  for (std::size_t r = 0; r < list().size(); ++r) {
    const JsonValue row = item(r);
    if (!row.is_list()) row.refuse("a list of numbers");
    all.push_back(row.numbers());
    if (all[r].size() != all[0].size()) row.refuse(fmt::format("a list of {}, as in row 0,", all[0].size()));
  }
  return all;
}

std::string JsonValue::text() const {
  if (!is_text()) refuse("a text");
  return value_->get<std::string>();
}

bool JsonValue::flag() const {
  if (!value_->is_boolean()) refuse("true or false");
  return value_->get<bool>();
}

int JsonValue::integer() const {
  constexpr int kMost = std::numeric_limits<int>::max();
  if (!is_whole()) refuse_number("a whole number");
  return integer(-kMost, kMost);
}

int JsonValue::integer(int least, int most) const { return static_cast<int>(integer64(least, most)); }

std::int64_t JsonValue::integer64(std::int64_t least, std::int64_t most) const {
  if (!fits(*value_, least, most)) refuse_number(fmt::format("a whole number from {} to {}", least, most));
  return value_->get<std::int64_t>();
}

void JsonValue::refuse_number(const std::string& needed) const {
  const bool only_written_so = is_number() && !is_whole() && std::floor(number()) == number() &&
                               std::abs(number()) <= std::numeric_limits<int>::max();  // 64.0
  refuse(needed + (only_written_so ? ", without point and exponent," : ""));
}

std::uint64_t JsonValue::unsigned_integer() const {
  const bool minus_zero = is_whole() && *value_ == 0;
  if (!value_->is_number_unsigned() && !minus_zero) refuse_number("a whole number from 0");
  return value_->get<std::uint64_t>();
}

double JsonValue::number() const {
  if (!is_number()) refuse("a finite number");
  return value_->get<double>();
}

JsonValue parse_json(const std::string& text, const std::string& file) {
  refuse_foreign(text, FileKind::json, file, "JSON");
  if (const std::size_t zero = text.find('\0'); zero != std::string::npos) {  // the library takes it for the end
    throw error("{}: not JSON at byte {} of {}: a byte 0", one_line(file), zero + 1, text.size());
  }
  Builder builder(file, text);
  ordered_json::sax_parse(text, &builder);
  return {std::make_shared<const ordered_json>(builder.take()), file};
}

JsonValue read_json(const std::filesystem::path& file) { return parse_json(read_text(file), file.string()); }

std::string to_text(const ordered_json& json) { return dumped(json, 2) + "\n"; }
std::string to_text(const nlohmann::json& json) { return dumped(json, 2) + "\n"; }
std::string to_line(const ordered_json& json) { return dumped(json, -1); }
std::string to_line(const nlohmann::json& json) { return dumped(json, -1); }
std::string quoted_json(const std::string& text) { return to_line(ordered_json(text)); }

}  // namespace settle
