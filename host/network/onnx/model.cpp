#include "network/onnx/model.hpp"

#include <utility>

#include <google/protobuf/stubs/logging.h>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/foreign_file.hpp"
#include "network/onnx/protobuf.hpp"
#include "network/onnx/tensor_values.hpp"

namespace settle {
namespace {

class ModelReader {
 public:
  explicit ModelReader(const std::filesystem::path& path) : path_(path), tensors_(path) {}

  OnnxModel read() {
    parse();
    model_.file = path_.string();
    model_.producer = proto_.producer_name();
    if (!proto_.producer_version().empty()) model_.producer += " " + proto_.producer_version();
    read_opset();
    const onnx::GraphProto& graph = proto_.graph();
    if (graph.sparse_initializer_size() != 0) {
      throw error("{}: it has sparse weights, only dense ones are read", model_.file);
    }
    for (const onnx::TensorProto& tensor : graph.initializer()) {
      model_.weights.insert_or_assign(tensor.name(), tensors_.read(tensor, tensor.name()));
    }
    for (const onnx::ValueInfoProto& input : graph.input()) {
      if (model_.weights.count(input.name()) == 0) model_.inputs.push_back(input_of(input));
    }
    for (const onnx::ValueInfoProto& output : graph.output()) model_.outputs.push_back(output.name());
    for (const onnx::NodeProto& node : graph.node()) model_.nodes.push_back(node_of(node));
    return std::move(model_);
  }

 private:
  void parse() {
    const std::vector<std::uint8_t> bytes = read_bytes(path_);
    refuse_foreign({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, FileKind::onnx, path_.string(),
                   "an ONNX file");
    const google::protobuf::LogSilencer silence;  // what is wrong is said here, in one line
    if (!proto_.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
      throw error("{}: no ONNX file, or one that is cut short", path_.string());
    }
    if (!proto_.has_graph() || proto_.graph().node_size() == 0) {
      throw error("{}: no ONNX file, or one that is cut short: it has no nodes", path_.string());
    }
  }

  void read_opset() {
    for (const onnx::OperatorSetIdProto& opset : proto_.opset_import()) {
      if (is_own(opset.domain())) model_.opset = opset.version();
    }
    if (model_.opset < kOldestOpset || model_.opset > kNewestOpset) {
      throw error("{}: opset {}, {} to {} are read: export it with opset_version={}", path_.string(), model_.opset,
                  kOldestOpset, kNewestOpset, kNewestOpset);
    }
  }

  static bool is_own(const std::string& domain) { return domain.empty() || domain == "ai.onnx"; }

  static OnnxInput input_of(const onnx::ValueInfoProto& proto) {
    OnnxInput input;
    input.name = proto.name();
    const onnx::TypeProto_Tensor& type = proto.type().tensor_type();
    input.real = is_real_type(type.elem_type());
    input.shaped = type.has_shape();
    for (const onnx::TensorShapeProto_Dimension& side : type.shape().dim()) {
      const bool fixed = side.has_dim_value() && side.dim_value() > 0;
      input.shape.push_back(fixed ? std::optional<std::int64_t>(side.dim_value()) : std::nullopt);
    }
    return input;
  }

  OnnxNode node_of(const onnx::NodeProto& proto) {
    OnnxNode node;
    node.op = is_own(proto.domain()) ? proto.op_type() : proto.domain() + "::" + proto.op_type();
    node.inputs.assign(proto.input().begin(), proto.input().end());
    node.outputs.assign(proto.output().begin(), proto.output().end());
    node.name = proto.name();
    if (node.outputs.empty()) throw error("{}: {} {}: it makes nothing", path_.string(), node.op, node.name);
    if (node.name.empty()) node.name = node.outputs[0];
    for (const onnx::AttributeProto& attribute : proto.attribute()) {
      node.attributes[attribute.name()] = attribute_of(attribute, node);
    }
    return node;
  }

  /// Parts of models (`If`, `Loop`) and lists of tensors are left empty: no operator that is read has them.
  OnnxAttribute attribute_of(const onnx::AttributeProto& proto, const OnnxNode& node) {
    OnnxAttribute attribute;
    attribute.integers.assign(proto.ints().begin(), proto.ints().end());
    attribute.reals.assign(proto.floats().begin(), proto.floats().end());
    if (proto.has_i()) attribute.integers.push_back(proto.i());
    if (proto.has_f()) attribute.reals.push_back(static_cast<double>(proto.f()));
    attribute.text = proto.s();
    if (proto.has_t()) attribute.tensor = tensors_.read(proto.t(), node.outputs[0]);
    return attribute;
  }

  std::filesystem::path path_;
  TensorReader tensors_;
  onnx::ModelProto proto_;
  OnnxModel model_;
};

}  // namespace

OnnxModel read_onnx(const std::filesystem::path& path) { return ModelReader(path).read(); }

}  // namespace settle
