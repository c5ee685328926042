// Reading JSON files so that whatever is wrong with one is told in a line that names the file, the field and what is
// allowed there; and JSON as text.
//
//   const JsonValue root = read_json("board.json");
//   root.keys({"name", "clock_hz"});
//   const int clock = root.at("clock_hz").integer(1'000'000, 500'000'000);
//
// What is read is stricter than JSON: no key twice in an object, no number that a double cannot hold, no more than
// kMostJsonLevels of objects and lists in one another.
#pragma once

#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace settle {

/// Deeper files are refused before what works through them level by level could exhaust the stack.
inline constexpr int kMostJsonLevels = 64;

/// A value in a JSON document and the place where it stands. Copies are cheap and share the document. Functions that
/// give a value of one kind throw Error, "FILE: PLACE is ..., ... is needed", if there is another.
class JsonValue {
 public:
  /// `document` is named `file` in errors.
  JsonValue(std::shared_ptr<const nlohmann::ordered_json> document, const std::string& file);

  // What it is.
  bool is_null() const;
  bool is_object() const;
  bool is_list() const;
  bool is_text() const;
  bool is_whole() const;   ///< written without point and exponent
  bool is_number() const;  ///< whole or not

  // An object.
  /// Throws Error unless its keys are exactly these: a missing one is named before an unknown one.
  void keys(std::initializer_list<const char*> required) const;
  /// The same where `optional` keys may be there too.
  void keys(const std::vector<std::string>& required, const std::vector<std::string>& optional = {}) const;
  /// False if it is no object, too.
  bool has(const std::string& key) const;
  /// Throws Error if the key is missing.
  JsonValue at(const std::string& key) const;
  /// All of its fields in the file's order.
  std::vector<std::pair<std::string, JsonValue>> members() const;

  // A list.
  std::vector<JsonValue> items() const;           ///< in the file's order; so are those below
  std::vector<std::string> texts() const;         ///< each a text
  std::vector<double> numbers() const;            ///< each finite
  std::vector<std::uint8_t> flags() const;        ///< each 0 or 1
  std::vector<std::vector<double>> rows() const;  ///< lists of numbers, all of one length

  // One value.
  std::string text() const;
  bool flag() const;  ///< true or false
  /// A whole number from `least` to `most`.
  int integer(int least, int most = std::numeric_limits<int>::max()) const;
  int integer() const;                                                  ///< from -(2^31 - 1) to 2^31 - 1
  std::int64_t integer64(std::int64_t least, std::int64_t most) const;  ///< a whole number from `least` to `most`
  std::uint64_t unsigned_integer() const;                               ///< from 0 to 2^64 - 1
  double number() const;                                                ///< finite

  /// As far as it fits in a message: "a list of 3", "an object", a text in its quotes, a number.
  std::string shown() const;
  /// Its name in errors, as in "layers[0].scale"; "" for the whole document.
  const std::string& place() const { return place_; }
  /// Throws Error "FILE: PLACE: why".
  [[noreturn]] void fail(const std::string& why) const;
  /// Throws Error "FILE: PLACE is ..., `needed` is needed".
  [[noreturn]] void refuse(const std::string& needed) const;

  /// The value itself, for what is kept or compared as JSON.
  const nlohmann::ordered_json& json() const { return *value_; }

 private:
  JsonValue(const JsonValue& parent, const nlohmann::ordered_json& value, std::string place);
  JsonValue field(const std::string& key, const nlohmann::ordered_json& value) const;
  JsonValue item(std::size_t index) const;
  const nlohmann::ordered_json& list() const;
  const nlohmann::ordered_json& object() const;
  std::string name() const;  ///< place(), or "the file"
  [[noreturn]] void refuse_number(const std::string& needed) const;

  std::shared_ptr<const nlohmann::ordered_json> document_;
  std::shared_ptr<const std::string> file_;
  const nlohmann::ordered_json* value_;
  std::string place_;
};

/// `text` as JSON, named `file` in errors. Throws Error for what is not JSON or stricter than it (see above), and names
/// what it is instead if that shows (base/foreign_file.hpp).
JsonValue parse_json(const std::string& text, const std::string& file);

/// The file's content. Throws Error as read_text and parse_json.
JsonValue read_json(const std::filesystem::path& file);

/// As text, two spaces per level and a newline at the end: what every JSON file of Settle holds. Bytes of a text that
/// are not UTF-8, as names of files may have, become U+FFFD.
std::string to_text(const nlohmann::ordered_json& json);
std::string to_text(const nlohmann::json& json);

/// On one line, without spaces or newline.
std::string to_line(const nlohmann::ordered_json& json);
std::string to_line(const nlohmann::json& json);

/// A text as JSON has it, in quotes.
std::string quoted_json(const std::string& text);

}  // namespace settle
