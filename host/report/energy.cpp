#include "report/energy.hpp"

#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/text_table.hpp"

namespace settle {
namespace {

void check_count(const char* name, std::int64_t count) {
  if (count < 1) throw error("energy: {} is {}, at least 1 is needed", name, count);
}

void check_positive(const std::string& name, double value) {
  if (!std::isfinite(value) || value <= 0) throw error("energy: {} is {}, a number above 0 is needed", name, value);
}

void check(const EnergyCounts& c, const std::vector<FlopCount>& flops, const EnergyAssumptions& a) {
  check_count("cells", c.cells);
  check_count("steps", c.steps);
  check_count("cell_updates", c.cell_updates);
  check_count("array_products", c.array_products);
  check_count("interface_parameters", c.interface_parameters);
  check_count("decoder_cells", c.decoder_cells);
  check_positive("boltzmann_joules", a.boltzmann_joules);
  check_positive("cell_update_joules", a.cell_update_joules);
  check_positive("mac_joules", a.mac_joules);
  check_positive("converter_joules", a.converter_joules);
  check_positive("quoted_gpu_joules", a.quoted_gpu_joules);
  check_positive("flop_joules", a.flop_joules);
  for (const FlopCount& count : flops) check_positive("the FLOP count of " + count.name, count.flops);
}

double times(std::int64_t count, double joules) { return static_cast<double>(count) * joules; }

std::string assumptions_text(const EnergyCounts& c, const std::vector<FlopCount>& flops, const EnergyAssumptions& a) {
  std::string text = fmt::format(
      "Per image: {} cells, {} steps, {} cell updates, {} products, {} interface weights, D = {}.\n"
      "Assumed, none of it measured on a chip:\n"
      "  kT floor      {:.3g} J per cell and step (300 K), as the paper counts\n"
      "  CMOS p-cell   {:.3g} J per cell update (published estimate, arXiv 2510.23972)\n"
      "  digital       {:.3g} J per 16-bit multiply-accumulate (45 nm; Horowitz, ISSCC 2014); no memory, no clock\n"
      "  converters    {:.3g} J per word, D in and D out, once, after analog averaging; in every row\n"
      "  quoted GPU    {:.3g} J per inference on an A100 (the paper)\n"
      "  counted FLOP  {:.3g} J each (A100: 400 W at 312 TFLOP/s, all used)\n",
      c.cells, c.steps, c.cell_updates, c.array_products, c.interface_parameters, c.decoder_cells, a.boltzmann_joules,
      a.cell_update_joules, a.mac_joules, a.converter_joules, a.quoted_gpu_joules, a.flop_joules);
  for (const FlopCount& count : flops) {
    text += fmt::format("  {}: {:.4g} FLOP, {:.3g} J\n", count.name, count.flops, count.flops * a.flop_joules);
  }
  return text + "The digital network that feeds the array is in no total.\n";
}

}  // namespace

std::vector<EnergyRow> energy_rows(const EnergyCounts& counts, const std::vector<FlopCount>& flops,
                                   const EnergyAssumptions& assumptions) {
  check(counts, flops, assumptions);
  const double interface = times(counts.interface_parameters, assumptions.mac_joules);
  const double converters = times(2 * counts.decoder_cells, assumptions.converter_joules);
  const double floor = times(counts.cells, assumptions.boltzmann_joules) * static_cast<double>(counts.steps);
  std::vector<EnergyRow> rows;
  const auto add = [&](const char* name, double array) {
    EnergyRow row{name, array, interface, converters, array + interface + converters, 0, {}};
    row.below_quoted = assumptions.quoted_gpu_joules / row.total;
    for (const FlopCount& count : flops) {
      row.below_counted.push_back(count.flops * assumptions.flop_joules / row.total);
    }
    rows.push_back(std::move(row));
  };
  add("(a) kT floor, the paper's count", floor);
  add("(b) CMOS probabilistic cells", times(counts.cell_updates, assumptions.cell_update_joules));
  add("(c) the digital array", times(counts.array_products, assumptions.mac_joules));
  return rows;
}

std::string energy_text(const EnergyCounts& counts, const std::vector<FlopCount>& flops,
                        const EnergyAssumptions& assumptions) {
  const std::vector<EnergyRow> rows = energy_rows(counts, flops, assumptions);
  std::vector<std::vector<std::string>> cells = {
      {"energy per image, J", "cells", "interface", "converters", "total", "x below quoted GPU"}};
  for (const FlopCount& count : flops) cells[0].push_back("x below " + count.name);
  for (const EnergyRow& row : rows) {
    std::vector<std::string> line = {row.name};
    for (const double joules : {row.array, row.interface, row.converters, row.total}) {
      line.push_back(fmt::format("{:.2e}", joules));
    }
    line.push_back(fmt::format("{:.3g}", row.below_quoted));
    for (const double below : row.below_counted) line.push_back(fmt::format("{:.3g}", below));
    cells.push_back(std::move(line));
  }
  return text_table(cells) + "\n" + assumptions_text(counts, flops, assumptions);
}

}  // namespace settle
