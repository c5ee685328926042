// The one table that a run prints.
#pragma once

#include <cstdio>
#include <string>
#include <vector>

#include "report/report.hpp"

namespace settle {

/// One line of the table.
struct Row {
  std::string measure;
  std::string value;    ///< "-": not taken
  std::string target;   ///< the bound; "-": none
  std::string verdict;  ///< "met" or "missed"; empty: no target, or not taken
  std::string paper;    ///< arXiv 2604.14332's own figure; "-": none
};

/// The table's lines in order; baseline_mean follows cosine. Targets are the presets' own
/// (`paper` has none) and stand in the table of a run that is `judged`; whether one is met is judged on the unrounded
/// value. The paper's decoder cosine stands at
/// cosine_paper, the measure it was made with, and its 2,600x at the pair of fields it was made of. Ratios that targets
/// are set on (1 - cosine over 1 - baseline_mean and the like) are worked out here, "-" if a part is missing;
/// so is the loss in dB against the digital network's image.
std::vector<Row> table_rows(const Report& report);

/// A heading line (preset, engine, images, seeds, configuration) and the table with the columns measure, value,
/// target with its verdict, and paper. ASCII.
std::string table_text(const Report& report);

/// Prints table_text to `stream`.
void print_table(const Report& report, std::FILE* stream = stdout);

}  // namespace settle
