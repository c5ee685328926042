// What is read of a JSON file, and the line that says what is wrong with one.
#include "base/json.hpp"

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "base/files.hpp"
#include "error_message.hpp"
#include "temporary_folder.hpp"

namespace {

using settle::JsonValue;
using settle::parse_json;
using settle_test::message_of;
using settle_test::TemporaryFolder;

std::string refusal(const std::string& text) {
  return message_of([&] { parse_json(text, "f"); });
}

/// The message with which `read` refuses the field x that has this value.
template <typename Read>
std::string refusal_of(const std::string& value, Read read) {
  return message_of([&] { read(parse_json("{\"x\": " + value + "}", "f").at("x")); });
}

std::string nested(int levels) {
  const auto count = static_cast<std::size_t>(levels);
  return std::string(count, '[') + std::string(count, ']');
}

}  // namespace

TEST_CASE("json: every kind of value is read as it stands there") {
  const JsonValue root = parse_json(
      R"({"text": "\u00e9\n", "yes": true, "none": null, "whole": -7, "most": 18446744073709551615, "real": 0.1,
          "list": [1, 2.5, -3e2], "bits": [0, 1], "rows": [[1, 2], [3, 4]], "texts": ["a", ""], "empty": []})",
      "f");
  CHECK(root.at("text").text() == "\xc3\xa9\n");
  CHECK(root.at("yes").flag());
  CHECK(root.at("none").is_null());
  CHECK(root.at("whole").integer(-7, -7) == -7);
  CHECK(parse_json("-0", "f").unsigned_integer() == 0);
  CHECK(root.at("most").unsigned_integer() == std::numeric_limits<std::uint64_t>::max());
  CHECK(root.at("real").number() == 0.1);
  CHECK(root.at("whole").number() == -7.0);
  CHECK(root.at("list").numbers() == std::vector<double>{1, 2.5, -300});
  CHECK(root.at("bits").flags() == std::vector<std::uint8_t>{0, 1});
  CHECK(root.at("rows").rows() == std::vector<std::vector<double>>{{1, 2}, {3, 4}});
  CHECK(root.at("texts").texts() == std::vector<std::string>{"a", ""});
  CHECK(root.at("empty").numbers().empty());
  CHECK(root.has("none"));
  CHECK_FALSE(root.has("nothing"));
  CHECK_FALSE(root.at("list").has("x"));
}

TEST_CASE("json: an object's fields come in the file's order") {
  std::string names;
  for (const auto& [name, value] : parse_json(R"({"b": 1, "a": 2, "c": 3})", "f").members()) {
    names += name + std::to_string(value.integer());
  }
  CHECK(names == "b1a2c3");
}

TEST_CASE("json: a value outlives the document that it was taken of") {
  const auto inner = [] { return parse_json(R"({"a": {"b": [5]}})", "f").at("a").at("b"); };
  CHECK(inner().items().at(0).integer() == 5);
}

TEST_CASE("json: what is not JSON is told with its place, and without the library's words") {
  CHECK(refusal("") == "f: there is nothing in it, JSON is needed");
  CHECK(refusal(" \n") == "f: there is nothing in it, JSON is needed");
  CHECK(refusal("{\"a\": 1, \"b\": tru") == "f: not JSON at byte 17 of 17 (near key \"b\")");
  CHECK(refusal("[1] 2") == "f: not JSON at byte 5 of 5");
  CHECK(refusal("[1,]") == "f: not JSON at byte 4 of 4");
  CHECK(refusal("[NaN]") == "f: not JSON at byte 2 of 5");
  CHECK(refusal("\"\xff\"") == "f: not JSON at byte 2 of 3");
  CHECK(refusal(R"({"a": [1, 1e999]})") == "f: a: a number that no double can hold: '1e999'");
  CHECK(refusal("-1e999") == "f: the file: a number that no double can hold: '-1e999'");
}

TEST_CASE("json: a key that stands twice in one object is refused by name") {
  CHECK(refusal(R"({"a": {"b": 1}, "c": [{"b": 1}, {"b": 2, "d": 3, "b": 2}]})") ==
        "f: the key \"b\" stands twice in one object");
  CHECK(refusal(R"({"a": {"b": 1}, "b": [{"b": 1}, {"b": 2}]})").empty());
}

TEST_CASE("json: files that are nested too deeply are refused, however deeply") {
  CHECK(refusal(nested(settle::kMostJsonLevels)).empty());
  CHECK(refusal(nested(settle::kMostJsonLevels + 1)) == "f: more than 64 objects and lists in one another");
  CHECK(refusal(nested(1'000'000)) == "f: more than 64 objects and lists in one another");
  std::string objects;
  for (int i = 0; i < 100'000; ++i) objects += "{\"deep\":";
  CHECK(refusal(objects) == "f: more than 64 objects and lists in one another (near key \"deep\")");
}

TEST_CASE("json: values of a wrong kind or outside their range are refused by file, field and what is needed") {
  const auto whole = [](const JsonValue& v) { v.integer(-3, 5); };
  for (const char* value : {"-4", "6", "\"1\"", "true", "null", "18446744073709551615"}) {
    CHECK(refusal_of(value, whole) == "f: x is " + std::string(value) + ", a whole number from -3 to 5 is needed");
  }
  CHECK(refusal_of("1.0", whole) == "f: x is 1.0, a whole number from -3 to 5, without point and exponent, is needed");
  CHECK(refusal_of("64.0", [](const JsonValue& v) { v.integer(); }) ==
        "f: x is 64.0, a whole number, without point and exponent, is needed");
  CHECK(refusal_of("-1", [](const JsonValue& v) { v.integer64(0, std::numeric_limits<std::int64_t>::max()); }) ==
        "f: x is -1, a whole number from 0 to 9223372036854775807 is needed");
  CHECK(refusal_of("5", [](const JsonValue& v) { v.integer(-3, -1); }) ==
        "f: x is 5, a whole number from -3 to -1 is needed");
  CHECK(refusal_of("-1", [](const JsonValue& v) { v.unsigned_integer(); }) ==
        "f: x is -1, a whole number from 0 is needed");
  CHECK(refusal_of("[]", [](const JsonValue& v) { v.text(); }) == "f: x is a list of 0, a text is needed");
  CHECK(refusal_of("1", [](const JsonValue& v) { v.flag(); }) == "f: x is 1, true or false is needed");
  CHECK(refusal_of("\"1\"", [](const JsonValue& v) { v.number(); }) == "f: x is \"1\", a finite number is needed");
  CHECK(refusal_of("{}", [](const JsonValue& v) { v.items(); }) == "f: x is an object, a list is needed");
  CHECK(refusal_of("3", [](const JsonValue& v) { v.members(); }) == "f: x is 3, an object is needed");
  CHECK(refusal_of("[1, null]", [](const JsonValue& v) { v.numbers(); }) ==
        "f: x[1] is null, a finite number is needed");
  CHECK(refusal_of("[1, 2]", [](const JsonValue& v) { v.flags(); }) == "f: x[1] is 2, 0 or 1 is needed");
  CHECK(refusal_of("[[1], 2]", [](const JsonValue& v) { v.rows(); }) == "f: x[1] is 2, a list of numbers is needed");
  CHECK(refusal_of("[[1], [2, 3]]", [](const JsonValue& v) { v.rows(); }) ==
        "f: x[1] is a list of 2, a list of 1, as in row 0, is needed");
  CHECK(refusal_of("[1, [\"a\", 2]]", [](const JsonValue& v) { v.items()[1].texts(); }) ==
        "f: x[1][1] is 2, a text is needed");
  CHECK(message_of([] { parse_json("3", "f").at("x"); }) == "f: the file is 3, an object is needed");
  CHECK(refusal_of('"' + std::string(100, 'a') + '"', [](const JsonValue& v) { v.number(); }) ==
        "f: x is \"" + std::string(39, 'a') + "..., a finite number is needed");
}

TEST_CASE("json: keys that are missing or unknown are refused by name") {
  const JsonValue root = parse_json(R"({"a": {"b": 1, "c": 2}})", "f");
  CHECK(message_of([&] { root.at("a").at("d"); }) == "f: a.d is missing");
  CHECK(message_of([&] { root.at("a").keys({"b", "d"}); }) == "f: a.d is missing");
  CHECK(message_of([&] { root.at("a").keys({"b"}); }) == "f: a.c is not a known key");
  CHECK(message_of([&] { root.at("a").keys({"b", "c"}); }).empty());
  CHECK(message_of([&] { root.at("a").keys({"b"}, {"c", "e"}); }).empty());
  CHECK(message_of([&] { root.at("a").fail("two of it"); }) == "f: a: two of it");
}

TEST_CASE("json: errors stay on one line whatever names hold") {
  const JsonValue root = parse_json(R"({"a\nb": {"c\u0007": 1}})", "f\ng");
  CHECK(message_of([&] { root.keys({}); }) == "f?g: a?b is not a known key");
  CHECK(message_of([&] { root.at("a\nb").at("c\a").text(); }) == "f?g: a?b.c? is 1, a text is needed");
  CHECK(message_of([&] { root.at("x\ny"); }) == "f?g: x?y is missing");
}

TEST_CASE("json: a file that is not there is named") {
  const TemporaryFolder scratch;
  const auto file = scratch / "x.json";
  CHECK(message_of([&] { settle::read_json(file); }) == file.string() + ": no such file");
  settle::write_atomically(file, "{\"a\": 1}");
  CHECK(settle::read_json(file).at("a").integer() == 1);
  CHECK(message_of([&] { settle::read_json(file).keys({}); }) == file.string() + ": a is not a known key");
}

TEST_CASE("json: as text, also what is not UTF-8") {
  const nlohmann::ordered_json json = {{"b", "x\xffy"}, {"a", {1, 0.5}}};
  CHECK(settle::to_text(json) == "{\n  \"b\": \"x\xef\xbf\xbdy\",\n  \"a\": [\n    1,\n    0.5\n  ]\n}\n");
  CHECK(settle::to_line(json) == "{\"b\":\"x\xef\xbf\xbdy\",\"a\":[1,0.5]}");
  CHECK(settle::to_text(nlohmann::json(json)) ==
        "{\n  \"a\": [\n    1,\n    0.5\n  ],\n  \"b\": \"x\xef\xbf\xbdy\"\n}\n");
  CHECK(settle::quoted_json("a\"\n\xff") == "\"a\\\"\\n\xef\xbf\xbd\"");
}
