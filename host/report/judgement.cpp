#include "report/judgement.hpp"

#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "report/measures.hpp"

namespace settle {

std::string why_not_judged(const Report& report) {
  if (!report.not_judged.empty()) return report.not_judged;
  return report.targets.empty() ? fmt::format("preset {} has no targets", report.preset) : "";
}

std::vector<JudgedTarget> judge(const Report& report) {
  check_targets(report.targets, "report");
  std::vector<JudgedTarget> judged;
  if (!why_not_judged(report).empty()) return judged;
  const nlohmann::ordered_json measures = measures_json(report);
  for (const Target& target : report.targets) {
    JudgedTarget result{target, measure_in(measures, target.measure), !target.clocked || report.cycles, {}};
    if (result.value) result.met = *result.value >= target.least && *result.value <= target.most;
    judged.push_back(result);
  }
  return judged;
}

void check_targets(const std::vector<Target>& targets, const std::string& what) {
  for (const Target& target : targets) {
    try {
      shown_measure(target.measure);
    } catch (const Error& e) {
      throw error("{}: target: {}", what, e.what());
    }
  }
}

std::string range_text(const Target& target) {
  if (std::isinf(target.least)) return fmt::format("<= {:.4g}", target.most);
  if (std::isinf(target.most)) return fmt::format(">= {:.4g}", target.least);
  if (target.least == target.most) return fmt::format("{:.10g}", target.least);
  return fmt::format("{:.4g} to {:.4g}", target.least, target.most);
}

std::string check_failure(const Report& report) {
  const std::string not_judged = why_not_judged(report);
  if (!not_judged.empty()) return "the run is not judged: " + not_judged;
  std::vector<std::string> reasons;
  for (const JudgedTarget& judged : judge(report)) {
    if (!judged.applies || judged.met.value_or(false)) continue;
    const std::string value = judged.value ? fmt::format("{:.6g}", *judged.value) : "not taken";
    reasons.push_back(fmt::format("{} is {}, target {}", judged.target.measure, value, range_text(judged.target)));
  }
  return fmt::format("{}", fmt::join(reasons, "; "));
}

}  // namespace settle
