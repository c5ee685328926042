// Images that a run leaves behind, for pictures.gp and film.gp to draw.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <Eigen/Core>

#include "images/image.hpp"

namespace settle {

struct Picture {
  int sample = 0;
  std::string name;            ///< "noisy", "unet", ... or the step of a film's frame
  std::optional<double> psnr;  ///< dB; empty for the clean image itself
  ImageShape shape;            ///< the same of all pictures that are written together
  Eigen::VectorXd pixels;      ///< [shape.pixels()] in the order of Image
};

/// The list as CSV: a heading and one line per picture, columns index, sample, name, psnr (empty if there is none).
/// Of images of several channels a fifth column, shown, says what picture_pixels() writes of them: "rgb", all three
/// channels, or "1 of 8", the first channel of eight.
std::string picture_list(const std::vector<Picture>& pictures);

/// The pixels: one block per picture, in the list's order, one line per row of pixels, two empty lines between blocks
/// (gnuplot's `index`). Of three channels one line per pixel, its red, green and blue, and an empty line between rows.
/// Four digits. Throws Error if a picture has not the pixels of its shape, or another shape than the first, or is not
/// finite.
std::string picture_pixels(const std::vector<Picture>& pictures);

}  // namespace settle
