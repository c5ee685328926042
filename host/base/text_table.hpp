// Rows of text in columns that line up.
#pragma once

#include <string>
#include <vector>

namespace settle {

/// Lays out `rows` of equal length: the first row is the heading, underlined; the first column is set left, the others
/// right, two spaces between. Each line ends with a newline and has no trailing spaces. ASCII only. Throws Error if the
/// rows differ in length or there is no row.
std::string text_table(const std::vector<std::vector<std::string>>& rows);

}  // namespace settle
