#include "study/run/judging.hpp"

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include "images/idx.hpp"

namespace settle {

namespace {

constexpr Eigen::Index kFewestJudged = 16;  // samples of a run that is judged

/// Whether `images` are those of the file, as far as it goes.
bool same_images(const std::vector<Image>& images, const std::filesystem::path& file) {
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored)) return false;
  const ImageSet own = read_images(file);
  const std::size_t both = std::min(images.size(), own.size());
  for (std::size_t s = 0; s < both; ++s) {
    const Image image = own.image(s);
    if (images[s].size() != image.size() || images[s] != image) return false;
  }
  return true;
}

}  // namespace

std::string why_not_judged(const RunOptions& options, const Machine& machine, double sigma, double kt,
                           const std::vector<Image>& images) {
  if (!machine.network.empty()) return fmt::format("no targets are set for machines of {}", machine.preset);
  if (!options.own_machine) return "--machine names another file than the preset's own";
  if (!options.format.empty()) return "--format makes the formats others than the preset's own";
  if (sigma != machine.sigma) return fmt::format("sigma {:g} is not the machine's own, {:g}", sigma, machine.sigma);
  if (kt != machine.kt) return fmt::format("kT {:g} is not the machine's own, {:g}", kt, machine.kt);
  if (options.settle_steps || options.window_steps)
    return "--settle-steps or --window-steps makes the steps others than the machine's own";
  if (!same_images(images, options.own_images)) return "the images are not the preset's own test images";
  return "";
}

std::string why_not_judged(Eigen::Index samples) {
  if (samples >= kFewestJudged) return "";
  return fmt::format("{} of at least {} samples", samples, kFewestJudged);
}

}  // namespace settle
