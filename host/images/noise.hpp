// Gaussian noise that anyone can make again: one number per (seed, image, pixel), with no state in between.
#pragma once

#include <cstdint>

#include "images/image.hpp"

namespace settle {

/// The seed of every figure that this project quotes on noisy test images.
inline constexpr std::uint64_t kTestNoiseSeed = 1;

/// One standard normal number, a function of its arguments alone; within +-8.7, a multiple of 2^-20.
///
/// Three rounds of SplitMix64's finaliser over seed, `index` and the pair `pixel / 2` give two uniform numbers of 53
/// bits; Box-Muller turns them into two normal ones, the cosine for the even pixel and the sine for the odd. The
/// result is rounded to 2^-20, far coarser than the last-bit differences between mathematical libraries.
double unit_noise(std::uint64_t seed, std::uint64_t index, std::uint32_t pixel);

/// clean + sigma * unit_noise(seed, index, pixel) of an image of any shape, each sum made in double and rounded once to
/// float. `index` is the image's number in its file, so a subset of a file gets the same noise as the whole. Throws
/// Error unless `clean` has pixels, all of them finite, and sigma is finite and >= 0.
Image noisy(const Image& clean, double sigma, std::uint64_t seed, std::uint64_t index);

}  // namespace settle
