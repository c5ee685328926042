// The array's coefficient memory as it fills up: numbers of the machine become coefficients, row by row, and each row
// is known by the address of its first word.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include <Eigen/Core>

#include "contract/configuration/configuration.hpp"

namespace settle {

class CoefficientMemory {
 public:
  /// `name` (the machine's file) begins every error.
  CoefficientMemory(const Configuration& configuration, std::string name);

  /// `value` as one coefficient. Throws Error naming `what`, the value and the range if it does not fit.
  std::int16_t coefficient(double value, const std::string& what) const;

  /// Appends a row of `count` words, value(0) to value(count - 1); returns the address of the first. Throws Error
  /// naming `what` and the index of a value that does not fit its format, or if the configuration's memory is full.
  int add_row(int count, const std::function<double(int)>& value, const std::string& what);

  /// Appends a matrix as one row per column; returns the address of the first. Throws as add_row.
  int add_matrix(const Eigen::MatrixXd& matrix, const std::string& what);

  /// Words so far.
  const std::vector<std::int16_t>& words() const { return words_; }

 private:
  const Configuration& configuration_;
  std::string name_;
  std::vector<std::int16_t> words_;
};

}  // namespace settle
