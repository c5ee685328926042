// Writes the first images of a data set and their labels: how the shipped test images in host/assets were made.
#include <cstdio>
#include <exception>
#include <string>

#include <fmt/format.h>

#include "base/error.hpp"
#include "images/idx.hpp"

int main(int argc, char** argv) {
  if (argc != 6) {
    fmt::print(stderr, "usage: settle-mnist-subset IMAGES LABELS COUNT IMAGES_OUT LABELS_OUT\n");
    return 2;
  }
  try {
    const std::string text = argv[3];
    if (text.empty() || text.size() > 5 || text.find_first_not_of("0123456789") != std::string::npos || text == "0") {
      throw settle::error("count is \"{}\", 1 to 99999 is allowed", text);
    }
    const std::size_t count = std::stoul(text);
    const settle::ImageSet images = settle::read_images(argv[1], count);
    const auto labels = settle::read_labels(argv[2], count);
    if (images.size() != count || labels.size() != count) {
      throw settle::error("{} images and {} labels, {} of each are needed", images.size(), labels.size(), count);
    }
    settle::write_images(argv[4], images);
    settle::write_labels(argv[5], labels);
    return 0;
  } catch (const std::exception& e) {
    fmt::print(stderr, "settle-mnist-subset: {}\n", e.what());
    return 1;
  }
}
