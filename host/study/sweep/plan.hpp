// A sweep's plan: which runs it consists of. README.md beside this file says what a plan holds.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "study/run/run_command.hpp"

namespace settle {

inline constexpr std::size_t kMostPoints = 10000;

/// One run of a sweep.
struct PlanPoint {
  nlohmann::json settings;  ///< all settings, those of "run" included, keys sorted
  std::string varied;       ///< what the axes set, as in "preset=map state=Q4.16"
  std::size_t reference =
      0;  ///< index of the point (itself, perhaps) that differs in having the configuration's own formats
};

/// The plan's points in the order of the axes, the last one fastest, none twice. A reference that no axis gives is put
/// before the first point that needs it. `origin` names the text in errors. Throws Error, naming the place, for what is
/// not JSON, unknown keys, wrong types, empty axes and more than kMostPoints points.
std::vector<PlanPoint> parse_plan(const std::string& text, const std::string& origin);

/// `base` with a point's settings; the engine is the ensemble's unless the point says otherwise. Throws Error as
/// parse_plan for values out of range and unknown fields of a format.
RunOptions options_of(const PlanPoint& point, const RunOptions& base, const std::string& origin);

}  // namespace settle
