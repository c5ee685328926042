// `settle info`: what this build knows, as text or, with --json, as one object: git (the commit) and, each if it was
// asked for, configurations, registers, presets and machine, as info_json.hpp says.
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/command_line/command_line.hpp"
#include "base/json.hpp"
#include "base/program.hpp"
#include "programs/settle/commands.hpp"
#include "programs/settle/info_json.hpp"
#include "programs/settle/info_text.hpp"

namespace settle {

namespace {

struct InfoSettings {
  bool registers = false;
  bool presets = false;
  bool configurations = false;    ///< also if nothing else is asked for
  std::filesystem::path machine;  ///< empty: none
  bool json = false;
};

std::string text_of(const InfoSettings& settings, const std::optional<MachineFacts>& machine,
                    const Surroundings& surroundings) {
  std::string text;
  if (machine) text += machine_facts_text(*machine);
  if (settings.registers) text += registers_text();
  if (settings.presets) text += presets_text(surroundings.presets);
  if (settings.configurations) text += configurations_text(surroundings.git);
  return text;
}

std::string json_of(const InfoSettings& settings, const std::optional<MachineFacts>& machine,
                    const Surroundings& surroundings) {
  nlohmann::ordered_json json = {{"git", surroundings.git}};
  if (settings.configurations) json["configurations"] = configurations_json();
  if (settings.registers) json["registers"] = registers_json();
  if (settings.presets) json["presets"] = presets_json(surroundings.presets, surroundings.assets);
  if (machine) json["machine"] = machine_json(*machine);
  return to_text(json);
}

/// Exit status: 1 if the machine that was asked about cannot be run here, which is told on standard error too.
int info(const InfoSettings& settings, const Surroundings& surroundings) {
  std::optional<MachineFacts> machine;
  if (!settings.machine.empty()) machine = machine_facts(settings.machine);
  fmt::print("{}", settings.json ? json_of(settings, machine, surroundings) : text_of(settings, machine, surroundings));
  if (!machine || machine->runs_here()) return kExitOk;
  std::fflush(stdout);
  const std::string why = machine->unfit.empty() ? "not for this build: " + machine->other_build : machine->unfit;
  return refuse("settle", fmt::format("{}: {}", settings.machine.string(), why));
}

}  // namespace

ProgramCommand add_info(CommandLine& app, const Surroundings& surroundings) {
  const auto settings = std::make_shared<InfoSettings>();
  CommandOptions* command =
      app.add_command("info", "what this build knows: configurations, registers, presets, a machine file");
  command->add_flag("--registers", settings->registers, "the register map");
  command->add_flag("--presets", settings->presets, "what settle run --preset and settle fit --preset take");
  command->add_flag("--configurations", settings->configurations, "bounds and formats of every configuration");
  command->add_option("--machine", settings->machine, "describe a machine file")->check(path());
  command->add_flag("--json", settings->json, "as JSON (host/programs/README.md says what it holds)");
  return {command, [settings, &surroundings] {
            InfoSettings& asked = *settings;
            if (!asked.registers && !asked.presets && asked.machine.empty()) asked.configurations = true;
            return info(asked, surroundings);
          }};
}

}  // namespace settle
