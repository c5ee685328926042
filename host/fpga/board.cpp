#include "fpga/board.hpp"

#include <algorithm>
#include <set>

#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/files.hpp"
#include "fpga/pll.hpp"

namespace settle {

namespace fs = std::filesystem;
using nlohmann::ordered_json;  // the first build is the default: order counts

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
  Fields(const ordered_json& object, std::string file, std::string where)
      : object_(object), file_(std::move(file)), where_(std::move(where)) {
    if (!object.is_object()) throw error("{}: {}: is not an object", file_, where_.empty() ? "top level" : where_);
  }

  const ordered_json& at(const std::string& key, const char* needed) {
    known_.insert(key);
    const auto found = object_.find(key);
    if (found == object_.end()) throw error("{}: {}: missing ({})", file_, name(key), needed);
    return *found;
  }

  std::int64_t number(const std::string& key, std::int64_t lowest, std::int64_t highest) {
    const std::string range = fmt::format("a whole number from {} to {}", lowest, highest);
    const ordered_json& value = at(key, range.c_str());
    if (!value.is_number_integer() || value < lowest || value > highest) {
      throw error("{}: {}: {} is not {}", file_, name(key), value.dump(), range);
    }
    return value.get<std::int64_t>();
  }

  int count(const std::string& key) { return static_cast<int>(number(key, 0, 10'000'000)); }

  /// A text of characters that may stand in file names and on command lines, and `more` of those.
  std::string word(const std::string& key, const std::string& more = "") {
    const std::string text = line(key);
    const std::string fault = fault_of_word(text, more);
    if (!fault.empty()) throw error("{}: {}: {}", file_, name(key), fault);
    return text;
  }

  std::string line(const std::string& key) { return text_of(at(key, "a text"), name(key)); }

  std::vector<std::string> lines(const std::string& key, std::size_t fewest) {
    const std::string needed = fmt::format("a list of at least {} texts", fewest);
    const ordered_json& list = at(key, needed.c_str());
    if (!list.is_array() || list.size() < fewest) throw error("{}: {}: is not {}", file_, name(key), needed);
    std::vector<std::string> all;
    for (const ordered_json& item : list) all.push_back(text_of(item, fmt::format("{}[{}]", name(key), all.size())));
    return all;
  }

  /// A list of at least one word, no word twice; nothing where the key is missing.
  std::vector<std::string> optional_words(const std::string& key) {
    if (!object_.contains(key)) return {};
    const std::vector<std::string> all = lines(key, 1);
    for (auto item = all.begin(); item != all.end(); ++item) {
      std::string fault = fault_of_word(*item, "");
      if (fault.empty() && std::find(all.begin(), item, *item) != item) fault = *item + " stands there twice";
      if (!fault.empty()) throw error("{}: {}[{}]: {}", file_, name(key), item - all.begin(), fault);
    }
    return all;
  }

  std::string one_of(const std::string& key, const std::vector<std::string>& names) {
    const std::string text = line(key);
    if (std::find(names.begin(), names.end(), text) == names.end()) {
      throw error("{}: {}: {} is none of {}", file_, name(key), one_line(text), fmt::join(names, ", "));
    }
    return text;
  }

  void refuse_unknown() const {
    for (const auto& item : object_.items()) {
      if (known_.count(item.key()) == 0) throw error("{}: {}: unknown key", file_, one_line(name(item.key())));
    }
  }

  void ignore(const std::string& key) { known_.insert(key); }

  std::string name(const std::string& key) const { return where_.empty() ? key : where_ + "." + key; }

 private:
  std::string text_of(const ordered_json& value, const std::string& what) const {
    if (!value.is_string() || value.get_ref<const std::string&>().empty()) {
      throw error("{}: {}: {} is not a text", file_, what, value.dump());
    }
    const auto& text = value.get_ref<const std::string&>();
    if (one_line(text) != text) throw error("{}: {}: is not one line of text", file_, what);
    return text;
  }

  const ordered_json& object_;
  std::string file_, where_;
  std::set<std::string> known_;
};

/// Names of boards and builds become names of classes and targets, too.
bool is_plain_name(const std::string& name) {
  return !name.empty() && name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string::npos;
}

BoardBuild read_build(const ordered_json& object, const std::string& file, const std::string& name) {
  Fields fields(object, file, "builds." + name);
  BoardBuild build;
  build.name = name;
  if (!is_plain_name(name)) {
    throw error("{}: builds: the name {} holds more than lower-case letters, digits and _", file, one_line(name));
  }
  build.configuration = fields.word("configuration");
  if (object.contains("set")) {
    fields.ignore("set");
    Fields set(object["set"], file, fields.name("set"));
    // Which fields there are and their ranges are the configuration's matter.
    for (const auto& item : object["set"].items()) {
      build.set[item.key()] = static_cast<int>(set.number(item.key(), 0, 1 << 24));
    }
  }
  fields.refuse_unknown();
  return build;
}

/// The PLL's settings, which must make clock_hz; none where the array runs on the oscillator itself.
std::map<std::string, int> read_pll(const ordered_json* object, const Board& board, const std::string& file) {
  std::map<std::string, int> settings;
  if (object == nullptr) {
    if (board.clock_hz == board.oscillator_hz) return settings;
    throw error("{}: clock_hz: {} is not oscillator_hz, {}, and there is no pll to make it", file, board.clock_hz,
                board.oscillator_hz);
  }
  Fields fields(*object, file, "pll");
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

Board parse(const ordered_json& root, const std::string& file, const fs::path& folder) {
  Fields fields(root, file, "");
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
  b.clock_hz = fields.number("clock_hz", 1'000'000, 500'000'000);
  b.oscillator_hz = fields.number("oscillator_hz", 1'000'000, 500'000'000);
  if (root.contains("pll")) fields.ignore("pll");
  b.pll = read_pll(root.contains("pll") ? &root["pll"] : nullptr, b, file);
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
  const ordered_json& builds = fields.at("builds", "an object of at least one build");
  if (!builds.is_object() || builds.empty()) throw error("{}: builds: is not an object of at least one build", file);
  for (const auto& item : builds.items()) b.builds.push_back(read_build(item.value(), file, item.key()));
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
  throw error("{}: builds.{}: no such build; known are {}", file().string(), one_line(wanted), fmt::join(names, ", "));
}

std::vector<std::string> board_names(const fs::path& constraints) {
  std::error_code code;
  std::vector<std::string> names;
  fs::directory_iterator entries(constraints, code);
  if (code) throw error("{}: no such folder of boards", constraints.string());
  for (const auto& entry : entries) {
    std::error_code none;
    if (fs::is_regular_file(entry.path() / "board.json", none)) names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

Board read_board(const fs::path& constraints, const std::string& id) {
  const std::vector<std::string> names = board_names(constraints);
  if (std::find(names.begin(), names.end(), id) == names.end()) {
    throw error("--board: {}: unknown; known in {} are {}", one_line(id), constraints.string(), fmt::join(names, ", "));
  }
  const fs::path folder = constraints / id;
  const std::string file = (folder / "board.json").string();
  if (!is_plain_name(id)) {
    throw error("{}: the folder's name, {}, holds more than lower-case letters, digits and _", one_line(file),
                one_line(id));
  }
  ordered_json root;
  try {
    root = ordered_json::parse(read_text(file));
  } catch (const ordered_json::exception& e) {
    throw error("{}: not JSON: {}", file, one_line(e.what()));
  }
  return parse(root, file, folder);
}

}  // namespace settle
