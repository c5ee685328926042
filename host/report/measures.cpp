#include "report/measures.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "base/error.hpp"

namespace settle {

const std::vector<ShownMeasure>& shown_measures() {
  static const std::vector<ShownMeasure> all = {
      {"decoder.cosine", "{:.5f}", "-"},
      {"decoder.baseline_mean", "{:.5f}", "-"},
      {"decoder.share_of_baseline", "{:.4f}", "-"},
      {"decoder.cosine_centred", "{:.4f}", "-"},
      {"decoder.r2", "{:.4f}", "-"},
      {"decoder.frozen_interface", "{:.4f}", "-"},
      {"decoder.share_of_frozen", "{:.3f}", "-"},
      {"decoder.shuffled", "{:.4f}", "-"},
      {"decoder.oracle", "{:.5f}", "1.0000"},
      {"decoder.cosine_paper", "{:.4f}", "0.9906"},
      {"image.psnr", "{:.3f} dB", "-"},
      {"image.psnr_unet", "{:.3f} dB", "-"},
      {"image.psnr_loss", "{:.3f} dB", "-"},
      {"image.psnr_mean_map", "{:.3f} dB", "-"},
      {"image.psnr_noisy", "{:.3f} dB", "-"},
      {"thermal_ratio", "{:.3f}", "-"},
      {"interface_parameters", "{:.0f}", "2560"},
      {"conditioning_deficit", "{:.4g}", "-"},
      {"conditioning_deficit_paper", "{:.4g}", "2600"},
      {"decoder_shift", "{:.4f}", "0.1274"},
      {"settling.settling_steps", "{:.4g}", "-"},
      {"settling.predicted_steps", "{:.4g}", "-"},
      {"settling.measured_over_predicted", "{:.3f}", "-"},
      {"settling.lambda_min_steps", "{:.4g}", "-"},
      {"settling.settling_cycles", "{:.0f}", "-"},
      {"settling.settling_rc", "{:.4g}", "-"},
      {"settling.autocorrelation_steps", "{:.4g}", "-"},
      {"settling.ess_per_second", "{:.4g}", "-"},
      {"settling.split_r_hat", "{:.5f}", "-"},
      {"heat.of_inference", "{:.4g}", "-"},
      {"heat.per_step_settled", "{:.3g}", "-"},
      {"heat.per_step_error", "{:.2g}", "-"},
      {"fixed_point.loss_kt0", "{:.2e}", "-"},
      {"fixed_point.loss", "{:.2e}", "-"},
      {"fixed_point.mean_bias", "{:.2e}", "-"},
      {"fixed_point.variance_bias", "{:.2e}", "-"},
      {"fixed_point.covariance_bias", "{:.2e}", "-"},
      {"fixed_point.stall", "{:.2e}", "-"},
      {"cell_updates", "{:.0f}", "-"},
      {"cycles", "{:.0f}", "-"},
      {"mac_utilisation", "{:.4f}", "-"},
      {"saturations", "{:.0f}", "-"},
      {"wall_seconds", "{:.1f}", "-"},
  };
  return all;
}

const ShownMeasure& shown_measure(const std::string& name) {
  for (const ShownMeasure& measure : shown_measures()) {
    if (name == measure.name) return measure;
  }
  throw error("{}: no measure of report.json", one_line(name));
}

Measure measure_in(const nlohmann::ordered_json& measures, const std::string& name) {
  std::string path = "/" + name;
  std::replace(path.begin(), path.end(), '.', '/');
  const nlohmann::ordered_json::json_pointer pointer(path);
  if (!measures.contains(pointer) || !measures[pointer].is_number()) return {};
  return measures[pointer].get<double>();
}

}  // namespace settle
