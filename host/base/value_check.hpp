// Values of options, checked as text before they become numbers, so that nothing is cut off, wrapped or read as octal.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <vector>

namespace settle {

struct ValueCheck {
  /// What is wrong with the text, "" if nothing is. It may write the text another way.
  std::function<std::string(std::string& text)> fault;
  std::string range;  ///< what --help says of it; may be empty
};

/// A whole number in decimal digits, from `least` to `most`.
ValueCheck whole(std::uint64_t least, std::uint64_t most = std::numeric_limits<std::uint64_t>::max());

/// A finite number from `least` to `most`.
ValueCheck real(double least, double most = std::numeric_limits<double>::infinity());

/// One of these names.
ValueCheck known(const std::vector<std::string>& names);

/// The name of a file or folder.
ValueCheck path();

}  // namespace settle
