#include "images/idx.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/foreign_file.hpp"
#include "images/gzip.hpp"
#include "images/numpy_images.hpp"

namespace settle {
namespace {

constexpr std::size_t kWord = 4;                   // bytes of one header field
constexpr std::uint32_t kImageMagic = 0x00000803;  // unsigned bytes, three dimensions
constexpr std::uint32_t kLabelMagic = 0x00000801;  // unsigned bytes, one dimension
constexpr std::size_t kImageHeader = 4 * kWord;    // magic, count, rows, columns
constexpr std::size_t kLabelHeader = 2 * kWord;    // magic, count
constexpr std::array<const char*, 4> kFields = {"magic number", "count", "rows", "columns"};

std::uint32_t header_word(const std::vector<std::uint8_t>& bytes, std::size_t field, const std::string& file) {
  const std::size_t at = field * kWord;
  if (bytes.size() < at + kWord) {
    throw error("{}: the IDX header ends before its {} (the file has {} bytes)", file, kFields[field], bytes.size());
  }
  std::uint32_t word = 0;
  for (std::size_t i = 0; i < kWord; ++i) word = (word << 8) | bytes[at + i];
  return word;
}

std::string_view as_text(const std::vector<std::uint8_t>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// What the file holds, unpacked.
std::vector<std::uint8_t> content(const std::filesystem::path& path) {
  std::vector<std::uint8_t> bytes = read_bytes(path);
  return is_gzip(as_text(bytes)) ? unpacked(bytes, kMostFileBytes, path.string()) : bytes;
}

void check_magic(const std::vector<std::uint8_t>& bytes, std::uint32_t wanted, const char* what,
                 const std::string& file) {
  refuse_foreign(as_text(bytes), FileKind::idx, file, fmt::format("an IDX file of {}", what));
  const std::uint32_t magic = header_word(bytes, 0, file);
  if (magic != wanted) {
    const char* const other = magic == kImageMagic   ? "images: "
                              : magic == kLabelMagic ? "labels: "
                                                     : "something else: ";
    throw error("{}: holds {}its magic number is 0x{:08x}, an IDX file of {} has 0x{:08x}", file, other, magic, what,
                wanted);
  }
}

int checked_side(const std::vector<std::uint8_t>& bytes, std::size_t field, const std::string& file) {
  const std::uint32_t side = header_word(bytes, field, file);
  if (side < 1 || side > kMostImageSide) {
    throw error("{}: {} is {}, 1 to {} is allowed", file, kFields[field], side, kMostImageSide);
  }
  return static_cast<int>(side);
}

// The number of items, once the file is known to hold exactly as many as its header says.
std::size_t checked_count(const std::vector<std::uint8_t>& bytes, std::size_t header, std::size_t item_size,
                          const std::string& file) {
  const std::size_t count = header_word(bytes, 1, file);
  if (count == 0) throw error("{}: count is 0, at least 1 is needed", file);
  const std::size_t promised = header + count * item_size;
  if (bytes.size() != promised) {
    throw error("{}: count {} promises {} bytes, the file has {}", file, count, promised, bytes.size());
  }
  return count;
}

void append_word(std::string& bytes, std::size_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) bytes.push_back(static_cast<char>((value >> shift) & 0xff));
}

}  // namespace

std::filesystem::path as_spelt(const std::filesystem::path& path) {
  const std::string packed = ".gz", name = path.filename().string();
  const bool is_packed = name.size() > packed.size() && name.substr(name.size() - packed.size()) == packed;
  const std::string plain = is_packed ? name.substr(0, name.size() - packed.size()) : name;
  std::string other = plain;
  const std::size_t end = other.rfind("idx");
  if (end != std::string::npos && end > 0 && (other[end - 1] == '-' || other[end - 1] == '.')) {
    other[end - 1] = other[end - 1] == '-' ? '.' : '-';
  }
  for (const std::string& spelling : {name, plain, other, plain + packed, other + packed}) {
    std::error_code code;
    std::filesystem::path there = path;
    there.replace_filename(spelling);
    if (std::filesystem::exists(there, code)) return there;
  }
  return path;
}

ImageSet read_images(const std::filesystem::path& named, std::size_t limit) {
  const std::filesystem::path path = as_spelt(named);
  const std::string file = path.string();
  const std::vector<std::uint8_t> bytes = content(path);
  if (is_numpy(bytes)) {
    ImageSet images = numpy_images(bytes, file);
    images.keep_first(limit);
    return images;
  }
  check_magic(bytes, kImageMagic, "images", file);
  const ImageShape shape = {1, checked_side(bytes, 2, file), checked_side(bytes, 3, file)};
  const auto pixels = static_cast<std::size_t>(shape.pixels());
  const std::size_t count = std::min(limit, checked_count(bytes, kImageHeader, pixels, file));
  const auto first = bytes.begin() + kImageHeader;
  return {shape, std::vector<std::uint8_t>(first, first + static_cast<std::ptrdiff_t>(count * pixels))};
}

std::vector<std::uint8_t> read_labels(const std::filesystem::path& named, std::size_t limit) {
  const std::filesystem::path path = as_spelt(named);
  const std::string file = path.string();
  const std::vector<std::uint8_t> bytes = content(path);
  check_magic(bytes, kLabelMagic, "labels", file);
  const std::size_t count = checked_count(bytes, kLabelHeader, 1, file);
  for (std::size_t i = 0; i < count; ++i) {
    if (bytes[kLabelHeader + i] > 9) {
      throw error("{}: label {} is {}, 0 to 9 is allowed", file, i, bytes[kLabelHeader + i]);
    }
  }
  const auto first = bytes.begin() + kLabelHeader;
  return {first, first + static_cast<std::ptrdiff_t>(std::min(limit, count))};
}

void write_images(const std::filesystem::path& path, const ImageSet& images) {
  const ImageShape& shape = images.shape();
  if (shape.channels != 1) {
    throw error("{}: images of {} channels, an IDX file holds one", path.string(), shape.channels);
  }
  std::string bytes;
  append_word(bytes, kImageMagic);
  append_word(bytes, images.size());
  append_word(bytes, static_cast<std::size_t>(shape.height));
  append_word(bytes, static_cast<std::size_t>(shape.width));
  bytes.append(images.greys().begin(), images.greys().end());
  write_atomically(path, bytes);
}

void write_labels(const std::filesystem::path& path, const std::vector<std::uint8_t>& labels) {
  std::string bytes;
  append_word(bytes, kLabelMagic);
  append_word(bytes, labels.size());
  bytes.append(labels.begin(), labels.end());
  write_atomically(path, bytes);
}

}  // namespace settle
