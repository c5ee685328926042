#include "machine/fixed_point/coefficient_memory.hpp"

#include <utility>

#include "base/error.hpp"
#include "machine/fixed_point/bound.hpp"
#include "machine/fixed_point/fixed_numbers.hpp"

namespace settle {

CoefficientMemory::CoefficientMemory(const Configuration& configuration, std::string name)
    : configuration_(configuration), name_(std::move(name)) {}

std::int16_t CoefficientMemory::coefficient(double value, const std::string& what) const {
  return static_cast<std::int16_t>(to_fixed(value, configuration_.coefficient, name_ + ": " + what));
}

int CoefficientMemory::add_row(int count, const std::function<double(int)>& value, const std::string& what) {
  const int first = static_cast<int>(words_.size());
  for (int i = 0; i < count; ++i) words_.push_back(coefficient(value(i), fmt::format("{}[{}]", what, i)));
  const auto used = static_cast<std::int64_t>(words_.size());
  check_bound(configuration_, name_, "coefficient words", used, "coefficients", configuration_.coefficients);
  return first;
}

int CoefficientMemory::add_matrix(const Eigen::MatrixXd& matrix, const std::string& what) {
  const int first = static_cast<int>(words_.size());
  for (int m = 0; m < matrix.cols(); ++m) {
    add_row(
        static_cast<int>(matrix.rows()), [&](int i) { return matrix(i, m); }, fmt::format("{} column {}", what, m));
  }
  return first;
}

}  // namespace settle
