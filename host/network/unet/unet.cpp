#include "network/unet/unet.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "base/error.hpp"
#include "network/layers/safetensors.hpp"
#include "network/unet/constants.hpp"

namespace settle {
namespace {

constexpr std::array<ConvolutionShape, kConvolutions> kShapes = {{
    {"e1", 1, kChannels1, kSide1},
    {"e2", kChannels1, kChannels2, kSide2},
    {"e3", kChannels2, kChannels3, kSide3},
    {"b", kChannels3, kChannelsB, kSideB},
    {"d3", kChannelsB + kChannels3, kChannels3, kSide3},
    {"d2", kChannels3 + kChannels2, kChannels2, kSide2},
    {"d1", kChannels2 + kChannels1, kChannels1, kSide1},
    {"out", kChannels1, 1, kSide1},
}};

void check_sigma(double sigma) {
  if (!(sigma >= kSigmaMin && sigma <= kSigmaMax)) {
    throw error("U-Net: sigma is {}, {} to {} is allowed", sigma, kSigmaMin, kSigmaMax);
  }
}

void check_image(const Image& image) {
  if (image.size() != kImagePixels)
    throw error("U-Net: the image has {} pixels, {} are needed", image.size(), kImagePixels);
  if (!image.allFinite()) throw error("U-Net: the image has a pixel that is not finite");
}

// A tensor as a matrix of `rows` rows.
Map matrix(const Tensor& tensor, int rows) {
  const auto columns = static_cast<Eigen::Index>(tensor.values.size()) / rows;
  return Eigen::Map<const Map>(tensor.values.data(), rows, columns);
}

}  // namespace

const ConvolutionShape& convolution_shape(Convolution convolution) {
  return kShapes[static_cast<std::size_t>(convolution)];
}

Unet Unet::load(const std::filesystem::path& path) {
  const TensorFile file = read_safetensors(path);
  if (file.text("format") != kWeightsFormat) {
    throw error("{}: metadata format is \"{}\", only \"{}\" is allowed", file.name, file.text("format"),
                kWeightsFormat);
  }
  file.number("sigma_data", kSigmaData, kSigmaData);
  Unet unet;
  const auto slope = static_cast<float>(file.number("activation_slope", 0.125, 1.0));
  const auto slope_d3 = static_cast<float>(file.number("activation_slope_d3", 0.125, 1.0));

  std::set<std::string> known;
  const auto tensor = [&](const std::string& name, const std::vector<std::int64_t>& shape) -> const Tensor& {
    known.insert(name);
    return file.at(name, shape);
  };
  for (std::size_t i = 0; i < kConvolutions; ++i) {
    const ConvolutionShape& shape = kShapes[i];
    const std::string name = shape.name;
    unet.weights_[i].kernel = matrix(tensor(name + ".weight", {shape.outputs, shape.inputs, 3, 3}), shape.outputs);
    unet.weights_[i].bias = matrix(tensor(name + ".bias", {shape.outputs}), shape.outputs);
    unet.weights_[i].noise = matrix(tensor(name + ".noise", {shape.outputs, kNoiseFeatures}), shape.outputs);
  }
  for (const Convolution convolution : {Convolution::e1, Convolution::e2, Convolution::e3, Convolution::b,
                                        Convolution::d3, Convolution::d2, Convolution::d1}) {
    unet.weights_[static_cast<std::size_t>(convolution)].slope = convolution == Convolution::d3 ? slope_d3 : slope;
  }
  for (const auto& [name, unused] : file.tensors) {
    if (known.count(name) == 0) throw error("{}: tensor {} belongs to no convolution of the network", file.name, name);
  }
  return unet;
}

Eigen::VectorXf Unet::bias(Convolution convolution, double sigma) const {
  check_sigma(sigma);
  return weights(convolution).bias + weights(convolution).noise * noise_features(sigma);
}

Map Unet::raw(Convolution convolution, const Map& input, double sigma) const {
  return convolve(input, convolution_shape(convolution).side, kernel(convolution), bias(convolution, sigma));
}

Map Unet::activated(Convolution convolution, const Map& input, double sigma) const {
  Map u = raw(convolution, input, sigma);
  u = u.cwiseMax(slope(convolution) * u);
  return u;
}

Encoded Unet::encode(const Image& noisy, double sigma) const {
  check_sigma(sigma);
  check_image(noisy);
  Encoded maps;
  maps.input = (static_cast<float>(preconditioning(sigma).in) * noisy).transpose();
  maps.e1 = activated(Convolution::e1, maps.input, sigma);
  maps.e2 = activated(Convolution::e2, halve(maps.e1, kSide1), sigma);
  maps.e3 = activated(Convolution::e3, halve(maps.e2, kSide2), sigma);
  return maps;
}

Map Unet::bottleneck(const Map& e3, double sigma) const { return activated(Convolution::b, halve(e3, kSide3), sigma); }

Map Unet::decode3(const Map& b, const Map& e3, double sigma) const {
  return activated(Convolution::d3, stack(twice(b, kSide3), e3), sigma);
}

Map Unet::decode2(const Map& d3, const Map& e2, double sigma) const {
  return activated(Convolution::d2, stack(twice(d3, kSide2), e2), sigma);
}

Map Unet::decode1(const Map& d2, const Map& e1, double sigma) const {
  return activated(Convolution::d1, stack(twice(d2, kSide1), e1), sigma);
}

Image Unet::denoised(const Image& noisy, const Map& d1, double sigma) const {
  check_image(noisy);
  const Map f = raw(Convolution::out, d1, sigma);
  const Preconditioning factors = preconditioning(sigma);
  return static_cast<float>(factors.skip) * noisy + static_cast<float>(factors.out) * f.row(0).transpose();
}

Image Unet::decode_from_d3(const Image& noisy, const Encoded& encoded, const Map& d3, double sigma) const {
  return denoised(noisy, decode1(decode2(d3, encoded.e2, sigma), encoded.e1, sigma), sigma);
}

Activations Unet::run(const Image& noisy, double sigma) const {
  Activations maps;
  static_cast<Encoded&>(maps) = encode(noisy, sigma);
  maps.b = bottleneck(maps.e3, sigma);
  maps.d3 = decode3(maps.b, maps.e3, sigma);
  maps.d2 = decode2(maps.d3, maps.e2, sigma);
  maps.d1 = decode1(maps.d2, maps.e1, sigma);
  maps.output = denoised(noisy, maps.d1, sigma);
  return maps;
}

}  // namespace settle
