#include "study/sweep/results.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.hpp"
#include "base/json.hpp"

namespace settle {

namespace {

using nlohmann::json;

struct Column {
  const char* name;
  const char* place;  // in report.json
};

constexpr std::array<Column, 32> kColumns{{
    {"preset", "/preset"},
    {"engine", "/engine"},
    {"samples", "/samples"},
    {"seed", "/seed"},
    {"sigma", "/sigma"},
    {"kt", "/kt"},
    {"settle_steps", "/array/settle_steps"},
    {"window_steps", "/array/window_steps"},
    {"state", "/array/formats/state"},
    {"operand", "/array/formats/operand"},
    {"coefficient", "/array/formats/coefficient"},
    {"word", "/array/formats/word"},
    {"table_bits", "/array/formats/table_bits"},
    {"noise_fraction", "/array/formats/noise_fraction"},
    {"round_half_up", "/array/formats/round_half_up"},
    {"step_shift", "/array/formats/step_shift"},
    {"config_hash", "/config_hash"},
    {"cosine", "/decoder/cosine"},
    {"cosine_centred", "/decoder/cosine_centred"},
    {"oracle", "/decoder/oracle"},
    {"thermal_ratio", "/thermal_ratio"},
    {"settling_steps", "/settling/settling_steps"},
    {"predicted_steps", "/settling/predicted_steps"},
    {"psnr", "/image/psnr"},
    {"psnr_unet", "/image/psnr_unet"},
    {"loss_kt0", "/fixed_point/loss_kt0"},
    {"loss", "/fixed_point/loss"},
    {"mean_bias", "/fixed_point/mean_bias"},
    {"variance_bias", "/fixed_point/variance_bias"},
    {"covariance_bias", "/fixed_point/covariance_bias"},
    {"stall", "/fixed_point/stall"},
    {"saturations", "/saturations"},
}};

json at(const json& report, const char* place) {
  const json::json_pointer pointer(place);
  return report.is_object() && report.contains(pointer) ? report[pointer] : json();
}

std::string field(const json& value) {
  if (value.is_null()) return "";
  if (value.is_number_float()) return fmt::format("{:.9g}", value.get<double>());
  return value.is_string() ? value.get<std::string>() : to_line(value);
}

/// As RFC 4180 has it.
std::string quoted(const std::string& text) {
  if (text.find_first_of(",\"\n\r") == std::string::npos) return text;
  std::string out = "\"";
  for (const char c : one_line(text)) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + "\"";
}

std::string changed(const PlanPoint& point) {
  std::vector<std::string> names;
  if (point.settings.contains("format")) {
    for (const auto& item : point.settings["format"].items()) names.push_back(item.key());
  }
  return fmt::format("{}", fmt::join(names, " "));
}

std::string number(const char* format, const Measure& value) {
  return value ? fmt::format(fmt::runtime(format), *value) : "-";
}

Measure measure_at(const json& report, const char* place) {
  const json value = at(report, place);
  return value.is_number() ? Measure(value.get<double>()) : Measure();
}

std::size_t label_width(const std::vector<PlanPoint>& points) {
  std::size_t width = 5;
  for (const PlanPoint& point : points) width = std::max(width, point.varied.size());
  return width;
}

}  // namespace

Measure loss_of(const std::vector<PlanPoint>& points, const std::vector<PointResult>& results, std::size_t point) {
  const Measure own = measure_at(results[point].report, "/decoder/cosine_centred");
  const Measure reference = measure_at(results[points[point].reference].report, "/decoder/cosine_centred");
  if (!own || !reference) return {};
  return *reference - *own;
}

std::string results_csv(const std::vector<PlanPoint>& points, const std::vector<PointResult>& results) {
  std::string text = "point,varied,reference,changed";
  for (const Column& column : kColumns) text += fmt::format(",{}", column.name);
  text += ",loss_cosine_centred,git,failure\n";
  for (std::size_t p = 0; p < points.size(); ++p) {
    const PointResult& result = results[p];
    text += fmt::format("{},{},{},{}", result.folder, quoted(points[p].varied), results[points[p].reference].folder,
                        changed(points[p]));
    for (const Column& column : kColumns) text += "," + quoted(field(at(result.report, column.place)));
    const Measure loss = loss_of(points, results, p);
    text += fmt::format(",{},{},{}\n", loss ? fmt::format("{:.9g}", *loss) : "", field(at(result.report, "/git")),
                        quoted(result.failure));
  }
  return text;
}

std::string results_heading(const std::vector<PlanPoint>& points) {
  const std::string line =
      fmt::format("{:{}}  {:>10}  {:>10}  {:>9}  {:>9}  {:>9}  {:>8}  {:>7}\n", "point", label_width(points),
                  "cos_centr.", "loss", "mean_bias", "cov_bias", "stall", "psnr", "saturat.");
  return line + std::string(line.size() - 1, '-') + "\n";
}

std::string results_line(const std::vector<PlanPoint>& points, const std::vector<PointResult>& results,
                         std::size_t point) {
  const std::string label = fmt::format("{:{}}", points[point].varied, label_width(points));
  const PointResult& result = results[point];
  if (!result.failure.empty()) return fmt::format("{}  failed: {}\n", label, one_line(result.failure));
  const auto value = [&](const char* place) { return measure_at(result.report, place); };
  return fmt::format(
      "{}  {:>10}  {:>10}  {:>9}  {:>9}  {:>9}  {:>8}  {:>7}\n", label,
      number("{:.5f}", value("/decoder/cosine_centred")), number("{:.1e}", loss_of(points, results, point)),
      number("{:.1e}", value("/fixed_point/mean_bias")), number("{:.1e}", value("/fixed_point/covariance_bias")),
      number("{:.1e}", value("/fixed_point/stall")), number("{:.3f}", value("/image/psnr")),
      number("{:.0f}", value("/saturations")));
}

}  // namespace settle
