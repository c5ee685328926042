// How a machine file names itself: reader and writer agree on it here.
#pragma once

namespace settle {

inline constexpr const char* kMachineFormat = "settle-machine";
inline constexpr int kMachineVersion = 2;

}  // namespace settle
