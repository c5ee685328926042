// Whether a run reached its preset's targets. The one place where that is decided: the table, report.json and
// `settle run --check` ask here.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "contract/presets/presets.hpp"
#include "report/report.hpp"

namespace settle {

/// A target and what became of it.
struct JudgedTarget {
  Target target;
  Measure value;            ///< unrounded; nothing: not taken
  bool applies = true;      ///< false: it is of engines with a clock, and the run's has none
  std::optional<bool> met;  ///< value lies in the target's range, its ends included; nothing: not taken
};

/// Why the run is not judged: `report.not_judged`, or that its preset has no targets. Empty: it is judged.
std::string why_not_judged(const Report& report);

/// Every target of `report.targets` in its order; none if the run is not judged.
/// Throws Error as check_targets.
std::vector<JudgedTarget> judge(const Report& report);

/// Throws Error, which begins with `what`, unless every target is one of a measure of report.json.
void check_targets(const std::vector<Target>& targets, const std::string& what);

/// A target's range in words: "at least 0.9985" as ">= 0.9985", "-0.1 to 0.1", or the one value that is allowed.
std::string range_text(const Target& target);

/// Why `settle run --check` must not say success, on one line: the run is not judged, or which targets were missed or
/// could not be judged. Empty: every target that applies is met.
std::string check_failure(const Report& report);

}  // namespace settle
