#include "images/idx.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "base/files.hpp"
#include "error_message.hpp"
#include "images/gzip.hpp"
#include "temporary_folder.hpp"
#include "unet/assets.hpp"

using namespace settle;
using settle_test::check_fails;
using settle_test::kAssets;
using settle_test::TemporaryFolder;

namespace {

const std::filesystem::path kImages = kAssets / "mnist-test-512-images-idx3-ubyte";
const std::filesystem::path kLabels = kAssets / "mnist-test-512-labels-idx1-ubyte";

// A header made by hand, so that the reader is not tested against our own writer alone.
std::string words(std::initializer_list<unsigned> values) {
  std::string bytes;
  for (const unsigned v : values) {
    for (const unsigned shift : {24u, 16u, 8u, 0u}) bytes.push_back(static_cast<char>((v >> shift) & 255u));
  }
  return bytes;
}

using namespace std::string_literals;

// words({0x803, 1, 28, 28}) + 783 zeros + "\xff", packed by Python's gzip module.
const std::string kPacked =
    "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff\x63\x60\xe0\x60\x66\x60\x60\x60\x04\x62\x19\x28\x1e\x05\xa3\x60\x14\x40"
    "\xc0\x7f"
    "\x00\x67\xae\xfe\xb6\x20\x03\x00\x00"s;

std::vector<std::uint8_t> bytes_of(const std::string& text) { return {text.begin(), text.end()}; }

}  // namespace

TEST_CASE("idx: pixels and labels are those of the bytes") {
  const TemporaryFolder folder;
  std::string bytes = words({0x803, 2, 28, 28}) + std::string(2 * 784, '\0');
  bytes[16] = '\xff';
  bytes[16 + 784 + 29] = '\x01';
  write_atomically(folder / "images", bytes);
  const ImageSet images = read_images(folder / "images");
  REQUIRE(images.size() == 2);
  CHECK(images.image(0)[0] == 1.0f);
  CHECK(images.image(0)[1] == -1.0f);
  CHECK(images.image(1)[29] == static_cast<float>(1.0 / 127.5 - 1.0));
  CHECK(read_images(folder / "images", 1).size() == 1);
  check_fails([&] { images.image(2); }, "image 2 is out of range, 0 to 1 exist");

  write_atomically(folder / "labels", words({0x801, 3}) + std::string("\x07\x00\x09", 3));
  CHECK(read_labels(folder / "labels") == std::vector<std::uint8_t>{7, 0, 9});
  CHECK(read_labels(folder / "labels", 2) == std::vector<std::uint8_t>{7, 0});
}

TEST_CASE("idx: images of any sides, row by row") {
  const TemporaryFolder folder;
  write_atomically(folder / "images", words({0x803, 2, 2, 3}) + "abcdefABCDEF");
  const ImageSet images = read_images(folder / "images");
  CHECK(images.shape() == ImageShape{1, 2, 3});
  REQUIRE(images.size() == 2);
  REQUIRE(images.image(1).size() == 6);
  CHECK(images.image(1)[4] == static_cast<float>('E' / 127.5 - 1));
  write_images(folder / "again", images);
  CHECK(read_bytes(folder / "again") == read_bytes(folder / "images"));
  write_atomically(folder / "large", words({0x803, 1, 256, 1}) + std::string(256, 'x'));
  CHECK(read_images(folder / "large").shape() == ImageShape{1, 256, 1});
  write_atomically(folder / "large", words({0x803, 1, 256, 256}) + std::string(65535, 'x'));
  check_fails([&] { read_images(folder / "large"); }, "count 1 promises 65552 bytes, the file has 65551");
  // What such a file does not hold.
  const std::vector<std::uint8_t> six(6);
  check_fails(
      [&] {
        write_images(folder / "none", {{3, 1, 2}, six});
      },
      "none: images of 3 channels, an IDX file holds one");
  check_fails(
      [&] {
        write_images(folder / "none", {{1, 2, 3}, std::vector<float>(6)});
      },
      "grey levels 0 to 255 are needed");
  CHECK_FALSE(std::filesystem::exists(folder / "none"));
}

TEST_CASE("idx: what is written is read again, byte for byte") {
  const TemporaryFolder folder;
  write_images(folder / "images", read_images(kImages));
  write_labels(folder / "labels", read_labels(kLabels));
  CHECK(read_bytes(folder / "images") == read_bytes(kImages));
  CHECK(read_bytes(folder / "labels") == read_bytes(kLabels));
}

TEST_CASE("idx: the shipped test images start as MNIST's do") {
  CHECK(read_images(kImages).size() == 512);
  const std::vector<std::uint8_t> labels = read_labels(kLabels);
  REQUIRE(labels.size() == 512);
  CHECK(std::vector<std::uint8_t>(labels.begin(), labels.begin() + 10) ==
        std::vector<std::uint8_t>{7, 2, 1, 0, 4, 1, 4, 9, 5, 9});
}

TEST_CASE("idx: a file packed by gzip is read as it is, whatever it is called") {
  const TemporaryFolder folder;
  for (const char* name : {"images.gz", "images-idx3-ubyte"}) {
    write_atomically(folder / name, kPacked);
    const ImageSet images = read_images(folder / name);
    REQUIRE(images.size() == 1);
    CHECK(images.image(0)[0] == -1.0f);
    CHECK(images.image(0)[783] == 1.0f);
  }
  // Several ones after each other are one file, as gzip has it.
  CHECK(unpacked(bytes_of(kPacked + kPacked), 1600, "f").size() == 1600);
}

TEST_CASE("idx: a packed file that is cut short, damaged, followed by more or far too large") {
  const TemporaryFolder folder;
  const std::filesystem::path file = folder / "f.gz";
  const auto fails = [&](const std::string& bytes, const std::string& part) {
    write_atomically(file, bytes);
    check_fails([&] { read_images(file); }, file.string() + ": " + part);
  };
  for (std::size_t size = 2; size < kPacked.size(); ++size) {
    fails(kPacked.substr(0, size),
          "its gzip data is cut short after " + std::to_string(size) + " bytes: fetch it again");
  }
  std::string damaged = kPacked;
  damaged[20] = static_cast<char>(damaged[20] ^ 1);
  fails(damaged, "its gzip data is damaged, at byte ");
  damaged = kPacked;
  damaged[kPacked.size() - 8] = static_cast<char>(damaged[kPacked.size() - 8] ^ 1);  // in the checksum
  fails(damaged, "its gzip data is damaged, at byte ");
  fails(kPacked + "\n", "1 bytes stand after the end of its gzip data");
  check_fails([] { unpacked(bytes_of(kPacked), 799, "f"); }, "f: unpacks to more than 799 bytes, up to that are read");
  CHECK(unpacked(bytes_of(kPacked), 800, "f").size() == 800);
  // 39 bytes for 800: what is packed may be far larger than it looks.
  std::string bomb;
  for (std::uint64_t size = 0; size <= kMostFileBytes; size += 800) bomb += kPacked;
  fails(bomb, "unpacks to more than 67108864 bytes");
  fails(kPacked.substr(0, 10) + "\x03\x00\0\0\0\0\0\0\0\0"s, "the IDX header ends before its magic number");
}

TEST_CASE("idx: MNIST's files are found in every usual spelling") {
  const std::string dash = "t10k-images-idx3-ubyte", dot = "t10k-images.idx3-ubyte";
  for (const std::string& there : {dash, dot, dash + ".gz", dot + ".gz"}) {
    const TemporaryFolder folder;
    write_atomically(folder / there, kPacked);
    for (const std::string& named : {dash, dot, dash + ".gz", dot + ".gz"}) {
      CAPTURE(there);
      CAPTURE(named);
      CHECK(as_spelt(folder / named) == folder / there);
      CHECK(read_images(folder / named).size() == 1);
    }
    CHECK(as_spelt(folder / "t10k-labels-idx1-ubyte") == folder / "t10k-labels-idx1-ubyte");
  }
  const TemporaryFolder folder;
  for (const std::string& name : {dash, dot}) write_atomically(folder / name, kPacked);
  for (const std::string& name : {dash, dot}) CHECK(as_spelt(folder / name) == folder / name);
  check_fails([&] { read_images(folder / "train-images-idx3-ubyte"); }, "train-images-idx3-ubyte: no such file");
  write_atomically(folder / "t10k-labels.idx1-ubyte", words({0x801, 1}) + "\x03");
  CHECK(read_labels(folder / "t10k-labels-idx1-ubyte") == std::vector<std::uint8_t>{3});
}

TEST_CASE("idx: what is another kind of file is named, with what can be done") {
  const TemporaryFolder folder;
  const auto fails = [&](const std::string& bytes, const std::string& part) {
    write_atomically(folder / "f", bytes);
    check_fails([&] { read_images(folder / "f"); }, part);
  };
  fails("<!doctype html><title>404", "f: is a web page, an IDX file of images is needed: a download that failed");
  fails("PK\x03\x04", "the archive is cut short");
  fails("\x93NUMPY\x01", "ends in the array's header");
  fails("version https://git-lfs.github.com/spec/v1\n", "git lfs pull");
  fails(words({0x801, 1}) + "\x01",
        "f: holds labels: its magic number is 0x00000801, an IDX file of images has 0x00000803");
  write_atomically(folder / "f", words({0x803, 1, 28, 28}));
  check_fails([&] { read_labels(folder / "f"); }, "f: holds images: its magic number is 0x00000803");
}

TEST_CASE("idx: bad files are refused for what is wrong with them") {
  const TemporaryFolder folder;
  const std::filesystem::path file = folder / "file";
  const auto fails = [&](const std::string& bytes, const std::string& part) {
    write_atomically(file, bytes);
    check_fails([&] { read_images(file); }, part);
    check_fails([&] { read_images(file); }, file.string());
  };
  check_fails([&] { read_images(folder / "none"); }, "no such file");
  fails("", "the IDX header ends before its magic number (the file has 0 bytes)");
  fails("a text, not an image", "magic number is 0x61207465, an IDX file of images has 0x00000803");
  fails(words({0x801, 1}) + "\x01", "magic number is 0x00000801");
  fails(words({0x803, 1}), "the IDX header ends before its rows");
  fails(words({0x803, 1, 0, 28}), "rows is 0, 1 to 256 is allowed");
  fails(words({0x803, 1, 257, 28}), "rows is 257, 1 to 256 is allowed");
  fails(words({0x803, 1, 28, 0}), "columns is 0, 1 to 256 is allowed");
  fails(words({0x803, 1, 28, 0xffffffffu}), "columns is 4294967295, 1 to 256 is allowed");
  fails(words({0x803, 0, 28, 28}), "count is 0, at least 1 is needed");
  fails(words({0x803, 2, 28, 28}) + std::string(2 * 784 - 1, 'x'), "count 2 promises 1584 bytes, the file has 1583");
  fails(words({0x803, 1, 28, 28}) + std::string(785, 'x'), "count 1 promises 800 bytes, the file has 801");
  fails(words({0x803, 0xffffffffu, 28, 28}) + std::string(784, 'x'), "count 4294967295 promises");

  write_atomically(file, words({0x801, 2}) + "\x01\x0a");
  check_fails([&] { read_labels(file); }, "label 1 is 10, 0 to 9 is allowed");
  write_atomically(file, words({0x801, 3}) + "\x01");
  check_fails([&] { read_labels(file); }, "count 3 promises 11 bytes, the file has 9");
}
