// The body of `settle import`: from an ONNX file to a network file.
#pragma once

#include <filesystem>
#include <string>

#include "network/onnx/import.hpp"

namespace settle {

struct ImportCommand {
  std::filesystem::path model;  ///< the ONNX file
  std::filesystem::path out;    ///< the folder for NAME.network.json and NAME.safetensors; made if it is not there
  ImportOptions options;
};

/// Imports the model, prints what was found and writes both files or neither; returns 0. Throws Error as import_onnx()
/// and write_network() say, before the work for a folder that cannot be written and for a name that would replace the
/// model.
int import_command(const ImportCommand& command);

/// What was found, as text: the nodes as a table, parameters, the noise level, what was folded.
std::string import_text(const Import& import);

}  // namespace settle
