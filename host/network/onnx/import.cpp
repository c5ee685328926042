#include "network/onnx/import.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "base/error.hpp"
#include "network/onnx/fold.hpp"
#include "network/onnx/merge.hpp"
#include "network/onnx/model_inputs.hpp"
#include "network/onnx/node_order.hpp"
#include "network/onnx/operators.hpp"

namespace settle {
namespace {

/// Puts the entries of one table into another.
template <typename Table>
void add_table(Table& all, const Table& more) {
  all.insert(more.begin(), more.end());
}

/// Goes through the nodes of a model in order and keeps what each makes.
class Importer {
 public:
  Importer(const OnnxModel& model, const ModelInputs& inputs)
      : model_(model), inputs_(inputs), builder_(inputs.image, inputs.size) {
    for (const auto& table : {number_folders(), shape_folders(), product_folders()}) add_table(folders_, table);
    for (const auto& table :
         {convolution_operators(), grid_operators(), arithmetic_operators(), activation_operators()}) {
      add_table(operators_, table);
    }
    for (const auto& [name, weights] : model.weights) values_.emplace(name, weights);
    values_.insert_or_assign(inputs.image, builder_.image());
    if (!inputs.noise.empty()) values_.insert_or_assign(inputs.noise, inputs.sigma);
  }

  Import import() {
    if (model_.outputs.size() != 1) {
      throw error("{}: outputs {}: one is needed, the denoised image", model_.file, fmt::join(model_.outputs, ", "));
    }
    const std::vector<const OnnxNode*> nodes = needed_nodes(model_, model_.outputs[0], {inputs_.image, inputs_.noise});
    // First of all: normalisation and attention are spelt out, and their parts would be told of in their place.
    for (const OnnxNode* node : nodes) {
      const std::string advice = advice_of(node->op);
      if (!advice.empty()) OperatorCall::refuse_node(model_.file, *node, advice);
    }
    for (const OnnxNode* node : nodes) follow(*node);
    return finish(nodes);
  }

 private:
  void follow(const OnnxNode& node) {
    std::vector<const Value*> inputs;
    bool of_map = false;
    for (const std::string& name : node.inputs) {
      const auto found = values_.find(name);
      if (!name.empty() && found == values_.end()) {
        OperatorCall::refuse_node(model_.file, node, "its input " + name + " is an output that is not read");
      }
      inputs.push_back(name.empty() ? nullptr : &found->second);
      of_map = of_map || (!name.empty() && std::holds_alternative<MapValue>(found->second));
    }
    const OperatorCall call(model_, node, inputs);
    if (of_map && node.op == "Shape") {
      const Value shape = shape_as_constant(call.map(0));
      fold(OperatorCall(model_, node, {&shape}));
    } else if (of_map) {
      translate(call);
    } else {
      fold(call);
    }
  }

  /// Its shape as an array of which only the shape counts.
  static Value shape_as_constant(const MapValue& map) {
    Constant constant;
    const Zeros& z = map.zeros;
    constant.shape = {1, map.size.channels, map.size.grid.height + z.top + z.bottom,
                      map.size.grid.width + z.left + z.right};
    return constant;
  }

  void fold(const OperatorCall& call) {
    const auto folder = folders_.find(call.node().op);
    if (folder == folders_.end()) {
      call.refuse("it is not read for constants: host/network/onnx/README.md lists what is");
    }
    std::vector<Constant> results = folder->second(call);
    for (std::size_t i = 0; i < std::min(results.size(), call.node().outputs.size()); ++i) {
      values_.insert_or_assign(call.node().outputs[i], std::move(results[i]));
    }
  }

  void translate(const OperatorCall& call) {
    const auto found = operators_.find(call.node().op);
    if (found == operators_.end()) call.refuse("{}", map_advice_of(call.node().op));
    for (std::size_t i = 0; i < call.inputs(); ++i) {
      if (call.has(i) && !call.is_map(i) && call.constant(i).of_sigma) depends_on_sigma_ = true;
    }
    values_.insert_or_assign(call.result(), found->second(call, builder_));
  }

  Import finish(const std::vector<const OnnxNode*>& nodes) {
    const OnnxNode& last = *nodes.back();
    const Value& output = values_.at(model_.outputs[0]);
    const OperatorCall call(model_, last, {&output});
    if (!call.is_map(0)) call.refuse("the output {} does not depend on the image", model_.outputs[0]);
    Import result;
    result.graph.output = builder_.node_of(call, call.plain_map(0));
    result.graph.nodes = builder_.take();
    merge_scales(result.graph.nodes, result.graph.output);
    result.graph.image = inputs_.size;
    std::set<std::string> kept;
    for (const Node& node : result.graph.nodes) kept.insert(node.name);
    for (const OnnxNode* node : nodes) {
      const auto made = builder_.made().find(node->outputs[0]);
      const bool own = made != builder_.made().end() && kept.count(made->second) != 0;
      if (!own) result.folded.push_back(node->op + " " + node->name);
    }
    result.depends_on_sigma = depends_on_sigma_;
    return result;
  }

  const OnnxModel& model_;
  const ModelInputs& inputs_;
  GraphBuilder builder_;
  std::map<std::string, Folder> folders_;
  std::map<std::string, MapOperator> operators_;
  std::map<std::string, Value> values_;
  bool depends_on_sigma_ = false;
};

}  // namespace

std::string network_name(const std::filesystem::path& path, const ImportOptions& options) {
  const std::string name = options.name.empty() ? clean_name(path.stem().string()) : options.name;
  if (name.empty() || clean_name(name) != name) {
    throw error("--name: {}: letters, digits, dots, dashes and underscores are allowed, 100 of them",
                one_line(options.name.empty() ? path.stem().string() : options.name));
  }
  return name;
}

Import import_onnx(const std::filesystem::path& path, const ImportOptions& options) {
  if (!(options.sigma > 0 && options.sigma < 1e9)) {
    throw error("--sigma: {}, a number above 0 is needed", options.sigma);
  }
  const std::string name = network_name(path, options);
  try {
    const OnnxModel model = read_onnx(path);
    const ModelInputs inputs = find_inputs(model, options.sigma, options.size);
    Import result = Importer(model, inputs).import();
    result.graph.name = name;
    result.graph.noise_levels = {options.sigma, options.sigma, 0};
    check(result.graph, path.string());
    result.image_input = inputs.image;
    result.noise_input = inputs.noise;
    result.producer = model.producer;
    result.opset = model.opset;
    return result;
  } catch (const Error& e) {
    throw Error(one_line(e.what()));  // names in the file may hold anything
  }
}

MapSize size_of(const std::string& text, const std::string& where) {
  int sides[3] = {0, 0, 0};
  std::size_t at = 0;
  for (int& side : sides) {
    const std::size_t end = std::min(text.find('x', at), text.size());
    const std::string digits = text.substr(at, end - at);
    const bool number = !digits.empty() && digits.size() < 5 &&
                        digits.find_first_not_of("0123456789") == std::string::npos && digits[0] != '0';
    const bool last = &side == &sides[2];
    if (!number || (end == text.size()) != last) throw error("{}: {}: CxHxW is needed, as in 3x32x32", where, text);
    side = std::stoi(digits);
    at = end + 1;
  }
  return {sides[0], {sides[1], sides[2]}};
}

}  // namespace settle
