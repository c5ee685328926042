// An ONNX file as plain data: what the rest of the import works on.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "network/onnx/constant.hpp"

namespace settle {

/// The versions of ONNX's operators that are read.
inline constexpr std::int64_t kOldestOpset = 9, kNewestOpset = 17;

/// One attribute of a node; what it holds says which member is filled.
struct OnnxAttribute {
  std::vector<std::int64_t> integers;  ///< one for a single number
  std::vector<double> reals;           ///< the same
  std::string text;
  std::optional<Constant> tensor;
};

struct OnnxNode {
  std::string op;                    ///< "Conv"; of another domain than ONNX's own: "domain::Op"
  std::string name;                  ///< its own or, where it has none, that of its first output
  std::vector<std::string> inputs;   ///< names of values; "": one that is left out
  std::vector<std::string> outputs;  ///< the same
  std::map<std::string, OnnxAttribute> attributes;
};

/// An input that whoever runs the model gives.
struct OnnxInput {
  std::string name;
  bool real = true;                                ///< floating point
  bool shaped = true;                              ///< whether the file says its shape
  std::vector<std::optional<std::int64_t>> shape;  ///< nothing: a side that is open
};

struct OnnxModel {
  std::string file;  ///< for messages
  std::string producer;
  std::int64_t opset = 0;
  std::vector<OnnxNode> nodes;
  std::map<std::string, Constant> weights;  ///< by the names of their values
  std::vector<OnnxInput> inputs;
  std::vector<std::string> outputs;
};

/// Reads a file and the files of weights beside it that it names. Throws Error that names file and place if it is no
/// ONNX file, is cut short, is of an opset that is not read, or if weights are missing, of a type that is not read, of
/// another count than their shape, or not finite.
OnnxModel read_onnx(const std::filesystem::path& path);

}  // namespace settle
