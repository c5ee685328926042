// The models that make_models.py wrote.
#pragma once

#include <filesystem>
#include <string>

#include "network/layers/safetensors.hpp"
#include "network/onnx/import.hpp"

namespace settle_test {

inline std::filesystem::path model_path(const std::string& name) {
  return std::filesystem::path(SETTLE_SOURCE_DIR) / "tests/onnx/models" / (name + ".onnx");
}

/// An image and what PyTorch answers to it.
struct Reference {
  settle::Map image, output;
  double sigma = 0;
};

inline Reference reference_of(const std::string& name) {
  std::filesystem::path path = model_path(name);
  const settle::TensorFile file = settle::read_safetensors(path.replace_extension(".safetensors"));
  const auto map = [&](const char* key) -> settle::Map {
    const settle::Tensor& tensor = file.tensors.at(key);
    return Eigen::Map<const settle::Map>(tensor.values.data(), tensor.shape.at(0),
                                         tensor.shape.at(1) * tensor.shape.at(2));
  };
  return {map("image"), map("output"), static_cast<double>(file.tensors.at("sigma").values.at(0))};
}

/// At the reference's noise level.
inline settle::Import imported(const std::string& name, const std::optional<settle::MapSize>& size = {}) {
  settle::ImportOptions options;
  options.sigma = reference_of(name).sigma;
  options.size = size;
  return settle::import_onnx(model_path(name), options);
}

}  // namespace settle_test
