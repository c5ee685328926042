#include "network/layers/safetensors.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <iterator>
#include <limits>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/foreign_file.hpp"
#include "base/json.hpp"

namespace settle {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kLengthBytes = 8;            // the file starts with the header's length
constexpr std::uint64_t kLongestHeader = 1 << 20;  // far above any of ours; a foreign file shows itself here
constexpr const char* kMetadata = "__metadata__";

// Bytes [begin, end) of the data belong to a tensor.
struct Extent {
  std::uint64_t begin, end;
  std::string tensor;
};

std::vector<std::uint64_t> whole_numbers(const JsonValue& list) {
  std::vector<std::uint64_t> numbers;
  for (const JsonValue& item : list.items()) numbers.push_back(item.unsigned_integer());
  return numbers;
}

// The number of values of a shape, or an Error if they cannot fit into `limit` values.
std::uint64_t value_count(const std::vector<std::uint64_t>& shape, std::uint64_t limit, const std::string& where) {
  std::uint64_t count = 1;
  for (const std::uint64_t side : shape) {
    const bool far_too_large = side > std::numeric_limits<std::uint32_t>::max();  // beside another side of 0
    if (far_too_large || (side != 0 && count > limit / side))
      throw error("{}: shape asks for more values than the file holds", where);
    count *= side;
  }
  return count;
}

Tensor read_tensor(const JsonValue& entry, const std::uint8_t* data, std::uint64_t size, const std::string& where,
                   Extent& extent) {
  entry.keys({"dtype", "shape", "data_offsets"});
  if (!entry.at("dtype").is_text() || entry.at("dtype").text() != "F32") entry.at("dtype").refuse("\"F32\"");
  const std::vector<std::uint64_t> shape = whole_numbers(entry.at("shape"));
  const std::vector<std::uint64_t> ends = whole_numbers(entry.at("data_offsets"));
  if (ends.size() != 2 || ends[0] > ends[1] || ends[1] > size) {
    throw error("{}: data_offsets are [{}], two rising numbers from 0 to {} are needed", where, fmt::join(ends, ", "),
                size);
  }
  const std::uint64_t count = value_count(shape, size / sizeof(float), where);
  if (ends[1] - ends[0] != count * sizeof(float)) {
    throw error("{}: data_offsets span {} bytes, shape [{}] needs {}", where, ends[1] - ends[0], fmt::join(shape, ", "),
                count * sizeof(float));
  }
  extent.begin = ends[0];
  extent.end = ends[1];

  Tensor tensor;
  tensor.shape.assign(shape.begin(), shape.end());
  tensor.values.resize(count);
  if (count > 0) std::memcpy(tensor.values.data(), data + ends[0], count * sizeof(float));
  for (std::size_t i = 0; i < count; ++i) {
    if (!std::isfinite(tensor.values[i])) throw error("{}: value {} is {}, not finite", where, i, tensor.values[i]);
  }
  return tensor;
}

void check_extents(std::vector<Extent> extents, std::uint64_t size, const std::string& file) {
  std::sort(extents.begin(), extents.end(),
            [](const Extent& a, const Extent& b) { return std::pair(a.begin, a.end) < std::pair(b.begin, b.end); });
  std::uint64_t at = 0;
  for (const Extent& extent : extents) {
    if (extent.begin != at) {
      throw error("{}: tensor {} starts at data byte {}, {} is due (gap or overlap)", file, extent.tensor, extent.begin,
                  at);
    }
    at = extent.end;
  }
  if (at != size) throw error("{}: the tensors take {} bytes of data, the file has {}", file, at, size);
}

std::map<std::string, std::string> read_metadata(const JsonValue& entry) {
  std::map<std::string, std::string> metadata;
  for (const auto& [key, value] : entry.members()) metadata[key] = value.text();
  return metadata;
}

JsonValue read_header(const std::vector<std::uint8_t>& bytes, std::uint64_t& header_size, const std::string& file) {
  refuse_foreign({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, FileKind::safetensors, file,
                 "a safetensors file");
  if (bytes.size() < kLengthBytes) {
    throw error("{}: {} bytes, a safetensors file starts with {} bytes of header length", file, bytes.size(),
                kLengthBytes);
  }
  std::memcpy(&header_size, bytes.data(), kLengthBytes);
  if (header_size > kLongestHeader) {
    throw error("{}: no safetensors file: its first {} bytes give the header length {}, 2 to {} is allowed", file,
                kLengthBytes, header_size, kLongestHeader);
  }
  if (header_size > bytes.size() - kLengthBytes) {
    throw error("{}: header length is {}, but only {} bytes follow: truncated", file, header_size,
                bytes.size() - kLengthBytes);
  }
  const auto first = bytes.begin() + kLengthBytes;
  const std::string text(first, first + static_cast<std::ptrdiff_t>(header_size));
  JsonValue header = parse_json(text, file + ": header");
  if (!header.is_object()) throw error("{}: the header is not a JSON object", file);
  // What else JSON allows around an object has no place here: readers that look for more would read another file.
  if (text[0] != '{' || text[text.find_last_not_of(' ')] != '}') {
    throw error("{}: the header's {} bytes must be a JSON object from the first on, with spaces alone after it", file,
                header_size);
  }
  return header;
}

}  // namespace

std::string shape_text(const std::vector<std::int64_t>& shape) { return fmt::format("[{}]", fmt::join(shape, ", ")); }

const Tensor& TensorFile::at(const std::string& tensor, const std::vector<std::int64_t>& shape) const {
  const auto found = tensors.find(tensor);
  if (found == tensors.end()) throw error("{}: tensor {} is missing", name, tensor);
  if (found->second.shape != shape) {
    throw error("{}: tensor {} has shape {}, only {} is allowed", name, tensor, shape_text(found->second.shape),
                shape_text(shape));
  }
  return found->second;
}

const std::string& TensorFile::text(const std::string& key) const {
  const auto found = metadata.find(key);
  if (found == metadata.end()) throw error("{}: metadata {} is missing", name, key);
  return found->second;
}

double TensorFile::number(const std::string& key, double low, double high) const {
  const std::string& value = text(key);
  char* end = nullptr;
  const double number = std::strtod(value.c_str(), &end);
  // Written so that a NaN fails, too.
  if (value.empty() || *end != '\0' || !(number >= low && number <= high)) {
    throw error("{}: metadata {} is \"{}\", a number from {} to {} is needed", name, key, value, low, high);
  }
  return number;
}

TensorFile read_safetensors(const std::filesystem::path& path) {
  TensorFile file;
  file.name = path.string();
  const std::vector<std::uint8_t> bytes = read_bytes(path);
  std::uint64_t header_size = 0;
  const JsonValue header = read_header(bytes, header_size, file.name);
  const std::uint8_t* const data = bytes.data() + kLengthBytes + header_size;
  const std::uint64_t size = bytes.size() - kLengthBytes - header_size;
  std::vector<Extent> extents;
  for (const auto& [key, entry] : header.members()) {
    if (key == kMetadata) {
      file.metadata = read_metadata(entry);
      continue;
    }
    extents.push_back({0, 0, key});
    file.tensors[key] = read_tensor(entry, data, size, fmt::format("{}: tensor {}", file.name, key), extents.back());
  }
  check_extents(std::move(extents), size, file.name);
  return file;
}

std::string safetensors_text(const TensorFile& file) {
  Json header = Json::object();
  if (!file.metadata.empty()) header[kMetadata] = file.metadata;
  std::string data;
  for (const auto& [name, tensor] : file.tensors) {
    const std::string where = fmt::format("{}: tensor {}", file.name, name);
    const std::vector<std::uint64_t> shape(tensor.shape.begin(), tensor.shape.end());
    if (value_count(shape, std::numeric_limits<std::uint32_t>::max(), where) != tensor.values.size()) {
      throw error("{} has {} values, its shape is {}", where, tensor.values.size(), shape_text(tensor.shape));
    }
    if (!std::all_of(tensor.values.begin(), tensor.values.end(), [](float v) { return std::isfinite(v); })) {
      throw error("{} has a value that is not finite", where);
    }
    const std::size_t begin = data.size();
    data.append(reinterpret_cast<const char*>(tensor.values.data()), tensor.values.size() * sizeof(float));
    header[name] = {{"dtype", "F32"}, {"shape", tensor.shape}, {"data_offsets", {begin, data.size()}}};
  }
  std::string text = to_line(header);
  text.append((kLengthBytes - text.size() % kLengthBytes) % kLengthBytes, ' ');  // data starts at a multiple of 8
  const std::uint64_t length = text.size();
  std::string bytes(kLengthBytes, '\0');
  std::memcpy(bytes.data(), &length, kLengthBytes);
  return bytes + text + data;
}

void write_safetensors(const std::filesystem::path& path, const TensorFile& file) {
  TensorFile named = file;
  named.name = path.string();
  write_atomically(path, safetensors_text(named));
}

}  // namespace settle
