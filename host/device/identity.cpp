#include "device/identity.hpp"

#include <array>
#include <utility>
#include <vector>

#include "contract/builtin/builtin_configurations.hpp"
#include "contract/configuration/changes.hpp"

namespace settle {

using registers::Memory;

Identity identify(Device& device) {
  const std::string who = "device " + device.name();
  std::array<std::uint32_t, registers::cells + 1> words{};
  device.read_block(0, words.data(), words.size());
  const std::uint32_t magic = words[registers::magic], version = words[registers::version];
  if (magic != registers::kMagicValue) {
    throw DeviceError(
        fmt::format("{}: magic 0x{:08x} is not 0x{:08x}: no Settle array", who, magic, registers::kMagicValue));
  }
  if (version != registers::kVersionValue) {
    throw DeviceError(
        fmt::format("{}: register map version {}, this program has {}", who, version, registers::kVersionValue));
  }
  Identity identity;
  identity.hash = std::uint64_t{words[registers::config_hash_hi]} << 32 | words[registers::config_hash_lo];
  identity.hardware = words[registers::hardware_hash];
  std::vector<std::uint32_t> fields(field_values(Configuration{}).size());
  device.read_block(address(Memory::configuration, 0), fields.data(), fields.size());
  try {
    identity.configuration = configuration_from({fields.begin(), fields.end()}, "", who);
  } catch (const Error& e) {
    throw DeviceError(e.what());
  }
  if (identity.configuration.hash() != identity.hash) {
    throw DeviceError(fmt::format("{}: its configuration hash {:016x} does not belong to the fields that it lists, {}",
                                  who, identity.hash, identity.configuration.hash_text()));
  }
  for (const std::string& name : configuration_names()) {
    if (configuration(name).hash() == identity.hash) identity.configuration.name = name;
  }
  return identity;
}

Configuration as_built(const Identity& identity, const Configuration& wanted) {
  const Configuration& its = identity.configuration;
  Configuration built = wanted;
  for (int Configuration::*field :
       {&Configuration::lanes, &Configuration::noise_lanes, &Configuration::noise_rounds_per_cycle,
        &Configuration::coefficients, &Configuration::words, &Configuration::program, &Configuration::segments}) {
    built.*field = its.*field;
  }
  return built.hash() == identity.hash ? built : wanted;
}

void check_identity(const Identity& identity, const Configuration& configuration, const std::string& who) {
  if (identity.hash == configuration.hash()) return;
  std::vector<std::string> differences;
  const auto its = field_values(identity.configuration), wanted = field_values(configuration);
  for (std::size_t i = 0; i < its.size(); ++i) {
    if (its[i].second == wanted[i].second) continue;
    differences.push_back(fmt::format("{} {} instead of {}", its[i].first, its[i].second, wanted[i].second));
  }
  const std::string& name = identity.configuration.name;
  throw DeviceError(fmt::format("{}: configuration {:016x}{} is not {}'s {}: {}", who, identity.hash,
                                name.empty() ? "" : " (" + name + ")", configuration.name, configuration.hash_text(),
                                fmt::join(differences, ", ")));
}

}  // namespace settle
