// What a verilated array that is a library of its own offers to the program that loads it: C functions alone, so that
// the two may be compiled apart.
#pragma once

#include <cstdint>

namespace settle {

/// A library made for another one is not taken.
inline constexpr std::uint32_t kEngineInterface = 1;

/// The library's only name.
inline constexpr const char* kEngineFunction = "settle_engine";

struct EngineInterface {
  std::uint32_t version;  ///< kEngineInterface

  /// A new array after its reset, or null. `power_up`: as in RtlOptions.
  void* (*make)(int power_up);
  void (*end)(void* array);
  /// One access to its port: a PortAnswer. `read` receives what was read.
  int (*access)(void* array, std::uint32_t address, int is_write, std::uint32_t value, std::uint32_t* read);
  /// Clock cycles since power-up.
  std::uint64_t (*cycles)(const void* array);
};

}  // namespace settle

extern "C" const settle::EngineInterface* settle_engine();
