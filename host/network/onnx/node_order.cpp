#include "network/onnx/node_order.hpp"

#include <map>
#include <set>

#include "network/onnx/operator_call.hpp"

namespace settle {
namespace {

/// Goes from the output back, without recursion: a model may be as deep as it is large.
class Walk {
 public:
  Walk(const OnnxModel& model, const std::vector<std::string>& given) : model_(model) {
    known_.insert(given.begin(), given.end());
    for (const auto& [name, weights] : model.weights) known_.insert(name);
    for (const OnnxNode& node : model.nodes) {
      for (const std::string& value : node.outputs) {
        if (value.empty()) continue;
        if (known_.count(value) != 0 || !makers_.emplace(value, &node).second) {
          OperatorCall::refuse_node(model.file, node, "its value " + value + " is made twice");
        }
      }
    }
  }

  std::vector<const OnnxNode*> from(const std::string& output) {
    if (known_.count(output) != 0 || makers_.count(output) == 0) {
      throw error("{}: output {}: no node makes it", model_.file, output);
    }
    enter(makers_.at(output));
    while (!stack_.empty()) {
      auto& [node, next] = stack_.back();
      if (next == node->inputs.size()) {
        order_.push_back(node);
        done_.insert(node);
        stack_.pop_back();
        continue;
      }
      const std::string& input = node->inputs[next++];
      if (input.empty() || known_.count(input) != 0) continue;
      const auto maker = makers_.find(input);
      if (maker == makers_.end()) OperatorCall::refuse_node(model_.file, *node, "nothing makes its input " + input);
      if (done_.count(maker->second) != 0) continue;
      if (entered_.count(maker->second) != 0) {
        OperatorCall::refuse_node(model_.file, *node, "it needs its own value, through a cycle of nodes");
      }
      enter(maker->second);
    }
    return order_;
  }

 private:
  void enter(const OnnxNode* node) {
    entered_.insert(node);
    stack_.emplace_back(node, 0);
  }

  const OnnxModel& model_;
  std::set<std::string> known_;
  std::map<std::string, const OnnxNode*> makers_;
  std::vector<std::pair<const OnnxNode*, std::size_t>> stack_;  ///< and which input comes next
  std::set<const OnnxNode*> entered_, done_;
  std::vector<const OnnxNode*> order_;
};

}  // namespace

std::vector<const OnnxNode*> needed_nodes(const OnnxModel& model, const std::string& output,
                                          const std::vector<std::string>& given) {
  return Walk(model, given).from(output);
}

}  // namespace settle
