// What a device has been told, kept so that it can be told again after a reset.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <vector>

#include "device/device.hpp"

namespace settle {

/// All that is needed to bring a device that was reset, or another one, into the state in which the first one was: what
/// was written, and which runs were started on it. A run that clears the results and zeroes the state makes all earlier
/// ones forgotten, for it depends on none of them.
class Journal {
 public:
  /// To be told of every write, in order.
  void write(std::uint32_t address, std::uint32_t value);

  /// False after a run was stopped on the way: nobody can stop it at the same step again.
  bool can_replay() const { return !stopped_; }

  /// Writes and runs everything again. `stop` ends the wait for a run early. Throws as wait_until_idle.
  void replay(Device& device, const std::function<bool()>& stop) const;

  /// Writes that are kept.
  std::size_t size() const { return settled_.size() + since_.size(); }

 private:
  struct Write {
    std::uint32_t address;
    std::uint32_t value;
  };

  void forget_runs();

  std::map<std::uint32_t, std::uint32_t> settled_;  ///< before the last run that depends on no earlier one
  std::vector<Write> since_;
  int step_known_ = 0;  ///< bits 0, 1: step_lo, step_hi were written since the last start
  bool stopped_ = false;
};

}  // namespace settle
