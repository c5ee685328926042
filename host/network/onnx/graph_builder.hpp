// The network as it grows while the nodes of a model are gone through.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "network/graph/graph.hpp"
#include "network/onnx/map_value.hpp"
#include "network/onnx/operator_call.hpp"

namespace settle {

class GraphBuilder {
 public:
  /// `input`: the name of the model's image.
  GraphBuilder(const std::string& input, const MapSize& image);

  const MapValue& image() const { return image_; }

  /// Adds a node that makes the value `name` of a model's node `op`: its own name follows from it. Fills in the node's
  /// name.
  MapValue add(Node node, const std::string& op, const std::string& name, const MapSize& size);

  /// The name of the node, or "image", that makes a map; adds what is missing for it. `call`: for messages: throws its
  /// Error for a map that no node can make, as a square.
  std::string node_of(const OperatorCall& call, const MapValue& map);

  /// The function of a map's numbers as a node, made now.
  MapValue activated(const OperatorCall& call, const MapValue& map, const Activation& activation,
                     const std::string& name);

  /// Names of values and of the nodes of their own that make them.
  const std::map<std::string, std::string>& made() const { return made_; }

  /// Takes the nodes, in the order in which they were added.
  std::vector<Node> take() { return std::move(nodes_); }

 private:
  std::string node_of_source(const OperatorCall& call, const MapValue& map);
  std::string new_name(const std::string& op, const std::string& value);

  MapValue image_;
  std::vector<Node> nodes_;
  std::map<std::string, std::string> made_;
  std::set<std::string> names_ = {kImageNode};
};

/// A name of at most 100 letters, digits, dots, dashes and underscores, which begins with none of the dots and dashes:
/// slashes become dots, everything else underscores, and what PyTorch puts at the end of every value's name goes.
/// Empty if nothing is left.
std::string clean_name(const std::string& name);

/// A name for a value that is on the way to `name`, which is no value's of a model.
std::string name_on_the_way(const std::string& name, const std::string& what);

/// A map times `factor` plus `offset`; `name`: the value's in the model.
MapValue scaled(const MapValue& map, const Channels& factor, const Channels& offset, const std::string& name);

}  // namespace settle
