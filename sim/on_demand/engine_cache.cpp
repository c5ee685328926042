#include "sim/on_demand/engine_cache.hpp"

#include <cerrno>
#include <chrono>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/folder_lock.hpp"
#include "base/process.hpp"
#include "base/removed_when_killed.hpp"
#include "base/tool_clock.hpp"
#include "contract/generate/gaussian_file.hpp"
#include "contract/generate/hardware_hash.hpp"
#include "contract/generate/package.hpp"
#include "contract/generate/register_map.hpp"
#include "device/engine_names.hpp"

namespace settle {

namespace fs = std::filesystem;

namespace {

constexpr const char* kLibrary = "engine.so";
constexpr const char* kWork = "work";  // what is under way; left by a program that was killed it is made anew
constexpr std::chrono::milliseconds kPause{100};

// What an engine is made of beside the RTL.
constexpr const char* kSources[] = {"sim/registered_array.sv", "sim/on_demand/engine_library.cpp",
                                    "sim/on_demand/engine_interface.hpp", "sim/verilated/clock_cycle.hpp",
                                    "sim/verilated/port_access.hpp"};

std::vector<fs::path> rtl_sources(const fs::path& rtl) {
  std::vector<fs::path> files;
  std::error_code code;
  for (fs::directory_iterator at(rtl, code), end; !code && at != end; at.increment(code)) {
    if (at->path().extension() == ".sv") files.push_back(at->path());
  }
  if (code) throw error("{}: folder of the RTL: {}", rtl.string(), code.message());
  return files;
}

/// What this one needs beside its package is the same as in sim/CMakeLists.txt, which says why. A library comes of a
/// program's rules: its link step is told to make a shared one. Whatever make was told, it is not told to Verilator's.
std::vector<std::string> verilator_command(const EnginePlaces& places, const fs::path& folder) {
  const std::string flags = "-fPIC -fvisibility=hidden -fno-gnu-unique -std=c++17 -I" + places.tree.string();
  std::vector<std::string> words = {"env", "-u", "MAKEFLAGS", "-u", "MAKELEVEL", SETTLE_VERILATOR};
  for (const char* word : {"--build", "-j", "0", "-O3", "--x-assign", "fast", "--x-initial", "unique", "-Wall", "--cc",
                           "--exe", "--top-module", "registered_array", "--prefix", "Vengine", "-MAKEFLAGS",
                           "OPT_FAST=-O1", "-MAKEFLAGS", "VM_PARALLEL_BUILDS=0"}) {
    words.emplace_back(word);
  }
  const fs::path rtl = places.tree / "rtl", work = folder / kWork;
  for (const std::string& word :
       {std::string("-MAKEFLAGS"), std::string("CXX=" SETTLE_CXX), std::string("-MAKEFLAGS"),
        std::string("LINK=" SETTLE_CXX), std::string("-CFLAGS"), flags, std::string("-LDFLAGS"),
        std::string("-shared -Wl,-Bsymbolic"), std::string("--Mdir"), work.string(), std::string("-o"),
        std::string(kLibrary), "-I" + rtl.string(), (work / "settle_pkg.sv").string()}) {
    words.push_back(word);
  }
  for (const fs::path& file : rtl_sources(rtl)) words.push_back(file.string());
  words.push_back((places.tree / "sim" / "registered_array.sv").string());
  words.push_back((places.tree / "sim" / "on_demand" / "engine_library.cpp").string());
  return words;
}

/// The first error that Verilator names, else the last line.
std::string why_failed(const fs::path& log) {
  const std::string text = read_text(log);
  const std::size_t begin = text.find("%Error");
  return begin == std::string::npos ? reason_in(log) : text.substr(begin, text.find('\n', begin) - begin);
}

}  // namespace

EngineCache::EngineCache(EnginePlaces places, std::function<bool()> stop,
                         std::function<void(const std::string&)> notice)
    : places_(std::move(places)), stop_(std::move(stop)), notice_(std::move(notice)) {}

fs::path EngineCache::library(const Configuration& configuration) const {
  const fs::path folder = fs::absolute(places_.cache) / key(configuration);
  const fs::path file = folder / kLibrary;
  std::error_code none;
  if (fs::is_regular_file(file, none)) return file;
  const auto stopped = [this] { return stop_ && stop_(); };
  const FolderLock lock(folder, "settle", [&](int lock_file) {
    int result = ask_for_lock(lock_file);
    while (result != 0 && errno == EWOULDBLOCK && !stopped()) {
      std::this_thread::sleep_for(kPause);
      result = ask_for_lock(lock_file);
    }
    return result;
  });
  if (!fs::is_regular_file(file, none)) make(configuration, folder);
  return file;
}

/// `name`, seen from the tree. Throws Error if it is gone.
fs::path EngineCache::source(const char* name, const Configuration& configuration) const {
  const fs::path file = fs::path(name).is_absolute() ? fs::path(name) : places_.tree / name;
  std::error_code none;
  if (fs::exists(file, none)) return file;
  throw error(
      "engine {}: configuration {} was not verilated in this build and cannot be now: {} is not there (the engine {} "
      "has every configuration, with the same bits)",
      kRtlEngine, configuration.name, file.string(), kModelEngine);
}

std::string EngineCache::key(const Configuration& c) const {
  std::vector<NamedText> more;
  for (const char* name : kSources) more.push_back({name, read_text(source(name, c))});
  // Lanes and the pace of the noise are no part of a configuration's hash, but of its hardware.
  return fmt::format("{:016x}-{}-{}-{}-{}", hardware_hash(source("rtl", c), more), c.hash_text(), c.lanes,
                     c.noise_lanes, c.noise_rounds_per_cycle);
}

void EngineCache::make(const Configuration& c, const fs::path& folder) const {
  for (const char* tool : {SETTLE_VERILATOR, SETTLE_CXX}) source(tool, c);
  const fs::path rtl = places_.tree / "rtl", work = folder / kWork, log = folder / "verilator.log";
  std::error_code none;
  fs::remove_all(work, none);
  ToolClock clock("verilator", folder.parent_path() / "verilator.seconds");
  if (notice_) {
    notice_(fmt::format("configuration {} is not verilated yet: that is done once, {} (log: {})", c.name,
                        clock.last_text("a minute or so"), log.string()));
  }
  Ended ended;
  try {
    write_atomically(work / "settle_pkg.sv", package_text(c, read_register_map((rtl / "registers.json").string()),
                                                          read_gaussian_table((rtl / "gaussian_table.hex").string()),
                                                          hardware_word(hardware_hash(rtl))));
    ended = run({verilator_command(places_, folder), rtl, log}, clock.watched(stop_));
  } catch (...) {
    fs::remove_all(work, none);
    throw;
  }
  if (ended.good()) {
    clock.keep(clock.seconds());
    fs::rename(work / kLibrary, folder / kLibrary);
  }
  fs::remove_all(work, none);
  if (ended.good()) return;
  if (ended.stopped) {
    fs::remove(log, none);
    throw Stopped(fmt::format("interrupted: configuration {} is not verilated yet", c.name));
  }
  throw error("engine {}: configuration {} cannot be verilated ({}): {} (log: {})", kRtlEngine, c.name, ended.text(),
              one_line(why_failed(log)), log.string());
}

}  // namespace settle
