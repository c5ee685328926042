#include "programs/bench/icarus.hpp"

#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

#include <sys/resource.h>

#include "base/error.hpp"
#include "base/files.hpp"
#include "programs/bench/child_program.hpp"

namespace settle {

namespace {

double children_seconds() {
  rusage usage{};
  getrusage(RUSAGE_CHILDREN, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

std::vector<std::filesystem::path> rtl_sources(const std::filesystem::path& rtl) {
  std::vector<std::filesystem::path> all;
  for (const auto& entry : std::filesystem::directory_iterator(rtl)) {
    if (entry.path().extension() == ".sv") all.push_back(entry.path());
  }
  std::sort(all.begin(), all.end());
  return all;
}

}  // namespace

Icarus::Icarus(const std::filesystem::path& source, const std::filesystem::path& package,
               const std::filesystem::path& folder)
    : folder_(folder) {
  std::filesystem::create_directories(folder_);
  // Icarus 11 says "sorry" where it makes an always_comb block sensitive to more bits than it reads: slower, not wrong.
  std::vector<std::string> words = {"iverilog", "-g2012", "-s", "icarus_bench", "-o", "icarus.vvp"};
  words.push_back(std::filesystem::absolute(package).string());
  for (const auto& file : rtl_sources(source / "rtl")) words.push_back(std::filesystem::absolute(file).string());
  words.push_back(std::filesystem::absolute(source / "sim" / "icarus_bench.sv").string());
  printed_by(words, folder_, "iverilog");
}

Icarus::Run Icarus::run(const PortWrites& writes) const {
  std::string text;
  for (const auto& [where, value] : writes) text += fmt::format("{:08x}{:08x}\n", where, value);
  const std::filesystem::path file = folder_ / "writes.hex";
  write_atomically(file, text);

  Run result;
  const double before = children_seconds();
  const std::string printed =
      printed_by({"vvp", "-n", "icarus.vvp", "+writes=writes.hex", fmt::format("+count={}", writes.size()),
                  fmt::format("+cells={}", kBenchCells)},
                 folder_, "vvp");
  result.seconds = children_seconds() - before;
  // "cycles N", then one line "state HEX" per cell.
  std::size_t at = 0;
  while (at < printed.size()) {
    const std::size_t end = std::min(printed.find('\n', at), printed.size());
    const std::string line = printed.substr(at, end - at);
    if (line.rfind("cycles ", 0) == 0) result.cycles = std::strtoull(line.c_str() + 7, nullptr, 10);
    if (line.rfind("state ", 0) == 0) {
      result.states.push_back(static_cast<std::uint32_t>(std::strtoul(line.c_str() + 6, nullptr, 16)));
    }
    at = end + 1;
  }
  if (result.cycles == 0 || result.states.size() != kBenchCells) throw error("Icarus: no result: {}", printed);
  return result;
}

}  // namespace settle
