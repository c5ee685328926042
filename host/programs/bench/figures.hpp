// The figures that the bench is read for: ratios of engines that were measured side by side, each with its target.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "programs/bench/bench_results.hpp"

namespace settle {

struct BenchFigure {
  std::string name;              ///< key in bench.json
  std::string text;              ///< what it is, for people
  double value = 0;              ///< median over runs of each run's ratio
  std::vector<double> samples;   ///< by run
  std::optional<double> target;  ///< at least; none: no target
  bool met() const { return !target || value >= *target; }
};

/// Every figure whose engines were measured. The target of the ensemble over libtorch on `anchored` depends on the
/// instructions: 8 with vectors of 512 bits, 4 with shorter ones.
std::vector<BenchFigure> figures(const BenchResults& results);

}  // namespace settle
