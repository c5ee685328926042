// Opens a line to a board by the name that a user gives.
#pragma once

#include <memory>
#include <string>

#include "device/link/byte_stream.hpp"

namespace settle {

/// Whether a name is one that open_stream takes: "serial:PATH", "serial:PATH@BAUD", a path that begins with "/", or
/// "tcp:HOST:PORT".
bool names_stream(const std::string& name);

/// Throws Error for a name that is none, or of whose parts one is missing or out of range.
void check_stream_name(const std::string& name);

/// Opens it. Throws Error for a name that is none, DeviceLost if it cannot be opened.
std::unique_ptr<ByteStream> open_stream(const std::string& name);

}  // namespace settle
