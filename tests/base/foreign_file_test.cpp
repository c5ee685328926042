// Files that are not what was wanted are told by their first bytes.
#include "base/foreign_file.hpp"

#include <string>

#include <doctest/doctest.h>

#include "base/files.hpp"
#include "base/json.hpp"
#include "error_message.hpp"
#include "temporary_folder.hpp"

namespace {

using namespace std::string_literals;
using settle::FileKind;
using settle_test::message_of;

std::string told(const std::string& bytes, FileKind own = FileKind::json) {
  return message_of([&] { settle::refuse_foreign(bytes, own, "f", "JSON"); });
}

}  // namespace

TEST_CASE("what a file is instead, and what can be done about it") {
  CHECK(told("\x1f\x8b\x08\x00"s) == "f: is compressed by gzip, JSON is needed: unpack it first (gunzip)");
  CHECK(told("\n <!DOCTYPE HTML><html>") ==
        "f: is a web page, JSON is needed: a download that failed, perhaps: fetch it again");
  CHECK(told("\xef\xbb\xbf<html lang=en>").find("a web page") != std::string::npos);
  CHECK(told("version https://git-lfs.github.com/spec/v1\noid").find("git lfs pull") != std::string::npos);
  const auto kind = [](const std::string& bytes, const std::string& wanted) {
    CAPTURE(wanted);
    CHECK(told(bytes).find("is " + wanted + ", JSON is needed: ") != std::string::npos);
  };
  kind("PK\x03\x04zip", "a zip archive (as .npz and PyTorch's .pt are)");
  kind("BZh91AY", "compressed by bzip2");
  kind("\xfd\x37zXZ\0\0"s, "compressed by xz");
  kind("\x28\xb5\x2f\xfd....", "compressed by zstd");
  kind("\x89PNG\r\n\x1a\n", "a PNG picture");
  kind("\x93NUMPY\x01", "a NumPy array (.npy)");
  kind("\x80\x04\x95", "a Python pickle (as PyTorch's older files are)");
  kind("\x08\x07\x12\x07pytorch", "an ONNX model");
  kind("<?xml version='1.0'?>", "XML");
  kind("\x50\0\0\0\0\0\0\0{\"w\":"s, "a safetensors file");
  kind("\0\0\x08\x03\0\0\0\x01"s, "an IDX file (as MNIST's are)");
  kind("\xff\xfe{\0}\0"s, "text in UTF-16");
  kind("{\0\"\0a\0"s, "text in UTF-16");
  kind(std::string(257, 'x') + "ustar", "a tar archive");
}

TEST_CASE("what is of the kind that is wanted, or of none that is known, is left alone") {
  for (const std::string& text : {""s, "{"s, "{\"a\": 1}"s, "[1, 2, 3, 4, 5]"s, "a text"s, "\x1f"s})
    CHECK(told(text).empty());
  CHECK(told("\0\0\x08\x03\0\0\0\x01"s, FileKind::idx).empty());
  CHECK(told("{\"format\": 1, \"version\": 2}", FileKind::idx).find("is JSON") != std::string::npos);
  CHECK(told("  [\n  1, 2, 3, 4, 5, 6, 7", FileKind::safetensors).find("is JSON") != std::string::npos);
  // Its first bytes are a length, which may look like anything: 0x8b1f bytes of header.
  CHECK(told("\x1f\x8b\0\0\0\0\0\0{\"w\":"s, FileKind::safetensors).empty());
  CHECK(told("\xff\xfe\0\0\0\0\0\0{\"w\":"s, FileKind::safetensors).empty());
}

TEST_CASE("json: a mark before UTF-8 and line ends of other systems are read; what is no JSON is named") {
  const settle_test::TemporaryFolder folder;
  const auto read = [&](const std::string& bytes) {
    settle::write_atomically(folder / "f", bytes);
    return settle::read_json(folder / "f");
  };
  CHECK(read("\xef\xbb\xbf{\r\n\"a\":\r\n1}\r\n").at("a").integer() == 1);
  for (const std::string& bytes : {"\x1f\x8b\x08"s, "<html>"s, "\xfe\xff\0{"s}) {
    CHECK(message_of([&] { read(bytes); }).find("JSON is needed") != std::string::npos);
  }
  // The library would take a byte 0 for the end, whatever follows.
  CHECK(message_of([&] { read("{}\0{\"a\": 1}"s); }).find("not JSON at byte 3 of 11: a byte 0") != std::string::npos);
}
