// What a reference file holds: libtorch's maps, to which the host's own inference is held in the tests. For image i and
// noise level j it has the tensors "i.j.NAME", each [channels, sites], NAME being noisy, output, or a map for which a
// layer of cells can stand; and "sigmas".
#pragma once

#include <array>
#include <cstddef>

namespace settle {

/// The first so many test images, with the noise of kTestNoiseSeed.
inline constexpr std::size_t kReferenceImages = 4;

/// Their noise levels.
inline constexpr std::array<double, 3> kReferenceSigmas = {0.1, 0.5, 2.0};

/// Of maps of the image's grid that activations make every kReferenceStride-th site in raster order is kept. It shares
/// no factor with 28, so the kept sites visit every column.
inline constexpr int kReferenceStride = 9;

}  // namespace settle
