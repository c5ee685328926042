#include "network/onnx/operator_call.hpp"

#include <cmath>

namespace settle {

const Constant& OperatorCall::constant(std::size_t i) const {
  if (!has(i)) refuse("input {} is missing", i + 1);
  const auto* const found = std::get_if<Constant>(inputs_[i]);
  if (found == nullptr) refuse("input {} ({}) depends on the image, a constant is needed", i + 1, node_.inputs[i]);
  return *found;
}

const MapValue& OperatorCall::map(std::size_t i) const {
  if (!has(i)) refuse("input {} is missing", i + 1);
  const auto* const found = std::get_if<MapValue>(inputs_[i]);
  if (found == nullptr) refuse("input {} ({}) is a constant, a map is needed", i + 1, node_.inputs[i]);
  return *found;
}

const MapValue& OperatorCall::plain_map(std::size_t i) const {
  const MapValue& found = map(i);
  if (found.zeros.any()) refuse("{} was padded: only a convolution takes a padded map", node_.inputs[i]);
  return found;
}

const OnnxAttribute* OperatorCall::attribute(const std::string& name) const {
  const auto found = node_.attributes.find(name);
  return found == node_.attributes.end() ? nullptr : &found->second;
}

std::int64_t OperatorCall::integer(const std::string& name, std::int64_t usual) const {
  const OnnxAttribute* const found = attribute(name);
  if (found == nullptr) return usual;
  if (found->integers.size() != 1) refuse("{} is not one whole number", name);
  return found->integers[0];
}

std::vector<std::int64_t> OperatorCall::integers(const std::string& name,
                                                 const std::vector<std::int64_t>& usual) const {
  const OnnxAttribute* const found = attribute(name);
  return found == nullptr ? usual : found->integers;
}

double OperatorCall::real(const std::string& name, double usual) const {
  const OnnxAttribute* const found = attribute(name);
  if (found == nullptr) return usual;
  if (found->reals.size() != 1) refuse("{} is not one number", name);
  return found->reals[0];
}

std::string OperatorCall::text(const std::string& name, const std::string& usual) const {
  const OnnxAttribute* const found = attribute(name);
  return found == nullptr ? usual : found->text;
}

std::vector<std::int64_t> OperatorCall::integers_of(std::size_t i, const std::string& attribute) const {
  if (has(i)) return whole_numbers_of(constant(i));
  return integers(attribute, {});
}

std::vector<std::int64_t> whole_numbers_of(const Constant& constant) {
  constexpr double kMost = 9e18;  // some files say "to the end" with the largest number there is
  std::vector<std::int64_t> numbers;
  for (const double value : constant.values) {
    numbers.push_back(static_cast<std::int64_t>(std::fmax(-kMost, std::fmin(kMost, value))));
  }
  return numbers;
}

}  // namespace settle
