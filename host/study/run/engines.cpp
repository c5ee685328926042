#include "study/run/engines.hpp"

#include "base/parallel.hpp"
#include "device/engine_names.hpp"

namespace settle {

Engines::Engines(const MakeDevice& make_device, const std::string& engine,
                 const std::shared_ptr<const FixedMachine>& fixed, Eigen::Index samples, std::size_t threads) {
  const std::size_t count = is_engine(engine) ? worker_count(static_cast<std::size_t>(samples), threads) : 1;
  arrays_.resize(count);
  // Side by side: a verilated array is loaded word by word.
  parallel_for(count, count, [&](std::size_t n, std::size_t) {
    arrays_[n] = std::make_unique<LoadedArray>(make_device(engine, fixed->configuration), fixed);
  });
  for (const auto& array : arrays_) all_.push_back(array.get());
}

}  // namespace settle
