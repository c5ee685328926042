// The noise table's file, rtl/gaussian_table.hex.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace settle {

/// The 256 words of a file of four-digit hex words. Throws Error naming the file and the word.
std::vector<std::uint16_t> read_gaussian_table(const std::string& path);

}  // namespace settle
