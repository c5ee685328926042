#include "device/identity.hpp"

#include <array>
#include <utility>
#include <vector>

#include "contract/builtin/builtin_configurations.hpp"
#include "contract/configuration/changes.hpp"
#include "contract/configuration/fields.hpp"

namespace settle {

using registers::Memory;

namespace {

/// The fields in which `its` differs from `wanted` and that decide bits, the first few of them.
std::string differences(const Configuration& its, const Configuration& wanted) {
  constexpr std::size_t kMostNamed = 4;
  std::vector<std::string> named;
  std::size_t more = 0;
  const auto values = field_values(its);
  for (std::size_t i = 0; i < values.size(); ++i) {
    Configuration changed = wanted;
    NamedValue field = named_values(changed)[i];
    const int before = *field.value;
    *field.value = values[i].second;
    if (changed.hash() == wanted.hash()) continue;  // the same, or of no matter, as the number of lanes
    if (named.size() < kMostNamed) {
      named.push_back(fmt::format("{} {} instead of {}", field.name, values[i].second, before));
    } else {
      ++more;
    }
  }
  return fmt::format("{}{}", fmt::join(named, ", "), more == 0 ? "" : fmt::format(" and {} more", more));
}

}  // namespace

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
  const std::string& name = identity.configuration.name;
  const std::string has = name.empty() ? "a configuration that this program does not know" : "configuration " + name;
  const std::string why = name.empty() ? " (" + differences(identity.configuration, configuration) + ")" : "";
  const std::string other =
      name.empty() ? "" : ", or run a preset of configuration " + name + " (settle info --presets)";
  throw DeviceError(fmt::format(
      "{}: it holds {}, {:016x}{}; configuration {}, {}, is needed: load a bitstream of that (make bitstream and make "
      "prog, with BOARD and BUILD){}",
      who, has, identity.hash, why, configuration.name, configuration.hash_text(), other));
}

}  // namespace settle
