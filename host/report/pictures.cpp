#include "report/pictures.hpp"

#include <fmt/format.h>

#include "base/error.hpp"

namespace settle {
namespace {

constexpr int kColours = 3;  ///< channels of an image that is written in colour

void check_picture(const Picture& picture, const ImageShape& shape) {
  if (picture.shape == shape && shape.pixels() > 0 && picture.pixels.size() == shape.pixels() &&
      picture.pixels.allFinite()) {
    return;
  }
  throw error("pictures: {} of sample {} has {} pixels, {} finite ones are needed", picture.name, picture.sample,
              picture.pixels.size(), shape_text(shape));
}

/// The first channel, a line per row.
std::string grey_block(const Picture& picture) {
  std::string text;
  for (Eigen::Index y = 0; y < picture.shape.height; ++y) {
    for (Eigen::Index x = 0; x < picture.shape.width; ++x) {
      text += fmt::format("{}{:.4f}", x == 0 ? "" : ",", picture.pixels[y * picture.shape.width + x]);
    }
    text += '\n';
  }
  return text;
}

/// Three channels, a line per pixel.
std::string colour_block(const Picture& picture) {
  std::string text;
  const Eigen::Index sites = picture.shape.height * picture.shape.width;
  for (Eigen::Index site = 0; site < sites; ++site) {
    if (site > 0 && site % picture.shape.width == 0) text += '\n';
    text += fmt::format("{:.4f},{:.4f},{:.4f}\n", picture.pixels[site], picture.pixels[sites + site],
                        picture.pixels[2 * sites + site]);
  }
  return text;
}

}  // namespace

std::string picture_list(const std::vector<Picture>& pictures) {
  const int channels = pictures.empty() ? 1 : pictures[0].shape.channels;
  const std::string shown = channels == 1 ? "" : channels == kColours ? ",rgb" : fmt::format(",1 of {}", channels);
  std::string csv = fmt::format("index,sample,name,psnr{}\n", channels == 1 ? "" : ",shown");
  for (std::size_t i = 0; i < pictures.size(); ++i) {
    const Picture& picture = pictures[i];
    csv += fmt::format("{},{},{},", i, picture.sample, picture.name);
    if (picture.psnr) csv += fmt::format("{:.4f}", *picture.psnr);
    csv += shown + '\n';
  }
  return csv;
}

std::string picture_pixels(const std::vector<Picture>& pictures) {
  std::string text;
  for (const Picture& picture : pictures) {
    check_picture(picture, pictures[0].shape);
    if (!text.empty()) text += "\n\n";
    text += picture.shape.channels == kColours ? colour_block(picture) : grey_block(picture);
  }
  return text;
}

}  // namespace settle
