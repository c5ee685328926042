#include "programs/bench/child_program.hpp"

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/process.hpp"
#include "base/program.hpp"

namespace settle {

std::string printed_by(const std::vector<std::string>& words, const std::filesystem::path& folder,
                       const std::string& name) {
  const std::filesystem::path log = std::filesystem::absolute(folder) / (name + ".log");
  const Ended ended = run({words, folder, log}, stop_requested);
  if (ended.stopped) throw Stopped("interrupted: nothing is written");
  if (!ended.good()) {
    throw error("{} failed ({}): {} (log: {})", name, ended.text(), reason_in(log), log.string());
  }
  return read_text(log);
}

}  // namespace settle
