// Files that ship with Settle.
#pragma once

#include <filesystem>

namespace settle_test {

inline const std::filesystem::path kAssets = std::filesystem::path(SETTLE_SOURCE_DIR) / "host/assets";

}  // namespace settle_test
