// Images of one shape, as a file holds them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "images/image.hpp"

namespace settle {

/// Images of one shape. They keep the numbers that their file has: grey levels of one byte, or pixels of any value.
class ImageSet {
 public:
  /// `greys`: levels 0 to 255 (of a colour, too), shape.pixels() for each image, in the order of Image. Throws Error if
  /// their number is no multiple of that, or a side or the number of channels is not 1 to kMostImageSide or
  /// kMostImageChannels.
  ImageSet(const ImageShape& shape, std::vector<std::uint8_t> greys);

  /// The same of pixels as an Image has them. Throws Error also unless all are in [-1, 1].
  ImageSet(const ImageShape& shape, std::vector<float> pixels);

  const ImageShape& shape() const { return shape_; }

  std::size_t size() const;

  /// Image `index`, pixels in [-1, 1]. Throws Error unless index < size().
  Image image(std::size_t index) const;

  /// Leaves out all images but the first `count`, if there are more.
  void keep_first(std::size_t count);

  /// Whether greys() is there.
  bool has_greys() const { return pixels_.empty(); }

  /// All grey levels, size() * shape().pixels() of them. Throws Error if the set holds pixels of any value.
  const std::vector<std::uint8_t>& greys() const;

  /// Whether `part` has this set's shape, and its images, number for number, are those that this set begins with.
  bool begins_with(const ImageSet& part) const;

 private:
  ImageShape shape_;
  std::vector<std::uint8_t> greys_;  // one of the two is empty
  std::vector<float> pixels_;
};

}  // namespace settle
