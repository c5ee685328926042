// Numbers that are known while a model is imported: weights, and all that follows from them and the noise level.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace settle {

/// An array in row-major order (last index fastest). Whole numbers up to 2^53 are exact.
struct Constant {
  enum class Type { real, integer, truth };

  Type type = Type::real;
  std::vector<std::int64_t> shape;  ///< empty: one number
  std::vector<double> values;       ///< as many as the product of `shape`
  bool of_sigma = false;            ///< whether it depends on the noise level

  std::int64_t rank() const { return static_cast<std::int64_t>(shape.size()); }
};

/// Most numbers of an array that is worked out.
inline constexpr std::int64_t kMostNumbers = std::int64_t{1} << 26;

/// The product of the sides; -1 if a side is negative or the product is above kMostNumbers.
std::int64_t count_of(const std::vector<std::int64_t>& shape);

/// "1.5", "[2, 3]" for messages.
std::string shape_of(const Constant& constant);

/// Where the numbers of an array of shape `from` stand when it is repeated to the larger shape `to`: for each number of
/// the result its index in the array. `from` has no more sides than `to`; sides are compared from the last on, those of
/// `from` are `to`'s or 1.
std::vector<std::size_t> repeated(const std::vector<std::int64_t>& from, const std::vector<std::int64_t>& to);

/// The shape to which two arrays are repeated before they are added, multiplied, ... (NumPy's broadcasting). False if
/// they do not go together; `result` is then undefined.
bool common_shape(const std::vector<std::int64_t>& a, const std::vector<std::int64_t>& b,
                  std::vector<std::int64_t>& result);

}  // namespace settle
