#include <algorithm>

#include "base/error.hpp"
#include "base/parallel.hpp"
#include "base/text_table.hpp"
#include "programs/bench/bench_report.hpp"
#include "programs/bench/figures.hpp"

namespace settle {

namespace {

/// Half of what lies between the least and the most of the samples, over their median, in per cent.
std::string spread(const std::vector<double>& samples) {
  const auto [least, most] = std::minmax_element(samples.begin(), samples.end());
  return fmt::format("{:.0f}", 50 * (*most - *least) / middle_of(samples));
}

std::string engines_text(const BenchResults& results) {
  std::vector<std::vector<std::string>> rows = {
      {"engine", "machine", "cycles/s", "cell updates/s", "+-%", "ns", "how"}};
  for (const BenchWork& work : results.works) {
    for (const BenchRow& row : results.rows) {
      if (row.machine != work.machine) continue;
      const std::string cycles = row.cycles.empty() ? "-" : fmt::format("{:.3g}", middle_of(row.cycles));
      rows.push_back({row.engine, row.machine, cycles, fmt::format("{:.3g}", row.median()), spread(row.updates),
                      fmt::format("{:.3g}", 1e9 / row.median()), row.note});
    }
    rows.push_back({"limit", work.machine, "-", fmt::format("{:.3g}", middle_of(work.limit)), spread(work.limit),
                    fmt::format("{:.3g}", 1e9 / middle_of(work.limit)), "noise and multiply-adds alone"});
  }
  return text_table(rows);
}

std::string limits_text(const BenchResults& results) {
  std::string text = fmt::format(
      "limits of one core, {}: {:.3g} 16-bit multiply-adds/s (products), {:.3g} noise samples/s, {:.3g} GB/s of "
      "memory\n",
      results.instructions, middle_of(results.products), middle_of(results.noise), middle_of(results.memory) / 1e9);
  for (const BenchWork& w : results.works) {
    text += fmt::format("a cell update of {} is {:.1f} products and {:.0f} noise sample\n", w.machine,
                        w.products / w.cells, w.noise_samples / w.cells);
  }
  return text;
}

std::string figures_text(const BenchResults& results) {
  std::vector<std::vector<std::string>> rows = {{"figure", "found", "target", ""}};
  for (const BenchFigure& f : figures(results)) {
    rows.push_back({f.text, fmt::format("{:.3g}", f.value), f.target ? fmt::format(">= {:g}", *f.target) : "",
                    !f.target ? ""
                    : f.met() ? "met"
                              : "missed"});
  }
  return text_table(rows);
}

}  // namespace

std::string bench_text(const BenchResults& results, const BenchOptions& options) {
  std::string text =
      fmt::format("{}, {} cores, {}; medians of {} alternating runs, one thread's CPU time but for the rows of cores\n",
                  processor(), core_count(), results.instructions, options.runs);
  text += fmt::format("the array of anchored takes {:.0f} clock cycles per step; ns: per cell update\n\n",
                      results.cycles_per_step);
  text += engines_text(results) + "\n" + limits_text(results) + "\n" + figures_text(results);
  if (options.quick) text += "--quick: these speeds mean nothing\n";
  return text;
}

}  // namespace settle
