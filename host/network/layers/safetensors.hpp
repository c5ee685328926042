// The safetensors file format, as far as Settle needs it: named arrays of 32-bit floats and a table of strings.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace settle {

/// An array in row-major order (last index fastest).
struct Tensor {
  std::vector<std::int64_t> shape;
  std::vector<float> values;  ///< as many as the product of `shape`; 1 for an empty shape
};

/// "[16, 1, 3, 3]", for messages.
std::string shape_text(const std::vector<std::int64_t>& shape);

/// What a safetensors file holds.
struct TensorFile {
  std::string name;  ///< where it came from, for messages
  std::map<std::string, Tensor> tensors;
  std::map<std::string, std::string> metadata;

  /// The tensor `tensor`. Throws Error naming the file and the tensor if it is missing or its shape is not `shape`.
  const Tensor& at(const std::string& tensor, const std::vector<std::int64_t>& shape) const;

  /// The metadata entry `key`. Throws Error if it is missing.
  const std::string& text(const std::string& key) const;

  /// The metadata entry `key` as a number. Throws Error if it is missing, no number, or outside [low, high].
  double number(const std::string& key, double low, double high) const;
};

/// Reads and checks a whole file: header, types (F32 only), shapes, offsets (each byte of data belongs to exactly one
/// tensor) and values (finite). Throws Error naming the file, the field and what is allowed.
TensorFile read_safetensors(const std::filesystem::path& path);

/// The bytes of a file that holds `file`; tensors follow each other in the order of their names. Throws Error that
/// begins with its name for a tensor whose values do not fill its shape or are not finite.
std::string safetensors_text(const TensorFile& file);

/// Writes `file` (its `name` is not used); the file appears whole or not at all. Throws Error as safetensors_text, or
/// if writing fails.
void write_safetensors(const std::filesystem::path& path, const TensorFile& file);

}  // namespace settle
