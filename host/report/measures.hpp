// The measures of a run, by name: which there are, and how a table shows each. A measure's name is its path in
// report.json, as in "decoder.cosine": the one name that it has in tables, targets and files.
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "report/report.hpp"

namespace settle {

struct ShownMeasure {
  const char* name;
  const char* format;  ///< of its value, for fmt: "{:.5f}"
  const char* paper;   ///< arXiv 2604.14332's own figure; "-": none
};

/// Every measure, in the order of the table. Those of groups that a report has not (image) are among them.
const std::vector<ShownMeasure>& shown_measures();

/// The entry of `name` in shown_measures(). Throws Error if there is none.
const ShownMeasure& shown_measure(const std::string& name);

/// The value of a measure in what measures_json gives; nothing if it was not taken or its group is not there.
Measure measure_in(const nlohmann::ordered_json& measures, const std::string& name);

}  // namespace settle
