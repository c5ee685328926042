#include "fpga/tools.hpp"

#include <map>

#include "base/error.hpp"
#include "base/process.hpp"

namespace settle {

std::string package_of(const std::string& tool) {
  static const std::map<std::string, std::string> packages = {{"yosys", "yosys"},
                                                              {"nextpnr-ice40", "nextpnr-ice40"},
                                                              {"icepack", "fpga-icestorm"},
                                                              {"iceprog", "fpga-icestorm"},
                                                              {"openFPGALoader", "openfpgaloader"}};
  const auto found = packages.find(tool);
  return found == packages.end() ? "" : found->second;
}

void require_tool(const std::string& tool) {
  if (find_program(tool)) return;
  const std::string package = package_of(tool);
  throw error("{} is not installed: {}", tool,
              package.empty() ? "Debian 12 has no package of it, its project tells how to build it"
                              : "Debian's package is " + package + " (apt-get install " + package + ")");
}

std::string version_of(const std::vector<std::string>& words, const std::string& tool,
                       const std::function<bool()>& stop) {
  require_tool(tool);
  const std::string text = output_of(words, stop).value_or("");
  const std::string line = one_line(text.substr(0, text.find('\n')));
  return line.empty() ? "unknown" : line;
}

}  // namespace settle
