#include "network/train/export.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/error.hpp"
#include "images/noise.hpp"
#include "network/layers/safetensors.hpp"
#include "network/train/data.hpp"
#include "network/unet/constants.hpp"
#include "network/unet/reference.hpp"

namespace settle {
namespace {

Tensor plain(const torch::Tensor& tensor) {
  const torch::Tensor source = tensor.detach().to(torch::kFloat).contiguous();
  Tensor result;
  result.shape = source.sizes().vec();
  result.values.assign(source.data_ptr<float>(), source.data_ptr<float>() + source.numel());
  return result;
}

// [1, channels, side, side] as [channels, kept sites].
Tensor map_of(const torch::Tensor& map, std::int64_t stride) {
  return plain(map.reshape({map.size(1), -1}).slice(1, 0, map.size(2) * map.size(3), stride));
}

}  // namespace

void write_weights(const std::filesystem::path& path, const TorchUnet& net,
                   std::map<std::string, std::string> metadata) {
  TensorFile file;
  file.metadata = std::move(metadata);
  file.metadata["format"] = kWeightsFormat;
  file.metadata["sigma_data"] = fmt::format("{}", kSigmaData);
  file.metadata["activation_slope"] = fmt::format("{}", net->slopes().others);
  file.metadata["activation_slope_d3"] = fmt::format("{}", net->slopes().d3);
  for (const auto& item : net->named_parameters()) file.tensors[item.key()] = plain(item.value());
  write_safetensors(path, file);
}

TorchUnet read_weights(const std::filesystem::path& path) {
  const TensorFile file = read_safetensors(path);
  TorchUnet net(Slopes{file.number("activation_slope", 0.0, 1.0), file.number("activation_slope_d3", 0.0, 1.0)});
  const torch::NoGradGuard no_grad;
  for (auto& item : net->named_parameters()) {
    torch::Tensor& to = item.value();
    const Tensor& from = file.at(item.key(), to.sizes().vec());
    to.copy_(torch::tensor(from.values).reshape(to.sizes()));
  }
  return net;
}

void write_reference(const std::filesystem::path& path, TorchUnet& net, const ImageSet& test) {
  const torch::NoGradGuard no_grad;
  TensorFile file;
  const std::vector<float> sigmas(kReferenceSigmas.begin(), kReferenceSigmas.end());
  file.tensors["sigmas"] = plain(torch::tensor(sigmas));
  for (std::size_t image = 0; image < kReferenceImages; ++image) {
    for (std::size_t level = 0; level < kReferenceSigmas.size(); ++level) {
      const double sigma = kReferenceSigmas[level];
      const torch::Tensor noisy = noisy_tensor(test, image, 1, sigma, kTestNoiseSeed);
      const TorchActivations maps = net->forward(noisy, torch::full({1}, sigma));
      const auto put = [&](const char* name, const torch::Tensor& map, std::int64_t stride) {
        file.tensors[fmt::format("{}.{}.{}", image, level, name)] = map_of(map, stride);
      };
      put("noisy", noisy, 1);
      put("input", maps.input, 1);
      put("e1", maps.e1, kReferenceStride);
      put("e2", maps.e2, 1);
      put("e3", maps.e3, 1);
      put("b", maps.b, 1);
      put("d3", maps.d3, 1);
      put("d2", maps.d2, 1);
      put("d1", maps.d1, kReferenceStride);
      put("output", maps.output, 1);
    }
  }
  write_safetensors(path, file);
}

}  // namespace settle
