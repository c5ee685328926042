#include "base/arrays/npy.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/files.hpp"

namespace settle {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kMagic = "\x93NUMPY"sv;
constexpr std::size_t kAlignment = 64;                // of the data, in files that are written
constexpr double kLargestWhole = 9007199254740992.0;  // 2^53
constexpr std::int64_t kMostValues = std::int64_t{1} << 28;

/// What a header says: {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }
struct Header {
  std::string type;
  bool fortran = false;
  std::vector<std::int64_t> shape;
};

/// The text after 'key': in the header's literal.
std::string_view after_key(std::string_view text, const std::string& key, const std::string& where) {
  for (const char quote : {'\'', '"'}) {
    const std::size_t at = text.find(quote + key + quote);
    if (at == std::string_view::npos) continue;
    std::string_view rest = text.substr(at + key.size() + 2);
    const std::size_t value = rest.find_first_not_of(" :");
    if (value != std::string_view::npos) return rest.substr(value);
  }
  throw error("{}: the array's header has no {}", where, key);
}

std::vector<std::int64_t> read_shape(std::string_view text, const std::string& where) {
  const std::size_t end = text.find(')');
  if (text.empty() || text[0] != '(' || end == std::string_view::npos) {
    throw error("{}: the array's shape is no list in brackets", where);
  }
  std::vector<std::int64_t> shape;
  std::int64_t values = 1, side = -1;
  for (const char c : text.substr(1, end)) {
    if (c >= '0' && c <= '9') {
      side = std::max<std::int64_t>(side, 0) * 10 + (c - '0');
      if (side > kMostValues) throw error("{}: the array is larger than {} numbers", where, kMostValues);
    } else if (c == ',' || c == ')') {
      if (side >= 0) shape.push_back(side);
      if (side >= 0 && side * values > kMostValues) {
        throw error("{}: the array is larger than {} numbers", where, kMostValues);
      }
      if (side >= 0) values *= side;
      side = -1;
    } else if (c != ' ' && c != 'L') {
      throw error("{}: the array's shape has a {:?}", where, fmt::format("{}", c));
    }
  }
  return shape;
}

Header read_header(std::string_view text, const std::string& where) {
  Header header;
  const std::string_view type = after_key(text, "descr", where);
  const std::size_t end = type.empty() ? std::string_view::npos : type.find(type[0], 1);
  if (end == std::string_view::npos || (type[0] != '\'' && type[0] != '"')) {
    throw error("{}: holds records of several fields, an array of numbers is needed", where);
  }
  header.type = std::string(type.substr(1, end - 1));
  header.fortran = after_key(text, "fortran_order", where).substr(0, 4) == "True";
  header.shape = read_shape(after_key(text, "shape", where), where);
  return header;
}

/// Bytes as a whole number, the first one the lowest.
std::uint64_t whole(const unsigned char* bytes, std::size_t size, bool big_endian) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < size; ++i) value = value << 8 | bytes[big_endian ? i : size - 1 - i];
  return value;
}

/// IEEE 754's binary16.
double half(std::uint64_t bits) {
  const int exponent = static_cast<int>(bits >> 10 & 31);
  const auto fraction = static_cast<double>(bits & 1023);
  double size = 0;
  if (exponent == 31) {
    size = fraction == 0 ? std::numeric_limits<double>::infinity() : std::numeric_limits<double>::quiet_NaN();
  } else {
    size = exponent == 0 ? std::ldexp(fraction, -24) : std::ldexp(fraction + 1024, exponent - 25);
  }
  return (bits & 0x8000) != 0 ? -size : size;
}

class Numbers {
 public:
  Numbers(const std::string& type, const std::string& where) : where_(where) {
    const std::string needed = "booleans, integers and floats of up to 8 bytes are read";
    if (type.size() != 3 || std::strchr("<>|=", type[0]) == nullptr || type[2] < '1' || type[2] > '8') {
      throw error("{}: holds numbers of type {}, {}", where, type, needed);
    }
    big_endian_ = type[0] == '>';
    kind_ = type[1];
    size_ = static_cast<std::size_t>(type[2] - '0');
    const bool power = size_ == 1 || size_ == 2 || size_ == 4 || size_ == 8;
    const bool known = (kind_ == 'b' && size_ == 1) || ((kind_ == 'i' || kind_ == 'u') && power) ||
                       (kind_ == 'f' && power && size_ > 1);
    if (!known) throw error("{}: holds numbers of type {}, {}", where, type, needed);
  }

  std::size_t size() const { return size_; }
  bool floats() const { return kind_ == 'f'; }

  double at(const unsigned char* bytes) const {
    const std::uint64_t bits = whole(bytes, size_, big_endian_);
    if (kind_ == 'f') return of_float(bits);
    if (kind_ != 'i') return checked(static_cast<double>(bits));
    const std::uint64_t sign = std::uint64_t{1} << (8 * size_ - 1);
    return checked(static_cast<double>(static_cast<std::int64_t>((bits ^ sign) - sign)));
  }

 private:
  double of_float(std::uint64_t bits) const {
    if (size_ == 2) return half(bits);
    if (size_ == 4) {
      const auto low = static_cast<std::uint32_t>(bits);
      float value = 0;
      std::memcpy(&value, &low, sizeof value);
      return static_cast<double>(value);
    }
    double value = 0;
    std::memcpy(&value, &bits, sizeof value);
    return value;
  }

  double checked(double value) const {
    if (std::abs(value) > kLargestWhole) throw error("{}: holds an integer beyond 2^53", where_);
    return value;
  }

  const std::string& where_;
  bool big_endian_ = false;
  char kind_ = 'f';
  std::size_t size_ = 4;
};

/// Where element `i` in C's order lies among those in Fortran's.
std::size_t fortran_place(std::size_t i, const std::vector<std::int64_t>& shape) {
  std::size_t place = 0, stride = 1;
  std::vector<std::size_t> indices(shape.size());
  for (std::size_t d = shape.size(); d-- > 0;) {
    indices[d] = i % static_cast<std::size_t>(shape[d]);
    i /= static_cast<std::size_t>(shape[d]);
  }
  for (std::size_t d = 0; d < shape.size(); ++d) {
    place += indices[d] * stride;
    stride *= static_cast<std::size_t>(shape[d]);
  }
  return place;
}

std::size_t count_of(const std::vector<std::int64_t>& shape) {
  std::size_t count = 1;
  for (const std::int64_t side : shape) count *= static_cast<std::size_t>(side);
  return count;
}

template <typename T>
void append(std::string& bytes, T value) {
  const auto* const first = reinterpret_cast<const char*>(&value);
  bytes.append(first, sizeof value);
}

}  // namespace

NumberArray parse_npy(std::string_view bytes, const std::string& where) {
  const auto* const data = reinterpret_cast<const unsigned char*>(bytes.data());
  if (bytes.substr(0, kMagic.size()) != kMagic) throw error("{}: is no array of NumPy (.npy)", where);
  if (bytes.size() < 12) throw error("{}: ends in the array's header ({} bytes)", where, bytes.size());
  const unsigned version = data[6];
  if (version < 1 || version > 3) throw error("{}: is of .npy version {}, 1 to 3 are read", where, version);
  const std::size_t length_bytes = version == 1 ? 2 : 4, start = 8 + length_bytes;
  const std::uint64_t length = whole(data + 8, length_bytes, false);
  if (length > bytes.size() - start) throw error("{}: ends in the array's header ({} bytes)", where, bytes.size());
  const Header header = read_header(bytes.substr(start, length), where);
  const Numbers numbers(header.type, where);
  NumberArray array;
  array.shape = header.shape;
  array.floats = numbers.floats();
  const std::size_t count = count_of(array.shape), there = bytes.size() - start - length;
  if (there != count * numbers.size()) {
    throw error("{}: {} bytes of numbers, its shape needs {}", where, there, count * numbers.size());
  }
  array.values.resize(count);
  const unsigned char* const first = data + start + length;
  for (std::size_t i = 0; i < count; ++i) {
    array.values[i] = numbers.at(first + numbers.size() * (header.fortran ? fortran_place(i, array.shape) : i));
  }
  return array;
}

NumberArray read_npy(const std::filesystem::path& path) { return parse_npy(read_text(path), path.string()); }

std::string npy_bytes(const NumberArray& array, NumberType type) {
  if (array.values.size() != count_of(array.shape)) {
    throw error("npy: {} numbers, the shape needs {}", array.values.size(), count_of(array.shape));
  }
  const char* const name = type == NumberType::float32 ? "<f4" : type == NumberType::float64 ? "<f8" : "|u1";
  std::string shape;
  for (const std::int64_t side : array.shape) shape += fmt::format("{}, ", side);
  if (array.shape.size() > 1) shape.resize(shape.size() - 2);
  if (array.shape.size() == 1) shape.resize(shape.size() - 1);
  std::string header = fmt::format("{{'descr': '{}', 'fortran_order': False, 'shape': ({}), }}", name, shape);
  const std::size_t start = kMagic.size() + 4;
  header.append(kAlignment - 1 - (start + header.size()) % kAlignment, ' ');
  header += '\n';
  std::string bytes(kMagic);
  bytes += std::string("\x01\x00", 2);
  append(bytes, static_cast<std::uint16_t>(header.size()));
  bytes += header;
  for (const double value : array.values) {
    if (type == NumberType::float64) append(bytes, value);
    if (type == NumberType::float32) append(bytes, static_cast<float>(value));
    if (type == NumberType::byte) {
      if (!(value >= 0 && value <= 255 && value == std::floor(value))) throw error("npy: {} is no byte", value);
      append(bytes, static_cast<std::uint8_t>(value));
    }
  }
  return bytes;
}

}  // namespace settle
