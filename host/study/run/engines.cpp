#include "study/run/engines.hpp"

#include "base/parallel.hpp"

namespace settle {

Engines::Engines(const MakeDevice& make_device, const std::string& engine,
                 const std::shared_ptr<const FixedMachine>& fixed, Eigen::Index samples) {
  const std::size_t count = engine == "model" ? worker_count(static_cast<std::size_t>(samples)) : 1;
  for (std::size_t n = 0; n < count; ++n) {
    arrays_.push_back(std::make_unique<LoadedArray>(make_device(engine, fixed->configuration), fixed));
    all_.push_back(arrays_.back().get());
  }
}

}  // namespace settle
