#include "contract/generate/gaussian_file.hpp"

#include <sstream>

#include "base/error.hpp"
#include "base/files.hpp"

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
  constexpr std::size_t kKnots = 249;        // the last octave's end included
  constexpr std::uint16_t kMostRise = 1023;  // what the hardware's difference holds
  for (std::size_t i = 1; i < kKnots; ++i) {
    if (table[i] < table[i - 1] || table[i] - table[i - 1] > kMostRise) {
      throw error("{}: word {}: {} after {}: knots grow by 0 to {}", path, i, table[i], table[i - 1], kMostRise);
    }
  }
  return table;
}

}  // namespace settle
