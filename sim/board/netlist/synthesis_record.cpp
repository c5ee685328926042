#include "sim/board/netlist/synthesis_record.hpp"

#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/files.hpp"

namespace settle {

SynthesisRecord read_synthesis_record(const std::filesystem::path& folder) {
  SynthesisRecord record;
  record.file = folder / "synthesis.json";
  const nlohmann::json root = nlohmann::json::parse(read_text(record.file), nullptr, false);
  const auto text = [&](const char* field) {
    if (!root.is_object() || !root.contains(field) || !root[field].is_string()) {
      throw error("{}: {}: text is needed", one_line(record.file.string()), field);
    }
    return root[field].get<std::string>();
  };
  record.configuration_hash = text("configuration_hash");
  record.netlist_hash = text("netlist_hash");
  record.git_hash = text("git_hash");
  return record;
}

}  // namespace settle
