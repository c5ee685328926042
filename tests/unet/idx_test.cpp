#include "images/idx.hpp"

#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "base/files.hpp"
#include "error_message.hpp"
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
  fails(words({0x803, 1, 32, 28}), "rows is 32, only 28 is allowed");
  fails(words({0x803, 1, 28, 27}), "columns is 27, only 28 is allowed");
  fails(words({0x803, 0, 28, 28}), "count is 0, at least 1 is needed");
  fails(words({0x803, 2, 28, 28}) + std::string(2 * 784 - 1, 'x'), "count 2 promises 1584 bytes, the file has 1583");
  fails(words({0x803, 1, 28, 28}) + std::string(785, 'x'), "count 1 promises 800 bytes, the file has 801");
  fails(words({0x803, 0xffffffffu, 28, 28}) + std::string(784, 'x'), "count 4294967295 promises");

  write_atomically(file, words({0x801, 2}) + "\x01\x0a");
  check_fails([&] { read_labels(file); }, "label 1 is 10, 0 to 9 is allowed");
  write_atomically(file, words({0x801, 3}) + "\x01");
  check_fails([&] { read_labels(file); }, "count 3 promises 11 bytes, the file has 9");
  check_fails([] { ImageSet(std::vector<std::uint8_t>(785)); }, "785 bytes are no multiple of the 784 of one image");
}
