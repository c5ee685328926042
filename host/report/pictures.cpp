#include "report/pictures.hpp"

#include <cmath>

#include <fmt/format.h>

#include "base/error.hpp"

namespace settle {

std::string picture_list(const std::vector<Picture>& pictures) {
  std::string csv = "index,sample,name,psnr\n";
  for (std::size_t i = 0; i < pictures.size(); ++i) {
    const Picture& picture = pictures[i];
    csv += fmt::format("{},{},{},", i, picture.sample, picture.name);
    if (picture.psnr) csv += fmt::format("{:.4f}", *picture.psnr);
    csv += '\n';
  }
  return csv;
}

std::string picture_pixels(const std::vector<Picture>& pictures) {
  std::string text;
  for (const Picture& picture : pictures) {
    const auto side = static_cast<Eigen::Index>(std::lround(std::sqrt(static_cast<double>(picture.pixels.size()))));
    if (side < 1 || side * side != picture.pixels.size() || !picture.pixels.allFinite()) {
      throw error("pictures: {} of sample {} has {} pixels, a square of finite ones is needed", picture.name,
                  picture.sample, picture.pixels.size());
    }
    if (!text.empty()) text += "\n\n";
    for (Eigen::Index y = 0; y < side; ++y) {
      for (Eigen::Index x = 0; x < side; ++x) {
        text += fmt::format("{}{:.4f}", x == 0 ? "" : ",", picture.pixels[y * side + x]);
      }
      text += '\n';
    }
  }
  return text;
}

}  // namespace settle
