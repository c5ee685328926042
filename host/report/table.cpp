#include "report/table.hpp"

#include <map>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "base/text_table.hpp"
#include "report/judgement.hpp"
#include "report/measures.hpp"

namespace settle {
namespace {

using Json = nlohmann::ordered_json;

/// A measure that stands on another one's line.
struct Beside {
  const char* name;
  const char* format;  // of the other one's text and the value
};

const std::map<std::string, Beside>& beside_first() {
  static const std::map<std::string, Beside> all = {
      {"settling.settling_steps", {"settling.predicted_steps", "{} (predicted_steps {:.4g})"}},
      {"image.psnr", {"image.psnr_unet", "{} (psnr_unet {:.3f})"}}};
  return all;
}

const std::map<std::string, Beside>& beside_all() {
  static const std::map<std::string, Beside> all = {{"heat.per_step_settled", {"heat.per_step_error", "{} +- {:.2g}"}}};
  return all;
}

std::vector<std::string> names_of(const Report& report, TableRows which) {
  if (which == TableRows::first) {
    return {"decoder.cosine",         "decoder.baseline_mean",
            "decoder.cosine_centred", "decoder.oracle",
            "interface_parameters",   "settling.settling_steps",
            "thermal_ratio",          report.image ? "image.psnr" : "mac_utilisation"};
  }
  std::vector<std::string> names;
  for (const ShownMeasure& measure : shown_measures()) {
    const std::string name = measure.name;
    const bool image = name.rfind("image.", 0) == 0, error = name == "heat.per_step_error";
    if ((!image || report.image) && !error) names.push_back(name);
  }
  return names;
}

std::string value_text(const Json& measures, const std::string& name, const std::map<std::string, Beside>& beside) {
  const Measure value = measure_in(measures, name);
  if (!value) return "-";
  std::string text = fmt::format(fmt::runtime(shown_measure(name).format), *value);
  const auto other = beside.find(name);
  if (other == beside.end()) return text;
  const Measure second = measure_in(measures, other->second.name);
  return second ? fmt::format(fmt::runtime(other->second.format), text, *second) : text;
}

const char* verdict_text(const JudgedTarget& judged) {
  if (!judged.met) return "";
  return *judged.met ? "met" : "missed";
}

/// How many targets were met and which were not, those of measures that the table does not show among them.
std::string judgement_text(const Report& report) {
  const std::string not_judged = why_not_judged(report);
  if (!not_judged.empty()) return "not judged: " + not_judged;
  std::vector<std::string> missed, not_taken, clocked;
  std::size_t met = 0;
  for (const JudgedTarget& judged : judge(report)) {
    if (!judged.applies) {
      clocked.push_back(judged.target.measure);
    } else if (!judged.met) {
      not_taken.push_back(judged.target.measure);
    } else if (*judged.met) {
      ++met;
    } else {
      missed.push_back(judged.target.measure);
    }
  }
  std::string text = fmt::format("targets: {} of {} met", met, met + missed.size() + not_taken.size());
  const auto add = [&text](const char* what, const std::vector<std::string>& measures) {
    if (!measures.empty()) text += fmt::format("; {}: {}", what, fmt::join(measures, ", "));
  };
  add("missed", missed);
  add("not taken", not_taken);
  add("needs an engine with a clock", clocked);
  return text;
}

}  // namespace

std::vector<Row> table_rows(const Report& report, TableRows which) {
  const Json measures = measures_json(report);
  const std::vector<JudgedTarget> targets = judge(report);
  std::vector<Row> rows;
  for (const std::string& name : names_of(report, which)) {
    Row row{name, value_text(measures, name, which == TableRows::first ? beside_first() : beside_all()), "-", "",
            shown_measure(name).paper};
    for (const JudgedTarget& judged : targets) {
      if (judged.target.measure != name) continue;
      if (judged.applies) row.target = range_text(judged.target);
      row.verdict = verdict_text(judged);
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

std::string table_text(const Report& report, TableRows which) {
  std::vector<std::vector<std::string>> cells = {{"measure", "value", "target", "", "paper"}};
  for (const Row& row : table_rows(report, which)) {
    cells.push_back({row.measure, row.value, row.target, row.verdict, row.paper});
  }
  const std::string heading =
      fmt::format("preset {}, engine {}, {} image{}, seed {}, sigma {:g}, kT {:g}, configuration {}, git {}\n\n",
                  report.preset, report.engine, report.samples, report.samples == 1 ? "" : "s", report.seed,
                  report.sigma, report.kt, report.config_hash, report.git);
  return heading + text_table(cells) + judgement_text(report) + "\n";
}

void print_table(const Report& report, TableRows which, std::FILE* stream) {
  const std::string text = table_text(report, which);
  std::fwrite(text.data(), 1, text.size(), stream);
}

}  // namespace settle
