// What is refused, by its message: models that make_models.py wrote to be refused, and files that are altered here.
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "base/files.hpp"
#include "error_message.hpp"
#include "onnx/models.hpp"
#include "temporary_folder.hpp"

using settle_test::check_fails;
using settle_test::model_path;
using settle_test::TemporaryFolder;

namespace {

settle::Import import_file(const std::filesystem::path& path) {
  settle::ImportOptions options;
  options.sigma = 1;
  return settle::import_onnx(path, options);
}

/// refused_NAME.onnx, and what its message says after the file's name.
using Refused = std::vector<std::pair<std::string, std::string>>;

void check_refused(const Refused& models) {
  for (const auto& model : models) {
    const std::string name = "refused_" + model.first;
    check_fails([&] { import_file(model_path(name)); }, fmt::format("{}.onnx: {}", name, model.second));
  }
}

const char* const kNormalise = "train with BatchNormalization or without";

}  // namespace

TEST_CASE("operators that no network of Settle has: what to do instead") {
  check_refused({
      {"attention", "Softmax /Softmax: attention is not read: use convolutions"},
      {"group_norm", std::string("InstanceNormalization /InstanceNormalization: ") + kNormalise},
      {"instance_norm", std::string("InstanceNormalization /InstanceNormalization: ") + kNormalise},
      {"layer_norm", std::string("LayerNormalization /norm/LayerNormalization: ") + kNormalise},
      {"max_pool", "MaxPool /0/MaxPool: use average pooling"},
      {"pixel_shuffle", "DepthToSpace /DepthToSpace: use convolutions of stride 2"},
      {"elu", "Elu /Elu: use ReLU,"},
      {"unknown", "else.where::Swirl out: it is not read for maps"},
  });
}

TEST_CASE("operators that are read, used in ways that are not") {
  check_refused({
      {"axis", "Concat the_Concat: axis 2: only channels"},
      {"bilinear", "Resize /1/Resize: mode linear: use mode nearest"},
      {"by_zero", "Div the_Div: it divides by 0"},
      {"coordinates", "Resize the_Resize: coordinates half_pixel with ceil do not take site y"},
      {"dilation", "Conv /Conv: dilation: use convolutions without"},
      {"divides", "Div the_Div: it divides by a map"},
      {"erf", "Erf the_Erf: Erf is known as a part of GELU alone"},
      {"groups", "Conv /Conv: 2 groups: use convolutions of one group"},
      {"integers", "Cast the_Cast: it rounds a map to whole numbers"},
      {"kernel", "Conv /Conv: a kernel of 7 x 7: use at most 5 x 5"},
      {"padded", "Relu the_Relu: a was padded: only a convolution"},
      {"per_site", "Add the_Add: a constant differs from site to site"},
      {"pool_of_3", "AveragePool /AveragePool: kernel [3, 3], strides [1, 1]: use 2 x 2 with stride 2"},
      {"product", "Mul the_Mul: a product of two maps"},
      {"reflect", "Pad /0/Pad: it pads with something other than zeros"},
      {"scales", "Resize the_Resize: it resizes a side of 6 to 18: use a factor of 2"},
      {"square", "Relu the_Relu: a is a product of maps"},
      {"stride", "Conv /Conv: strides [3, 3]: use 1, or 2"},
      {"training", "BatchNormalization the_BatchNormalization: it is in training mode: export after model.eval()"},
      {"transposed", "ConvTranspose /ConvTranspose: use a kernel of 2 x 2"},
      {"valid", "Conv /Conv: it makes 4 x 4 of 6 x 6: use padding that keeps the grid"},
  });
}

TEST_CASE("models that are no networks: versions, cycles, outputs, inputs") {
  check_refused({
      {"constant_output", "Relu the_Relu: the output out does not depend on the image"},
      {"cycle", "Add the_Add: it needs its own value, through a cycle of nodes"},
      {"made_twice", "Relu the_Relu: its value out is made twice"},
      {"no_maker", "Relu the_Relu: nothing makes its input nowhere"},
      {"open_size", "input image is [?, 2, ?, ?]: give the open sides with --size CxHxW"},
      {"opset_18", "opset 18, 9 to 17 are read: export it with opset_version=17"},
      {"opset_8", "opset 8, 9 to 17 are read"},
      {"other_size", "output: out is 4 x 6 x 6, the image is 2 x 6 x 6"},
      {"rank", "inputs image [1, 2, 36]: an image [batch, channels, height, width] is needed"},
      {"three_inputs", "inputs image [1, 2, 6, 6], a [1, 2, 6, 6], b [1, 2, 6, 6]: an image"},
      {"timestep", "input t does not hold floating point: the model must take the image, and sigma itself"},
      {"two_outputs", "outputs out, more: one is needed, the denoised image"},
  });
}

TEST_CASE("weights that are not there, too few, of another type, not finite, or elsewhere") {
  check_refused({
      {"absolute_data", "tensor w: external data in \"/types.bin\": a file in the model's folder is needed"},
      {"count", "tensor w: 1 numbers, shape [3] needs 3"},
      {"missing_data", "tensor w: external data: "},
      {"not_finite", "tensor bad: number 0 is nan, not finite"},
      {"outside_data", "tensor w: external data in \"../types.bin\": a file in the model's folder is needed"},
      {"short_data", "tensor w: external data: "},
      {"type", "tensor w: numbers of type UINT64, FLOAT,"},
  });
  check_fails([] { import_file(model_path("refused_missing_data")); }, "nowhere.bin: no such file");
  check_fails([] { import_file(model_path("refused_short_data")); }, "has 20 bytes, 396 from byte 0 are asked for");
}

TEST_CASE("every model that is to be refused is in one of the lists above") {
  int models = 0;
  for (const auto& entry : std::filesystem::directory_iterator(model_path("odd").parent_path())) {
    if (entry.path().filename().string().rfind("refused_", 0) == 0) ++models;
  }
  CHECK(models == 8 + 21 + 12 + 7);
}

TEST_CASE("files that are cut short, or no ONNX at all") {
  const TemporaryFolder folder;
  const std::string whole = settle::read_text(model_path("old"));
  for (std::size_t length = 0; length < whole.size(); ++length) {
    CAPTURE(length);
    settle::write_atomically(folder / "cut.onnx", whole.substr(0, length));
    check_fails([&] { import_file(folder / "cut.onnx"); }, "cut.onnx: ");
  }
  settle::write_atomically(folder / "cut.onnx", whole.substr(0, whole.size() / 2));
  check_fails([&] { import_file(folder / "cut.onnx"); }, "no ONNX file, or one that is cut short");
  settle::write_atomically(folder / "text.onnx", "this is no model");
  check_fails([&] { import_file(folder / "text.onnx"); }, "no ONNX file, or one that is cut short");
  settle::write_atomically(folder / "text.onnx", "{\"format\": \"settle-network-1\"}");
  check_fails([&] { import_file(folder / "text.onnx"); }, "is JSON, an ONNX file is needed");
  check_fails([&] { import_file(folder / "none.onnx"); }, "none.onnx: no such file");
}

TEST_CASE("a file with any one byte altered is imported or refused in one line") {
  const TemporaryFolder folder;
  long refused = 0;
  for (const char* const model : {"old", "grids"}) {
    const std::string whole = settle::read_text(model_path(model));
    settle::ImportOptions options;
    options.sigma = 1;
    for (std::size_t at = 0; at < whole.size(); ++at) {
      std::string altered = whole;
      altered[at] = static_cast<char>(altered[at] ^ (1 << at % 8));
      settle::write_atomically(folder / "altered.onnx", altered);
      const std::string message =
          settle_test::message_of([&] { settle::import_onnx(folder / "altered.onnx", options); });
      if (!message.empty()) ++refused;
      CHECK_FALSE(settle_test::contains(message, "\n"));
    }
  }
  CHECK(refused > 300);
}

TEST_CASE("options that are not allowed") {
  const auto with = [](double sigma, const std::string& name) {
    settle::ImportOptions options;
    options.sigma = sigma;
    options.name = name;
    return [options] { settle::import_onnx(model_path("odd"), options); };
  };
  check_fails(with(0, ""), "--sigma: 0, a number above 0 is needed");
  check_fails(with(1, "a/b"), "--name: a/b: letters, digits,");
  check_fails(with(1, ".."), "--name: ..: letters, digits,");
  CHECK(settle::size_of("3x32x16", "--size") == settle::MapSize{3, {32, 16}});
  for (const char* const size : {"", "3", "3x4", "3x4x", "3x4x5x6", "0x4x4", "3x-4x4", "ax4x4", "3x4x99999"}) {
    CAPTURE(size);
    check_fails([&] { settle::size_of(size, "--size"); }, "CxHxW is needed, as in 3x32x32");
  }
}
