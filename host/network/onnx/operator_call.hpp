// One node of a model together with the values that it takes: what every operator is read from.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/error.hpp"
#include "network/onnx/map_value.hpp"
#include "network/onnx/model.hpp"

namespace settle {

class OperatorCall {
 public:
  /// Refers to all of its arguments. `inputs`: in the node's order; null where one is left out.
  OperatorCall(const OnnxModel& model, const OnnxNode& node, std::vector<const Value*> inputs)
      : model_(model), node_(node), inputs_(std::move(inputs)) {}

  const OnnxNode& node() const { return node_; }
  std::int64_t opset() const { return model_.opset; }
  /// The name of the value that it makes.
  const std::string& result() const { return node_.outputs[0]; }

  std::size_t inputs() const { return inputs_.size(); }
  /// Whether input i is given, and whether it is a map.
  bool has(std::size_t i) const { return i < inputs_.size() && inputs_[i] != nullptr; }
  bool is_map(std::size_t i) const { return has(i) && std::holds_alternative<MapValue>(*inputs_[i]); }

  /// Input i. Throw Error if it is missing or of the other sort; plain_map() also if zeros were put around the map.
  const Constant& constant(std::size_t i) const;
  const MapValue& map(std::size_t i) const;
  const MapValue& plain_map(std::size_t i) const;

  /// Attributes, or what counts where the node does not have them. Throw Error where one is of another type.
  bool has_attribute(const std::string& name) const { return node_.attributes.count(name) != 0; }
  std::int64_t integer(const std::string& name, std::int64_t usual) const;
  std::vector<std::int64_t> integers(const std::string& name, const std::vector<std::int64_t>& usual) const;
  double real(const std::string& name, double usual) const;
  std::string text(const std::string& name, const std::string& usual) const;

  /// The whole numbers of input i or, in the opsets that had it so, of the attribute.
  std::vector<std::int64_t> integers_of(std::size_t i, const std::string& attribute) const;

  /// Throws Error "FILE: OPERATOR NODE: ...".
  template <typename... Args>
  [[noreturn]] void refuse(fmt::format_string<Args...> format, Args&&... args) const {
    refuse_node(model_.file, node_, fmt::format(format, std::forward<Args>(args)...));
  }

  /// The same for a node alone.
  [[noreturn]] static void refuse_node(const std::string& file, const OnnxNode& node, const std::string& text) {
    throw Error(one_line(fmt::format("{}: {} {}: {}", file, node.op, node.name, text)));
  }

 private:
  const OnnxAttribute* attribute(const std::string& name) const;

  const OnnxModel& model_;
  const OnnxNode& node_;
  std::vector<const Value*> inputs_;
};

/// The numbers of a constant as whole ones.
std::vector<std::int64_t> whole_numbers_of(const Constant& constant);

}  // namespace settle
