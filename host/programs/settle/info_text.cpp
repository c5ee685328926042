#include "programs/settle/info_text.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/error.hpp"
#include "contract/builtin/builtin_configurations.hpp"
#include "contract/configuration/changes.hpp"
#include "contract/configuration/configuration.hpp"
#include "generated/registers.hpp"

namespace settle {

std::string configurations_text(const std::string& git) {
  std::string text = fmt::format("settle, commit {}\n\n", git);
  for (const std::string& name : configuration_names()) {
    const Configuration c = configuration(name);
    text += fmt::format("{} ({}): {}\n", c.name, c.hash_text(), c.purpose);
    text += fmt::format("  {} lanes, up to {} layers of up to {} cells ({} in all), rank {}, e = 2^-{}\n", c.lanes,
                        c.layers, c.site_cells, c.cells, c.rank, c.step_shift);
    text += fmt::format(
        "  {} coefficients, {} bus words, {} operations, {} segments, trace of {}, tables of {}, neighbours {}\n",
        c.coefficients, c.words, c.program, c.segments, c.trace_depth, c.table_pieces(),
        c.neighbours != 0 ? "yes" : "no");
    text += fmt::format(
        "  state {}, operand {}, coefficient {}, word {}, {}; force sum {} bits; noise of {} fraction bits, {} cipher "
        "rounds\n\n",
        format_text(c.state), format_text(c.operand), format_text(c.coefficient), format_text(c.word),
        c.round_half_up != 0 ? "rounded half up" : "cut", c.accumulator_width, c.noise_fraction, c.noise_rounds);
  }
  return text;
}

std::string registers_text() {
  std::string text;
  for (const registers::Description& d : registers::kDescriptions) {
    text += fmt::format("{:9} {:3} {:22} {:3} {}\n", d.kind, d.number, d.name, d.access, d.text);
  }
  int number = 0;
  for (const auto& [name, value] : field_values(Configuration{})) {
    text += fmt::format("{:9} {:3} {:22} {:3} word of the memory configuration\n", "field", number++, name, "");
  }
  return text;
}

std::string presets_text(const std::vector<Preset>& presets) {
  std::size_t width = 0;
  for (const Preset& preset : presets) width = std::max(width, preset.name.size());
  std::string text;
  for (const Preset& preset : presets) {
    text += fmt::format("{:{}}  configuration {}, {} targets: {}\n", preset.name, width, preset.configuration,
                        preset.targets.size(), preset.purpose);
  }
  return text;
}

std::string machine_facts_text(const MachineFacts& facts) {
  const Machine& m = facts.machine;
  std::string text = fmt::format("{}: preset {}, configuration {}{} ({}), e = {}, kT = {}\n",
                                 one_line(facts.path.string()), one_line(m.preset), one_line(m.configuration),
                                 m.own_configuration ? ", its own" : "", m.configuration_hash, m.step, m.kt);
  for (const Layer& l : m.layers) {
    text += fmt::format("  layer {}: {} x {} sites of {} cells, scale {}, {}{}\n", one_line(l.name), l.height, l.width,
                        l.site_cells, l.scale, l.force.empty() ? "linear" : "force table",
                        l.held ? ", held by " + one_line(l.map) : "");
  }
  for (const Bus& b : m.buses) {
    text += fmt::format("  bus {}: layer {} to {}, rank {}, {} x {} taps, {}\n", one_line(b.name), b.source, b.target,
                        b.source_matrix.cols(), b.tap_range.height, b.tap_range.width,
                        b.reciprocal ? "reciprocal" : "one-way");
  }
  text += m.interface.source.empty()
              ? "  no interface\n"
              : fmt::format("  interface: {} weights, fed by {}\n", m.interface.parameters(), m.interface.source);
  if (!facts.other_build.empty()) text += fmt::format("  not for this build: {}\n", facts.other_build);
  if (facts.stability) {
    const Stability& s = *facts.stability;
    text += fmt::format("  eigenvalues {:.4g} to {:.4g}, slowest relaxation {:.4g} steps, step bound {:.4g}\n",
                        s.lambda_min, s.lambda_max, s.relaxation_steps, s.step_bound);
    for (const std::string& layers : s.one_way_cycles) {
      text += fmt::format("  one-way buses make a cycle through layers {}: no energy\n", one_line(layers));
    }
  }
  if (!facts.unfit.empty()) text += fmt::format("  {}\n", facts.unfit);
  return text;
}

}  // namespace settle
