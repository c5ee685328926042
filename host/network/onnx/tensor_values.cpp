#include "network/onnx/tensor_values.hpp"

#include <array>
#include <cmath>
#include <cstring>
#include <string_view>

#include "base/error.hpp"
#include "base/files.hpp"
#include "network/layers/safetensors.hpp"

namespace settle {
namespace {

using Proto = onnx::TensorProto;

/// A type of elements: its size in a file, and how it is read.
struct ElementType {
  int type;
  Constant::Type ours;
  std::size_t bytes;
  double (*read)(const char* bytes);
};

template <typename Number>
double plain_number(const char* bytes) {
  Number number;
  std::memcpy(&number, bytes, sizeof number);
  return static_cast<double>(number);
}

double half_number(std::uint32_t bits) {
  const int exponent = static_cast<int>(bits >> 10 & 31U);
  const double fraction = bits & 1023U, sign = (bits & 0x8000U) != 0 ? -1 : 1;
  if (exponent == 31) return fraction == 0 ? sign * INFINITY : NAN;
  return sign * (exponent == 0 ? std::ldexp(fraction, -24) : std::ldexp(1024 + fraction, exponent - 25));
}

double brain_number(std::uint32_t bits) {  // bfloat16: the upper half of a float
  const std::uint32_t all = bits << 16;
  float number = 0;
  std::memcpy(&number, &all, sizeof number);
  return static_cast<double>(number);
}

std::uint32_t two_bytes(const char* bytes) {
  std::uint16_t bits = 0;
  std::memcpy(&bits, bytes, sizeof bits);
  return bits;
}

using Type = Constant::Type;

constexpr std::array<ElementType, 10> kElementTypes = {{
    {Proto::FLOAT, Type::real, 4, plain_number<float>},
    {Proto::DOUBLE, Type::real, 8, plain_number<double>},
    {Proto::FLOAT16, Type::real, 2, [](const char* bytes) { return half_number(two_bytes(bytes)); }},
    {Proto::BFLOAT16, Type::real, 2, [](const char* bytes) { return brain_number(two_bytes(bytes)); }},
    {Proto::INT64, Type::integer, 8, plain_number<std::int64_t>},
    {Proto::INT32, Type::integer, 4, plain_number<std::int32_t>},
    {Proto::INT16, Type::integer, 2, plain_number<std::int16_t>},
    {Proto::INT8, Type::integer, 1, plain_number<std::int8_t>},
    {Proto::UINT8, Type::integer, 1, plain_number<std::uint8_t>},
    {Proto::BOOL, Type::truth, 1, plain_number<std::uint8_t>},
}};

const ElementType* find_type(int type) {
  for (const ElementType& known : kElementTypes) {
    if (known.type == type) return &known;
  }
  return nullptr;
}

/// Numbers that stand in a list of their own type and not in bytes.
std::vector<double> listed(const Proto& tensor) {
  switch (tensor.data_type()) {
    case Proto::FLOAT:
      return {tensor.float_data().begin(), tensor.float_data().end()};
    case Proto::DOUBLE:
      return {tensor.double_data().begin(), tensor.double_data().end()};
    case Proto::INT64: {
      std::vector<double> values;
      for (const std::int64_t value : tensor.int64_data()) values.push_back(static_cast<double>(value));
      return values;
    }
    default: {  // the shorter types share one list; those of floating point stand there as bits
      std::vector<double> values;
      for (const std::int32_t value : tensor.int32_data()) {
        const std::uint32_t bits = static_cast<std::uint32_t>(value) & 0xffffU;
        if (tensor.data_type() == Proto::FLOAT16) {
          values.push_back(half_number(bits));
        } else if (tensor.data_type() == Proto::BFLOAT16) {
          values.push_back(brain_number(bits));
        } else {
          values.push_back(value);
        }
      }
      return values;
    }
  }
}

std::size_t number_of(const std::string& text, const std::string& where) {
  if (text.empty() || text.size() > 15 || text.find_first_not_of("0123456789") != std::string::npos) {
    throw error("{}: external data: \"{}\" is no number of bytes", where, text);
  }
  return std::stoull(text);
}

}  // namespace

bool is_real_type(int type) {
  const ElementType* const known = find_type(type);
  return known != nullptr && known->ours == Type::real;
}

std::string TensorReader::bytes_beside(const Proto& tensor, const std::string& where, std::size_t needed) {
  std::string location;
  std::size_t offset = 0, length = needed;
  for (const onnx::StringStringEntryProto& entry : tensor.external_data()) {
    if (entry.key() == "location") location = entry.value();
    if (entry.key() == "offset") offset = number_of(entry.value(), where);
    if (entry.key() == "length") length = number_of(entry.value(), where);
  }
  const std::filesystem::path relative(location);
  bool inside = !location.empty() && location.find('\0') == std::string::npos && !relative.is_absolute();
  for (const std::filesystem::path& part : relative) inside = inside && part != "..";
  if (!inside) {
    throw error("{}: external data in \"{}\": a file in the model's folder is needed", where, location);
  }
  const std::filesystem::path path = model_.parent_path() / relative;
  auto found = files_.find(location);
  if (found == files_.end()) {
    try {
      found = files_.emplace(location, read_bytes(path)).first;
    } catch (const Error& e) {
      throw error("{}: external data: {}", where, e.what());
    }
  }
  const std::vector<std::uint8_t>& bytes = found->second;
  if (offset > bytes.size() || length > bytes.size() - offset) {
    throw error("{}: external data: {} has {} bytes, {} from byte {} are asked for", where, path.string(), bytes.size(),
                length, offset);
  }
  return {reinterpret_cast<const char*>(bytes.data()) + offset, length};
}

Constant TensorReader::read(const Proto& tensor, const std::string& name) {
  const std::string where = model_.string() + ": tensor " + name;
  const ElementType* const type = find_type(tensor.data_type());
  if (type == nullptr) {
    const std::string theirs = Proto::DataType_IsValid(tensor.data_type())
                                   ? Proto::DataType_Name(static_cast<Proto::DataType>(tensor.data_type()))
                                   : std::to_string(tensor.data_type());
    throw error("{}: numbers of type {}, FLOAT, DOUBLE, FLOAT16, BFLOAT16, INT8 to INT64, UINT8 and BOOL are read",
                where, theirs);
  }
  Constant constant;
  constant.type = type->ours;
  constant.shape.assign(tensor.dims().begin(), tensor.dims().end());
  const std::int64_t count = count_of(constant.shape);
  if (count < 0) throw error("{}: shape {}, {} numbers are allowed", where, shape_text(constant.shape), kMostNumbers);
  const std::size_t needed = static_cast<std::size_t>(count) * type->bytes;
  std::string outside;
  std::string_view bytes = tensor.raw_data();
  if (tensor.data_location() == Proto::EXTERNAL) {
    outside = bytes_beside(tensor, where, needed);
    bytes = outside;
  }
  if (tensor.data_location() != Proto::EXTERNAL && !tensor.has_raw_data()) {
    constant.values = listed(tensor);
    if (constant.values.size() != static_cast<std::size_t>(count)) {
      throw error("{}: {} numbers, shape {} needs {}", where, constant.values.size(), shape_text(constant.shape),
                  count);
    }
  } else {
    if (bytes.size() != needed) {
      throw error("{}: {} bytes, shape {} needs {}", where, bytes.size(), shape_text(constant.shape), needed);
    }
    constant.values.reserve(static_cast<std::size_t>(count));
    for (std::size_t at = 0; at < bytes.size(); at += type->bytes) {
      constant.values.push_back(type->read(bytes.data() + at));
    }
  }
  for (std::size_t i = 0; i < constant.values.size(); ++i) {
    // A double may lie outside what a float holds, which is what weights become.
    if (type->ours == Type::real && !std::isfinite(static_cast<float>(constant.values[i]))) {
      throw error("{}: number {} is {}, not finite", where, i, constant.values[i]);
    }
  }
  return constant;
}

}  // namespace settle
