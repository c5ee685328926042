#include "hil/junit.hpp"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>

namespace settle::hil {

namespace {

/// A text between the quotes of an attribute. Bytes above ASCII are replaced, too: the texts are ASCII, but for what a
/// broken board sends or a file is called.
std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c >= 0x20 && c < 0x7f ? c : '?';
    }
  }
  return out;
}

std::string test_case(const std::string& suite, const Outcome& outcome) {
  const std::string text = escaped(outcome.text);
  std::string inside;
  switch (outcome.kind) {
    case Outcome::Kind::passed:
      inside = fmt::format("<system-out>{}</system-out>", text);
      break;
    case Outcome::Kind::failed:
      inside = fmt::format("<failure message=\"{}\"/>", text);
      break;
    case Outcome::Kind::skipped:
      inside = fmt::format("<skipped message=\"{}\"/>", text);
      break;
  }
  return fmt::format("    <testcase classname=\"{}\" name=\"{}\" time=\"{:.3f}\">{}</testcase>\n", escaped(suite),
                     escaped(outcome.name), outcome.seconds, inside);
}

}  // namespace

std::string junit_text(const std::string& suite, const std::string& board, const std::vector<Outcome>& outcomes) {
  const auto count = [&](Outcome::Kind kind) {
    return std::count_if(outcomes.begin(), outcomes.end(), [kind](const Outcome& o) { return o.kind == kind; });
  };
  const double seconds = std::accumulate(outcomes.begin(), outcomes.end(), 0.0,
                                         [](double sum, const Outcome& o) { return sum + o.seconds; });
  const std::string figures =
      fmt::format("tests=\"{}\" failures=\"{}\" errors=\"0\" skipped=\"{}\" time=\"{:.3f}\"", outcomes.size(),
                  count(Outcome::Kind::failed), count(Outcome::Kind::skipped), seconds);
  std::string text = fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites {}>\n  <testsuite name=\"{}\" {}>\n"
      "    <properties><property name=\"board\" value=\"{}\"/></properties>\n",
      figures, escaped(suite), figures, escaped(board));
  for (const Outcome& outcome : outcomes) text += test_case(suite, outcome);
  return text + "  </testsuite>\n</testsuites>\n";
}

}  // namespace settle::hil
