#include <algorithm>
#include <cmath>

#include "network/onnx/fold.hpp"

namespace settle {
namespace {

using Type = Constant::Type;

template <double (*function)(double)>
std::vector<Constant> each(const OperatorCall& call) {
  Constant result = call.constant(0);
  for (double& value : result.values) value = function(value);
  return {result};
}

/// Works out a function of two arrays, number by number, after both are repeated to one shape.
template <typename Function>
Constant pairwise(const OperatorCall& call, const Constant& a, const Constant& b, Function function) {
  Constant result;
  if (!common_shape(a.shape, b.shape, result.shape)) {
    call.refuse("{} and {} do not go together", shape_of(a), shape_of(b));
  }
  const std::vector<std::size_t> of_a = repeated(a.shape, result.shape), of_b = repeated(b.shape, result.shape);
  for (std::size_t i = 0; i < of_a.size(); ++i) result.values.push_back(function(a.values[of_a[i]], b.values[of_b[i]]));
  result.type = a.type;
  result.of_sigma = a.of_sigma || b.of_sigma;
  return result;
}

template <double (*function)(double, double)>
std::vector<Constant> both(const OperatorCall& call) {
  Constant result = call.constant(0);
  for (std::size_t i = 1; i < call.inputs(); ++i) result = pairwise(call, result, call.constant(i), function);
  return {result};
}

std::vector<Constant> divided(const OperatorCall& call) {
  const bool whole = call.constant(0).type == Type::integer;
  return {pairwise(call, call.constant(0), call.constant(1), [&](double a, double b) {
    if (!whole) return a / b;
    if (b == 0) call.refuse("a whole number is divided by 0");
    return std::trunc(a / b);
  })};
}

template <bool (*function)(double, double)>
std::vector<Constant> compared(const OperatorCall& call) {
  Constant result =
      pairwise(call, call.constant(0), call.constant(1), [](double a, double b) { return function(a, b) ? 1.0 : 0.0; });
  result.type = Type::truth;
  return {result};
}

std::vector<Constant> chosen(const OperatorCall& call) {
  const Constant &condition = call.constant(0), &a = call.constant(1), &b = call.constant(2);
  // NaN marks what the first step leaves to the second; it cannot come from a file.
  Constant result = pairwise(call, condition, a, [](double c, double x) { return c != 0 ? x : NAN; });
  const bool of_sigma = result.of_sigma;
  result = pairwise(call, result, b, [](double x, double y) { return std::isnan(x) ? y : x; });
  result.type = a.type;
  result.of_sigma = of_sigma || b.of_sigma;
  return {result};
}

std::vector<Constant> leaky_numbers(const OperatorCall& call) {
  Constant result = call.constant(0);
  const double slope = call.real("alpha", 0.01);
  for (double& value : result.values) value = value >= 0 ? value : slope * value;
  return {result};
}

std::vector<Constant> clipped_numbers(const OperatorCall& call) {
  Constant result = call.constant(0);
  const auto bound = [&](std::size_t i, const char* name, double usual) {
    if (!call.has(i)) return call.real(name, usual);
    if (call.constant(i).values.size() != 1) call.refuse("a bound is not one number");
    return call.constant(i).values[0];
  };
  const double lowest = bound(1, "min", -INFINITY), highest = bound(2, "max", INFINITY);
  for (double& value : result.values) value = std::fmin(highest, std::fmax(lowest, value));
  return {result};
}

std::vector<Constant> cast_numbers(const OperatorCall& call) {
  Constant result = call.constant(0);
  constexpr std::int64_t kBool = 9;
  switch (call.integer("to", 0)) {
    case 1:   // float
    case 10:  // float16
    case 11:  // double
    case 16:  // bfloat16
      result.type = Type::real;
      break;
    case kBool:
      result.type = Type::truth;
      for (double& value : result.values) value = value != 0 ? 1 : 0;
      break;
    default:
      result.type = Type::integer;
      for (double& value : result.values) value = std::trunc(value);
  }
  return {result};
}

std::vector<Constant> same_numbers(const OperatorCall& call) { return {call.constant(0)}; }

double sigmoid_of(double x) { return 1 / (1 + std::exp(-x)); }
double softplus_of(double x) { return std::fmax(x, 0) + std::log1p(std::exp(-std::abs(x))); }
double negative(double x) { return -x; }
double reciprocal(double x) { return 1 / x; }
double rectified(double x) { return std::fmax(x, 0); }
double add_numbers(double a, double b) { return a + b; }
double subtract_numbers(double a, double b) { return a - b; }
double multiply_numbers(double a, double b) { return a * b; }
bool equal(double a, double b) { return a == b; }
bool less(double a, double b) { return a < b; }
bool greater(double a, double b) { return a > b; }

}  // namespace

std::map<std::string, Folder> number_folders() {
  return {{"Abs", each<std::fabs>},
          {"Add", both<add_numbers>},
          {"Cast", cast_numbers},
          {"Ceil", each<std::ceil>},
          {"Clip", clipped_numbers},
          {"Cos", each<std::cos>},
          {"Div", divided},
          {"Dropout", same_numbers},
          {"Equal", compared<equal>},
          {"Erf", each<std::erf>},
          {"Exp", each<std::exp>},
          {"Floor", each<std::floor>},
          {"Greater", compared<greater>},
          {"Identity", same_numbers},
          {"LeakyRelu", leaky_numbers},
          {"Less", compared<less>},
          {"Log", each<std::log>},
          {"Max", both<std::fmax>},
          {"Min", both<std::fmin>},
          {"Mul", both<multiply_numbers>},
          {"Neg", each<negative>},
          {"Pow", both<std::pow>},
          {"Reciprocal", each<reciprocal>},
          {"Relu", each<rectified>},
          {"Sigmoid", each<sigmoid_of>},
          {"Sin", each<std::sin>},
          {"Softplus", each<softplus_of>},
          {"Sqrt", each<std::sqrt>},
          {"Sub", both<subtract_numbers>},
          {"Tanh", each<std::tanh>},
          {"Where", chosen}};
}

}  // namespace settle
