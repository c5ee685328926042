#include "programs/settle/boards.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <system_error>

#include "base/error.hpp"
#include "device/identity.hpp"
#include "device/link/link_device.hpp"
#include "device/streams/open_stream.hpp"

namespace settle {

namespace {

namespace fs = std::filesystem;

/// Entries of a folder that are wanted, sorted; none if the folder is not there.
template <typename Wanted>
std::vector<fs::path> entries(const fs::path& folder, const Wanted& wanted) {
  std::vector<fs::path> found;
  std::error_code code;
  for (const auto& entry : fs::directory_iterator(folder, code)) {
    if (wanted(entry.path().filename().string())) found.push_back(entry.path());
  }
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace

std::vector<std::string> serial_ports() {
  std::vector<fs::path> found = entries("/dev/serial/by-id", [](const std::string&) { return true; });
  const std::vector<fs::path> plain = entries(
      "/dev", [](const std::string& name) { return name.rfind("ttyUSB", 0) == 0 || name.rfind("ttyACM", 0) == 0; });
  found.insert(found.end(), plain.begin(), plain.end());
  std::vector<std::string> names;
  std::vector<fs::path> seen;
  for (const fs::path& path : found) {
    std::error_code code;
    const fs::path target = fs::canonical(path, code);
    if (code || std::find(seen.begin(), seen.end(), target) != seen.end()) continue;
    seen.push_back(target);
    names.push_back("serial:" + path.string());
  }
  return names;
}

LinkTimes times_of(std::chrono::seconds patience, const std::function<bool()>& stop) {
  LinkTimes times;
  times.stop = stop;
  if (patience.count() == 0) {
    // Long enough for an adapter that holds bytes back, short enough for a list.
    times.answer = std::chrono::milliseconds(300);
    times.attempts = 3;
    times.noise = times.answer * times.attempts;
    return times;
  }
  times.attempts = static_cast<int>(patience / std::chrono::duration_cast<std::chrono::seconds>(times.answer));
  times.noise = std::max<std::chrono::microseconds>(times.noise, patience);  // a board may tell how it boots
  return times;
}

FoundBoard look_at(const std::string& line, const LinkTimes& times) {
  FoundBoard board;
  board.line = line;
  try {
    LinkDevice device(open_stream(line), times);
    const Identity identity = identify(device);
    board.status = identity.configuration.name.empty() ? BoardStatus::unknown : BoardStatus::ready;
    board.hash = identity.hash;
    board.configuration = identity.configuration;
    board.hardware = identity.hardware;
  } catch (const DeviceInUse& e) {
    board.status = BoardStatus::in_use;
    board.reason = one_line(e.what());
  } catch (const Error& e) {
    board.reason = one_line(e.what());
  }
  return board;
}

}  // namespace settle
