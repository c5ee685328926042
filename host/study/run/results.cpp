#include "study/run/results.hpp"

#include <cmath>

#include "base/error.hpp"
#include "device/driver/array_driver.hpp"

namespace settle {

void Results::take(const std::string& name, const std::function<void()>& action) {
  try {
    action();
  } catch (const Interrupted&) {
    throw;
  } catch (const DeviceError&) {
    throw;
  } catch (const Error& e) {
    not_taken[name] = e.what();
  }
}

void Results::measure(const std::string& name, Measure& result, const std::function<double()>& value) {
  take(name, [&] {
    const double taken = value();
    if (!std::isfinite(taken)) throw error("its value is {}", taken);
    result = taken;
  });
}

}  // namespace settle
