#include <algorithm>

#include "network/onnx/fold.hpp"

namespace settle {
namespace {

/// Rows and columns of a matrix, or of its transpose.
struct Matrix {
  const Constant& numbers;
  bool transposed;

  std::int64_t rows() const { return numbers.shape[transposed ? 1 : 0]; }
  std::int64_t columns() const { return numbers.shape[transposed ? 0 : 1]; }
  double at(std::int64_t row, std::int64_t column) const {
    const std::int64_t i = transposed ? column * rows() + row : row * columns() + column;
    return numbers.values[static_cast<std::size_t>(i)];
  }
};

Constant multiplied(const OperatorCall& call, const Matrix& a, const Matrix& b) {
  if (a.columns() != b.rows()) {
    call.refuse("matrices of {} x {} and {} x {} do not go together", a.rows(), a.columns(), b.rows(), b.columns());
  }
  Constant result;
  result.shape = {a.rows(), b.columns()};
  if (count_of(result.shape) < 0) call.refuse("{} numbers are allowed", kMostNumbers);
  result.of_sigma = a.numbers.of_sigma || b.numbers.of_sigma;
  for (std::int64_t row = 0; row < a.rows(); ++row) {
    for (std::int64_t column = 0; column < b.columns(); ++column) {
      double sum = 0;
      for (std::int64_t i = 0; i < a.columns(); ++i) sum += a.at(row, i) * b.at(i, column);
      result.values.push_back(sum);
    }
  }
  return result;
}

std::vector<Constant> affine(const OperatorCall& call) {  // Gemm
  const Constant &a = call.constant(0), &b = call.constant(1);
  if (a.rank() != 2 || b.rank() != 2) call.refuse("{} and {}, matrices are needed", shape_of(a), shape_of(b));
  Constant result = multiplied(call, {a, call.integer("transA", 0) != 0}, {b, call.integer("transB", 0) != 0});
  for (double& value : result.values) value *= call.real("alpha", 1);
  if (!call.has(2)) return {result};
  const Constant& offset = call.constant(2);
  std::vector<std::int64_t> shape;
  if (!common_shape(offset.shape, result.shape, shape) || shape != result.shape) {
    call.refuse("an offset of {} does not go with {}", shape_of(offset), shape_of(result));
  }
  const std::vector<std::size_t> places = repeated(offset.shape, result.shape);
  for (std::size_t i = 0; i < places.size(); ++i) {
    result.values[i] += call.real("beta", 1) * offset.values[places[i]];
  }
  result.of_sigma = result.of_sigma || offset.of_sigma;
  return {result};
}

/// Vectors count as a row or a column; sides of 1 before the last two are dropped, others are not taken.
std::vector<Constant> product(const OperatorCall& call) {  // MatMul
  Constant a = call.constant(0), b = call.constant(1);
  std::vector<std::int64_t> shape;
  if (a.rank() == 0 || b.rank() == 0) call.refuse("one number is no matrix");
  const bool row = a.rank() == 1, column = b.rank() == 1;
  if (row) a.shape.insert(a.shape.begin(), 1);
  if (column) b.shape.push_back(1);
  if (b.rank() > 2) call.refuse("the second of the matrices is {}, two sides are allowed", shape_of(b));
  // Whatever stands before the last side of the first one are more rows.
  shape.assign(a.shape.begin(), a.shape.end() - 1);
  const std::int64_t length = a.shape.back();
  a.shape = {count_of(shape), length};
  Constant result = multiplied(call, {a, false}, {b, false});
  if (row) shape.clear();
  if (!column) shape.push_back(b.shape[1]);
  result.shape = shape;
  return {result};
}

/// Sums, or means, over sides.
Constant reduced(const OperatorCall& call, bool mean) {
  const Constant& from = call.constant(0);
  std::vector<std::int64_t> axes = call.integers_of(1, "axes");
  if (axes.empty() && call.integer("noop_with_empty_axes", 0) != 0) return from;
  std::vector<bool> gone(from.shape.size(), axes.empty());
  for (const std::int64_t axis : axes) gone[index_of(call, axis, from.rank())] = true;
  Constant result;
  result.type = from.type;
  result.of_sigma = from.of_sigma;
  std::vector<std::int64_t> kept;  // with 1 for each side that goes
  for (std::size_t i = 0; i < gone.size(); ++i) {
    kept.push_back(gone[i] ? 1 : from.shape[i]);
    if (!gone[i] || call.integer("keepdims", 1) != 0) result.shape.push_back(kept.back());
  }
  result.values.assign(static_cast<std::size_t>(count_of(kept)), 0);
  const std::vector<std::size_t> places = repeated(kept, from.shape);
  for (std::size_t i = 0; i < places.size(); ++i) result.values[places[i]] += from.values[i];
  if (mean) {
    const double count = static_cast<double>(from.values.size()) / static_cast<double>(result.values.size());
    for (double& value : result.values) value /= count;
  }
  return result;
}

std::vector<Constant> summed(const OperatorCall& call) { return {reduced(call, false)}; }
std::vector<Constant> averaged(const OperatorCall& call) { return {reduced(call, true)}; }

}  // namespace

std::map<std::string, Folder> product_folders() {
  return {{"Gemm", affine}, {"MatMul", product}, {"ReduceMean", averaged}, {"ReduceSum", summed}};
}

}  // namespace settle
