#include "report/table.hpp"

#include <cmath>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "base/text_table.hpp"

namespace settle {
namespace {

constexpr double kNone = std::numeric_limits<double>::infinity();

// A closed range that a value must lie in; an end at infinity is no bound.
struct Target {
  double least = -kNone, most = kNone;
};

constexpr Target at_least(double bound) { return {bound, kNone}; }
constexpr Target at_most(double bound) { return {-kNone, bound}; }

// What a preset is to reach; a member that is left out is no target.
struct Targets {
  Target cosine, baseline, share, centred, frozen_share, shuffled, oracle;
  Target thermal_ratio, parameters, settling, loss_kt0, loss, utilisation;
  Target image_loss;  // dB
};

Targets targets_of(const std::string& preset) {
  Targets t;
  if (preset == "anchored") {
    t.cosine = at_least(0.9985);
    t.baseline = at_most(0.97);
    t.share = at_most(1.0 / 30.0);
    t.centred = at_least(0.975);
    t.frozen_share = at_most(0.6);
    t.shuffled = {-0.1, 0.1};
    t.oracle = at_least(0.9995);
    t.thermal_ratio = {0.05, 0.3};
    t.parameters = {2560, 2560};
    t.settling = {0.9, 1.1};
    t.loss_kt0 = at_most(0.0005);
    t.loss = at_most(0.002);
    t.utilisation = at_least(0.95);
  } else if (preset == "map" || preset == "map-bus") {
    const bool bus = preset == "map-bus";
    t.cosine = at_least(bus ? 0.998 : 0.985);
    t.centred = at_least(bus ? 0.985 : 0.92);
    t.image_loss = at_most(bus ? 0.05 : 0.10);
    t.settling = {0.8, 1.2};
    t.utilisation = at_least(0.90);
  } else if (preset == "unet" || preset == "whole") {
    t.image_loss = at_most(0.15);
    t.settling = {0.8, 1.2};
    t.utilisation = at_least(0.90);
  }
  return t;
}

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
  // `format` takes one double. A target with two infinite ends is none.
  void add(const char* measure, const char* format, const Measure& value, const Target& target = {},
           const char* paper = "-") {
    const bool judged = std::isfinite(target.least) || std::isfinite(target.most);
    Row row{measure, "-", judged ? bounds_text(target) : "-", "", paper};
    if (value) row.value = fmt::format(fmt::runtime(format), *value);
    if (value && judged) row.verdict = *value >= target.least && *value <= target.most ? "met" : "missed";
    rows_.push_back(std::move(row));
  }

  // A value with its standard error, both or neither. `format` takes two doubles.
  void add(const char* measure, const char* format, const Measure& value, const Measure& error) {
    const std::string text = value && error ? fmt::format(fmt::runtime(format), *value, *error) : "-";
    rows_.push_back({measure, text, "-", "", "-"});
  }

  std::vector<Row> take() { return std::move(rows_); }

 private:
  std::vector<Row> rows_;
};

void add_decoder(Rows& rows, const Report::Decoder& d, const Targets& t) {
  rows.add("cosine", "{:.5f}", d.cosine, t.cosine);
  rows.add("baseline_mean (a constant's cosine)", "{:.5f}", d.baseline_mean, t.baseline);
  rows.add("(1 - cosine) / (1 - baseline_mean)", "{:.4f}", ratio(short_of_one(d.cosine), short_of_one(d.baseline_mean)),
           t.share);
  rows.add("cosine_centred", "{:.4f}", d.cosine_centred, t.centred);
  rows.add("r2", "{:.4f}", d.r2);
  rows.add("frozen_interface (cosine_centred)", "{:.4f}", d.frozen_interface);
  rows.add("(1 - cosine_centred) / (1 - frozen)", "{:.3f}",
           ratio(short_of_one(d.cosine_centred), short_of_one(d.frozen_interface)), t.frozen_share);
  rows.add("shuffled (cosine_centred)", "{:.4f}", d.shuffled, t.shuffled);
  rows.add("oracle (cosine)", "{:.5f}", d.oracle, t.oracle, "1.0000");
  rows.add("cosine_paper", "{:.4f}", d.cosine_paper, {}, "0.9906");
}

void add_image(Rows& rows, const Report::Image& i, const Targets& t) {
  rows.add("psnr (of the settled read-out)", "{:.3f} dB", i.psnr);
  rows.add("psnr_unet (all digital)", "{:.3f} dB", i.psnr_unet);
  const Measure loss = i.psnr && i.psnr_unet ? Measure(*i.psnr_unet - *i.psnr) : std::nullopt;
  rows.add("psnr_unet - psnr", "{:.3f} dB", loss, t.image_loss);
  rows.add("psnr_mean_map (a constant's)", "{:.3f} dB", i.psnr_mean_map);
  rows.add("psnr_noisy (the input's)", "{:.3f} dB", i.psnr_noisy);
}

void add_conditioning(Rows& rows, const Report& r, const Targets& t) {
  rows.add("thermal_ratio", "{:.3f}", r.thermal_ratio, t.thermal_ratio);
  rows.add("interface_parameters", "{:.0f}", as_measure(r.interface_parameters), t.parameters, "2560");
  rows.add("conditioning_deficit", "{:.4g}x", r.conditioning_deficit);
  rows.add("  the paper's pair, std(A x) / std(Je x)", "{:.4g}x", r.conditioning_deficit_paper, {}, "2,600x");
  const Measure percent = r.decoder_shift ? Measure(100.0 * *r.decoder_shift) : std::nullopt;
  rows.add("decoder_shift", "{:.2f} %", percent, {}, "12.74 %");
}

void add_settling(Rows& rows, const Report::Settling& s, const Targets& t) {
  rows.add("settling_steps", "{:.4g}", s.settling_steps);
  rows.add("predicted_steps", "{:.4g}", s.predicted_steps);
  rows.add("settling_steps / predicted_steps", "{:.3f}", ratio(s.settling_steps, s.predicted_steps), t.settling);
  rows.add("lambda_min_steps", "{:.4g}", s.lambda_min_steps);
  rows.add("settling, clock cycles", "{:.0f}", s.settling_cycles);
  rows.add("settling, RC", "{:.4g}", s.settling_rc);
  rows.add("autocorrelation_steps", "{:.4g}", s.autocorrelation_steps);
  rows.add("ess_per_second", "{:.4g}", s.ess_per_second);
  rows.add("split_r_hat", "{:.5f}", s.split_r_hat);
}

void add_heat(Rows& rows, const Report::Heat& h) {
  rows.add("heat of the inference (kT)", "{:.4g}", h.of_inference);
  rows.add("heat a step, settled (kT)", "{:.3g} +- {:.2g}", h.per_step_settled, h.per_step_error);
}

void add_machine(Rows& rows, const Report& r, const Targets& t) {
  rows.add("fixed-point loss, kT = 0", "{:.2e}", r.fixed_point.loss_kt0, t.loss_kt0);
  rows.add("fixed-point loss, this kT", "{:.2e}", r.fixed_point.loss, t.loss);
  rows.add("mean_bias (thermal std)", "{:.2e}", r.fixed_point.mean_bias);
  rows.add("variance_bias", "{:.2e}", r.fixed_point.variance_bias);
  rows.add("covariance_bias", "{:.2e}", r.fixed_point.covariance_bias);
  rows.add("stall (share of the start)", "{:.2e}", r.fixed_point.stall);
  rows.add("cell_updates", "{:.0f}", as_measure(r.cell_updates));
  rows.add("cycles", "{:.0f}", as_measure(r.cycles));
  rows.add("mac_utilisation", "{:.4f}", r.mac_utilisation, t.utilisation);
  rows.add("saturations", "{:.0f}", as_measure(r.saturations));
  rows.add("wall_seconds", "{:.1f}", r.wall_seconds);
}

}  // namespace

std::vector<Row> table_rows(const Report& report) {
  const Targets targets = report.judged ? targets_of(report.preset) : Targets();
  Rows rows;
  add_decoder(rows, report.decoder, targets);
  if (report.image) add_image(rows, *report.image, targets);
  add_conditioning(rows, report, targets);
  add_settling(rows, report.settling, targets);
  add_heat(rows, report.heat);
  add_machine(rows, report, targets);
  return rows.take();
}

std::string table_text(const Report& report) {
  std::vector<std::vector<std::string>> cells = {{"measure", "value", "target", "", "paper"}};
  for (const Row& row : table_rows(report)) {
    cells.push_back({row.measure, row.value, row.target, row.verdict, row.paper});
  }
  const std::string heading =
      fmt::format("preset {}, engine {}, {} image{}, seed {}, sigma {:g}, kT {:g}, configuration {}, git {}\n\n",
                  report.preset, report.engine, report.samples, report.samples == 1 ? "" : "s", report.seed,
                  report.sigma, report.kt, report.config_hash, report.git);
  return heading + text_table(cells);
}

void print_table(const Report& report, std::FILE* stream) {
  const std::string text = table_text(report);
  std::fwrite(text.data(), 1, text.size(), stream);
}

}  // namespace settle
