// What a machine of maps costs, as text.
#include <fmt/format.h>

#include "fit/maps/map_machine.hpp"

namespace settle {

std::string table(const MapReport& report) {
  const Machine& m = report.machine;
  std::string text = fmt::format("  {:<16}{:>6}{:>10}{:>10}{:>12}\n", "bus", "rank", "weights", "dense", "left out");
  for (const BusReport& bus : report.buses) {
    text +=
        fmt::format("  {:<16}{:>6}{:>10}{:>10}{:>12.2e}\n", bus.name, bus.rank, bus.weights, bus.dense, bus.left_out);
  }
  if (m.interface.parameters() > 0) text += fmt::format("  {:<22}{:>10}\n", "interface", m.interface.parameters());
  text += fmt::format("  {:<22}{:>10}{:>10}{:>11.1f} %\n", "together", report.weights, report.dense,
                      100.0 * static_cast<double>(report.weights) / static_cast<double>(report.dense));
  for (const auto& [layer, error] : report.table_errors) {
    text += fmt::format("  {:<22}largest error of the mean answer {:.4f} standard deviations\n", layer, error);
  }
  text += fmt::format("  kT {}, {} + {} steps of {}\n", m.kt, m.settle_steps, m.window_steps, m.step);
  return text;
}

}  // namespace settle
