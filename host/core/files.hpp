// Reading and writing whole files, so that a reader never sees a half-written one.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace settle {

/// Every byte of `path`. Throws Error naming the path if it is missing, a folder or unreadable.
std::vector<std::uint8_t> read_bytes(const std::filesystem::path& path);

/// As read_bytes, as text.
std::string read_text(const std::filesystem::path& path);

/// Writes `bytes` to a temporary beside `path` and renames it: `path` is either the old file or the whole new one.
/// Makes the parent folders. Throws Error naming the path and the cause.
void write_atomically(const std::filesystem::path& path, std::string_view bytes);

}  // namespace settle
