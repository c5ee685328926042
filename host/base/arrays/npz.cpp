// Archives of arrays: a zip file whose entries are NAME.npy (PKWARE's APPNOTE.TXT, sections 4.3.7, 4.3.12 and 4.3.16).
#include <algorithm>
#include <cstring>
#include <limits>

#include <zlib.h>

#include "base/arrays/npy.hpp"
#include "base/error.hpp"
#include "base/files.hpp"

namespace settle {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t kEndBytes = 22, kEntryBytes = 46, kLocalBytes = 30;
constexpr std::uint32_t kEndMark = 0x06054b50, kEntryMark = 0x02014b50, kLocalMark = 0x04034b50;
constexpr std::uint16_t kVersion = 20, kDate = 0x21;  // 1 January 1980, the format's first day
constexpr std::string_view kExtension = ".npy"sv;

std::uint32_t number(std::string_view bytes, std::size_t at, std::size_t size) {
  std::uint32_t value = 0;
  for (std::size_t i = size; i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

void put(std::string& bytes, std::uint32_t value, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) bytes.push_back(static_cast<char>(value >> (8 * i) & 0xff));
}

std::uint32_t checksum(std::string_view bytes) {
  return static_cast<std::uint32_t>(
      crc32(0, reinterpret_cast<const Bytef*>(bytes.data()), static_cast<uInt>(bytes.size())));
}

/// What an archive's directory says of a file in it.
struct Entry {
  std::string name;
  std::uint32_t flags = 0, method = 0, checksum = 0, packed = 0, size = 0, local = 0;
};

std::vector<Entry> directory(std::string_view bytes, const std::string& where) {
  if (bytes.substr(0, 4) != "PK\x03\x04"sv && bytes.substr(0, 4) != "PK\x05\x06"sv) {
    throw error("{}: is no archive of NumPy's arrays (.npz)", where);
  }
  std::size_t end = bytes.size() < kEndBytes ? 0 : bytes.size() - kEndBytes;
  while (end > 0 && number(bytes, end, 4) != kEndMark) --end;
  if (bytes.size() < kEndBytes || number(bytes, end, 4) != kEndMark) {
    throw error("{}: the archive is cut short: fetch it again", where);
  }
  const std::uint32_t count = number(bytes, end + 10, 2);
  std::size_t at = number(bytes, end + 16, 4);
  if (count == 0xffff || at == 0xffffffff) throw error("{}: is an archive of more than 4 GB, none such is read", where);
  std::vector<Entry> entries;
  for (std::uint32_t i = 0; i < count; ++i) {
    if (at > bytes.size() || bytes.size() - at < kEntryBytes || number(bytes, at, 4) != kEntryMark) {
      throw error("{}: the archive's directory is damaged", where);
    }
    Entry entry;
    entry.flags = number(bytes, at + 8, 2);
    entry.method = number(bytes, at + 10, 2);
    entry.checksum = number(bytes, at + 16, 4);
    entry.packed = number(bytes, at + 20, 4);
    entry.size = number(bytes, at + 24, 4);
    entry.local = number(bytes, at + 42, 4);
    const std::size_t name = number(bytes, at + 28, 2);
    const std::size_t all = kEntryBytes + name + number(bytes, at + 30, 2) + number(bytes, at + 32, 2);
    if (bytes.size() - at < all) throw error("{}: the archive's directory is damaged", where);
    entry.name = std::string(bytes.substr(at + kEntryBytes, name));
    entries.push_back(std::move(entry));
    at += all;
  }
  return entries;
}

std::string inflated(std::string_view packed, std::size_t size, const std::string& where) {
  std::string out(size, '\0');
  std::string input(packed);  // zlib takes no const
  z_stream stream{};
  if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) throw std::bad_alloc();
  stream.next_in = reinterpret_cast<Bytef*>(input.data());
  stream.avail_in = static_cast<uInt>(input.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int result = inflate(&stream, Z_FINISH);
  const bool whole = result == Z_STREAM_END && stream.avail_out == 0;
  inflateEnd(&stream);
  if (!whole) throw error("{}: its packed data is damaged: fetch the archive again", where);
  return out;
}

std::string content(std::string_view bytes, const Entry& entry, const std::string& where) {
  if ((entry.flags & 1) != 0) throw error("{}: is encrypted", where);
  if (entry.size > kMostFileBytes) throw error("{}: {} bytes, {} are read", where, entry.size, kMostFileBytes);
  const std::size_t at = entry.local;
  if (at > bytes.size() || bytes.size() - at < kLocalBytes || number(bytes, at, 4) != kLocalMark) {
    throw error("{}: is not where the archive's directory says", where);
  }
  const std::size_t start = at + kLocalBytes + number(bytes, at + 26, 2) + number(bytes, at + 28, 2);
  if (start > bytes.size() || bytes.size() - start < entry.packed) throw error("{}: the archive is cut short", where);
  const std::string_view packed = bytes.substr(start, entry.packed);
  std::string text;
  if (entry.method == 0) {
    text = std::string(packed);
  } else if (entry.method == 8) {
    text = inflated(packed, entry.size, where);
  } else {
    throw error("{}: is packed by method {}, stored and deflated arrays are read", where, entry.method);
  }
  if (text.size() != entry.size || checksum(text) != entry.checksum) {
    throw error("{}: its checksum is wrong: fetch the archive again", where);
  }
  return text;
}

/// The 26 bytes that an entry's two headers have in common, from the version on, and its name's length.
std::string common_header(const std::string& text, const std::string& name) {
  std::string bytes;
  put(bytes, kVersion, 2);
  put(bytes, 0, 2);  // flags
  put(bytes, 0, 2);  // stored
  put(bytes, 0, 2);  // midnight
  put(bytes, kDate, 2);
  put(bytes, checksum(text), 4);
  put(bytes, static_cast<std::uint32_t>(text.size()), 4);
  put(bytes, static_cast<std::uint32_t>(text.size()), 4);
  put(bytes, static_cast<std::uint32_t>(name.size()), 2);
  put(bytes, 0, 2);  // nothing extra
  return bytes;
}

}  // namespace

std::map<std::string, NumberArray> parse_npz(std::string_view bytes, const std::string& where) {
  std::map<std::string, NumberArray> arrays;
  for (const Entry& entry : directory(bytes, where)) {
    const std::string place = where + ": " + entry.name;
    const std::size_t stem = entry.name.size() < kExtension.size() ? 0 : entry.name.size() - kExtension.size();
    if (stem == 0 || std::string_view(entry.name).substr(stem) != kExtension) throw error("{}: is no array", place);
    if (!arrays.emplace(entry.name.substr(0, stem), parse_npy(content(bytes, entry, place), place)).second) {
      throw error("{}: stands twice in the archive", place);
    }
  }
  return arrays;
}

std::map<std::string, NumberArray> read_npz(const std::filesystem::path& path) {
  return parse_npz(read_text(path), path.string());
}

std::string npz_bytes(const std::map<std::string, NumberArray>& arrays, NumberType type) {
  std::string bytes, entries;
  for (const auto& [array_name, array] : arrays) {
    const std::string name = array_name + std::string(kExtension), text = npy_bytes(array, type);
    const std::size_t local = bytes.size();
    if (local + text.size() + name.size() > std::numeric_limits<std::uint32_t>::max()) {
      throw error("npz: {}: the archive would have more than 4 GB", array_name);
    }
    const std::string header = common_header(text, name);
    put(bytes, kLocalMark, 4);
    bytes += header + name + text;
    put(entries, kEntryMark, 4);
    put(entries, kVersion, 2);
    entries += header;
    put(entries, 0, 2);  // no comment
    put(entries, 0, 2);  // disk
    put(entries, 0, 2);
    put(entries, 0, 4);
    put(entries, static_cast<std::uint32_t>(local), 4);
    entries += name;
  }
  const std::size_t start = bytes.size();
  bytes += entries;
  put(bytes, kEndMark, 4);
  put(bytes, 0, 4);  // disks
  put(bytes, static_cast<std::uint32_t>(arrays.size()), 2);
  put(bytes, static_cast<std::uint32_t>(arrays.size()), 2);
  put(bytes, static_cast<std::uint32_t>(entries.size()), 4);
  put(bytes, static_cast<std::uint32_t>(start), 4);
  put(bytes, 0, 2);  // no comment
  return bytes;
}

}  // namespace settle
