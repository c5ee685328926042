// A report as JSON: the names of report.json.
#include <cmath>

#include <fmt/format.h>

#include "base/error.hpp"
#include "report/judgement.hpp"
#include "report/report.hpp"

namespace settle {
namespace {

using Json = nlohmann::ordered_json;

template <typename T>
Json value_or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

/// top / bottom; null if either was not taken or the bottom is 0.
Json ratio(const Measure& top, const Measure& bottom) {
  if (!top || !bottom || *bottom == 0) return nullptr;
  return *top / *bottom;
}

Measure short_of_one(const Measure& value) { return value ? Measure(1.0 - *value) : std::nullopt; }

Json decoder_json(const Report::Decoder& d) {
  return {{"cosine", value_or_null(d.cosine)},
          {"cosine_centred", value_or_null(d.cosine_centred)},
          {"r2", value_or_null(d.r2)},
          {"baseline_mean", value_or_null(d.baseline_mean)},
          {"oracle", value_or_null(d.oracle)},
          {"shuffled", value_or_null(d.shuffled)},
          {"frozen_interface", value_or_null(d.frozen_interface)},
          {"cosine_paper", value_or_null(d.cosine_paper)},
          {"share_of_baseline", ratio(short_of_one(d.cosine), short_of_one(d.baseline_mean))},
          {"share_of_frozen", ratio(short_of_one(d.cosine_centred), short_of_one(d.frozen_interface))}};
}

Json settling_json(const Report::Settling& s) {
  return {{"settling_steps", value_or_null(s.settling_steps)},
          {"predicted_steps", value_or_null(s.predicted_steps)},
          {"lambda_min_steps", value_or_null(s.lambda_min_steps)},
          {"settling_cycles", value_or_null(s.settling_cycles)},
          {"settling_rc", value_or_null(s.settling_rc)},
          {"autocorrelation_steps", value_or_null(s.autocorrelation_steps)},
          {"ess_per_second", value_or_null(s.ess_per_second)},
          {"split_r_hat", value_or_null(s.split_r_hat)},
          {"measured_over_predicted", ratio(s.settling_steps, s.predicted_steps)}};
}

Json fixed_point_json(const Report::FixedPoint& f) {
  return {{"loss_kt0", value_or_null(f.loss_kt0)},
          {"loss", value_or_null(f.loss)},
          {"mean_bias", value_or_null(f.mean_bias)},
          {"variance_bias", value_or_null(f.variance_bias)},
          {"covariance_bias", value_or_null(f.covariance_bias)},
          {"stall", value_or_null(f.stall)}};
}

Json heat_json(const Report::Heat& h) {
  return {{"of_inference", value_or_null(h.of_inference)},
          {"per_step_settled", value_or_null(h.per_step_settled)},
          {"per_step_error", value_or_null(h.per_step_error)}};
}

Json image_json(const Report::Image& i) {
  return {{"psnr", value_or_null(i.psnr)},
          {"psnr_unet", value_or_null(i.psnr_unet)},
          {"psnr_mean_map", value_or_null(i.psnr_mean_map)},
          {"psnr_noisy", value_or_null(i.psnr_noisy)},
          {"psnr_loss", i.psnr && i.psnr_unet ? Json(*i.psnr_unet - *i.psnr) : Json(nullptr)}};
}

Json target_json(const JudgedTarget& judged) {
  Json json = {{"measure", judged.target.measure}};
  if (std::isfinite(judged.target.least)) json["least"] = judged.target.least;
  if (std::isfinite(judged.target.most)) json["most"] = judged.target.most;
  json["value"] = value_or_null(judged.value);
  json["applies"] = judged.applies;
  json["met"] = value_or_null(judged.met);
  return json;
}

// JSON has no NaN and no infinity; the library would write null, which here means "not taken".
void check_finite(const Json& json, const std::string& name) {
  if (json.is_number_float() && !std::isfinite(json.get<double>())) throw error("report: {} is not finite", name);
  if (!json.is_structured()) return;
  for (const auto& [key, value] : json.items())
    check_finite(value, name.empty() ? key : fmt::format("{}.{}", name, key));
}

void add_extra(Json& json, const Json& extra) {
  if (!extra.is_object()) throw error("report: the extra groups are not a JSON object");
  for (const auto& [name, group] : extra.items()) {
    if (json.contains(name)) throw error("report: the extra group {} has the name of a field", name);
    json[name] = group;
  }
}

}  // namespace

nlohmann::ordered_json measures_json(const Report& report) {
  Json json = {{"preset", report.preset},
               {"engine", report.engine},
               {"samples", report.samples},
               {"seed", report.seed},
               {"sigma", report.sigma},
               {"kt", report.kt},
               {"git", report.git},
               {"config_hash", report.config_hash},
               {"decoder", decoder_json(report.decoder)},
               {"thermal_ratio", value_or_null(report.thermal_ratio)},
               {"interface_parameters", value_or_null(report.interface_parameters)},
               {"conditioning_deficit", value_or_null(report.conditioning_deficit)},
               {"conditioning_deficit_paper", value_or_null(report.conditioning_deficit_paper)},
               {"decoder_shift", value_or_null(report.decoder_shift)},
               {"settling", settling_json(report.settling)},
               {"fixed_point", fixed_point_json(report.fixed_point)},
               {"heat", heat_json(report.heat)},
               {"cell_updates", value_or_null(report.cell_updates)},
               {"cycles", value_or_null(report.cycles)},
               {"mac_utilisation", value_or_null(report.mac_utilisation)},
               {"saturations", value_or_null(report.saturations)},
               {"wall_seconds", value_or_null(report.wall_seconds)}};
  if (report.image) json["image"] = image_json(*report.image);
  return json;
}

nlohmann::ordered_json to_json(const Report& report) {
  Json json = measures_json(report);
  const std::string not_judged = why_not_judged(report);
  json["judged"] = not_judged.empty();
  json["not_judged"] = not_judged.empty() ? Json(nullptr) : Json(not_judged);
  json["targets"] = Json::array();
  for (const JudgedTarget& target : judge(report)) json["targets"].push_back(target_json(target));
  add_extra(json, report.extra);
  check_finite(json, "");
  return json;
}

}  // namespace settle
