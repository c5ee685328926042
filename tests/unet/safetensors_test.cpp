#include "network/layers/safetensors.hpp"

#include <cmath>
#include <cstring>
#include <limits>

#include <doctest/doctest.h>

#include "base/files.hpp"
#include "error_message.hpp"
#include "temporary_folder.hpp"

using namespace settle;
using settle_test::check_fails;
using settle_test::TemporaryFolder;

namespace {

// A file made by hand from its header and its data.
std::string file_of(const std::string& header, const std::string& data) {
  std::string bytes;
  for (unsigned i = 0; i < 8; ++i) bytes.push_back(static_cast<char>((header.size() >> (8 * i)) & 255u));
  return bytes + header + data;
}

std::string floats(std::initializer_list<float> values) {
  std::string bytes;
  for (const float v : values) {
    char raw[sizeof v];
    std::memcpy(raw, &v, sizeof v);
    bytes.append(raw, sizeof v);
  }
  return bytes;
}

// A header with one tensor "w".
std::string one(const std::string& entry) { return "{\"w\":" + entry + "}"; }

const std::string kGood = R"({"dtype":"F32","shape":[1,2],"data_offsets":[0,8]})";

}  // namespace

TEST_CASE("safetensors: a file made by hand is read") {
  const TemporaryFolder folder;
  write_atomically(folder / "f",
                   file_of(R"({"__metadata__":{"k":"0.5"},"b":{"dtype":"F32","shape":[],"data_offsets":[8,12]},)"
                           R"("a":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]}}  )",
                           floats({1.5f, -2.0f, 3.0f})));
  const TensorFile file = read_safetensors(folder / "f");
  CHECK(file.tensors.size() == 2);
  CHECK(file.at("a", {2, 1}).values == std::vector<float>{1.5f, -2.0f});
  CHECK(file.at("b", {}).values == std::vector<float>{3.0f});
  CHECK(file.text("k") == "0.5");
  CHECK(file.number("k", 0, 1) == 0.5);
  check_fails([&] { file.at("c", {1}); }, "tensor c is missing");
  check_fails([&] { file.at("a", {1, 2}); }, "tensor a has shape [2, 1], only [1, 2] is allowed");
  check_fails([&] { file.text("q"); }, "metadata q is missing");
  check_fails([&] { file.number("k", 1, 2); }, "metadata k is \"0.5\", a number from 1 to 2 is needed");
}

TEST_CASE("safetensors: what is written is read again, byte for byte") {
  const TemporaryFolder folder;
  TensorFile file;
  file.tensors["x.y"] = {{2, 0}, {}};
  file.tensors["a"] = {{3}, {0.1f, -0.0f, 1e-40f}};
  file.tensors["one"] = {{}, {7.0f}};
  file.metadata["note"] = "a \"quoted\" text";
  write_safetensors(folder / "f", file);
  const TensorFile again = read_safetensors(folder / "f");
  CHECK(again.metadata == file.metadata);
  REQUIRE(again.tensors.size() == 3);
  for (const auto& [name, tensor] : file.tensors) {
    CHECK(again.tensors.at(name).shape == tensor.shape);
    CHECK(again.tensors.at(name).values == tensor.values);
  }
  write_safetensors(folder / "g", again);
  CHECK(read_bytes(folder / "f") == read_bytes(folder / "g"));
}

TEST_CASE("safetensors: bad files are refused for what is wrong with them") {
  const TemporaryFolder folder;
  const std::filesystem::path path = folder / "f";
  const auto fails = [&](const std::string& bytes, const std::string& part) {
    write_atomically(path, bytes);
    check_fails([&] { read_safetensors(path); }, part);
    check_fails([&] { read_safetensors(path); }, path.string());
  };
  const std::string data = floats({1, 2});
  write_atomically(path, file_of(one(kGood), data));
  CHECK_NOTHROW(read_safetensors(path));

  check_fails([&] { read_safetensors(folder / "none"); }, "no such file");
  fails("", "0 bytes, a safetensors file starts with 8");
  fails("a plain text file", "f: no safetensors file: its first 8 bytes give the header length");
  fails(file_of(one(kGood), data).substr(0, 20), "but only 12 bytes follow: truncated");
  fails(file_of("[1]", ""), "the header is not a JSON object");
  fails(file_of("{\"w\":", ""), "header: not JSON at byte 5 of 5 (near key \"w\")");
  fails(file_of(R"({"w":1,"w":2})", ""), "header: the key \"w\" stands twice in one object");
  fails(file_of(one("3"), ""), "header: w is 3, an object is needed");
  fails(file_of(one(R"({"dtype":"F16","shape":[4],"data_offsets":[0,8]})"), data),
        "w.dtype is \"F16\", \"F32\" is needed");
  fails(file_of(one(R"({"dtype":"F32","data_offsets":[0,8]})"), data), "header: w.shape is missing");
  fails(file_of(one(R"({"dtype":"F32","shape":[-2],"data_offsets":[0,8]})"), data),
        "w.shape[0] is -2, a whole number from 0 is needed");
  fails(file_of(one(R"({"dtype":"F32","shape":[2.5],"data_offsets":[0,8]})"), data),
        "w.shape[0] is 2.5, a whole number from 0 is needed");
  fails(file_of(one(R"({"dtype":"F32","shape":2,"data_offsets":[0,8]})"), data), "w.shape is 2, a list is needed");
  fails(file_of(one(R"({"dtype":"F32","shape":[2],"data_offsets":[0]})"), data), "data_offsets are [0]");
  fails(file_of(one(R"({"dtype":"F32","shape":[2],"data_offsets":[8,0]})"), data), "data_offsets are [8, 0]");
  fails(file_of(one(kGood), floats({1})), "data_offsets are [0, 8], two rising numbers from 0 to 4");
  fails(file_of(one(R"({"dtype":"F32","shape":[1],"data_offsets":[0,8]})"), data), "span 8 bytes, shape [1] needs 4");
  fails(file_of(one(R"({"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,8]})"), data),
        "shape asks for more values than the file holds");
  fails(file_of(one(kGood), floats({1, 2, 3})), "the tensors take 8 bytes of data, the file has 12");
  fails(file_of(one(R"({"dtype":"F32","shape":[1],"data_offsets":[4,8]})"), data), "starts at data byte 4, 0 is due");
  fails(file_of(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},)"
                R"("b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})",
                data),
        "tensor b starts at data byte 4, 8 is due");
  fails(file_of(one(kGood), floats({1, std::nanf("")})), "value 1 is nan, not finite");
  fails(file_of(one(kGood), floats({-std::numeric_limits<float>::infinity(), 0})), "value 0 is -inf, not finite");
  fails(file_of(R"({"__metadata__":{"k":1}})", ""), "header: __metadata__.k is 1, a text is needed");
}

TEST_CASE("safetensors: around the header stands nothing but the spaces after it") {
  const TemporaryFolder folder;
  const std::string data = floats({1, 2});
  const auto message = [&](const std::string& before, const std::string& after) {
    write_atomically(folder / "f", file_of(before + one(kGood) + after, data));
    return settle_test::message_of([&] { read_safetensors(folder / "f"); });
  };
  CHECK(message("", "").empty());
  CHECK(message("", "     ").empty());
  for (const char* const after : {"\n", "\t", "  \r", "\x01", "x", "{}", " ,"}) {
    CAPTURE(after);
    CHECK_FALSE(message("", after).empty());
  }
  CHECK(
      settle_test::contains(message("", "\n"), "must be a JSON object from the first on, with spaces alone after it"));
  CHECK(settle_test::contains(message(" ", ""), "must be a JSON object from the first on"));
  CHECK(settle_test::contains(message("\xef\xbb\xbf", ""), "must be a JSON object from the first on"));
  CHECK(settle_test::contains(message("", std::string(3, '\0')), "a byte 0"));
}

TEST_CASE("safetensors: what no reader survives, or reads as something else") {
  const TemporaryFolder folder;
  const auto fails = [&](const std::string& bytes, const std::string& part) {
    write_atomically(folder / "f", bytes);
    check_fails([&] { read_safetensors(folder / "f"); }, part);
  };
  const std::string data = floats({1, 2});
  fails(file_of(one(std::string(150000, '[') + std::string(150000, ']')), data), "more than 64 objects and lists");
  fails(file_of(one(R"({"dtype":"F32","dtype":"F32","shape":[2],"data_offsets":[0,8]})"), data),
        "the key \"dtype\" stands twice");
  fails(file_of(R"({"__metadata__":{"k":"1","k":"2"}})", ""), "the key \"k\" stands twice");
  fails(file_of(one(R"({"dtype":"F32","shape":[2],"data_offsets":[0,8],"offset":0})"), data),
        "w.offset is not a known key");
  fails(file_of(one(R"({"dtype":"F32","shape":[0,18446744073709551615],"data_offsets":[0,0]})"), ""),
        "shape asks for more values than the file holds");
  fails(file_of(one(R"({"dtype":"F32","shape":[2],"data_offsets":[1,9]})"), data + "x"),
        "starts at data byte 1, 0 is due");
  fails("<html>", "f: is a web page, a safetensors file is needed");
  fails("\x08\x07\x12\x07pytorch\x1a", "is an ONNX model");
  fails("{\"format\": \"settle-machine\"}", "is JSON, a safetensors file is needed");
}

TEST_CASE("safetensors: nothing wrong is written") {
  const TemporaryFolder folder;
  TensorFile file;
  file.tensors["w"] = {{2}, {1.0f}};
  check_fails([&] { write_safetensors(folder / "f", file); }, "tensor w has 1 values, its shape is [2]");
  file.tensors["w"] = {{1}, {std::numeric_limits<float>::infinity()}};
  check_fails([&] { write_safetensors(folder / "f", file); }, "not finite");
  CHECK_FALSE(std::filesystem::exists(folder / "f"));
}
