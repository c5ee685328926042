// Images that a run leaves behind, for pictures.gp and film.gp to draw.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <Eigen/Core>

namespace settle {

struct Picture {
  int sample = 0;
  std::string name;            ///< "noisy", "unet", ... or the step of a film's frame
  std::optional<double> psnr;  ///< dB; empty for the clean image itself
  Eigen::VectorXd pixels;      ///< [side * side] row by row, a square
};

/// The list as CSV: a heading and one line per picture, columns index, sample, name, psnr (empty if there is none).
std::string picture_list(const std::vector<Picture>& pictures);

/// The pixels: one block per picture, in the list's order, one line per row of pixels, two empty lines between blocks
/// (gnuplot's `index`). Four digits. Throws Error if a picture is no square or not finite.
std::string picture_pixels(const std::vector<Picture>& pictures);

}  // namespace settle
