#include "study/run/summary.hpp"

#include <algorithm>
#include <cstdio>

#include <fmt/format.h>

#include "base/error.hpp"
#include "network/graph/queries.hpp"
#include "report/energy.hpp"
#include "report/table.hpp"

namespace settle {

namespace {

constexpr double kAnnounced = 10;  // seconds from which on a run says how long it will take

EnergyCounts energy_counts(const Study& study) {
  const StepProducts& p = study.fixed->contents.products;
  EnergyCounts counts;
  counts.cells = study.fixed->cells();
  counts.steps = study.plan.steps();
  counts.cell_updates = counts.cells * counts.steps;
  counts.array_products = (p.always + p.project + p.noise) * counts.steps + p.window * study.plan.window_steps;
  counts.interface_parameters = study.machine().interface.parameters();
  counts.decoder_cells = study.decoder().cells();
  return counts;
}

void print_not_taken(const Results& results) {
  std::string left_out;
  for (const auto& [measure, reason] : results.not_taken) {
    if (reason == kLeftOut) {
      left_out += (left_out.empty() ? "" : ", ") + measure;
      continue;
    }
    const bool named = reason.rfind(measure + ": ", 0) == 0;  // by the measure itself
    fmt::print("not taken: {}{}\n", named ? "" : measure + ": ", one_line(reason));
  }
  if (!left_out.empty()) fmt::print("{}: {}\n", kLeftOut, left_out);
}

}  // namespace

void print_notes(const Study& study) {
  const std::string& name = study.fixed->name;
  for (const std::string& layers : study.stability.one_way_cycles) {
    fmt::print("{}: one-way buses make a cycle through layers {}: the machine has no energy\n", name, one_line(layers));
  }
  const Machine& machine = study.machine();
  const bool blind = machine.interface.source.empty() && std::none_of(machine.layers.begin(), machine.layers.end(),
                                                                      [](const Layer& layer) { return layer.held; });
  if (blind) fmt::print("{}: no layer is held and there is no interface: the machine sees no image\n", name);
  if (study.sigma != machine.sigma) {
    fmt::print("{}: fitted at noise level {:g}; at {:g} it is outside of what it was fitted for\n", name, machine.sigma,
               study.sigma);
  }
}

void print_expectation(const Study& study, const Rates& rates, double seconds) {
  if (seconds < kAnnounced) return;
  const std::size_t samples = study.images.size();
  const std::string cycles = rates.cycles > 0 ? fmt::format(", {} clock cycles per step", rates.cycles) : "";
  fmt::print("{} sample{} of {} + {} steps{} on the {} engine: about {} in all\n", samples, samples == 1 ? "" : "s",
             study.plan.settle_steps, study.plan.window_steps, cycles, study.options.engine, rough_duration(seconds));
  std::fflush(stdout);
}

void print_summary(const Study& study, const Settled& settled, const Results& results) {
  print_table(results.report, study.options.all_measures ? TableRows::all : TableRows::first);
  if (study.options.all_measures) print_not_taken(results);
  if (settled.batch.cycles > 0) {
    const auto cycles = static_cast<double>(settled.batch.cycles);
    fmt::print("{} engine: {} cycles in {:.2f} s, {:.0f} kHz\n", study.options.engine, settled.batch.cycles,
               settled.seconds, cycles / settled.seconds / 1e3);
  }
  if (study.options.energy) {
    fmt::print("{}",
               energy_text(energy_counts(study),
                           {{"whole network", operations(study.network)},
                            {"the layer that is read",
                             operations(study.network, convolution_behind(study.network, study.decoder().map))}}));
  }
  fmt::print("wrote {}{}\n", one_line((study.options.out / "report.json").string()),
             study.options.all_measures ? "" : ": every measure, and why one was not taken (--all prints them)");
}

}  // namespace settle
