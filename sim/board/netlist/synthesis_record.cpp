#include "sim/board/netlist/synthesis_record.hpp"

#include "base/json.hpp"

namespace settle {

SynthesisRecord read_synthesis_record(const std::filesystem::path& folder) {
  SynthesisRecord record;
  record.file = folder / "synthesis.json";
  const JsonValue root = read_json(record.file);
  record.configuration_hash = root.at("configuration_hash").text();
  record.netlist_hash = root.at("netlist_hash").text();
  record.hardware_hash = root.at("hardware_hash").text();
  return record;
}

}  // namespace settle
