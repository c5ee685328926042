#include "fpga/nextpnr_report.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/json.hpp"

namespace settle {

namespace {

/// nextpnr adds $glb_clk and the like where it moves a clock to a global net.
bool is_named(const std::string& net, const std::vector<std::string>& clocks) {
  return std::any_of(clocks.begin(), clocks.end(), [&](const std::string& name) {
    return net == name || net.rfind(name + "$", 0) == 0 || net.rfind(name + "_$", 0) == 0;
  });
}

std::string array_clock(const JsonValue& fmax, const std::vector<std::string>& clocks) {
  std::string slowest;
  double least = 0;
  const auto all = fmax.members();
  for (const auto& [clock, value] : all) {
    if (all.size() > 1 && is_named(clock, clocks)) return clock;
    const double achieved = value.at("achieved").number();
    if (slowest.empty() || achieved < least) {
      slowest = clock;
      least = achieved;
    }
  }
  return slowest;
}

std::string end_text(const JsonValue& end) {
  return fmt::format("{}.{}", end.at("cell").text(), end.at("port").text());
}

void add_path(const JsonValue& root, ClockReport& report) {
  const std::string domain = "posedge " + report.clock;
  for (const JsonValue& entry : root.at("critical_paths").items()) {
    // Both ends in the clock's domain; the edges may differ.
    const auto in_domain = [&](const char* key) {
      const std::string text = entry.at(key).text();
      return text == domain || text == "negedge " + report.clock;
    };
    const std::vector<JsonValue> path = entry.at("path").items();
    if (!in_domain("from") || !in_domain("to") || path.empty()) continue;
    double ns = 0;
    std::vector<std::string> nets;
    for (const JsonValue& part : path) {
      ns += part.at("delay").number();
      if (part.has("net")) nets.push_back(part.at("net").text());
    }
    if (ns <= report.path_ns) continue;
    report.path_ns = ns;
    report.nets = nets;
    report.begin = end_text(path[path.size() > 1 ? 1 : 0].at("from"));
    report.end = end_text(path.back().at("to"));
  }
}

}  // namespace

PlaceReport read_place_report(const std::filesystem::path& path, const std::vector<std::string>& clocks) {
  const JsonValue root = read_json(path);
  const JsonValue fmax = root.at("fmax");
  PlaceReport report;
  report.array.clock = array_clock(fmax, clocks);
  if (report.array.clock.empty()) fmax.fail("no clock in it");
  const JsonValue achieved = fmax.at(report.array.clock).at("achieved");
  report.array.fmax_mhz = achieved.number();
  if (report.array.fmax_mhz <= 0) achieved.refuse("a number of MHz above 0");
  add_path(root, report.array);
  for (const auto& [name, count] : root.at("utilization").members()) report.used[name] = count.at("used").integer(0);
  return report;
}

}  // namespace settle
