// Devices of one engine, all loaded with the same machine, for samples that are settled side by side.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "device/driver/array_driver.hpp"
#include "study/run/run_command.hpp"

namespace settle {

class Engines {
 public:
  /// `count` >= 1 devices. Throws Error for an unknown engine, and as the driver.
  Engines(const MakeDevice& make_device, const std::string& engine, const Configuration& configuration,
          const ArrayContents& contents, std::size_t count);

  const std::vector<ArrayDriver*>& all() const { return all_; }
  ArrayDriver& first() const { return *all_.front(); }
  Device& device() const { return *devices_.front(); }  ///< of the first

 private:
  std::vector<std::unique_ptr<Device>> devices_;
  std::vector<std::unique_ptr<ArrayDriver>> drivers_;
  std::vector<ArrayDriver*> all_;
};

}  // namespace settle
