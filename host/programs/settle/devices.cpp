#include "programs/settle/devices.hpp"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "base/error.hpp"
#include "contract/builtin/builtin_configurations.hpp"
#include "device/identity.hpp"
#include "device/link/link_device.hpp"
#include "device/streams/open_stream.hpp"
#include "sim/rtl_device.hpp"

namespace settle {

namespace {

namespace fs = std::filesystem;

/// Serial ports of USB adapters and boards. Names that say what is attached come first; a port is listed once.
std::vector<std::string> serial_ports() {
  std::vector<std::string> names;
  std::vector<fs::path> seen;
  const auto add = [&](const fs::path& path) {
    std::error_code code;
    const fs::path target = fs::canonical(path, code);
    if (code || std::find(seen.begin(), seen.end(), target) != seen.end()) return;
    seen.push_back(target);
    names.push_back("serial:" + path.string());
  };
  std::error_code code;
  std::vector<fs::path> found;
  for (const auto& entry : fs::directory_iterator("/dev/serial/by-id", code)) found.push_back(entry.path());
  std::sort(found.begin(), found.end());
  std::vector<fs::path> plain;
  for (const auto& entry : fs::directory_iterator("/dev", code)) {
    const std::string name = entry.path().filename().string();
    if (name.rfind("ttyUSB", 0) == 0 || name.rfind("ttyACM", 0) == 0) plain.push_back(entry.path());
  }
  std::sort(plain.begin(), plain.end());
  found.insert(found.end(), plain.begin(), plain.end());
  for (const fs::path& path : found) add(path);
  return names;
}

/// Prints what is behind a line; false if it is no board for this build.
bool print_board(const std::string& name) {
  try {
    // Long enough for an adapter that holds bytes back, short enough for a list.
    LinkDevice device(open_stream(name), {std::chrono::milliseconds(300), 3});
    const Identity identity = identify(device);
    const Configuration& c = identity.configuration;
    fmt::print("{}  configuration {} ({:016x}), {} lanes, {} cells, hardware of commit {:08x}\n", one_line(name),
               c.name.empty() ? "unknown to this build" : c.name, identity.hash, c.lanes, c.cells, identity.git);
    return !c.name.empty();
  } catch (const Error& e) {
    fmt::print("{}  no board: {}\n", one_line(name), one_line(e.what()));
    return false;
  }
}

}  // namespace

int devices_command(const DevicesOptions& options) {
  std::vector<std::string> names = options.names;
  if (names.empty()) {
    fmt::print("model  every configuration: {}\n", fmt::join(configuration_names(), ", "));
    fmt::print("rtl  verilated in this build: {}\n", fmt::join(rtl_device_keys(), ", "));
    names = serial_ports();
    if (names.empty()) {
      fmt::print(
          "no serial port of a USB adapter or board in /dev; a virtual board is named by hand, as in\n"
          "settle devices tcp:localhost:PORT\n");
    }
  }
  bool all = true;
  for (const std::string& name : names) {
    if (name == "rtl" || name == "model") throw error("devices: {} is no line", name);
    all = print_board(name) && all;
  }
  return all || options.names.empty() ? 0 : 1;
}

}  // namespace settle
