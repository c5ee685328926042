// Runs of networks whose images are no digits: other sides, other numbers of channels.
#include <algorithm>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "base/arrays/npy.hpp"
#include "base/files.hpp"
#include "contract/builtin/builtin_configurations.hpp"
#include "device/model_device.hpp"
#include "error_message.hpp"
#include "images/noise.hpp"
#include "machine/machine_file.hpp"
#include "network/graph/graph_file.hpp"
#include "study/run/run_command.hpp"
#include "temporary_folder.hpp"

using namespace settle;
using Json = nlohmann::json;

namespace {

constexpr double kSigma = 0.5;
constexpr int kHidden = 4;
const Grid kGrid(2, 3);

Node convolution(const std::string& name, const std::string& input, int inputs, int outputs) {
  Node node;
  node.name = name;
  node.kind = Node::Kind::convolution;
  node.inputs = {input};
  // Something of its own in every weight.
  node.weights = Map::NullaryExpr(outputs, inputs * kTaps, [](Eigen::Index r, Eigen::Index c) {
    return 0.1F * static_cast<float>((3 * r + 5 * c) % 7 - 3);
  });
  node.bias = Eigen::VectorXf::Constant(outputs, 0.05F);
  return node;
}

/// image -> a (4 channels) -> h -> out, all of 2 x 3 sites.
Graph small_network(int channels) {
  Graph graph;
  graph.name = "small";
  graph.image = {channels, kGrid};
  graph.noise_levels = {kSigma, kSigma, 0};
  Node h;
  h.name = "h";
  h.inputs = {"a"};
  h.activation.kind = Activation::Kind::leaky_relu;
  h.activation.slopes = {0.125F};
  graph.nodes = {convolution("a", "image", channels, kHidden), h, convolution("out", "h", kHidden, channels)};
  graph.output = "out";
  check(graph, "test");
  return graph;
}

/// A layer that is held at h and one that a bus of full rank brings to it, without noise: it is read.
Machine copying(const std::filesystem::path& weights) {
  Machine machine;
  machine.preset = "made";
  machine.configuration = "tiny";
  machine.configuration_hash = configuration("tiny").hash_text();
  machine.settle_steps = 60;
  machine.window_steps = 4;
  Layer layer;
  layer.name = "read";
  layer.map = "h";
  layer.site_cells = kHidden;
  layer.height = kGrid.height;
  layer.width = kGrid.width;
  layer.stiffness = Eigen::VectorXd::Constant(kHidden, 1.0);
  layer.field = Eigen::VectorXd::Zero(kHidden);
  Layer held = layer;
  held.name = "held";
  held.held = true;
  machine.layers = {held, layer};
  const Eigen::MatrixXd unit = Eigen::MatrixXd::Identity(kHidden, kHidden);
  machine.buses = {{"copy", 0, 1, false, unit, -unit}};
  machine.decoder = 1;
  machine.fit_mean = Eigen::VectorXd::Zero(layer.cells());
  machine.sigma = kSigma;
  machine.unet_hash = file_hash(weights);
  return machine;
}

/// `images` images of float pixels from -1 to 1, all different.
NumberArray made_images(int images, int channels) {
  NumberArray array = {{images, channels, kGrid.height, kGrid.width}, {}};
  for (int i = 0; i < images * channels * kGrid.sites(); ++i) array.values.push_back((i * 37 % 129 - 64) / 64.0);
  return array;
}

struct Made {
  settle_test::TemporaryFolder scratch;
  RunOptions run;

  explicit Made(int channels) {
    const auto network = write_network(scratch.path(), small_network(channels));
    save_machine(copying(read_network(network).weights), scratch / "machine.json");
    write_atomically(scratch / "images.npy", npy_bytes(made_images(2, channels), NumberType::float32));
    run.preset = "made";
    run.engine = "model";
    run.samples = 2;
    run.out = scratch / "out";
    run.machine = scratch / "machine.json";
    run.network = network;
    run.shipped_images = scratch / "images.npy";
    run.own_images = std::filesystem::path(SETTLE_SOURCE_DIR) / "host/assets/mnist-test-512-images-idx3-ubyte";
    run.quiet = true;
    run.progress = false;
  }

  Json done() const {
    const MakeDevice make = [](const std::string&, const Configuration& c) -> std::unique_ptr<Device> {
      return std::make_unique<ModelDevice>(c);
    };
    CHECK(run_command(run, make, [] { return false; }) == 0);
    return Json::parse(read_text(run.out / "report.json"));
  }
};

/// The numbers of a CSV file's block, line by line; empty lines are left out.
std::vector<std::vector<double>> block(const std::filesystem::path& file, int number) {
  std::string text = read_text(file);
  for (; number > 0; --number) text = text.substr(text.find("\n\n\n") + 3);
  std::istringstream lines(text.substr(0, text.find("\n\n\n")));
  std::vector<std::vector<double>> result;
  for (std::string line; std::getline(lines, line);) {
    std::replace(line.begin(), line.end(), ',', ' ');
    std::istringstream numbers(line);
    std::vector<double> row;
    for (double value = 0; numbers >> value;) row.push_back(value);
    if (!row.empty()) result.push_back(row);
  }
  return result;
}

}  // namespace

TEST_CASE("a run of colour images: its figures, lists and pixels") {
  const Made made(3);
  const Json report = made.done();
  CHECK(report["samples"] == 2);
  CHECK(report["judged"] == false);
  CHECK(report["decoder"]["cosine"].get<double>() > 0.9999);  // Q4.12 of activations up to 1
  const double settled = report["image"]["psnr"], unet = report["image"]["psnr_unet"];
  CHECK(settled == doctest::Approx(unet).epsilon(0.001));
  const std::string list = read_text(made.run.out / "images.csv");
  CHECK(list.rfind("index,sample,name,psnr,shown\n0,0,noisy,", 0) == 0);
  CHECK(list.find("\n9,1,clean,,rgb\n") != std::string::npos);
  CHECK(read_text(made.run.out / "film.csv").find(",mean,") != std::string::npos);
  // The second sample's clean and noisy image: a line per pixel, a number per channel.
  const std::vector<double> pixels = made_images(2, 3).values;
  const auto clean = block(made.run.out / "images-pixels.csv", 9), noisy = block(made.run.out / "images-pixels.csv", 5);
  REQUIRE(clean.size() == 6);
  REQUIRE(noisy.size() == 6);
  for (std::size_t site = 0; site < 6; ++site) {
    REQUIRE(clean[site].size() == 3);
    REQUIRE(noisy[site].size() == 3);
    for (std::size_t c = 0; c < 3; ++c) {
      const std::size_t p = c * 6 + site;
      CHECK(clean[site][c] == doctest::Approx(pixels[18 + p]).epsilon(1e-4));
      const double wanted = pixels[18 + p] + kSigma * unit_noise(1, 1, static_cast<std::uint32_t>(p));
      CHECK(std::abs(noisy[site][c] - wanted) < 1e-4);
    }
  }
}

TEST_CASE("a run of images of other channels shows the first") {
  for (const int channels : {1, 4}) {
    CAPTURE(channels);
    const Made made(channels);
    made.done();
    const std::string list = read_text(made.run.out / "images.csv");
    CHECK(list.find(channels == 1 ? "\n9,1,clean,\n" : "\n9,1,clean,,1 of 4\n") != std::string::npos);
    const auto clean = block(made.run.out / "images-pixels.csv", 9);
    REQUIRE(clean.size() == 2);
    const std::vector<double> pixels = made_images(2, channels).values;
    for (std::size_t y = 0; y < 2; ++y) {
      REQUIRE(clean[y].size() == 3);
      for (std::size_t x = 0; x < 3; ++x) {
        CHECK(std::abs(clean[y][x] - pixels[static_cast<std::size_t>(channels) * 6 + y * 3 + x]) < 1e-4);
      }
    }
  }
}

TEST_CASE("what a run of other images refuses") {
  const auto refused = [](Made& made, const std::string& why) {
    settle_test::check_fails([&] { made.done(); }, why);
    CHECK_FALSE(std::filesystem::exists(made.run.out / "report.json"));
  };
  Made made(3);
  write_atomically(made.scratch / "grey.npy", npy_bytes(made_images(2, 1), NumberType::float32));
  made.run.shipped_images = made.scratch / "grey.npy";
  refused(made, "grey.npy: its images are 1 x 2 x 3 (channels x height x width), the network small takes 3 x 2 x 3");
  made.run.shipped_images = made.run.own_images;
  refused(made, "its images are 1 x 28 x 28 (channels x height x width), the network small takes 3 x 2 x 3");
  made.run.shipped_images = made.scratch / "images.npy";
  made.run.samples = 3;
  refused(made, "--samples: 3: " + (made.scratch / "images.npy").string() + " holds 2 images");
}
