#include "fpga/shipped_machine.hpp"

#include "machine/machine_file.hpp"
#include "machine/retarget.hpp"

namespace settle {

std::optional<ShippedMachine> shipped_machine(const std::filesystem::path& assets, const Configuration& from,
                                              const Configuration& to) {
  const std::filesystem::path file = assets / (from.name + ".machine.json");
  std::error_code none;
  if (!std::filesystem::is_regular_file(file, none)) return std::nullopt;
  ShippedMachine shipped;
  shipped.file = file.string();
  shipped.machine = retargeted(load_machine(file), from, to, shipped.file);
  shipped.contents = array_contents(shipped.machine, to, shipped.file, shipped.machine.decoder);
  return shipped;
}

}  // namespace settle
