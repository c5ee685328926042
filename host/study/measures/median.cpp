#include "study/measures/median.hpp"

#include <utility>

#include "base/median.hpp"
#include "study/measures/check.hpp"

namespace settle {

double median(std::vector<double> values) {
  if (values.empty()) throw measure_error("median: there are no values");
  return middle_of(std::move(values));
}

}  // namespace settle
