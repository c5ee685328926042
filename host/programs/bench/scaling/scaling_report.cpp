#include "programs/bench/scaling/scaling_report.hpp"

#include <cmath>

#include "base/error.hpp"
#include "base/median.hpp"
#include "base/text_table.hpp"
#include "generated/build.hpp"
#include "programs/bench/bench_report.hpp"

namespace settle {

namespace {

using nlohmann::ordered_json;

constexpr const char* kEngines[] = {"ensemble", "model", "slots"};

ordered_json to_json(const Estimate& e) { return {{"value", e.value}, {"standard_error", e.error}}; }

ordered_json to_json(const LinearFit& fit) {
  ordered_json coefficients = ordered_json::array();
  for (const Estimate& e : fit.coefficients) coefficients.push_back(to_json(e));
  return {{"coefficients", std::move(coefficients)}, {"relative_residual", fit.residual}};
}

ordered_json to_json(const ScalingFit& fit) {
  return {{"engine", fit.engine},
          {"log_log_slope", to_json(fit.slope)},
          {"linear_in_work", to_json(fit.linear)},
          {"power",
           {{"constant", to_json(fit.power.constant)},
            {"factor", to_json(fit.power.factor)},
            {"exponent", to_json(fit.power.exponent)},
            {"relative_residual", fit.power.residual}}}};
}

ordered_json to_json(const ScalingPoint& p) {
  return {{"x", p.x},
          {"work", p.work},
          {"site_cells", p.shape.site_cells},
          {"rank", p.shape.rank},
          {"layers", p.shape.layers},
          {"side", p.shape.side},
          {"chains", p.chains},
          {"config_hash", p.configuration_hash},
          {"ensemble_seconds_per_step", p.ensemble},
          {"model_seconds_per_step", p.model},
          {"slots_per_step", p.slots},
          {"dense_slots_per_step", p.dense}};
}

std::string with_error(const Estimate& e) { return fmt::format("{:.3f} +- {:.3f}", e.value, e.error); }

}  // namespace

ordered_json scaling_json(const ScalingResults& results, const ScalingOptions& options) {
  ordered_json all = ordered_json::array();
  for (const ScalingSeries& series : results.series) {
    ordered_json points = ordered_json::array(), fits = ordered_json::array();
    for (const ScalingPoint& p : series.points) points.push_back(to_json(p));
    for (const char* engine : kEngines) {
      if (const auto fit = series.fit(engine)) fits.push_back(to_json(*fit));
    }
    all.push_back({{"series", series.name},
                   {"text", series.text},
                   {"work", series.work},
                   {"expected_exponent", series.expected},
                   {"points", std::move(points)},
                   {"fits", std::move(fits)}});
  }
  return {{"git", kGit},
          {"seed", options.seed},
          {"runs", options.runs},
          {"quick", options.quick},
          {"processor", processor()},
          {"instructions", results.instructions},
          {"clock", "CPU time, one thread"},
          {"series", std::move(all)},
          {"cells_and_rank_together", {{"model", "a + c D + b D k"}, {"fit", to_json(results.together)}}}};
}

std::string scaling_csv(const ScalingResults& results) {
  std::string text = "series,x,work,site_cells,rank,layers,side,chains,ensemble,model,slots,dense_slots\n";
  for (const ScalingSeries& series : results.series) {
    for (const ScalingPoint& p : series.points) {
      const std::string model = p.model.empty() ? "" : fmt::format("{:.6g}", middle_of(p.model));
      text += fmt::format("{},{:g},{:g},{},{},{},{},{},{:.6g},{},{:.10g},{:.10g}\n", series.name, p.x, p.work,
                          p.shape.site_cells, p.shape.rank, p.shape.layers, p.shape.side, p.chains,
                          middle_of(p.ensemble), model, p.slots, p.dense);
    }
  }
  return text;
}

std::string scaling_fits_csv(const ScalingResults& results) {
  std::string text = "series,engine,constant,factor,exponent,exponent_error,slope,slope_error\n";
  for (const ScalingSeries& series : results.series) {
    for (const char* engine : kEngines) {
      const auto fit = series.fit(engine);
      if (!fit) continue;
      text += fmt::format("{},{},{:.6g},{:.6g},{:.6g},{:.6g},{:.6g},{:.6g}\n", series.name, engine,
                          fit->power.constant.value, fit->power.factor.value, fit->power.exponent.value,
                          fit->power.exponent.error, fit->slope.value, fit->slope.error);
    }
  }
  return text;
}

std::string scaling_text(const ScalingResults& results, const ScalingOptions& options) {
  std::string text = fmt::format("{}, {}; seconds per step, CPU time of one thread, medians of {}\n\n", processor(),
                                 results.instructions, options.runs);
  for (const ScalingSeries& series : results.series) text += fmt::format("{}: {}\n", series.name, series.text);
  std::vector<std::vector<std::string>> rows = {
      {"series", "cost", "expected", "log-log slope", "exponent of what grows", "a of a + b work", "residual"}};
  for (const ScalingSeries& series : results.series) {
    for (const char* engine : kEngines) {
      const auto fit = series.fit(engine);
      if (!fit) continue;
      const double first = series.costs(engine).front();
      rows.push_back({series.name, engine, fmt::format("{:g}", series.expected), with_error(fit->slope),
                      with_error(fit->power.exponent),
                      fmt::format("{} % of the first", std::lround(100 * fit->linear.coefficients[0].value / first)),
                      fmt::format("{:.1f} %", 100 * fit->linear.residual)});
    }
  }
  text += "\n" + text_table(rows) + "\n";
  const auto& c = results.together.coefficients;
  text += fmt::format(
      "ensemble, cells and rank together: a + c D + b D k = {:.3g} us + {:.3g} ns D + {:.3g} ns D k "
      "(errors {:.2g} us, {:.2g} ns, {:.2g} ns), residual {:.1f} %\n",
      1e6 * c[0].value, 1e9 * c[1].value, 1e9 * c[2].value, 1e6 * c[0].error, 1e9 * c[1].error, 1e9 * c[2].error,
      100 * results.together.residual);
  if (options.quick) text += "--quick: these speeds mean nothing\n";
  return text;
}

}  // namespace settle
