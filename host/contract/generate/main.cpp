// settle-generate: writes what RTL and C++ must agree on from its one source, rtl/configurations.json and
// rtl/registers.json: the SystemVerilog package of a configuration, the C++ register map, the texts built into the
// host.
#include <charconv>
#include <map>
#include <string>
#include <vector>

#include "base/command_line/command_line.hpp"
#include "base/error.hpp"
#include "base/files.hpp"
#include "base/program.hpp"
#include "contract/configuration/changes.hpp"
#include "contract/configuration/configuration.hpp"
#include "contract/configuration/configuration_file.hpp"
#include "contract/generate/gaussian_file.hpp"
#include "contract/generate/hardware_hash.hpp"
#include "contract/generate/package.hpp"
#include "contract/generate/register_header.hpp"
#include "contract/generate/register_map.hpp"

namespace {

constexpr const char* kProgram = "settle-generate";

std::map<std::string, int> values_by_field(const std::vector<std::string>& changes) {
  std::map<std::string, int> values;
  for (const std::string& text : changes) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos) throw settle::error("--set: {}: FIELD=VALUE is needed", text);
    const char* const last = text.data() + text.size();
    int value = 0;
    const auto [end, code] = std::from_chars(text.data() + equals + 1, last, value);
    if (code != std::errc() || end != last) throw settle::error("--set: {}: a whole number is needed", text);
    values[text.substr(0, equals)] = value;
  }
  return values;
}

}  // namespace

int main(int argc, char** argv) {
  settle::keep_standard_streams();
  settle::CommandLine app(kProgram, "Writes generated sources from rtl/configurations.json and rtl/registers.json");
  std::string rtl, out, name;
  std::vector<std::string> changes;
  const auto add = [&](const char* command, const char* text) {
    settle::CommandOptions* sub = app.add_command(command, text);
    sub->add_option("--rtl", rtl, "the rtl folder")->required();
    sub->add_option("--out", out, "file to write")->required();
    return sub;
  };
  settle::CommandOptions* package = add("package", "SystemVerilog package of one configuration");
  package->add_option("--configuration", name, "name in configurations.json")->required();
  package->add_option("--set", changes, "FIELD=VALUE: another value than the configuration's, as in lanes=2");
  settle::CommandOptions* header = add("header", "C++ register map");
  settle::CommandOptions* configurations = add("configurations", "C++ header holding configurations.json");
  settle::CommandOptions* gaussian = add("gaussian", "C++ header holding the noise table");
  if (const auto status = app.parse(argc, argv)) return *status;
  return settle::run_program(kProgram, [&] {
    const std::string configurations_path = rtl + "/configurations.json";
    const std::string registers_path = rtl + "/registers.json";
    const std::string gaussian_path = rtl + "/gaussian_table.hex";
    std::string text;
    if (package->given()) {
      settle::Configuration chosen;
      for (const auto& c : settle::parse_configurations(settle::read_text(configurations_path), configurations_path)) {
        if (c.name == name) chosen = c;
      }
      if (chosen.name.empty()) throw settle::error("{}: configurations.{}: no such name", configurations_path, name);
      chosen = settle::with_changes(chosen, values_by_field(changes), "--set");
      text = settle::package_text(chosen, settle::read_register_map(registers_path),
                                  settle::read_gaussian_table(gaussian_path),
                                  settle::hardware_word(settle::hardware_hash(rtl)));
    } else if (header->given()) {
      text = settle::register_header_text(settle::read_register_map(registers_path));
    } else if (configurations->given()) {
      text = settle::embedded_text("kConfigurationsText", settle::read_text(configurations_path));
    } else if (gaussian->given()) {
      text = settle::gaussian_header_text(settle::read_gaussian_table(gaussian_path));
    }
    settle::write_atomically(out, text);
    return settle::kExitOk;
  });
}
