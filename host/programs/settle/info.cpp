#include "programs/settle/info.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "base/error.hpp"
#include "contract/builtin/builtin_configurations.hpp"
#include "contract/configuration/changes.hpp"
#include "contract/configuration/configuration.hpp"
#include "generated/build.hpp"
#include "generated/registers.hpp"
#include "machine/check.hpp"
#include "machine/linear.hpp"
#include "machine/machine_file.hpp"

namespace settle {

namespace {

void print_configurations() {
  fmt::print("settle, commit {}\n\n", kGit);
  for (const std::string& name : configuration_names()) {
    const Configuration c = configuration(name);
    fmt::print("{} ({}): {}\n", c.name, c.hash_text(), c.purpose);
    fmt::print("  {} lanes, up to {} layers of up to {} cells ({} in all), rank {}, e = 2^-{}\n", c.lanes, c.layers,
               c.site_cells, c.cells, c.rank, c.step_shift);
    fmt::print(
        "  {} coefficients, {} bus words, {} operations, {} segments, trace of {}, tables of {}, neighbours {}\n",
        c.coefficients, c.words, c.program, c.segments, c.trace_depth, c.table_pieces(),
        c.neighbours != 0 ? "yes" : "no");
    fmt::print(
        "  state {}, operand {}, coefficient {}, word {}, {}; force sum {} bits; noise of {} fraction bits, {} cipher "
        "rounds\n\n",
        format_text(c.state), format_text(c.operand), format_text(c.coefficient), format_text(c.word),
        c.round_half_up != 0 ? "rounded half up" : "cut", c.accumulator_width, c.noise_fraction, c.noise_rounds);
  }
}

void print_registers() {
  for (const registers::Description& d : registers::kDescriptions) {
    fmt::print("{:9} {:3} {:22} {:3} {}\n", d.kind, d.number, d.name, d.access, d.text);
  }
  int number = 0;
  for (const auto& [name, value] : field_values(Configuration{})) {
    fmt::print("{:9} {:3} {:22} {:3} word of the memory configuration\n", "field", number++, name, "");
  }
}

/// What `settle run` would object to in a machine file that reads well.
void print_fitness(const Machine& m) {
  const std::vector<std::string> known = configuration_names();
  if (std::find(known.begin(), known.end(), m.configuration) == known.end()) {
    fmt::print("  not for this build: it has no configuration {}\n", one_line(m.configuration));
  } else if (const std::string own = configuration(m.configuration).hash_text(); own != m.configuration_hash) {
    fmt::print("  not for this build: its configuration {} is {}\n", m.configuration, own);
  }
  try {
    const Stability s = stability(m);
    fmt::print("  eigenvalues {:.4g} to {:.4g}, slowest relaxation {:.4g} steps, step bound {:.4g}\n", s.lambda_min,
               s.lambda_max, s.relaxation_steps, s.step_bound);
    for (const std::string& layers : s.one_way_cycles) {
      fmt::print("  one-way buses make a cycle through layers {}: no energy\n", one_line(layers));
    }
    check_machine(m, "not fit to run");
  } catch (const Error& e) {
    fmt::print("  {}\n", e.what());
  }
}

void print_machine(const std::filesystem::path& path) {
  const Machine m = load_machine(path);
  fmt::print("{}: preset {}, configuration {} ({}), e = {}, kT = {}\n", one_line(path.string()), one_line(m.preset),
             one_line(m.configuration), m.configuration_hash, m.step, m.kt);
  for (const Layer& l : m.layers) {
    fmt::print("  layer {}: {} x {} sites of {} cells, scale {}, {}{}\n", one_line(l.name), l.height, l.width,
               l.site_cells, l.scale, l.force.empty() ? "linear" : "force table",
               l.held ? ", held by " + one_line(l.map) : "");
  }
  for (const Bus& b : m.buses) {
    fmt::print("  bus {}: layer {} to {}, rank {}, {} x {} taps, {}\n", one_line(b.name), b.source, b.target,
               b.source_matrix.cols(), b.tap_range.height, b.tap_range.width, b.reciprocal ? "reciprocal" : "one-way");
  }
  if (m.interface.source.empty()) {
    fmt::print("  no interface\n");
  } else {
    fmt::print("  interface: {} weights, fed by {}\n", m.interface.parameters(), m.interface.source);
  }
  print_fitness(m);
}

}  // namespace

int info_command(const InfoOptions& options) {
  if (!options.machine.empty()) print_machine(options.machine);
  if (options.registers) print_registers();
  if (options.configurations || (!options.registers && options.machine.empty())) print_configurations();
  return 0;
}

}  // namespace settle
