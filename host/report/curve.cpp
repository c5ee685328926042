#include "report/curve.hpp"

#include <fmt/format.h>

#include "base/error.hpp"

namespace settle {

std::string curve_csv(const SettlingCurve& curve) {
  const bool predicted = curve.predicted.size() > 0;
  if (curve.distance.size() == 0) throw error("settling curve: no distances");
  if (predicted && curve.predicted.size() != curve.distance.size()) {
    throw error("settling curve: {} distances but {} predictions", curve.distance.size(), curve.predicted.size());
  }
  if (!curve.distance.allFinite() || !curve.predicted.allFinite()) {
    throw error("settling curve: an entry is not finite");
  }
  if (curve.stride < 1) throw error("settling curve: stride {}, at least 1 is needed", curve.stride);
  std::string csv = "step,distance,predicted\n";
  for (Eigen::Index i = 0; i < curve.distance.size(); ++i) {
    csv += fmt::format("{},{:.9g},", i * curve.stride, curve.distance[i]);
    if (predicted) csv += fmt::format("{:.9g}", curve.predicted[i]);
    csv += '\n';
  }
  return csv;
}

}  // namespace settle
