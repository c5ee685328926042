#include "study/run/engines.hpp"

namespace settle {

Engines::Engines(const MakeDevice& make_device, const std::string& engine, const Configuration& configuration,
                 const ArrayContents& contents, std::size_t count) {
  for (std::size_t n = 0; n < count; ++n) {
    devices_.push_back(make_device(engine, configuration));
    drivers_.push_back(std::make_unique<ArrayDriver>(*devices_.back(), configuration));
    drivers_.back()->load(contents);
    all_.push_back(drivers_.back().get());
  }
}

}  // namespace settle
