// Images and a network's maps of them hold the same numbers.
#include "network/graph/image_map.hpp"

#include <doctest/doctest.h>

#include "error_message.hpp"

using namespace settle;
using settle_test::check_fails;

namespace {

Graph network_of(const MapSize& image) {
  Graph graph;
  graph.name = "mine";
  graph.image = image;
  return graph;
}

}  // namespace

TEST_CASE("image map: a channel is a row, a place a column") {
  const Graph network = network_of({2, {2, 3}});
  const Image image = Image::LinSpaced(12, 0, 11);
  const Map map = image_map(image, network);
  REQUIRE(map.rows() == 2);
  REQUIRE(map.cols() == 6);
  CHECK(map(0, 0) == 0);
  CHECK(map(0, 5) == 5);
  CHECK(map(1, 0) == 6);
  CHECK(map(1, 4) == 10);  // channel 1, row 1, column 1
  CHECK(map_image(map) == image);
  check_fails([&] { image_map(Image::Zero(11), network); }, "an image of 11 pixels, 2 x 2 x 3 is needed");
}

TEST_CASE("image map: images of another shape than the network's are refused by their file") {
  const Graph network = network_of({3, {8, 6}});
  CHECK(image_shape(network.image) == ImageShape{3, 8, 6});
  check_image_shape({3, 8, 6}, network, "here");
  for (const ImageShape other : {ImageShape{1, 8, 6}, {3, 6, 8}, {3, 8, 7}, {6, 8, 3}}) {
    check_fails(
        [&] { check_image_shape(other, network, "here"); },
        "here: its images are " + shape_text(other) + " (channels x height x width), the network mine takes 3 x 8 x 6");
  }
}
