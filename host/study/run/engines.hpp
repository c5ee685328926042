// Arrays of one engine, all loaded with the same machine, for samples that are settled side by side.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "device/driver/loaded_array.hpp"
#include "device/engine_names.hpp"
#include "study/run/run_command.hpp"

namespace settle {

/// The host's own engines, of which any configuration can be had, with any word lengths.
inline bool makes_model_bits(const std::string& engine) { return engine == kModelEngine || engine == kEnsembleEngine; }

/// The engines of this process, of which several work side by side; every other device is a board on a line.
inline bool is_engine(const std::string& device) { return device == kRtlEngine || makes_model_bits(device); }

class Engines {
 public:
  /// As many arrays as can share `samples`: one per core for the engines of this process, one for a board; `threads`
  /// (0: one per core) of them at most. Throws Error for an unknown engine, and as LoadedArray.
  Engines(const MakeDevice& make_device, const std::string& engine, const std::shared_ptr<const FixedMachine>& fixed,
          Eigen::Index samples, std::size_t threads = 0);

  const std::vector<LoadedArray*>& all() const { return all_; }
  LoadedArray& first() const { return *all_.front(); }

 private:
  std::vector<std::unique_ptr<LoadedArray>> arrays_;
  std::vector<LoadedArray*> all_;
};

}  // namespace settle
