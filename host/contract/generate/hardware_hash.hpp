// The name of a piece of hardware: a hash of what it is built from. A shallow clone, a full one and a tarball of the
// same sources build hardware of one name, whatever git knows of them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace settle {

/// What else hardware is built from.
struct NamedText {
  std::string name, text;
};

/// 64-bit FNV-1a over the files below `rtl` from which hardware is made (.sv, .svh, .hex, .json; links to folders are
/// not followed) in the order of their names as seen from `rtl`, then over `more` in its order: name, zero byte, length
/// in decimal digits, zero byte, bytes of each. Throws Error naming the folder or file that cannot be read.
std::uint64_t hardware_hash(const std::filesystem::path& rtl, const std::vector<NamedText>& more = {});

/// What the register hardware_hash holds of it: the upper half, the first 8 of its 16 hex digits.
constexpr std::uint32_t hardware_word(std::uint64_t hash) { return static_cast<std::uint32_t>(hash >> 32); }

}  // namespace settle
