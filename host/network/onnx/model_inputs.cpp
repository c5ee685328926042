#include "network/onnx/model_inputs.hpp"

#include <algorithm>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.hpp"

namespace settle {
namespace {

std::string shape_words(const OnnxInput& input) {
  if (!input.shaped) return "of no shape";
  std::vector<std::string> sides;
  for (const std::optional<std::int64_t>& side : input.shape) sides.push_back(side ? std::to_string(*side) : "?");
  return fmt::format("[{}]", fmt::join(sides, ", "));
}

/// One number, one per image of the batch, or that in the shape of an image.
bool is_noise_level(const OnnxInput& input) {
  const auto one = [](const std::optional<std::int64_t>& side) { return side == std::int64_t{1}; };
  return input.shaped && input.shape.size() <= 4 && input.shape.size() != 3 &&
         (input.shape.empty() || std::all_of(input.shape.begin() + 1, input.shape.end(), one));
}

MapSize image_size(const OnnxModel& model, const OnnxInput& input, const std::optional<MapSize>& size) {
  const std::vector<std::int64_t> given =
      size ? std::vector<std::int64_t>{size->channels, size->grid.height, size->grid.width}
           : std::vector<std::int64_t>(3, 0);
  const std::int64_t most[] = {kMostChannels, kMostSide, kMostSide};
  int sides[3];
  for (std::size_t i = 0; i < 3; ++i) {
    const std::int64_t side = input.shape[i + 1].value_or(given[i]);
    if (side == 0) {
      throw error("{}: input {} is {}: give the open sides with --size CxHxW, or export without dynamic axes",
                  model.file, input.name, shape_words(input));
    }
    if (size && side != given[i]) {
      throw error("{}: input {} is {}, --size asks for {}", model.file, input.name, shape_words(input),
                  size_text(*size));
    }
    if (side > most[i]) {
      throw error("{}: input {} is {}, {} channels and sides of {} are allowed", model.file, input.name,
                  shape_words(input), kMostChannels, kMostSide);
    }
    sides[i] = static_cast<int>(side);
  }
  return {sides[0], {sides[1], sides[2]}};
}

}  // namespace

ModelInputs find_inputs(const OnnxModel& model, double sigma, const std::optional<MapSize>& size) {
  std::vector<std::string> names;
  std::vector<const OnnxInput*> images, others;
  for (const OnnxInput& input : model.inputs) {
    names.push_back(fmt::format("{} {}", input.name, shape_words(input)));
    (input.shape.size() == 4 ? images : others).push_back(&input);
  }
  if (images.size() == 2) {  // one of them may be the noise level in an image's shape
    const auto noise =
        std::find_if(images.begin(), images.end(), [](const OnnxInput* i) { return is_noise_level(*i); });
    if (noise != images.end()) {
      others.push_back(*noise);
      images.erase(noise);
    }
  }
  if (images.size() != 1 || others.size() > 1 || (others.size() == 1 && !is_noise_level(*others[0]))) {
    throw error(
        "{}: inputs {}: an image [batch, channels, height, width] is needed and, if the model takes the noise level, "
        "sigma as one number or one per image",
        model.file, names.empty() ? "none" : fmt::format("{}", fmt::join(names, ", ")));
  }
  for (const OnnxInput& input : model.inputs) {
    if (!input.real) {
      throw error("{}: input {} does not hold floating point: the model must take the image, and sigma itself",
                  model.file, input.name);
    }
  }
  ModelInputs inputs;
  inputs.image = images[0]->name;
  inputs.size = image_size(model, *images[0], size);
  if (!others.empty()) {
    inputs.noise = others[0]->name;
    inputs.sigma.shape.assign(others[0]->shape.size(), 1);
    inputs.sigma.values = {sigma};
    inputs.sigma.of_sigma = true;
  }
  return inputs;
}

}  // namespace settle
