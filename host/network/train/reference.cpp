#include "network/train/reference.hpp"

#include <string>
#include <vector>

#include <fmt/format.h>

#include "images/noise.hpp"
#include "network/graph/queries.hpp"
#include "network/layers/safetensors.hpp"
#include "network/train/data.hpp"
#include "network/train/reference_file.hpp"

namespace settle {
namespace {

Tensor plain(const torch::Tensor& tensor) {
  const torch::Tensor source = tensor.detach().to(torch::kFloat).contiguous();
  Tensor result;
  result.shape = source.sizes().vec();
  result.values.assign(source.data_ptr<float>(), source.data_ptr<float>() + source.numel());
  return result;
}

// [1, channels, height, width] as [channels, kept sites].
Tensor map_of(const torch::Tensor& map, std::int64_t stride) {
  return plain(map.reshape({map.size(1), -1}).slice(1, 0, map.size(2) * map.size(3), stride));
}

}  // namespace

void write_reference(const std::filesystem::path& path, const TorchGraph& net, const torch::Tensor& test) {
  const torch::NoGradGuard no_grad;
  const Graph graph = net.graph();
  TensorFile file;
  const std::vector<float> sigmas(kReferenceSigmas.begin(), kReferenceSigmas.end());
  file.tensors["sigmas"] = plain(torch::tensor(sigmas));
  for (std::size_t image = 0; image < kReferenceImages; ++image) {
    for (std::size_t level = 0; level < kReferenceSigmas.size(); ++level) {
      const double sigma = kReferenceSigmas[level];
      const torch::Tensor noisy = noisy_tensor(test, static_cast<std::int64_t>(image), 1, sigma, kTestNoiseSeed);
      const TorchMaps maps = net.forward(noisy, torch::full({1}, sigma));
      const auto put = [&](const std::string& name, const torch::Tensor& map, std::int64_t stride) {
        file.tensors[fmt::format("{}.{}.{}", image, level, name)] = map_of(map, stride);
      };
      put("noisy", noisy, 1);
      for (const Node* node : layer_maps(graph)) {
        const bool large = node->kind == Node::Kind::activation && node->size.grid == graph.image.grid;
        put(node->name, maps.at(node->name), large ? kReferenceStride : 1);
      }
      put("output", maps.at(graph.output), 1);
    }
  }
  write_safetensors(path, file);
}

}  // namespace settle
