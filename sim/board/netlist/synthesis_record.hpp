// What synthesis says that it made: synthesis.json of a build's folder.
#pragma once

#include <filesystem>
#include <string>

namespace settle {

struct SynthesisRecord {
  std::filesystem::path file;
  std::string configuration_hash;  ///< 16 hex digits
  std::string netlist_hash;        ///< file_hash of the netlist
  std::string hardware_hash;       ///< 16 hex digits
};

/// Throws Error naming file and field if the file is missing, is no JSON or lacks a field.
SynthesisRecord read_synthesis_record(const std::filesystem::path& folder);

}  // namespace settle
