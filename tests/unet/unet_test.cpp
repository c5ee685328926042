#include "network/unet/unet.hpp"

#include <cmath>
#include <limits>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "error_message.hpp"
#include "images/idx.hpp"
#include "images/noise.hpp"
#include "network/unet/constants.hpp"
#include "network/unet/reference.hpp"
#include "network/layers/safetensors.hpp"
#include "temporary_folder.hpp"
#include "unet/assets.hpp"

using namespace settle;
using settle_test::check_fails;
using settle_test::kAssets;
using settle_test::TemporaryFolder;

namespace {

const std::filesystem::path kWeights = kAssets / "unet.safetensors";

const Unet& unet() {
  static const Unet loaded = Unet::load(kWeights);
  return loaded;
}

const ImageSet& test_images() {
  static const ImageSet images = read_images(kAssets / "mnist-test-512-images-idx3-ubyte");
  return images;
}

// |ours - stored| / |stored| over the sites that the reference keeps.
double difference(const Map& ours, const TensorFile& reference, const std::string& name, int stride) {
  const Eigen::Index sites = (ours.cols() + stride - 1) / stride;
  const Tensor& tensor = reference.at(name, {ours.rows(), sites});
  const Eigen::Map<const Map> stored(tensor.values.data(), ours.rows(), sites);
  double square = 0;
  for (Eigen::Index s = 0; s < sites; ++s) {
    square += (ours.col(s * stride) - stored.col(s)).cast<double>().squaredNorm();
  }
  return std::sqrt(square) / stored.cast<double>().norm();
}

double mean_square(const Image& a, const Image& b) { return (a - b).cast<double>().squaredNorm() / kImagePixels; }

}  // namespace

TEST_CASE("U-Net: every map agrees with libtorch's to 1e-4") {
  const TensorFile reference = read_safetensors(kAssets / "unet-reference.safetensors");
  REQUIRE(reference.tensors.size() == 1 + kReferenceImages * kReferenceSigmas.size() * 10);
  for (std::size_t image = 0; image < kReferenceImages; ++image) {
    for (std::size_t level = 0; level < kReferenceSigmas.size(); ++level) {
      const double sigma = kReferenceSigmas[level];
      const std::string prefix = fmt::format("{}.{}.", image, level);
      CAPTURE(prefix);
      const Image input = noisy(test_images().image(image), sigma, kTestNoiseSeed, image);
      // The noise itself must be the trainer's to the bit, or it could not be made again.
      CHECK(difference(input.transpose(), reference, prefix + "noisy", 1) == 0.0);
      const Activations maps = unet().run(input, sigma);
      CHECK(difference(maps.input, reference, prefix + "input", 1) < 1e-4);
      CHECK(difference(maps.e1, reference, prefix + "e1", kReferenceStride) < 1e-4);
      CHECK(difference(maps.e2, reference, prefix + "e2", 1) < 1e-4);
      CHECK(difference(maps.e3, reference, prefix + "e3", 1) < 1e-4);
      CHECK(difference(maps.b, reference, prefix + "b", 1) < 1e-4);
      CHECK(difference(maps.d3, reference, prefix + "d3", 1) < 1e-4);
      CHECK(difference(maps.d2, reference, prefix + "d2", 1) < 1e-4);
      CHECK(difference(maps.d1, reference, prefix + "d1", kReferenceStride) < 1e-4);
      CHECK(difference(maps.output.transpose(), reference, prefix + "output", 1) < 1e-4);
    }
  }
}

TEST_CASE("U-Net: denoises the shipped test images") {
  double mse = 0, noisy_mse = 0;
  const std::size_t count = test_images().size();
  for (std::size_t i = 0; i < count; ++i) {
    const Image clean = test_images().image(i);
    const Image input = noisy(clean, 0.5, kTestNoiseSeed, i);
    mse += mean_square(unet().run(input, 0.5).output, clean) / static_cast<double>(count);
    noisy_mse += mean_square(input, clean) / static_cast<double>(count);
  }
  MESSAGE("MSE ", mse, ", noisy ", noisy_mse);
  CHECK(mse <= 0.012);
  CHECK(noisy_mse > 0.24);
  CHECK(noisy_mse < 0.26);
}

TEST_CASE("U-Net: the pieces make the whole, to the bit") {
  const Image input = noisy(test_images().image(3), 0.5, kTestNoiseSeed, 3);
  const Activations whole = unet().run(input, 0.5);
  const Encoded encoded = unet().encode(input, 0.5);
  CHECK(encoded.e3 == whole.e3);
  const Map b = unet().bottleneck(encoded.e3, 0.5);
  CHECK(b == whole.b);
  const Map d3 = unet().decode3(b, encoded.e3, 0.5);
  CHECK(d3 == whole.d3);
  CHECK(unet().decode_from_d3(input, encoded, d3, 0.5) == whole.output);
  CHECK(unet().decode_from_d3(input, encoded, Map::Zero(64, 49), 0.5) != whole.output);
  CHECK(unet().run(input, 0.5).output == whole.output);
  CHECK(whole.b.cols() == 16);
  CHECK(whole.d1.rows() == 16);
}

TEST_CASE("U-Net: its layers follow from kernel, bias and slope") {
  const Image input = noisy(test_images().image(5), 0.5, kTestNoiseSeed, 5);
  const Activations maps = unet().run(input, 0.5);
  const Map u =
      convolve(stack(twice(maps.b, 7), maps.e3), 7, unet().kernel(Convolution::d3), unet().bias(Convolution::d3, 0.5));
  CHECK(u.cwiseMax(unet().slope(Convolution::d3) * u) == maps.d3);
  CHECK(convolution_shape(Convolution::d3).inputs == 128);
  CHECK(unet().bias(Convolution::d3, 0.5) != unet().bias(Convolution::d3, 2.0));
}

TEST_CASE("U-Net: bad arguments") {
  const Image image = Image::Zero(kImagePixels);
  Image broken = image;
  broken[783] = std::numeric_limits<float>::infinity();
  check_fails([&] { unet().run(image, 0.0); }, "sigma is 0, 0.02 to 80 is allowed");
  check_fails([&] { unet().run(image, std::nan("")); }, "sigma is nan, 0.02 to 80 is allowed");
  check_fails([&] { unet().run(broken, 0.5); }, "not finite");
  check_fails([&] { unet().run(Image::Zero(49), 0.5); }, "the image has 49 pixels, 784 are needed");
  check_fails([&] { unet().decode2(Map::Zero(64, 16), Map::Zero(32, 196), 0.5); }, "twice: the map has 16 sites");
  check_fails([&] { unet().decode2(Map::Zero(63, 49), Map::Zero(32, 196), 0.5); }, "95 channels need 855");
}

TEST_CASE("U-Net: bad weights files") {
  const TemporaryFolder folder;
  const TensorFile good = read_safetensors(kWeights);
  const auto fails = [&](const TensorFile& file, const std::string& part) {
    write_safetensors(folder / "w", file);
    check_fails([&] { Unet::load(folder / "w"); }, part);
    check_fails([&] { Unet::load(folder / "w"); }, (folder / "w").string());
  };
  write_safetensors(folder / "w", good);
  CHECK_NOTHROW(Unet::load(folder / "w"));
  check_fails([&] { Unet::load(folder / "none"); }, "no such file");

  TensorFile file = good;
  file.tensors.erase("d3.bias");
  fails(file, "tensor d3.bias is missing");
  file = good;
  file.tensors["d3.weight"].shape = {64, 128, 9};
  fails(file, "tensor d3.weight has shape [64, 128, 9], only [64, 128, 3, 3] is allowed");
  file = good;
  file.tensors["d4.weight"] = {{1}, {1.0f}};
  fails(file, "tensor d4.weight belongs to no convolution");
  file = good;
  file.metadata.erase("format");
  fails(file, "metadata format is missing");
  file.metadata["format"] = "another";
  fails(file, "metadata format is \"another\", only");
  file = good;
  file.metadata["activation_slope"] = "0.1";
  fails(file, "metadata activation_slope is \"0.1\", a number from 0.125 to 1 is needed");
  file.metadata["activation_slope"] = "nan";
  fails(file, "metadata activation_slope is \"nan\"");
  file = good;
  file.metadata["activation_slope_d3"] = "1.5";
  fails(file, "metadata activation_slope_d3 is \"1.5\", a number from 0.125 to 1 is needed");
  file = good;
  file.metadata["sigma_data"] = "0.5";
  fails(file, "metadata sigma_data is \"0.5\"");
}
