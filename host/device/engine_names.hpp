// Names of the engines, as a user gives them (--engine, a plan's "engine") and as reports have them.
#pragma once

namespace settle {

inline constexpr const char* kRtlEngine = "rtl";            ///< the verilated RTL: cycle-accurate
inline constexpr const char* kModelEngine = "model";        ///< the bit-exact model
inline constexpr const char* kEnsembleEngine = "ensemble";  ///< many chains at once, with the model's bits

}  // namespace settle
