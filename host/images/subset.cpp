// Writes the first images of a data set and their labels: how the shipped test images in host/assets were made.
#include <string>

#include "base/error.hpp"
#include "base/program.hpp"
#include "images/idx.hpp"

int main(int argc, char** argv) {
  settle::keep_standard_streams();
  const char* const program = "settle-mnist-subset";
  if (argc != 6) {
    return settle::refuse(program, "IMAGES LABELS COUNT IMAGES_OUT LABELS_OUT are needed", settle::kExitUsage);
  }
  return settle::run_program(program, [argv] {
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
    return settle::kExitOk;
  });
}
