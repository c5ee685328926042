#include "study/measures/median.hpp"

#include <algorithm>

#include "study/measures/check.hpp"

namespace settle {

double median(std::vector<double> values) {
  if (values.empty()) throw measure_error("median: there are no values");
  std::sort(values.begin(), values.end());
  const std::size_t half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

}  // namespace settle
