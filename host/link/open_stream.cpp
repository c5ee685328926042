#include "link/open_stream.hpp"

#include "core/error.hpp"

namespace settle {

bool names_stream(const std::string& name) {
  return name.rfind("serial:", 0) == 0 || name.rfind("tcp:", 0) == 0 || name.rfind('/', 0) == 0;
}

std::unique_ptr<ByteStream> open_stream(const std::string& name) {
  throw error("{}: no such line: serial:PATH, serial:PATH@BAUD or tcp:HOST:PORT is needed", one_line(name));
}

}  // namespace settle
