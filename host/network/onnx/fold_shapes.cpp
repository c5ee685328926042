#include <algorithm>
#include <cmath>
#include <numeric>

#include "network/layers/safetensors.hpp"
#include "network/onnx/fold.hpp"

namespace settle {
namespace {

using Shape = std::vector<std::int64_t>;

/// The same numbers in another shape.
Constant reshaped(const OperatorCall& call, const Constant& from, const Shape& shape) {
  if (count_of(shape) != static_cast<std::int64_t>(from.values.size())) {
    call.refuse("{} cannot become {}", shape_of(from), shape_text(shape));
  }
  Constant result = from;
  result.shape = shape;
  return result;
}

/// As `from` in everything but its shape and numbers.
Constant like(const Constant& from) {
  Constant result;
  result.type = from.type;
  result.of_sigma = from.of_sigma;
  return result;
}

std::int64_t size_between(const Shape& shape, std::size_t begin, std::size_t end) {
  std::int64_t size = 1;
  for (std::size_t i = begin; i < end; ++i) size *= shape[i];
  return size;
}

/// The numbers of side `axis` at `places`, in that order; -1 is none.
Constant picked(const Constant& from, std::size_t axis, const Shape& places) {
  Constant result = like(from);
  result.shape = from.shape;
  result.shape[axis] = static_cast<std::int64_t>(places.size());
  const std::int64_t before = size_between(from.shape, 0, axis), length = from.shape[axis],
                     after = size_between(from.shape, axis + 1, from.shape.size());
  for (std::int64_t b = 0; b < before; ++b) {
    for (const std::int64_t place : places) {
      const auto first = from.values.begin() + (b * length + place) * after;
      result.values.insert(result.values.end(), first, first + after);
    }
  }
  return result;
}

std::vector<Constant> constant(const OperatorCall& call) {
  const OnnxNode& node = call.node();
  const auto tensor = node.attributes.find("value");
  if (tensor != node.attributes.end() && tensor->second.tensor) return {*tensor->second.tensor};
  Constant result;
  for (const char* const key : {"value_float", "value_floats"}) {
    const auto found = node.attributes.find(key);
    if (found == node.attributes.end()) continue;
    result.values = found->second.reals;
    if (found->first == "value_floats") result.shape = {static_cast<std::int64_t>(result.values.size())};
    return {result};
  }
  result.type = Constant::Type::integer;
  for (const char* const key : {"value_int", "value_ints"}) {
    const auto found = node.attributes.find(key);
    if (found == node.attributes.end()) continue;
    for (const std::int64_t value : found->second.integers) result.values.push_back(static_cast<double>(value));
    if (found->first == "value_ints") result.shape = {static_cast<std::int64_t>(result.values.size())};
    return {result};
  }
  call.refuse("it holds no numbers that are read");
}

std::vector<Constant> filled(const OperatorCall& call) {
  Constant result;
  result.shape = whole_numbers_of(call.constant(0));
  const std::int64_t count = count_of(result.shape);
  if (count < 0) call.refuse("shape {}, {} numbers are allowed", shape_text(result.shape), kMostNumbers);
  double value = 0;
  const auto tensor = call.node().attributes.find("value");
  if (tensor != call.node().attributes.end() && tensor->second.tensor && tensor->second.tensor->values.size() == 1) {
    value = tensor->second.tensor->values[0];
    result.type = tensor->second.tensor->type;
  }
  result.values.assign(static_cast<std::size_t>(count), value);
  return {result};
}

std::vector<Constant> shape(const OperatorCall& call) {
  const Constant& from = call.constant(0);
  Constant result;
  result.type = Constant::Type::integer;
  const auto bound = [&](const char* name, std::int64_t usual) {
    const std::int64_t given = call.integer(name, usual);
    return std::clamp<std::int64_t>(given < 0 ? given + from.rank() : given, 0, from.rank());
  };
  const std::int64_t end = bound("end", from.rank());
  for (std::int64_t i = bound("start", 0); i < end; ++i) {
    result.values.push_back(static_cast<double>(from.shape[static_cast<std::size_t>(i)]));
  }
  result.shape = {static_cast<std::int64_t>(result.values.size())};
  return {result};
}

std::vector<Constant> gathered(const OperatorCall& call) {
  const Constant &from = call.constant(0), &indices = call.constant(1);
  const std::size_t axis = index_of(call, call.integer("axis", 0), from.rank());
  Shape places;
  for (const std::int64_t index : whole_numbers_of(indices)) {
    places.push_back(static_cast<std::int64_t>(index_of(call, index, from.shape[axis])));
  }
  Shape size = from.shape;
  size[axis] = static_cast<std::int64_t>(places.size());
  if (count_of(size) < 0) call.refuse("{} numbers are allowed", kMostNumbers);
  Constant result = picked(from, axis, places);
  const auto at = result.shape.erase(result.shape.begin() + static_cast<std::ptrdiff_t>(axis));
  result.shape.insert(at, indices.shape.begin(), indices.shape.end());
  result.of_sigma = from.of_sigma || indices.of_sigma;
  return {result};
}

std::vector<Constant> sliced(const OperatorCall& call) {
  Constant result = call.constant(0);
  const Shape starts = call.integers_of(1, "starts"), ends = call.integers_of(2, "ends");
  Shape axes = call.integers_of(3, "axes"), steps = call.has(4) ? whole_numbers_of(call.constant(4)) : Shape();
  if (axes.empty()) {
    axes.resize(starts.size());
    std::iota(axes.begin(), axes.end(), 0);
  }
  if (steps.empty()) steps.assign(starts.size(), 1);
  if (ends.size() != starts.size() || axes.size() != starts.size() || steps.size() != starts.size()) {
    call.refuse("{} starts, {} ends, {} axes, {} steps", starts.size(), ends.size(), axes.size(), steps.size());
  }
  for (std::size_t i = 0; i < starts.size(); ++i) {
    const std::size_t axis = index_of(call, axes[i], result.rank());
    const std::int64_t length = result.shape[axis], step = steps[i];
    if (step == 0 || std::abs(step) > kMostNumbers) call.refuse("a step of {}", step);
    const auto bound = [&](std::int64_t given) {
      const std::int64_t from_start = given < 0 ? given + length : given;
      return step > 0 ? std::clamp<std::int64_t>(from_start, 0, length)
                      : std::clamp<std::int64_t>(from_start, -1, length - 1);
    };
    Shape places;
    const std::int64_t end = bound(ends[i]);
    for (std::int64_t at = bound(starts[i]); step > 0 ? at < end : at > end; at += step) places.push_back(at);
    result = picked(result, axis, places);
  }
  return {result};
}

std::vector<Constant> split(const OperatorCall& call) {
  const Constant& from = call.constant(0);
  const std::size_t axis = index_of(call, call.integer("axis", 0), from.rank());
  const auto parts = static_cast<std::int64_t>(call.node().outputs.size());
  Shape lengths = call.integers_of(1, "split");
  if (lengths.empty()) lengths.assign(static_cast<std::size_t>(parts), from.shape[axis] / parts);
  const bool whole =
      std::all_of(lengths.begin(), lengths.end(), [](std::int64_t l) { return l >= 0 && l < kMostNumbers; });
  if (!whole || static_cast<std::int64_t>(lengths.size()) != parts ||
      std::accumulate(lengths.begin(), lengths.end(), std::int64_t{0}) != from.shape[axis]) {
    call.refuse("{} cannot be cut into {}", shape_of(from), shape_text(lengths));
  }
  std::vector<Constant> results;
  std::int64_t at = 0;
  for (const std::int64_t length : lengths) {
    Shape places(static_cast<std::size_t>(length));
    std::iota(places.begin(), places.end(), at);
    results.push_back(picked(from, axis, places));
    at += length;
  }
  return results;
}

std::vector<Constant> joined(const OperatorCall& call) {
  const Constant& first = call.constant(0);
  const std::size_t axis = index_of(call, call.integer("axis", 0), first.rank());
  const std::int64_t before = size_between(first.shape, 0, axis);
  Constant result = like(first);
  result.shape = first.shape;
  result.shape[axis] = 0;
  for (std::size_t i = 0; i < call.inputs(); ++i) {
    const Constant& part = call.constant(i);
    Shape wanted = first.shape;
    if (part.rank() == first.rank()) wanted[axis] = part.shape[axis];
    if (part.shape != wanted) call.refuse("{} and {} do not go together", shape_of(first), shape_of(part));
    result.shape[axis] += part.shape[axis];
    result.of_sigma = result.of_sigma || part.of_sigma;
    if (count_of(result.shape) < 0) call.refuse("{} numbers are allowed", kMostNumbers);
  }
  for (std::int64_t b = 0; b < before; ++b) {
    for (std::size_t i = 0; i < call.inputs(); ++i) {
      const std::vector<double>& values = call.constant(i).values;
      const std::int64_t length = static_cast<std::int64_t>(values.size()) / before;
      result.values.insert(result.values.end(), values.begin() + b * length, values.begin() + (b + 1) * length);
    }
  }
  return {result};
}

std::vector<Constant> unsqueezed(const OperatorCall& call) {
  const Constant& from = call.constant(0);
  const Shape axes = call.integers_of(1, "axes");
  const std::int64_t rank = from.rank() + static_cast<std::int64_t>(axes.size());
  Shape shape(static_cast<std::size_t>(rank), 0);
  for (const std::int64_t axis : axes) shape[index_of(call, axis, rank)] = 1;
  auto next = from.shape.begin();
  for (std::int64_t& side : shape) {
    if (side == 0 && next != from.shape.end()) side = *next++;
  }
  return {reshaped(call, from, shape)};
}

std::vector<Constant> squeezed(const OperatorCall& call) {
  const Constant& from = call.constant(0);
  const Shape axes = call.integers_of(1, "axes");
  std::vector<bool> gone(from.shape.size(), false);
  for (std::size_t i = 0; i < gone.size(); ++i) gone[i] = axes.empty() && from.shape[i] == 1;
  for (const std::int64_t axis : axes) gone[index_of(call, axis, from.rank())] = true;
  Shape kept;
  for (std::size_t i = 0; i < gone.size(); ++i) {
    if (!gone[i]) kept.push_back(from.shape[i]);
  }
  return {reshaped(call, from, kept)};
}

std::vector<Constant> in_shape(const OperatorCall& call) {
  const Constant& from = call.constant(0);
  Shape shape = whole_numbers_of(call.constant(1));
  std::int64_t known = 1;
  std::size_t open = shape.size();
  for (std::size_t i = 0; i < shape.size(); ++i) {
    if (shape[i] == 0 && call.integer("allowzero", 0) == 0 && i < from.shape.size()) shape[i] = from.shape[i];
    if (shape[i] == -1) open = i;
    if (shape[i] > 0 && known <= kMostNumbers) known *= shape[i];
  }
  if (open < shape.size()) shape[open] = static_cast<std::int64_t>(from.values.size()) / known;
  return {reshaped(call, from, shape)};
}

std::vector<Constant> flattened(const OperatorCall& call) {
  const Constant& from = call.constant(0);
  std::int64_t axis = call.integer("axis", 1);
  if (axis < 0) axis += from.rank();
  if (axis < 0 || axis > from.rank()) call.refuse("axis {} of {}", axis, shape_of(from));
  const auto at = static_cast<std::size_t>(axis);
  return {reshaped(call, from, {size_between(from.shape, 0, at), size_between(from.shape, at, from.shape.size())})};
}

std::vector<Constant> transposed(const OperatorCall& call) {
  const Constant& from = call.constant(0);
  Shape order(from.shape.size());
  std::iota(order.rbegin(), order.rend(), 0);
  order = call.integers("perm", order);
  Shape sorted = order;
  std::sort(sorted.begin(), sorted.end());
  for (std::size_t i = 0; i < std::max(sorted.size(), from.shape.size()); ++i) {
    if (sorted.size() != from.shape.size() || sorted[i] != static_cast<std::int64_t>(i)) {
      call.refuse("perm {} is no order of the sides of {}", shape_text(order), shape_of(from));
    }
  }
  Constant result = like(from);
  for (const std::int64_t side : order) result.shape.push_back(from.shape[static_cast<std::size_t>(side)]);
  for (std::size_t i = 0; i < from.values.size(); ++i) {
    // The place of number i of the result along each of its sides gives that in `from`.
    std::int64_t rest = static_cast<std::int64_t>(i), index = 0;
    for (std::size_t side = order.size(); side-- > 0;) {
      const auto from_side = static_cast<std::size_t>(order[side]);
      index += rest % result.shape[side] * size_between(from.shape, from_side + 1, from.shape.size());
      rest /= result.shape[side];
    }
    result.values.push_back(from.values[static_cast<std::size_t>(index)]);
  }
  return {result};
}

std::vector<Constant> expanded(const OperatorCall& call) {
  const Constant& from = call.constant(0);
  Constant result = like(from);
  if (!common_shape(from.shape, whole_numbers_of(call.constant(1)), result.shape)) {
    call.refuse("{} cannot be repeated to {}", shape_of(from), shape_text(whole_numbers_of(call.constant(1))));
  }
  for (const std::size_t place : repeated(from.shape, result.shape)) result.values.push_back(from.values[place]);
  return {result};
}

std::vector<Constant> range(const OperatorCall& call) {
  for (const std::size_t i : {0U, 1U, 2U}) {
    if (call.constant(i).values.size() != 1)
      call.refuse("input {} is {}, one number is needed", i + 1, shape_of(call.constant(i)));
  }
  const double start = call.constant(0).values[0], end = call.constant(1).values[0], step = call.constant(2).values[0];
  const double count = std::fmax(0.0, std::ceil((end - start) / step));
  if (!(count <= static_cast<double>(kMostNumbers))) call.refuse("{} to {} in steps of {}", start, end, step);
  Constant result = like(call.constant(0));
  for (std::int64_t i = 0; i < static_cast<std::int64_t>(count); ++i) {
    result.values.push_back(start + static_cast<double>(i) * step);
  }
  result.shape = {static_cast<std::int64_t>(result.values.size())};
  return {result};
}

}  // namespace

std::size_t index_of(const OperatorCall& call, std::int64_t index, std::int64_t length) {
  if (index < -length || index >= length) call.refuse("index {} of {}", index, length);
  return static_cast<std::size_t>(index < 0 ? index + length : index);
}

std::map<std::string, Folder> shape_folders() {
  return {{"Concat", joined},        {"Constant", constant},   {"ConstantOfShape", filled},
          {"Expand", expanded},      {"Flatten", flattened},   {"Gather", gathered},
          {"Range", range},          {"Reshape", in_shape},    {"Shape", shape},
          {"Slice", sliced},         {"Split", split},         {"Squeeze", squeezed},
          {"Transpose", transposed}, {"Unsqueeze", unsqueezed}};
}

}  // namespace settle
