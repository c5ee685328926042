#include "programs/bench/icarus.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <string>

#include <sys/resource.h>

#include "base/error.hpp"
#include "base/files.hpp"

namespace settle {

namespace {

/// As one word of a shell command.
std::string for_shell(const std::filesystem::path& path) {
  std::string out = "'";
  for (const char c : path.string()) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

double children_seconds() {
  rusage usage{};
  getrusage(RUSAGE_CHILDREN, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

/// What the command prints. Throws Error if it fails.
std::string output_of(const std::string& command) {
  std::FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) throw error("{}: cannot be run", command);
  std::string text;
  std::array<char, 4096> buffer{};
  while (const std::size_t got = std::fread(buffer.data(), 1, buffer.size(), pipe)) text.append(buffer.data(), got);
  if (pclose(pipe) != 0) throw error("{}: failed: {}", command, text);
  return text;
}

}  // namespace

Icarus::Icarus(const std::filesystem::path& source, const std::filesystem::path& package,
               const std::filesystem::path& folder)
    : folder_(folder) {
  std::filesystem::create_directories(folder_);
  // Icarus 11 says "sorry" where it makes an always_comb block sensitive to more bits than it reads: slower, not wrong.
  output_of(in_folder() + fmt::format("iverilog -g2012 -s icarus_bench -o icarus.vvp {} {}/*.sv {} 2>&1",
                                      for_shell(package), for_shell(source / "rtl"),
                                      for_shell(source / "sim" / "icarus_bench.sv")));
}

/// iverilog hands names to a shell, in quotes of its own: it is given plain ones, in the folder that they are in.
std::string Icarus::in_folder() const {
  return "cd " + for_shell(folder_.is_relative() ? "." / folder_ : folder_) + " && ";
}

Icarus::Run Icarus::run(const PortWrites& writes) const {
  std::string text;
  for (const auto& [where, value] : writes) text += fmt::format("{:08x}{:08x}\n", where, value);
  const std::filesystem::path file = folder_ / "writes.hex";
  write_atomically(file, text);

  Run run;
  const double before = children_seconds();
  const std::string printed =
      output_of(in_folder() + fmt::format("vvp -n icarus.vvp +writes=writes.hex +count={} +cells={} 2>&1",
                                          writes.size(), kBenchCells));
  run.seconds = children_seconds() - before;
  // "cycles N", then one line "state HEX" per cell.
  std::size_t at = 0;
  while (at < printed.size()) {
    const std::size_t end = std::min(printed.find('\n', at), printed.size());
    const std::string line = printed.substr(at, end - at);
    if (line.rfind("cycles ", 0) == 0) run.cycles = std::strtoull(line.c_str() + 7, nullptr, 10);
    if (line.rfind("state ", 0) == 0) {
      run.states.push_back(static_cast<std::uint32_t>(std::strtoul(line.c_str() + 6, nullptr, 16)));
    }
    at = end + 1;
  }
  if (run.cycles == 0 || run.states.size() != kBenchCells) throw error("Icarus: no result: {}", printed);
  return run;
}

}  // namespace settle
