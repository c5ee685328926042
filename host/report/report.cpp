#include "report/report.hpp"

#include "core/files.hpp"

namespace settle {

std::filesystem::path write_report(const Report& report, const std::filesystem::path& folder) {
  std::filesystem::path path = folder / "report.json";
  write_atomically(path, to_json(report).dump(2) + "\n");
  return path;
}

}  // namespace settle
