#include "hil/board_lines.hpp"

#include <vector>

#include "base/error.hpp"
#include "device/streams/open_stream.hpp"
#include "device/streams/stream_to.hpp"

namespace settle::hil {

void check_device(const std::string& name) {
  if (is_virtual(name)) return;
  if (names_stream(name)) {
    try {
      return check_stream_name(name);
    } catch (const Error& e) {
      throw error("--device: {}", e.what());
    }
  }
  throw error(
      "--device: {}: unknown; known are virtual, pins, serial:PATH, serial:PATH@BAUD (or the path alone) and "
      "tcp:HOST:PORT",
      one_line(name));
}

bool is_virtual(const std::string& device) { return device == "virtual" || device == "pins"; }

BoardLines::BoardLines(const std::string& device, const std::string& configuration,
                       const std::filesystem::path& program)
    : device_(device) {
  if (device == "virtual") board_.emplace(program, std::vector<std::string>{"--configuration", configuration});
  if (in_process()) pins_ = std::make_unique<PinStream>(make_pin_board(configuration));
}

std::unique_ptr<ByteStream> BoardLines::open() const {
  if (!in_process()) return open_stream(board_ ? board_->device() : device_);
  pins_->reopen();
  return std::make_unique<StreamTo>(*pins_);
}

}  // namespace settle::hil
