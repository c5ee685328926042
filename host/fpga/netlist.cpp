#include "fpga/netlist.hpp"

#include <algorithm>
#include <set>

#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/json.hpp"
#include "fpga/pll.hpp"

namespace settle {

using json = nlohmann::ordered_json;

namespace {

/// yosys writes a number as binary digits.
int binary(const json& parameters, const PllSetting& setting, const std::string& file) {
  const std::string text = parameters.value(setting.name, std::string("0"));
  if (text.empty() || text.size() > 32 || text.find_first_not_of("01") != std::string::npos) {
    throw error("{}: PLL: {} is \"{}\", binary digits are needed", file, setting.name, one_line(text));
  }
  const std::int64_t value = std::stoll(text, nullptr, 2);
  if (value >= setting.least && value <= setting.most) return static_cast<int>(value);
  throw error("{}: PLL: {} {} is not {} to {}", file, setting.name, value, setting.least, setting.most);
}

/// What the cell makes of the board's oscillator.
std::int64_t output_hz(const json& cell, const Board& board, const std::string& file) {
  const json& parameters = cell.at("parameters");
  const std::string feedback = parameters.value("FEEDBACK_PATH", std::string("SIMPLE"));
  const std::string select = parameters.value("PLLOUT_SELECT", std::string("GENCLK"));
  if (feedback != "SIMPLE" || select != "GENCLK") {
    throw error("{}: PLL: FEEDBACK_PATH \"{}\" with PLLOUT_SELECT \"{}\": only SIMPLE with GENCLK is understood", file,
                one_line(feedback), one_line(select));
  }
  std::map<std::string, int> settings;
  for (const PllSetting& setting : pll_settings(Family::ice40)) {
    settings[setting.name] = binary(parameters, setting, file);
  }
  return pll_hz(Family::ice40, settings, board.oscillator_hz, file + ": PLL");
}

/// LUTs that drive one flip-flop's data input and nothing else share its cell, as nextpnr packs them.
int logic_cells(const json& cells) {
  std::map<long long, int> readers;
  std::set<long long> lut_outputs;
  int luts = 0, lone = 0;
  std::vector<long long> data;
  for (const json& cell : cells) {
    const std::string type = cell.at("type");
    const json& directions = cell.at("port_directions");
    for (const auto& port : cell.at("connections").items()) {
      if (directions.value(port.key(), std::string()) == "output") continue;
      for (const json& bit : port.value()) {
        if (bit.is_number()) ++readers[bit.get<long long>()];
      }
    }
    if (type == "SB_LUT4") {
      ++luts;
      lut_outputs.insert(cell.at("connections").at("O").at(0).get<long long>());
    } else if (type.rfind("SB_DFF", 0) == 0) {
      const json& bit = cell.at("connections").at("D").at(0);
      data.push_back(bit.is_number() ? bit.get<long long>() : -1);
    }
  }
  for (const long long bit : data) {
    if (lut_outputs.count(bit) == 0 || readers[bit] != 1) ++lone;
  }
  return luts + lone;
}

std::vector<std::string> names_of(const json& netnames, const std::set<long long>& bits) {
  std::vector<std::string> names;
  for (const auto& net : netnames.items()) {
    for (const json& bit : net.value().at("bits")) {
      if (bit.is_number() && bits.count(bit.get<long long>()) != 0) names.push_back(net.key());
    }
  }
  return names;
}

NetlistFacts facts(const json& module, const Board& board, const std::string& file) {
  NetlistFacts facts;
  facts.logic_cells = logic_cells(module.at("cells"));
  for (const json& cell : module.at("cells")) {
    if (cell.at("type").get<std::string>().rfind("SB_PLL40", 0) != 0) continue;
    if (facts.pll_hz != 0) throw error("{}: two PLLs: which one clocks the array is not known", file);
    facts.pll_hz = output_hz(cell, board, file);
    std::set<long long> bits;
    for (const auto& port : cell.at("connections").items()) {
      if (port.key().rfind("PLLOUT", 0) != 0) continue;
      for (const json& bit : port.value()) {
        if (bit.is_number()) bits.insert(bit.get<long long>());
      }
    }
    facts.pll_clocks = names_of(module.at("netnames"), bits);
    std::sort(facts.pll_clocks.begin(), facts.pll_clocks.end());
  }
  return facts;
}

}  // namespace

NetlistFacts read_netlist(const std::filesystem::path& path, const Board& board) {
  const std::string file = path.string();
  const JsonValue root = read_json(path);
  try {
    return facts(root.json().at("modules").at(board.top), board, file);
  } catch (const json::exception&) {
    throw error("{}: is not a netlist of {} as yosys writes it", file, board.top);
  }
}

void check_clock(std::int64_t pll_hz, const Board& board) {
  const std::int64_t real = pll_hz != 0 ? pll_hz : board.oscillator_hz;
  if (real == board.clock_hz) return;
  throw error("{}: clock_hz: {} is not what the board runs on: {} makes {} Hz of oscillator_hz {}",
              board.file().string(), board.clock_hz,
              pll_hz != 0 ? "the PLL in " + board.top : board.top + ", without a PLL,", real, board.oscillator_hz);
}

}  // namespace settle
