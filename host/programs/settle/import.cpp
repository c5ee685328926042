// `settle import`: its options.
#include <memory>
#include <string>

#include "base/command_line/command_line.hpp"
#include "network/onnx/import_command.hpp"
#include "programs/settle/commands.hpp"

namespace settle {

namespace {

/// What the options fill in.
struct ImportSettings {
  ImportCommand import;
  std::string size;  ///< as given: CxHxW
};

}  // namespace

ProgramCommand add_import(CommandLine& app) {
  const auto settings = std::make_shared<ImportSettings>();
  ImportCommand& import = settings->import;
  CommandOptions* command = app.add_command("import", "make a network file of an ONNX model that denoises images");
  command
      ->add_option("model", import.model,
                   "ONNX file, opset 9 to 17, of a model that takes an image [batch, channels, height, width] and, "
                   "perhaps, sigma; host/network/onnx/README.md says how to export one, and what is read")
      ->check(path())
      ->required();
  command
      ->add_option("--sigma", import.options.sigma,
                   "noise level of the network, as the model takes it: what depends on it alone is worked out")
      ->check(real(1e-6, 1e6))
      ->required();
  command->add_option("--out", import.out, "folder for NAME.network.json and NAME.safetensors")
      ->check(path())
      ->required();
  command->add_option("--name", import.options.name, "name of the network; without it, the ONNX file's");
  command->add_option("--size", settings->size,
                      "channels and sides of images, CxHxW as in 3x32x32, where the model leaves them open");
  return {command, [settings] { return import_command(settings->import); },
          [settings] {
            ImportSettings& given = *settings;
            if (!given.size.empty()) given.import.options.size = size_of(given.size, "--size");
            network_name(given.import.model, given.import.options);
          }};
}

}  // namespace settle
