// What a sweep found, as one table: one line per run, its columns taken from the runs' own reports.
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "report/report.hpp"
#include "study/sweep/plan.hpp"

namespace settle {

/// What became of a point.
struct PointResult {
  std::string folder;     ///< name of its folder below the sweep's
  nlohmann::json report;  ///< its report.json; null: not there (yet, or because of `failure`)
  std::string failure;    ///< why it could not be run; empty: it could, or was not reached
};

/// cosine_centred of the point's reference less its own, same images and noise. Empty if either is not there.
Measure loss_of(const std::vector<PlanPoint>& points, const std::vector<PointResult>& results, std::size_t point);

/// One line per point, with a heading; a measure that was not taken is an empty field. Columns: point (its folder),
/// varied, reference, changed (names of the formats that the point changes), the settings and formats as the run had
/// them, the measures of report.json under their names, loss_cosine_centred, git, failure.
std::string results_csv(const std::vector<PlanPoint>& points, const std::vector<PointResult>& results);

/// The heading of the table that a sweep prints, and a point's line in it.
std::string results_heading(const std::vector<PlanPoint>& points);
/// `point`: its index in both lists.
std::string results_line(const std::vector<PlanPoint>& points, const std::vector<PointResult>& results,
                         std::size_t point);

}  // namespace settle
