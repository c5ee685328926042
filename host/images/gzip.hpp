// Files packed by gzip, as MNIST's are spread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace settle {

/// What `packed`, the whole of a gzip file, unpacks to. Throws Error naming `file` if it is cut short or damaged, has
/// something else after it, or would unpack to more than `most` bytes: no more than that is ever unpacked.
std::vector<std::uint8_t> unpacked(const std::vector<std::uint8_t>& packed, std::uint64_t most,
                                   const std::string& file);

}  // namespace settle
