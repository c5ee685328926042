// The cycle-accurate engine: the verilated array as a device. Nothing here looks inside the RTL; every
// access goes through the array's port and costs clock cycles.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "device/device.hpp"
#include "device/engine_names.hpp"
#include "sim/verilated/port_access.hpp"

namespace settle {

struct RtlOptions {
  /// How registers and memories look before reset: 0 all zeros, 1 all ones, 2 random. Results must not depend on it.
  int power_up = 2;
  /// FST waveform of the cycles trace_from <= cycle < trace_to; empty: none. It appears whole or not at all; if it
  /// cannot be written or no such cycle came, finish() throws.
  std::filesystem::path trace_path;
  std::uint64_t trace_from = 0;
  std::uint64_t trace_to = 0;
};

class RtlDevice : public Device {
 public:
  std::string engine() const override { return kRtlEngine; }
  /// Clock cycles since power-up.
  virtual std::uint64_t cycles() const = 0;

 protected:
  /// Throws DeviceError for an access that was refused, DeviceTimeout for one without an answer.
  static void check_answer(PortAnswer answer, std::uint32_t address, bool is_write) {
    if (answer == PortAnswer::refused) {
      throw DeviceError(fmt::format("engine {}: {} of address 0x{:06x} refused: array busy or no such address",
                                    kRtlEngine, is_write ? "write" : "read", address));
    }
    if (answer == PortAnswer::none) {
      throw DeviceTimeout(
          fmt::format("engine {}: no answer to address 0x{:06x} in {} cycles", kRtlEngine, address, kAnswerCycles));
    }
  }
};

/// The engine verilated under `key`: a configuration's name, or name_lanes for another number of lanes.
/// Throws Error, listing those that this build has, for another key, and for a waveform of an engine without.
std::unique_ptr<RtlDevice> make_rtl_device(const std::string& key, const RtlOptions& options = {});

/// Keys that this build has.
std::vector<std::string> rtl_device_keys();

}  // namespace settle
