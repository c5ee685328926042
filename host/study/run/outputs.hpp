// The files that a run leaves behind.
#pragma once

#include <string>
#include <vector>

#include "study/run/results.hpp"
#include "study/run/settled.hpp"
#include "study/run/study.hpp"

namespace settle {

/// Files that a run writes into its folder, or removes if an older run left them.
const std::vector<std::string>& output_names();

/// Pictures of those files that are drawn beside them (report/draw_run.sh). A run removes an older one's.
const std::vector<std::string>& picture_names();

/// Writes report.json and the CSV files together: all or none of them appear. Then removes what an older run left that
/// would not belong to this report. Throws Error naming the file.
void write_outputs(const Study& study, const Settled& settled, const Results& results);

}  // namespace settle
