#include "generate/gaussian_file.hpp"

#include <sstream>

#include "core/error.hpp"
#include "core/files.hpp"

namespace settle {

std::vector<std::uint16_t> read_gaussian_table(const std::string& path) {
  constexpr std::size_t kWords = 256;
  std::istringstream in(read_text(path));
  std::vector<std::uint16_t> table;
  std::string word;
  while (in >> word) {
    if (word.size() != 4 || word.find_first_not_of("0123456789abcdef") != std::string::npos) {
      throw error("{}: word {}: {} is not four lower-case hex digits", path, table.size(), word);
    }
    table.push_back(static_cast<std::uint16_t>(std::stoul(word, nullptr, 16)));
  }
  if (table.size() != kWords) throw error("{}: {} words, not {}", path, table.size(), kWords);
  return table;
}

}  // namespace settle
