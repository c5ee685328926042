// Images from NumPy's files are those of an IDX file.
#include "images/numpy_images.hpp"

#include <doctest/doctest.h>

#include "base/arrays/npy.hpp"
#include "base/files.hpp"
#include "error_message.hpp"
#include "images/idx.hpp"
#include "temporary_folder.hpp"
#include "unet/assets.hpp"

using namespace settle;

TEST_CASE("arrays of images in npy and npz, of every shape that is allowed") {
  const settle_test::TemporaryFolder scratch;
  const ImageSet wanted = read_images(settle_test::kAssets / "mnist-test-512-images-idx3-ubyte", 3);
  NumberArray array;
  array.values.assign(wanted.greys().begin(), wanted.greys().end());
  for (const std::vector<std::int64_t>& shape :
       std::vector<std::vector<std::int64_t>>{{3, 28, 28}, {3, 784}, {3, 1, 28, 28}}) {
    array.shape = shape;
    for (const NumberType type : {NumberType::byte, NumberType::float32, NumberType::float64}) {
      write_atomically(scratch / "images.npy", npy_bytes(array, type));
      CHECK(read_images(scratch / "images.npy").greys() == wanted.greys());
      write_atomically(scratch / "images.npz", npz_bytes({{"x", array}}, type));
      CHECK(read_images(scratch / "images.npz", 2).size() == 2);
    }
  }
  const auto refused = [&](const std::string& bytes, const std::string& why) {
    write_atomically(scratch / "bad", bytes);
    settle_test::check_fails([&] { read_images(scratch / "bad"); }, (scratch / "bad").string() + ": " + why);
  };
  refused(npz_bytes({{"x", array}, {"y", array}}, NumberType::byte), "holds 2 arrays (x, y), one of images is needed");
  array.values[800] = 0.5;
  refused(npy_bytes(array, NumberType::float32), "image 1 holds 0.5, grey levels are whole numbers from 0 to 255");
  refused(npy_bytes({{2, 27, 28}, std::vector<double>(2 * 27 * 28)}, NumberType::byte),
          "its array has the shape [2, 27, 28]");
  refused(npy_bytes({{0, 784}, {}}, NumberType::byte), "holds no image");
  refused(npy_bytes({{}, {1}}, NumberType::byte), "its array has the shape []");
}
