#include "fpga/board.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/json.hpp"
#include "device/board_clock.hpp"
#include "fpga/pll.hpp"

namespace settle {

namespace fs = std::filesystem;

namespace {

// What nextpnr-ice40 has an option for.
const std::vector<std::string> kIce40Devices = {"lp384", "lp1k", "lp4k", "lp8k", "hx1k",
                                                "hx4k",  "hx8k", "up3k", "up5k", "u4k"};
constexpr const char* kBitstream = "{bitstream}";

/// Why `text` may not stand in file names and on command lines: more than letters, digits, _ and `more`; "" if it may.
std::string fault_of_word(const std::string& text, const std::string& more) {
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    if (!plain && more.find(c) == std::string::npos) {
      return fmt::format("{} holds more than letters, digits, _{}", one_line(text), more);
    }
  }
  if (text[0] == '-' || text[0] == '.') return fmt::format("{} begins with {}", text, text[0]);
  return "";
}

/// Fields of one object of the file, each asked for once; what nobody asked for is unknown.
class Fields {
 public:
  explicit Fields(const JsonValue& object) : object_(object) { object.members(); }

  JsonValue at(const std::string& key) {
    known_.push_back(key);
    return object_.at(key);
  }

  std::int64_t number(const std::string& key, std::int64_t lowest, std::int64_t highest) {
    return at(key).integer64(lowest, highest);
  }

  int count(const std::string& key) { return static_cast<int>(number(key, 0, 10'000'000)); }

  /// A text of characters that may stand in file names and on command lines, and `more` of those.
  std::string word(const std::string& key, const std::string& more = "") {
    const std::string text = line(key);
    const std::string fault = fault_of_word(text, more);
    if (!fault.empty()) at(key).fail(fault);
    return text;
  }

  std::string line(const std::string& key) { return text_of(at(key)); }

  std::vector<std::string> lines(const std::string& key, std::size_t fewest) {
    const JsonValue list = at(key);
    const std::string needed = fmt::format("a list of at least {} texts", fewest);
    if (!list.is_list()) list.refuse(needed);
    std::vector<std::string> all;
    for (const JsonValue& item : list.items()) all.push_back(text_of(item));
    if (all.size() < fewest) list.refuse(needed);
    return all;
  }

  /// A list of at least one word, no word twice; nothing where the key is missing.
  std::vector<std::string> optional_words(const std::string& key) {
    if (!object_.has(key)) return {};
    const std::vector<std::string> all = lines(key, 1);
    for (auto item = all.begin(); item != all.end(); ++item) {
      std::string fault = fault_of_word(*item, "");
      if (fault.empty() && std::find(all.begin(), item, *item) != item) fault = *item + " stands there twice";
      if (!fault.empty()) at(key).items()[static_cast<std::size_t>(item - all.begin())].fail(fault);
    }
    return all;
  }

  std::string one_of(const std::string& key, const std::vector<std::string>& names) {
    const std::string text = line(key);
    if (std::find(names.begin(), names.end(), text) == names.end()) {
      at(key).fail(fmt::format("{} is none of {}", text, fmt::join(names, ", ")));
    }
    return text;
  }

  void refuse_unknown() const { object_.keys({}, known_); }

 private:
  static std::string text_of(const JsonValue& value) {
    std::string text = value.text();
    if (text.empty()) value.refuse("a text with something in it");
    if (one_line(text) != text) value.fail("is not one line of text");
    return text;
  }

  JsonValue object_;
  std::vector<std::string> known_;
};

/// Names of boards and builds become names of classes and targets, too.
bool is_plain_name(const std::string& name) {
  return !name.empty() && name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string::npos;
}

BoardBuild read_build(const JsonValue& object, const std::string& file, const std::string& name) {
  Fields fields(object);
  BoardBuild build;
  build.name = name;
  if (!is_plain_name(name)) {
    throw error("{}: builds: the name {} holds more than lower-case letters, digits and _", file, one_line(name));
  }
  build.configuration = fields.word("configuration");
  if (object.has("set")) {
    // Which fields there are and their ranges are the configuration's matter.
    for (const auto& [key, value] : fields.at("set").members()) build.set[key] = value.integer(0, 1 << 24);
  }
  fields.refuse_unknown();
  return build;
}

/// The PLL's settings, which must make clock_hz.
std::map<std::string, int> read_pll(const JsonValue& object, const Board& board, const std::string& file) {
  Fields fields(object);
  std::map<std::string, int> settings;
  for (const PllSetting& s : pll_settings(board.family)) {
    settings[s.name] = static_cast<int>(fields.number(s.name, s.least, s.most));
  }
  fields.refuse_unknown();
  const std::int64_t made = pll_hz(board.family, settings, board.oscillator_hz, file + ": pll");
  if (made == board.clock_hz) return settings;
  throw error("{}: pll: makes {} Hz of oscillator_hz {}; clock_hz is {}", file, made, board.oscillator_hz,
              board.clock_hz);
}

void check_file(const fs::path& path, const std::string& file, const char* key) {
  std::error_code none;
  if (!fs::is_regular_file(path, none)) throw error("{}: {}: {} is not there", file, key, path.string());
}

Board parse(const JsonValue& root, const std::string& file, const fs::path& folder) {
  Fields fields(root);
  Board b;
  b.id = folder.filename().string();
  b.folder = folder;
  b.name = fields.line("name");
  const std::vector<std::string>& families = family_names();
  const std::string family = fields.one_of("family", families);
  b.family = static_cast<Family>(std::find(families.begin(), families.end(), family) - families.begin());
  b.device = b.family == Family::ice40 ? fields.one_of("device", kIce40Devices) : fields.word("device", "-/.");
  b.package = fields.word("package", "-.");
  b.top = fields.word("top");
  b.pins = fields.word("pins", ".-");
  b.clock_hz = fields.number("clock_hz", kLeastClockHertz, kMostClockHertz);
  b.oscillator_hz = fields.number("oscillator_hz", kLeastClockHertz, kMostClockHertz);
  if (root.has("pll")) {
    b.pll = read_pll(fields.at("pll"), b, file);
  } else if (b.clock_hz != b.oscillator_hz) {
    throw error("{}: clock_hz: {} is not oscillator_hz, {}, and there is no pll to make it", file, b.clock_hz,
                b.oscillator_hz);
  }
  // A bit of the line has at least four cycles of the array's clock: the receiver samples its middle.
  b.baud = fields.number("baud", 9600, b.clock_hz / 4);
  if (b.baud % 16 != 0) throw error("{}: baud: {} is not a multiple of 16", file, b.baud);
  b.logic_cells = static_cast<int>(fields.number("logic_cells", 1, 10'000'000));
  b.block_rams = fields.count("block_rams");
  b.multipliers = fields.count("multipliers");
  b.large_rams = fields.count("large_rams");
  b.logic_memories = fields.optional_words("logic_memories");
  // The other families' synthesis maps memories in one go with all else.
  if (!b.logic_memories.empty() && b.family != Family::ice40) {
    throw error("{}: logic_memories: only for the family ice40, not {}", file, family);
  }
  const JsonValue builds = fields.at("builds");
  // In the file's order: the first is the default.
  for (const auto& [name, build] : builds.members()) b.builds.push_back(read_build(build, file, name));
  if (b.builds.empty()) builds.refuse("an object of at least one build");
  b.program = fields.lines("program", 2);
  if (std::none_of(b.program.begin() + 1, b.program.end(),
                   [](const std::string& word) { return word.find(kBitstream) != std::string::npos; })) {
    throw error("{}: program: no word holds {}", file, kBitstream);
  }
  b.sources = fields.lines("sources", 2);
  fields.refuse_unknown();
  check_file(b.top_file(), file, "top");
  check_file(b.pins_file(), file, "pins");
  return b;
}

}  // namespace

const std::vector<std::string>& family_names() {
  static const std::vector<std::string> names = {"ice40", "ecp5", "xilinx", "gowin"};
  return names;
}

std::string name_of(Family family) { return family_names()[static_cast<std::size_t>(family)]; }

const BoardBuild& Board::build(const std::string& wanted) const {
  if (wanted.empty()) return builds.front();
  std::vector<std::string> names;
  for (const BoardBuild& b : builds) {
    if (b.name == wanted) return b;
    names.push_back(b.name);
  }
  throw usage_error("--build: {}: {} has none of this name; known are {}", one_line(wanted), file().string(),
                    fmt::join(names, ", "));
}

std::vector<std::string> board_names(const fs::path& constraints) {
  std::error_code code;
  std::vector<std::string> names;
  fs::directory_iterator entries(constraints, code);
  if (code) {
    throw error("--constraints: {}: no such folder of boards: run this at the top of the tree, or name another",
                constraints.string());
  }
  for (const auto& entry : entries) {
    std::error_code none;
    if (fs::is_regular_file(entry.path() / "board.json", none)) names.push_back(entry.path().filename().string());
  }
  if (names.empty()) throw error("--constraints: {}: no board in it", constraints.string());
  std::sort(names.begin(), names.end());
  return names;
}

Board read_board(const fs::path& constraints, const std::string& id) {
  const std::vector<std::string> names = board_names(constraints);
  if (std::find(names.begin(), names.end(), id) == names.end()) {
    throw usage_error("--board: {}: unknown; known in {} are {}", one_line(id), constraints.string(),
                      fmt::join(names, ", "));
  }
  const fs::path folder = constraints / id;
  const std::string file = (folder / "board.json").string();
  if (!is_plain_name(id)) {
    throw error("{}: the folder's name, {}, holds more than lower-case letters, digits and _", one_line(file),
                one_line(id));
  }
  return parse(read_json(file), file, folder);
}

}  // namespace settle
