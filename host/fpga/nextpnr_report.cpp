#include "fpga/nextpnr_report.hpp"

#include <algorithm>
#include <cmath>

#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/files.hpp"

namespace settle {

using nlohmann::json;

namespace {

/// nextpnr adds $glb_clk and the like where it moves a clock to a global net.
bool is_named(const std::string& net, const std::vector<std::string>& clocks) {
  return std::any_of(clocks.begin(), clocks.end(), [&](const std::string& name) {
    return net == name || net.rfind(name + "$", 0) == 0 || net.rfind(name + "_$", 0) == 0;
  });
}

std::string array_clock(const json& fmax, const std::vector<std::string>& clocks) {
  std::string slowest;
  for (const auto& item : fmax.items()) {
    if (fmax.size() > 1 && is_named(item.key(), clocks)) return item.key();
    if (slowest.empty() || item.value().at("achieved") < fmax.at(slowest).at("achieved")) slowest = item.key();
  }
  return slowest;
}

std::string end_text(const json& end) {
  return fmt::format("{}.{}", end.at("cell").get<std::string>(), end.at("port").get<std::string>());
}

void add_path(const json& root, ClockReport& report) {
  const std::string domain = "posedge " + report.clock;
  for (const json& entry : root.at("critical_paths")) {
    // Both ends in the clock's domain; the edges may differ.
    const auto in_domain = [&](const char* key) {
      const std::string text = entry.at(key);
      return text == domain || text == "negedge " + report.clock;
    };
    const json& path = entry.at("path");
    if (!in_domain("from") || !in_domain("to") || path.empty()) continue;
    double ns = 0;
    std::vector<std::string> nets;
    for (const json& part : path) {
      ns += part.at("delay").get<double>();
      if (part.contains("net")) nets.push_back(part.at("net"));
    }
    if (ns <= report.path_ns) continue;
    report.path_ns = ns;
    report.nets = nets;
    report.begin = end_text(path.size() > 1 ? path.at(1).at("from") : path.at(0).at("from"));
    report.end = end_text(path.back().at("to"));
  }
}

}  // namespace

PlaceReport read_place_report(const std::filesystem::path& path, const std::vector<std::string>& clocks) {
  const std::string file = path.string();
  try {
    const json root = json::parse(read_text(path));
    const json& fmax = root.at("fmax");
    if (!fmax.is_object() || fmax.empty()) throw error("{}: fmax: no clock in it", file);
    PlaceReport report;
    report.array.clock = array_clock(fmax, clocks);
    report.array.fmax_mhz = fmax.at(report.array.clock).at("achieved").get<double>();
    if (!std::isfinite(report.array.fmax_mhz) || report.array.fmax_mhz <= 0) {
      throw error("{}: fmax: {} MHz is not above 0", file, report.array.fmax_mhz);
    }
    add_path(root, report.array);
    for (const auto& item : root.at("utilization").items()) report.used[item.key()] = item.value().at("used");
    return report;
  } catch (const json::exception& e) {
    throw error("{}: is not a report of nextpnr: {}", file, one_line(e.what()));
  }
}

}  // namespace settle
