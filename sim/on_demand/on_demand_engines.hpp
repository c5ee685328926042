// The verilated array of any configuration: what the build has not verilated is verilated when it is asked for.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "contract/configuration/configuration.hpp"
#include "sim/on_demand/engine_cache.hpp"
#include "sim/rtl_device.hpp"

namespace settle {

/// True if the build has the very array of this configuration, lanes included, under its name.
bool is_verilated(const Configuration& configuration);

class OnDemandEngines {
 public:
  explicit OnDemandEngines(EngineCache cache) : cache_(std::move(cache)) {}

  /// An array of `configuration`: the build's own (make_rtl_device), or one from the cache. May be called from several
  /// threads; arrays may outlive this. Throws as make_rtl_device and EngineCache::library, and Error for a waveform of
  /// an array that the build has not verilated.
  std::unique_ptr<RtlDevice> make(const Configuration& configuration, const RtlOptions& options);

 private:
  class Library;

  EngineCache cache_;
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<const Library>> libraries_;  ///< by file
};

}  // namespace settle
