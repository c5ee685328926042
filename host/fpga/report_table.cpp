#include "fpga/report_table.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace settle {

using nlohmann::ordered_json;

namespace {

std::string number(const ordered_json& value, fmt::format_string<double> format, double unit = 1) {
  return value.is_number() ? fmt::format(format, value.get<double>() / unit) : "-";
}

}  // namespace

std::string markdown_table(const ordered_json& rows) {
  std::string text =
      "| board | configuration | P | LUT | FF | DSP | RAM | clock MHz | Fmax MHz min / median / max | multipliers busy "
      "| "
      "cell updates/s, of the limit | inferences/s | x verilated | x model | netlist: steps / mismatches |\n"
      "|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|\n";
  for (const ordered_json& r : rows) {
    const ordered_json& f = r.at("fmax_mhz");
    const std::string fmax = f.is_null() ? "-"
                                         : fmt::format("{:.1f} / {:.1f} / {:.1f}", f.at("min").get<double>(),
                                                       f.at("median").get<double>(), f.at("max").get<double>());
    std::string ram = number(r.at("ram"), "{:.0f}");
    if (r.at("large_ram").is_number() && r.at("large_ram") > 0) ram += number(r.at("large_ram"), " + {:.0f} SPRAM");
    const ordered_json &updates = r.at("cell_updates_per_second"), &limit = r.at("cell_updates_limit");
    text +=
        fmt::format("| {} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {} |\n",
                    r.at("board").get<std::string>(),
                    r.at("config").is_null() ? "-" : r.at("config").get<std::string>(), number(r.at("lanes"), "{:.0f}"),
                    number(r.at("lut"), "{:.0f}"), number(r.at("ff"), "{:.0f}"), number(r.at("dsp"), "{:.0f}"), ram,
                    number(r.at("clock_mhz"), "{:g}"), fmax, number(r.at("mac_utilisation"), "{:.1f} %", 0.01),
                    updates.is_null() ? "-" : number(updates, "{:.2f} M", 1e6) + number(limit, " of {:.2f} M", 1e6),
                    number(r.at("inferences_per_second"), "{:.0f}"), number(r.at("over_verilated"), "{:.2f}"),
                    number(r.at("over_model"), "{:.2f}"),
                    r.at("netlist_steps").is_null()
                        ? "-"
                        : number(r.at("netlist_steps"), "{:.0f}") + number(r.at("netlist_mismatches"), " / {:.0f}"));
  }
  return text;
}

}  // namespace settle
