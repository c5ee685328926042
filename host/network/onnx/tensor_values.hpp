// The numbers of a tensor in an ONNX file, however they are stored.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "network/onnx/constant.hpp"
#include "network/onnx/protobuf.hpp"

namespace settle {

/// Reads tensors of one model, and files of weights beside it, each once.
class TensorReader {
 public:
  explicit TensorReader(const std::filesystem::path& model) : model_(model) {}

  /// `name`: for messages. Throws Error naming file and tensor, as read_onnx() says.
  Constant read(const onnx::TensorProto& tensor, const std::string& name);

 private:
  std::string bytes_beside(const onnx::TensorProto& tensor, const std::string& where, std::size_t needed);

  std::filesystem::path model_;
  std::map<std::string, std::vector<std::uint8_t>> files_;
};

/// Whether a type of elements is floating point.
bool is_real_type(int type);

}  // namespace settle
