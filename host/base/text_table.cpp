#include "base/text_table.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>

#include <fmt/format.h>

#include "base/error.hpp"

namespace settle {
namespace {

constexpr std::size_t kGap = 2;

std::string line(const std::vector<std::string>& row, const std::vector<std::size_t>& widths) {
  std::string text = fmt::format("{:<{}}", row[0], widths[0]);
  for (std::size_t c = 1; c < row.size(); ++c) text += fmt::format("{:>{}}", row[c], widths[c] + kGap);
  text.erase(text.find_last_not_of(' ') + 1);
  return text + "\n";
}

}  // namespace

std::string text_table(const std::vector<std::vector<std::string>>& rows) {
  if (rows.empty() || rows[0].empty()) throw error("text_table: no heading");
  std::vector<std::size_t> widths(rows[0].size(), 0);
  for (const auto& row : rows) {
    if (row.size() != widths.size()) throw error("text_table: a row of {} columns among {}", row.size(), widths.size());
    for (std::size_t c = 0; c < row.size(); ++c) widths[c] = std::max(widths[c], row[c].size());
  }
  std::string text;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    text += line(rows[r], widths);
    if (r > 0) continue;
    text += std::string(std::accumulate(widths.begin(), widths.end(), kGap * (widths.size() - 1)), '-') + "\n";
  }
  return text;
}

}  // namespace settle
