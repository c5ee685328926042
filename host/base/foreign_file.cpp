#include "base/foreign_file.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>
#include <cstdint>

#include "base/error.hpp"

namespace settle {

namespace {

using namespace std::string_view_literals;

constexpr const char* kUnpack = "unpack it first";
constexpr const char* kFetchAgain = "a download that failed, perhaps: fetch it again";
constexpr const char* kConvert = "no program of Settle converts it";
constexpr const char* kUtf8 = "save it as UTF-8";

struct Magic {
  std::string_view bytes;
  const char* kind;
  const char* remedy;
  std::size_t at = 0;
};

constexpr std::array<Magic, 20> kMagics{{
    {"\x1f\x8b"sv, "compressed by gzip", "unpack it first (gunzip)"},
    {"PK\x03\x04"sv, "a zip archive (as .npz and PyTorch's .pt are)", kUnpack},
    {"BZh"sv, "compressed by bzip2", kUnpack},
    {"\xfd\x37zXZ\0"sv, "compressed by xz", kUnpack},
    {"\x28\xb5\x2f\xfd"sv, "compressed by zstd", kUnpack},
    {"7z\xbc\xaf\x27\x1c"sv, "a 7z archive", kUnpack},
    {"ustar"sv, "a tar archive", kUnpack, 257},
    {"version https://git-lfs"sv, "a pointer of Git LFS in place of the file", "fetch the file itself (git lfs pull)"},
    {"\x89PNG\r\n"sv, "a PNG picture", kConvert},
    {"\xff\xd8\xff"sv, "a JPEG picture", kConvert},
    {"GIF8"sv, "a GIF picture", kConvert},
    {"%PDF"sv, "a PDF document", kConvert},
    {"\x93NUMPY"sv, "a NumPy array (.npy)", kConvert},
    {"\x89HDF\r\n"sv, "an HDF5 file", kConvert},
    {"\x7f"
     "ELF"sv,
     "a program", "is the name the wrong one?"},
    {"\x80\x02"sv, "a Python pickle (as PyTorch's older files are)", kConvert},
    {"\x80\x03"sv, "a Python pickle (as PyTorch's older files are)", kConvert},
    {"\x80\x04"sv, "a Python pickle (as PyTorch's older files are)", kConvert},
    {"\xff\xfe"sv, "text in UTF-16", kUtf8},
    {"\xfe\xff"sv, "text in UTF-16", kUtf8},
}};

bool begins(std::string_view text, std::string_view lower_case) {
  return text.size() >= lower_case.size() &&
         std::equal(lower_case.begin(), lower_case.end(), text.begin(), [](char wanted, char c) {
           return wanted == static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
         });
}

std::string_view without_blanks(std::string_view bytes) {
  if (begins(bytes, "\xef\xbb\xbf")) bytes.remove_prefix(3);  // the mark that some editors put before UTF-8
  const std::size_t first = bytes.find_first_not_of(" \t\r\n");
  return first == std::string_view::npos ? std::string_view() : bytes.substr(first);
}

bool is_json(std::string_view text) {
  const std::string_view head = text.substr(0, 16);
  return !head.empty() && (head[0] == '{' || head[0] == '[') && std::all_of(head.begin(), head.end(), [](char c) {
    return std::isspace(static_cast<unsigned char>(c)) != 0 || (c >= ' ' && c < 0x7f);
  });
}

/// Eight bytes of the header's length, little-endian, then the header, which is JSON.
bool is_safetensors(std::string_view bytes) {
  constexpr std::uint64_t kMostHeader = 100'000'000;  // of the format
  if (bytes.size() < 10 || bytes[8] != '{') return false;
  std::uint64_t length = 0;
  for (std::size_t i = 8; i > 0; --i) length = length << 8 | static_cast<unsigned char>(bytes[i - 1]);
  return length >= 2 && length <= kMostHeader;
}

/// Two bytes 0, the type of the numbers, the number of dimensions.
bool is_idx(std::string_view bytes) {
  return bytes.size() >= 8 && bytes[0] == 0 && bytes[1] == 0 && bytes[2] >= 0x08 && bytes[2] <= 0x0e && bytes[3] >= 1 &&
         bytes[3] <= 4;
}

/// A protocol buffer whose first field is the format's version, below 32, and whose second is the producer's name.
bool is_onnx(std::string_view bytes) {
  return bytes.size() >= 8 && bytes[0] == 0x08 && bytes[1] >= 1 && bytes[1] < 32 && bytes[2] == 0x12 &&
         std::isalpha(static_cast<unsigned char>(bytes[4])) != 0;
}

/// Text whose every other byte is 0.
bool is_utf16(std::string_view bytes) {
  return bytes.size() >= 4 && ((bytes[0] == 0 && bytes[1] > ' ' && bytes[2] == 0 && bytes[3] >= '\t') ||
                               (bytes[0] > ' ' && bytes[1] == 0 && bytes[2] >= '\t' && bytes[3] == 0));
}

}  // namespace

bool is_gzip(std::string_view bytes) { return begins(bytes, kMagics[0].bytes); }

void refuse_foreign(std::string_view bytes, FileKind own, const std::string& file, const std::string& needed) {
  const auto refuse = [&](const char* kind, const char* remedy) {
    throw error("{}: is {}, {} is needed: {}", one_line(file), kind, needed, remedy);
  };
  // Its first bytes are a number, which may be any.
  if (own == FileKind::safetensors && is_safetensors(bytes)) return;
  for (const Magic& magic : kMagics) {
    if (bytes.size() >= magic.at && bytes.substr(magic.at, magic.bytes.size()) == magic.bytes) {
      refuse(magic.kind, magic.remedy);
    }
  }
  const std::string_view text = without_blanks(bytes);
  if (begins(text, "<!doctype html") || begins(text, "<html")) refuse("a web page", kFetchAgain);
  if (begins(text, "<?xml")) refuse("XML", kFetchAgain);
  if (is_safetensors(bytes)) refuse("a safetensors file", "is the name the wrong one?");
  if (own != FileKind::json && is_json(text)) refuse("JSON", "is the name the wrong one?");
  if (own != FileKind::idx && is_idx(bytes)) refuse("an IDX file (as MNIST's are)", "is the name the wrong one?");
  if (is_utf16(bytes)) refuse("text in UTF-16", kUtf8);
  if (own != FileKind::onnx && is_onnx(bytes)) {
    refuse("an ONNX model", "settle import makes a network file of it");
  }
}

}  // namespace settle
