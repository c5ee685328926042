// A sweep's table: what stands in which column, and against which run a loss is taken.
#include "study/sweep/results.hpp"

#include <sstream>

#include <doctest/doctest.h>

namespace {

using namespace settle;
using nlohmann::json;

std::vector<std::string> fields(const std::string& line) {
  std::vector<std::string> out(1);
  bool quoted = false;
  for (const char c : line) {
    if (c == '"') quoted = !quoted;
    if (c == ',' && !quoted) {
      out.emplace_back();
    } else {
      out.back() += c;
    }
  }
  return out;
}

/// Rows by column name.
std::vector<std::map<std::string, std::string>> read_csv(const std::string& text) {
  std::istringstream lines(text);
  std::string line;
  std::getline(lines, line);
  const std::vector<std::string> names = fields(line);
  std::vector<std::map<std::string, std::string>> rows;
  while (std::getline(lines, line)) {
    const std::vector<std::string> values = fields(line);
    REQUIRE(values.size() == names.size());
    rows.emplace_back();
    for (std::size_t i = 0; i < names.size(); ++i) rows.back()[names[i]] = values[i];
  }
  return rows;
}

json report(double centred) {
  return {{"preset", "anchored"},
          {"git", "abc"},
          {"decoder", {{"cosine_centred", centred}, {"cosine", nullptr}}},
          {"saturations", 3},
          {"array", {{"formats", {{"state", "Q4.16"}}}}}};
}

}  // namespace

TEST_CASE("losses are against the point with the configuration's own formats") {
  const auto points = parse_plan(R"({"axes": [{"sigma": [0.5, 1]}, {"format.noise_fraction": [6, 4]}]})", "plan");
  std::vector<PointResult> results(points.size());
  const double centred[] = {0.9, 0.8, 0.95, 0.7, 0.4, 0};
  for (std::size_t p = 0; p < 5; ++p) results[p] = {"f" + std::to_string(p), report(centred[p]), ""};
  results[5] = {"f5", nullptr, "no, \"not\" so"};
  CHECK(*loss_of(points, results, 0) == 0);
  CHECK(*loss_of(points, results, 1) == doctest::Approx(0.1));
  CHECK(*loss_of(points, results, 2) == doctest::Approx(-0.05));
  CHECK(*loss_of(points, results, 4) == doctest::Approx(0.3));
  CHECK_FALSE(loss_of(points, results, 5));

  const auto rows = read_csv(results_csv(points, results));
  REQUIRE(rows.size() == 6);
  CHECK(rows[1].at("varied") == "sigma=0.5 noise_fraction=6");
  CHECK(rows[1].at("changed") == "noise_fraction");
  CHECK(rows[1].at("reference") == "f0");
  CHECK(rows[4].at("reference") == "f3");
  CHECK(rows[1].at("cosine_centred") == "0.8");
  CHECK(rows[1].at("cosine") == "");  // null: not taken, not 0
  CHECK(rows[1].at("stall") == "");   // absent
  CHECK(rows[1].at("saturations") == "3");
  CHECK(rows[1].at("state") == "Q4.16");
  CHECK(rows[1].at("git") == "abc");
  CHECK(std::stod(rows[1].at("loss_cosine_centred")) == doctest::Approx(0.1));
  CHECK(rows[5].at("cosine_centred") == "");
  CHECK(rows[5].at("failure").find("not") != std::string::npos);

  CHECK(results_line(points, results, 5).find("failed: no, ") != std::string::npos);
  CHECK(results_line(points, results, 1).find("1.0e-01") != std::string::npos);
}

TEST_CASE("a reference that was not run leaves no loss") {
  const auto points = parse_plan(R"({"axes": [{"format.noise_fraction": [6]}]})", "plan");
  std::vector<PointResult> results(points.size());
  results[1].report = report(0.5);
  CHECK_FALSE(loss_of(points, results, 1));
}
