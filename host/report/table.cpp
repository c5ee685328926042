#include "report/table.hpp"

#include <cmath>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "report/text_table.hpp"

namespace settle {
namespace {

constexpr double kNone = std::numeric_limits<double>::infinity();

// A closed range that a value must lie in; an end at infinity is no bound.
struct Target {
  double least = -kNone, most = kNone;
};

Measure as_measure(const Count& count) { return count ? Measure(static_cast<double>(*count)) : std::nullopt; }

// top / bottom; nothing if either was not taken or the bottom is 0.
Measure ratio(const Measure& top, const Measure& bottom) {
  if (!top || !bottom || *bottom == 0) return std::nullopt;
  return *top / *bottom;
}

Measure short_of_one(const Measure& value) { return value ? Measure(1.0 - *value) : std::nullopt; }

std::string bounds_text(const Target& target) {
  if (std::isinf(target.least)) return fmt::format("<= {:.4g}", target.most);
  if (std::isinf(target.most)) return fmt::format(">= {:.4g}", target.least);
  if (target.least == target.most) return fmt::format("{:.10g}", target.least);
  return fmt::format("{:.4g} to {:.4g}", target.least, target.most);
}

class Rows {
 public:
  explicit Rows(bool with_targets) : with_targets_(with_targets) {}

  // `format` takes one double. A target with two infinite ends is none.
  void add(const char* measure, const char* format, const Measure& value, const Target& target = {},
           const char* paper = "-") {
    const bool judged = with_targets_ && (std::isfinite(target.least) || std::isfinite(target.most));
    Row row{measure, "-", judged ? bounds_text(target) : "-", "", paper};
    if (value) row.value = fmt::format(fmt::runtime(format), *value);
    if (value && judged) row.verdict = *value >= target.least && *value <= target.most ? "met" : "missed";
    rows_.push_back(std::move(row));
  }

  std::vector<Row> take() { return std::move(rows_); }

 private:
  bool with_targets_;
  std::vector<Row> rows_;
};

void add_decoder(Rows& rows, const Report::Decoder& d) {
  rows.add("cosine", "{:.5f}", d.cosine, {0.9985, kNone});
  rows.add("baseline_mean (a constant's cosine)", "{:.5f}", d.baseline_mean, {-kNone, 0.97});
  rows.add("(1 - cosine) / (1 - baseline_mean)", "{:.4f}", ratio(short_of_one(d.cosine), short_of_one(d.baseline_mean)),
           {-kNone, 1.0 / 30.0});
  rows.add("cosine_centred", "{:.4f}", d.cosine_centred, {0.975, kNone});
  rows.add("r2", "{:.4f}", d.r2);
  rows.add("frozen_interface (cosine_centred)", "{:.4f}", d.frozen_interface);
  rows.add("(1 - cosine_centred) / (1 - frozen)", "{:.3f}",
           ratio(short_of_one(d.cosine_centred), short_of_one(d.frozen_interface)), {-kNone, 0.6});
  rows.add("shuffled (cosine_centred)", "{:.4f}", d.shuffled, {-0.1, 0.1});
  rows.add("oracle (cosine)", "{:.5f}", d.oracle, {0.9995, kNone}, "1.0000");
  rows.add("cosine_paper", "{:.4f}", d.cosine_paper, {}, "0.9906");
}

void add_conditioning(Rows& rows, const Report& r) {
  rows.add("thermal_ratio", "{:.3f}", r.thermal_ratio, {0.05, 0.3});
  rows.add("interface_parameters", "{:.0f}", as_measure(r.interface_parameters), {2560, 2560}, "2560");
  rows.add("conditioning_deficit", "{:.4g}x", r.conditioning_deficit);
  rows.add("  the paper's pair, std(A x) / std(Je x)", "{:.4g}x", r.conditioning_deficit_paper, {}, "2,600x");
  const Measure percent = r.decoder_shift ? Measure(100.0 * *r.decoder_shift) : std::nullopt;
  rows.add("decoder_shift", "{:.2f} %", percent, {}, "12.74 %");
}

void add_settling(Rows& rows, const Report::Settling& s) {
  rows.add("settling_steps", "{:.4g}", s.settling_steps);
  rows.add("predicted_steps", "{:.4g}", s.predicted_steps);
  rows.add("settling_steps / predicted_steps", "{:.3f}", ratio(s.settling_steps, s.predicted_steps), {0.9, 1.1});
  rows.add("lambda_min_steps", "{:.4g}", s.lambda_min_steps);
  rows.add("settling, clock cycles", "{:.0f}", s.settling_cycles);
  rows.add("settling, RC", "{:.4g}", s.settling_rc);
  rows.add("autocorrelation_steps", "{:.4g}", s.autocorrelation_steps);
  rows.add("ess_per_second", "{:.4g}", s.ess_per_second);
}

void add_machine(Rows& rows, const Report& r) {
  rows.add("fixed-point loss, kT = 0", "{:.2e}", r.fixed_point.loss_kt0, {-kNone, 0.0005});
  rows.add("fixed-point loss, this kT", "{:.2e}", r.fixed_point.loss, {-kNone, 0.002});
  rows.add("cell_updates", "{:.0f}", as_measure(r.cell_updates));
  rows.add("cycles", "{:.0f}", as_measure(r.cycles));
  rows.add("mac_utilisation", "{:.4f}", r.mac_utilisation, {0.95, kNone});
  rows.add("saturations", "{:.0f}", as_measure(r.saturations));
  rows.add("wall_seconds", "{:.1f}", r.wall_seconds);
}

}  // namespace

std::vector<Row> table_rows(const Report& report) {
  Rows rows(report.preset == "anchored");
  add_decoder(rows, report.decoder);
  add_conditioning(rows, report);
  add_settling(rows, report.settling);
  add_machine(rows, report);
  return rows.take();
}

std::string table_text(const Report& report) {
  std::vector<std::vector<std::string>> cells = {{"measure", "value", "target", "", "paper"}};
  for (const Row& row : table_rows(report)) {
    cells.push_back({row.measure, row.value, row.target, row.verdict, row.paper});
  }
  const std::string heading = fmt::format(
      "preset {}, engine {}, {} images, seed {}, sigma {:g}, kT {:g}, configuration {}, git {}\n\n", report.preset,
      report.engine, report.samples, report.seed, report.sigma, report.kt, report.config_hash, report.git);
  return heading + text_table(cells);
}

void print_table(const Report& report, std::FILE* stream) {
  const std::string text = table_text(report);
  std::fwrite(text.data(), 1, text.size(), stream);
}

}  // namespace settle
