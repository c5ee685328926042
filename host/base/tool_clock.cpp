#include "base/tool_clock.hpp"

#include <charconv>
#include <cmath>
#include <utility>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/terminal.hpp"

namespace settle {

namespace {

constexpr double kLongest = 1e6;  // eleven days: more is no duration of a tool

std::optional<double> kept_in(const std::filesystem::path& memory) {
  try {
    const std::string text = read_text(memory);
    double seconds = 0;
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (code == std::errc() && seconds >= 0 && seconds <= kLongest) return seconds;
  } catch (const Error&) {
    // It has not run here yet.
  }
  return std::nullopt;
}

}  // namespace

std::string duration_text(double seconds) {
  const auto whole = std::lround(seconds);
  return whole < 100 ? fmt::format("{} s", whole) : fmt::format("{} min {} s", whole / 60, whole % 60);
}

ToolClock::ToolClock(std::string what, std::filesystem::path memory)
    : what_(std::move(what)), memory_(std::move(memory)), last_(kept_in(memory_)), terminal_(can_redraw()) {}

ToolClock::~ToolClock() {
  if (shown_ >= 0) clear_line();
}

double ToolClock::seconds() const {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count();
}

std::string ToolClock::last_text(const std::string& otherwise) const {
  return last_ ? duration_text(*last_) + " last time" : otherwise;
}

void ToolClock::show() {
  const auto second = static_cast<long>(seconds());
  if (!terminal_ || second == shown_) return;
  shown_ = second;
  const std::string last = last_ ? ", " + last_text("") : "";
  redraw_line(fmt::format("{}: {}{}", what_, duration_text(static_cast<double>(second)), last));
}

std::function<bool()> ToolClock::watched(const std::function<bool()>& stop) {
  return [this, stop] {
    show();
    return stop && stop();
  };
}

void ToolClock::keep(double seconds) const {
  try {
    write_atomically(memory_, fmt::format("{:.1f}\n", seconds));
  } catch (const Error&) {
    // The tool's result does not suffer from it.
  }
}

}  // namespace settle
