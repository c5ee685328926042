#include "contract/generate/hardware_hash.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/hash.hpp"

namespace settle {

namespace fs = std::filesystem;

namespace {

/// Names as seen from `rtl`, with / between folders, sorted as bytes.
std::vector<std::string> names_below(const fs::path& rtl) {
  std::vector<std::string> names;
  std::error_code code;
  for (fs::recursive_directory_iterator at(rtl, code), end; !code && at != end; at.increment(code)) {
    const std::string kind = at->path().extension().string();
    const bool counts = kind == ".sv" || kind == ".svh" || kind == ".hex" || kind == ".json";
    if (counts && at->is_regular_file()) names.push_back(at->path().lexically_relative(rtl).generic_string());
  }
  if (code) throw error("{}: folder of the RTL: {}", rtl.string(), code.message());
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace

std::uint64_t hardware_hash(const fs::path& rtl, const std::vector<NamedText>& more) {
  std::string all;
  const auto add = [&all](const NamedText& file) {
    all += file.name + '\0' + std::to_string(file.text.size()) + '\0' + file.text;
  };
  for (const std::string& name : names_below(rtl)) add({name, read_text(rtl / name)});
  for (const NamedText& file : more) add(file);
  return fnv1a64(all);
}

}  // namespace settle
