// `settle configure`: the entry of rtl/configurations.json that a machine needs.
#include <algorithm>
#include <cctype>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/command_line/command_line.hpp"
#include "base/error.hpp"
#include "base/files.hpp"
#include "base/program.hpp"
#include "base/text_table.hpp"
#include "contract/builtin/builtin_configurations.hpp"
#include "contract/configuration/configuration_file.hpp"
#include "contract/configuration/memories.hpp"
#include "machine/fixed_point/fitting_configuration.hpp"
#include "machine/fixed_point/machine_configuration.hpp"
#include "machine/machine_file.hpp"
#include "programs/settle/commands.hpp"

namespace settle {

namespace {

struct ConfigureSettings {
  std::filesystem::path machine, out;
};

/// `text` as a key of sim/CMakeLists.txt, which is part of C++ names: small letters, digits and _, no digit first.
std::string key_of(const std::string& text) {
  std::string key;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    key += std::isalnum(byte) != 0 && byte < 128 ? static_cast<char>(std::tolower(byte)) : '_';
  }
  return std::isdigit(static_cast<unsigned char>(key.at(0))) != 0 ? "m" + key : key;
}

std::string purpose_of(const Machine& machine, const Configuration& c) {
  return fmt::format("the machine {}: {} layers of up to {} x {} sites of up to {} cells", one_line(machine.preset),
                     machine.layers.size(), c.side, c.side, c.site_cells);
}

std::string memories_text(const Configuration& c) {
  std::vector<std::vector<std::string>> rows = {{"memory of the array", "kbit"}};
  std::int64_t all = 0;
  for (const MemorySize& memory : memory_sizes(c)) {
    rows.push_back({memory.name, fmt::format("{:.1f}", static_cast<double>(memory.bits) / 1024)});
    all += memory.bits;
  }
  rows.push_back({"all", fmt::format("{:.1f}", static_cast<double>(all) / 1024)});
  return text_table(rows);
}

/// The entry goes to the file or to standard output, what is said of it to where the entry does not go.
int configure(const ConfigureSettings& settings) {
  const std::string name = settings.machine.string();
  if (!settings.out.empty()) {
    check_writable(settings.out, "--out");
    check_distinct({{"--out", settings.out}}, {{"--machine", settings.machine}});
  }
  const Machine machine = load_machine(settings.machine);
  Configuration c = fitting_configuration(machine, configuration_of(machine, name), name);
  c.name = key_of(machine.preset);
  c.purpose = purpose_of(machine, c);
  const std::string format = builtin_format(c);
  const std::string text = configuration_text(c, format.empty() ? c.name : format);
  const std::string memories =
      fmt::format("configuration {} ({}), {} lanes\n\n{}", c.name, c.hash_text(), c.lanes, memories_text(c));
  if (settings.out.empty()) {
    fmt::print("{}", text);
    fmt::print(stderr, "{}", memories);
    return kExitOk;
  }
  write_atomically(settings.out, text);
  fmt::print("{}\nwrote {}\n", memories, settings.out.string());
  return kExitOk;
}

}  // namespace

ProgramCommand add_configure(CommandLine& app) {
  const auto settings = std::make_shared<ConfigureSettings>();
  CommandOptions* command = app.add_command(
      "configure", "the smallest configuration that holds a machine, as rtl/configurations.json has it");
  command->add_option("--machine", settings->machine, "machine file")->check(path())->required();
  command->add_option("--out", settings->out, "file for the entry and its format (default: standard output)")
      ->check(path());
  return {command, [settings] { return configure(*settings); }};
}

}  // namespace settle
