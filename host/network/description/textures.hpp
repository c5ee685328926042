// Small colour images that a function makes: gratings, checkers and blobs, for a network that needs no data set.
#pragma once

#include <cstdint>
#include <vector>

namespace settle {

/// Images are squares of kTextureSide pixels in kTextureChannels colours: red, green, blue.
inline constexpr int kTextureSide = 32, kTextureChannels = 3;

/// Images `first` to `first + count - 1` of the sequence of `seed`, bytes [count, channels, side, side]. By turns: a
/// wave between two colours, squares of two colours, and soft spots of three colours on a fourth; place, size,
/// direction and colours are random. An image is a function of seed and number alone.
std::vector<std::uint8_t> make_textures(std::uint64_t seed, std::uint64_t first, std::uint64_t count);

}  // namespace settle
