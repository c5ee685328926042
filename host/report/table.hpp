// The table that a run prints: its measures, laid out for people.
#pragma once

#include <cstdio>
#include <string>
#include <vector>

#include "report/report.hpp"

namespace settle {

/// Which measures a table has.
enum class TableRows {
  first,  ///< the eight that a user looks at first
  all,    ///< every one that the report has
};

/// One line of the table.
struct Row {
  std::string measure;  ///< its path in report.json
  std::string value;    ///< rounded, with its unit; "-": not taken
  std::string target;   ///< the range; "-": none that applies
  std::string verdict;  ///< "met" or "missed"; empty: no target, or not taken
  std::string paper;    ///< arXiv 2604.14332's own figure; "-": none
};

/// The table's lines in order; baseline_mean follows cosine. Targets are those of `report.targets`, as judge() judges
/// them on unrounded values; they stand in the table of a run that is judged, if they apply. Among the first eight,
/// settling_steps has the prediction beside it; machines that give images have their PSNR, beside the all-digital
/// network's, where the others have mac_utilisation. In the table of all, the settled heat has its standard error
/// beside it.
std::vector<Row> table_rows(const Report& report, TableRows which);

/// A heading line (preset, engine, images, seeds, configuration), the table with the columns measure, value, target
/// with its verdict, and paper, and a line that says how many of all targets were met, or why the run is not judged.
/// ASCII.
std::string table_text(const Report& report, TableRows which);

/// Prints table_text to `stream`.
void print_table(const Report& report, TableRows which, std::FILE* stream = stdout);

}  // namespace settle
