// Images that cannot be read, or that the network does not take: one clear line, and nothing is left behind.
#include <string>

#include <doctest/doctest.h>

#include "program/program.hpp"
#include "program/refused.hpp"

using namespace settle_test;

namespace {

const char* const kShippedImages = "mnist-test-512-images-idx3-ubyte";

}  // namespace

TEST_CASE("an IDX file that is missing, cut short, foreign or of sides that are none") {
  const std::string good = read_file(asset(kShippedImages));
  refused(kShortRun + Arguments{"--images", "/nowhere/images"}, {"/nowhere/images", "no such file"});
  refused(kShortRun + Arguments{"--images", "/"}, {"/", "is a folder"});
  bytes_refused("--images", "", {"0 bytes"});
  bytes_refused("--images", good.substr(0, 10), {"rows"});
  bytes_refused("--images", good.substr(0, good.size() - 1), {"401424", "401423"});
  bytes_refused("--images", good + "x", {"401424", "401425"});
  bytes_refused("--images", "something else", {"magic number", "0x00000803"});
  bytes_refused("--images", read_file(asset("unet.safetensors")),
                {"is a safetensors file, an IDX file of images is needed"});
  bytes_refused("--images", read_file(asset("mnist-test-512-labels-idx1-ubyte")),
                {"holds labels", "0x00000801", "0x00000803"});
  std::string narrow = good;
  narrow[15] = 27;
  bytes_refused("--images", narrow, {"count 512 promises 387088 bytes, the file has 401424"});
  narrow[15] = 0;
  bytes_refused("--images", narrow, {"columns is 0, 1 to 256 is allowed"});
}

TEST_CASE("images of another shape than the network's, and arrays that are no images") {
  const std::string needed = " (channels x height x width), the network unet takes 1 x 28 x 28";
  // 1,000 images, as many as a fit takes: [images, height, width] and more channels, by the arrays' sides alone.
  const auto array = [](const std::string& sides, std::size_t bytes) {
    const std::string header = "{'descr': '|u1', 'fortran_order': False, 'shape': (" + sides + "), }\n";
    return std::string("\x93NUMPY\x01\x00", 8) + static_cast<char>(header.size()) + '\0' + header +
           std::string(bytes, '\x07');
  };
  const auto both_refuse = [&](const std::string& bytes, const std::string& why) {
    bytes_refused("--images", bytes, {why});
    const TemporaryFolder scratch;
    const std::string file = (scratch / "given").string();
    write_file(file, bytes);
    std::string line = file;
    line.append(": ").append(why);
    for (const char* preset : {"anchored", "map"}) {
      CHECK(refused({"fit", "--preset", preset, "--samples", "1000", "--images", file}, {line}) == 1);
    }
  };
  std::string narrow = read_file(asset(kShippedImages)).substr(0, 16 + 512 * 27 * 28);
  narrow[15] = 27;
  both_refuse(narrow, "its images are 1 x 28 x 27" + needed);
  both_refuse(array("1000, 6, 5", 30000), "its images are 1 x 6 x 5" + needed);
  both_refuse(array("1000, 3, 6, 5", 90000), "its images are 3 x 6 x 5" + needed);
  both_refuse(array("1000, 5, 5, 3", 75000), "its images are 3 x 5 x 5" + needed);
  both_refuse(array("1000, 30", 30000), "its array has the shape [1000, 30]; [images, height, width]");
  both_refuse(read_file(asset("unet.safetensors")), "is a safetensors file, an IDX file of images is needed");
  bytes_refused("--images", array("1, 28, 28", 784), {"--samples: 2: ", " holds 1 images"});
  const std::string file = asset(kShippedImages).string();
  CHECK(refused({"fit", "--samples", "600", "--images", file}, {file + ": 600 images are wanted, it holds 512"}) == 1);
  CHECK(refused({"fit", "--images", "/nowhere/images"}, {"/nowhere/images: no such file"}) == 1);
}
