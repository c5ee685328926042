// `settle import` as its command does it: what it prints and what it leaves behind.
#include <filesystem>
#include <fstream>
#include <string>

#include <doctest/doctest.h>

#include "error_message.hpp"
#include "network/graph/graph_file.hpp"
#include "network/onnx/import_command.hpp"
#include "onnx/models.hpp"
#include "temporary_folder.hpp"

using settle_test::check_fails;
using settle_test::imported;
using settle_test::mentions;
using settle_test::model_path;
using settle_test::TemporaryFolder;

namespace {

settle::ImportCommand command(const std::string& model, const std::filesystem::path& out) {
  settle::ImportCommand import;
  import.model = model_path(model);
  import.out = out;
  import.options.sigma = 0.75;
  return import;
}

}  // namespace

TEST_CASE("it tells what it found") {
  const std::string text = settle::import_text(imported("sigma_unet"));
  CHECK(mentions(text, "convolution 3 x 3   4 x 8 x 8"));
  CHECK(mentions(text, "silu"));
  CHECK(mentions(text, "image        1 x 8 x 8 (image)"));
  CHECK(mentions(text, "noise level  taken as sigma, fixed at sigma 0.75"));
  CHECK(mentions(text, "opset 14"));
  CHECK(mentions(text, "5 Gemm"));
  // 10 convolutions of the U-Net: weights and biases; three scales of a factor and an offset.
  const int weights = 9 * (1 * 4 + 4 * 4 + 4 * 4 + 4 * 8 + 8 * 8 + 12 * 4 + 4 * 4 + 4 * 1) + 4 * 8 + 12 * 4;
  const int biases = 4 + 4 + 4 + 8 + 8 + 4 + 4 + 1 + 8 + 4;
  CHECK(mentions(text, "parameters   " + std::to_string(weights + biases + 6) + " in 26 nodes"));
  CHECK(mentions(settle::import_text(imported("odd")), "blind: the model does not take it"));
}

TEST_CASE("it writes both files, or neither") {
  const TemporaryFolder folder;
  CHECK(settle::import_command(command("sigma_unet", folder / "new")) == 0);
  CHECK(folder.entries() == 3);
  CHECK(settle::read_network(folder / "new/sigma_unet.network.json").graph.nodes.size() == 26);

  check_fails([&] { settle::import_command(command("refused_valid", folder / "bad")); }, "it makes 4 x 4");
  CHECK(folder.entries() == 3);

  std::ofstream(folder / "file") << "a file where a folder is wanted";
  // Before the model is read: what is wrong with it is not told.
  check_fails([&] { settle::import_command(command("refused_valid", folder / "file")); }, "--out: ");
  CHECK(folder.entries() == 4);
}
