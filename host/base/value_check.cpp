#include "base/value_check.hpp"

#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <system_error>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace settle {

ValueCheck whole(std::uint64_t least, std::uint64_t most) {
  const std::string range = fmt::format("{} to {}", least, most);
  const auto fault = [=](std::string& text) -> std::string {
    std::uint64_t value = 0;
    const char* const last = text.data() + text.size();
    const auto [end, code] = std::from_chars(text.data(), last, value);
    if (code != std::errc() || end != last || value < least || value > most) {
      return fmt::format("\"{}\": a whole number from {} is needed", text, range);
    }
    text = std::to_string(value);
    return "";
  };
  return {fault, range};
}

ValueCheck real(double least, double most) {
  const std::string range = std::isinf(most) ? fmt::format("{} or above", least) : fmt::format("{} to {}", least, most);
  const auto fault = [=](std::string& text) -> std::string {
    char* end = nullptr;
    errno = 0;
    const double value = std::strtod(text.c_str(), &end);
    const bool number = !text.empty() && text.find_first_of(" \txX+") == std::string::npos && *end == '\0';
    if (!number || !std::isfinite(value) || errno == ERANGE || value < least || value > most) {
      return fmt::format("\"{}\": a finite number, {}, is needed", text, range);
    }
    return "";
  };
  return {fault, range};
}

ValueCheck known(const std::vector<std::string>& names) {
  const auto fault = [=](std::string& text) -> std::string {
    for (const std::string& name : names) {
      if (text == name) return "";
    }
    return fmt::format("\"{}\": unknown; known are {}", text, fmt::join(names, ", "));
  };
  return {fault, ""};
}

ValueCheck path() {
  const auto fault = [](std::string& text) -> std::string {
    return text.empty() ? "\"\": the name of a file or folder is needed" : "";
  };
  return {fault, ""};
}

}  // namespace settle
