#include "machine/machine_file.hpp"

#include <unistd.h>

#include <cmath>
#include <cstring>
#include <filesystem>
#include <functional>
#include <limits>
#include <string>

#include <doctest/doctest.h>

#include "base/error.hpp"
#include "base/files.hpp"
#include "contract/builtin/builtin_configurations.hpp"
#include "contract/configuration/configuration.hpp"
#include "error_message.hpp"
#include "machine/small_machine.hpp"
#include "machine/validate.hpp"

using namespace settle;
using settle_test::mentions;
using settle_test::message_of;
using settle_test::small_machine;

namespace {

bool same_bits(const Eigen::MatrixXd& a, const Eigen::MatrixXd& b) {
  return a.rows() == b.rows() && a.cols() == b.cols() &&
         (a.size() == 0 || std::memcmp(a.data(), b.data(), static_cast<std::size_t>(a.size()) * sizeof(double)) == 0);
}

// The message with which `text` is refused as machine file "x.json"; it must be one line that begins with the name.
std::string refusal(const std::string& text) {
  try {
    parse_machine(text, "x.json");
  } catch (const Error& error) {
    const std::string what = error.what();
    CHECK(what.rfind("x.json: ", 0) == 0);
    CHECK(what.find('\n') == std::string::npos);
    return what;
  }
  return "accepted";
}

std::string without_change() { return machine_text(small_machine(), "x"); }

// The file with the first `from` replaced.
std::string changed(const std::string& from, const std::string& to) {
  std::string text = without_change();
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

// Configuration tiny under another name, as a machine brings it along.
Machine machine_with_configuration() {
  Machine m = small_machine();
  Configuration c = configuration("tiny");
  c.name = m.configuration = "own-1";
  m.configuration_hash = c.hash_text();
  m.own_configuration = c;
  return m;
}

// The message with which validate refuses a changed machine.
std::string invalid(const std::function<void(Machine&)>& change) {
  Machine machine = small_machine();
  change(machine);
  try {
    validate(machine, "x.json");
  } catch (const Error& error) {
    return error.what();
  }
  return "accepted";
}

}  // namespace

TEST_CASE("a machine file brings back every bit") {
  const auto folder = std::filesystem::temp_directory_path() / ("settle_machine_test_" + std::to_string(::getpid()));
  const auto path = folder / "m.json";
  Machine m = small_machine();
  m.layers[0].stiffness[1] = 1.0 / 3.0;
  m.layers[0].stiffness[2] = std::numeric_limits<double>::denorm_min();
  m.layers[0].stiffness[3] = std::numeric_limits<double>::max();
  save_machine(m, path);
  const Machine r = load_machine(path);
  std::filesystem::remove_all(folder);

  CHECK(r.preset == m.preset);
  CHECK(r.configuration == m.configuration);
  CHECK(r.configuration_hash == m.configuration_hash);
  CHECK(r.step == m.step);
  CHECK(r.kt == m.kt);
  CHECK(r.settle_steps == m.settle_steps);
  CHECK(r.window_steps == m.window_steps);
  CHECK(r.encoder == m.encoder);
  CHECK(r.decoder == m.decoder);
  CHECK(r.fit_seed == m.fit_seed);
  CHECK(r.fit_images == m.fit_images);
  CHECK(r.sigma == m.sigma);
  CHECK(r.unet_hash == m.unet_hash);
  CHECK(same_bits(r.fit_mean, m.fit_mean));
  CHECK(std::signbit(r.fit_mean[0]));
  REQUIRE(r.layers.size() == m.layers.size());
  for (std::size_t l = 0; l < m.layers.size(); ++l) {
    CHECK(r.layers[l].name == m.layers[l].name);
    CHECK(r.layers[l].cells() == m.layers[l].cells());
    CHECK(r.layers[l].scale == m.layers[l].scale);
    CHECK(same_bits(r.layers[l].stiffness, m.layers[l].stiffness));
    CHECK(same_bits(r.layers[l].field, m.layers[l].field));
    CHECK(r.layers[l].force == m.layers[l].force);
    CHECK(r.layers[l].columns == m.layers[l].columns);
    CHECK(r.layers[l].clamp == m.layers[l].clamp);
    CHECK(r.layers[l].map == m.layers[l].map);
    CHECK(r.layers[l].held == m.layers[l].held);
    CHECK(same_bits(r.layers[l].unit, m.layers[l].unit));
    CHECK(r.layers[l].noise_level == m.layers[l].noise_level);
    REQUIRE(r.layers[l].neighbours.size() == m.layers[l].neighbours.size());
    for (std::size_t n = 0; n < m.layers[l].neighbours.size(); ++n) {
      CHECK(r.layers[l].neighbours[n].dy == m.layers[l].neighbours[n].dy);
      CHECK(r.layers[l].neighbours[n].dx == m.layers[l].neighbours[n].dx);
      CHECK(same_bits(r.layers[l].neighbours[n].coupling, m.layers[l].neighbours[n].coupling));
    }
  }
  REQUIRE(r.buses.size() == m.buses.size());
  for (std::size_t b = 0; b < m.buses.size(); ++b) {
    CHECK(r.buses[b].name == m.buses[b].name);
    CHECK(r.buses[b].source == m.buses[b].source);
    CHECK(r.buses[b].target == m.buses[b].target);
    CHECK(r.buses[b].reciprocal == m.buses[b].reciprocal);
    CHECK(same_bits(r.buses[b].source_matrix, m.buses[b].source_matrix));
    CHECK(same_bits(r.buses[b].target_matrix, m.buses[b].target_matrix));
  }
  CHECK(r.interface.source == m.interface.source);
  CHECK(r.interface.target == m.interface.target);
  CHECK(r.interface.anchor == m.interface.anchor);
  CHECK(same_bits(r.interface.down, m.interface.down));
  CHECK(same_bits(r.interface.up, m.interface.up));
  CHECK(same_bits(r.interface.in, m.interface.in));
  CHECK(same_bits(r.interface.out, m.interface.out));
  CHECK(same_bits(r.interface.mean_field, m.interface.mean_field));
  CHECK(machine_text(r, "x") == machine_text(m, "x"));
}

TEST_CASE("a machine without an interface survives too") {
  Machine m = small_machine();
  m.interface = {};
  CHECK(parse_machine(machine_text(m, "x"), "x").interface.source.empty());
}

TEST_CASE("the shipped machines' files are written as they stand") {
  for (const char* preset : {"anchored", "paper", "map", "map-bus", "unet", "whole"}) {
    const std::filesystem::path file =
        std::filesystem::path(SETTLE_SOURCE_DIR) / "host" / "assets" / (std::string(preset) + ".machine.json");
    CAPTURE(file);
    CHECK(machine_text(load_machine(file), preset) == read_text(file));
  }
}

TEST_CASE("a machine brings a configuration of its own along") {
  CHECK_FALSE(settle_test::contains(without_change(), "configuration_fields"));
  const Machine m = machine_with_configuration();
  const std::string text = machine_text(m, "x");
  const Machine r = parse_machine(text, "x.json");
  REQUIRE(r.own_configuration);
  CHECK(r.own_configuration->name == "own-1");
  CHECK(field_values(*r.own_configuration) == field_values(*m.own_configuration));
  CHECK(machine_text(r, "x") == text);
}

TEST_CASE("a configuration of its own is read as strictly as rtl/configurations.json") {
  const std::string text = machine_text(machine_with_configuration(), "x");
  const auto refused = [&](const std::string& from, const std::string& to) {
    std::string bad = text;
    const std::size_t at = bad.find(from);
    REQUIRE(at != std::string::npos);
    return refusal(bad.replace(at, from.size(), to));
  };
  CHECK(mentions(refused(R"("site_cells": 16,)", R"("site_cells": 5000,)"),
                 "configuration_fields.site_cells is 5000, a whole number from 1 to 4096"));
  CHECK(mentions(refused(R"("word_width": 16)", R"("word_width": "16")"), "configuration_fields.word_width is \"16\""));
  CHECK(mentions(refused(R"("trace_depth")", R"("depth")"), "configuration_fields.trace_depth is missing"));
  CHECK(mentions(refused(R"("trace_depth")", R"("depth": 1, "trace_depth")"), "depth is not a known key"));
  CHECK(mentions(refused(R"("lanes": 4)", R"("lanes": 3)"), "configuration own-1: lanes 3 is not a power of two"));
  CHECK(mentions(refused(R"("rank": 16)", R"("rank": 15)"), "configuration_hash is "));
  CHECK(mentions(refused(R"("own-1")", R"("own 1")"), "configuration is \"own 1\", up to 64 letters"));
  CHECK(mentions(refusal(changed(R"("step")", R"("configuration_fields": [], "step")")),
                 "configuration_fields is a list of 0"));

  Machine m = machine_with_configuration();
  m.own_configuration->lanes = 128;
  CHECK(mentions(message_of([&] { validate(m, "x.json"); }), "configuration_fields.lanes is 128, 1 to 64 is needed"));
  m = machine_with_configuration();
  m.configuration = "other";
  CHECK(mentions(message_of([&] { validate(m, "x.json"); }), "configuration is \"other\", \"own-1\""));
}

TEST_CASE("a file that is no machine file is refused") {
  const std::string text = without_change();
  CHECK(mentions(refusal(""), "there is nothing in it"));
  CHECK(mentions(refusal("hello"), "not JSON at byte"));
  for (const std::size_t share : {1, 3, 7}) {
    CHECK(mentions(refusal(text.substr(0, text.size() * share / 8)), "not JSON at byte"));
  }
  CHECK(mentions(refusal("[1, 2]"), "not a machine file"));
  CHECK(mentions(refusal(R"({"format": "gltf", "version": 1})"), "not a machine file"));
  CHECK(mentions(refusal(R"({"a": {"b": [1]}})"), "not a machine file"));
  CHECK(mentions(refusal(changed(R"("version": 2)", R"("version": 1)")), "version is 1"));
  CHECK(mentions(refusal(changed(R"("version": 2)", R"("version": "2")")), "version is \"2\""));
}

TEST_CASE("keys are read strictly") {
  CHECK(mentions(refusal(changed(R"("kt")", R"("kT")")), "kt is missing"));
  CHECK(mentions(refusal(changed(R"("kt")", R"("extra": 1, "kt")")), "extra is not a known key"));
  CHECK(mentions(refusal(changed(R"("kt")", R"("step": 1, "kt")")), "\"step\" stands twice"));
  CHECK(mentions(refusal(changed(R"("clamp")", R"("clamps")")), "layers[0].clamp is missing"));
  CHECK(mentions(refusal(changed(R"("coupling")", R"("couplings")")), "layers[0].neighbours[0].coupling is missing"));
  CHECK(mentions(refusal(changed(R"("target_matrix")", R"("other")")), "buses[0].target_matrix is missing"));
  CHECK(mentions(refusal(changed(R"("mean_hidden")", R"("x")")), "interface.mean_hidden is missing"));
  CHECK(mentions(refusal(changed(R"("unet_hash")", R"("x")")), "fit.unet_hash is missing"));
}

TEST_CASE("values of a wrong type or size are refused by name") {
  CHECK(mentions(refusal(changed(R"("step": 0.25)", R"("step": "fast")")), "step is \"fast\", a finite number"));
  CHECK(mentions(refusal(changed(R"("step": 0.25)", R"("step": null)")), "step is null"));
  CHECK(mentions(refusal(changed(R"("step": 0.25)", R"("step": NaN)")), "(near key \"step\")"));
  CHECK(mentions(refusal(changed(R"("step": 0.25)", R"("step": 1e999)")),
                 "x.json: step: a number that no double can hold: '1e999'"));
  CHECK(mentions(refusal(changed(R"("held": true)", R"("held": 1)")), "layers[0].held is 1, true or false"));
  CHECK(mentions(refusal(changed(R"("settle_steps": 10)", R"("settle_steps": 10.5)")),
                 "settle_steps is 10.5, a whole number"));
  CHECK(mentions(refusal(changed(R"("settle_steps": 10)", R"("settle_steps": 99999999999)")),
                 "settle_steps is 99999999999"));
  CHECK(
      mentions(refusal(changed(R"("site_cells": 6)", R"("site_cells": 7)")), "layers[0].stiffness is of 6 values, 7"));
  CHECK(mentions(refusal(changed(R"("preset": "test")", R"("preset": 3)")), "preset is 3, a text"));
  CHECK(mentions(refusal(changed(R"("force": [])", R"("force": {})")), "layers[0].force is an object, a list"));
  CHECK(mentions(refusal(changed(R"([-0.5, -0.1)", R"([-0.5, true)")), "layers[1].force[1] is true"));
  CHECK(mentions(refusal(changed(R"([0, 0, 0, 1)", R"([0, 0, 0, 2)")), "layers[1].clamp[3] is 2, 0 or 1"));
  CHECK(mentions(refusal(changed("\"source_matrix\": [\n", "\"source_matrix\": [\n[1],\n")),
                 "source_matrix[1] is a list of 3, a list of 1"));
}

TEST_CASE("values outside their range are refused by name") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinity = std::numeric_limits<double>::infinity();
  CHECK(invalid([](Machine&) {}) == "accepted");
  CHECK(mentions(invalid([](Machine& m) { m.layers[0].scale = 0.3; }),
                 "layers[0].scale is 0.3, a power of two is needed"));
  CHECK(mentions(invalid([](Machine& m) { m.layers[1].scale = -1; }), "layers[1].scale is -1, a power of two"));
  CHECK(mentions(invalid([](Machine& m) { m.step = 0.3; }), "step is 0.3, a power of two up to 1"));
  CHECK(mentions(invalid([](Machine& m) { m.step = 2; }), "step is 2"));
  CHECK(mentions(invalid([](Machine& m) { m.kt = -1; }), "kt is -1"));
  CHECK(mentions(invalid([&](Machine& m) { m.kt = nan; }), "kt is nan"));
  CHECK(mentions(invalid([&](Machine& m) { m.layers[0].stiffness[3] = nan; }),
                 "layers[0].stiffness[3] is nan, a finite number"));
  CHECK(mentions(invalid([&](Machine& m) { m.layers[0].field[2] = infinity; }), "layers[0].field[2] is inf"));
  CHECK(mentions(invalid([&](Machine& m) { m.layers[1].force[0] = -infinity; }), "layers[1].force[0] is -inf"));
  CHECK(mentions(invalid([&](Machine& m) { m.buses[0].source_matrix(1, 2) = nan; }),
                 "buses[0].source_matrix[1][2] is nan"));
  CHECK(mentions(invalid([&](Machine& m) { m.interface.down(1, 0) = nan; }), "interface.down[1][0] is nan"));
  CHECK(mentions(invalid([&](Machine& m) { m.fit_mean[1] = nan; }), "fit_mean[1] is nan"));
  CHECK(mentions(invalid([](Machine& m) { m.layers[1].columns = 3; }), "layers[1].columns is 3"));
  CHECK(mentions(invalid([](Machine& m) { m.layers[0].neighbours[0].dy = 6; }),
                 "layers[0].neighbours[0].dy is 6, 0 to 5"));
  CHECK(mentions(invalid([](Machine& m) { m.layers[0].neighbours[0].dy = 3; }), "differs from its opposite"));
  CHECK(mentions(invalid([](Machine& m) {
                   m.layers[0].neighbours.push_back({5, 0, m.layers[0].field});
                 }),
                 "layers[0].neighbours[1] is (5, 0), an offset that is not listed yet"));
  CHECK(mentions(invalid([](Machine& m) { m.layers[1].clamp.pop_back(); }), "layers[1].clamp is of 7 values"));
  CHECK(mentions(invalid([](Machine& m) { m.buses[0].target = 2; }), "buses[0].target is 2, 0 to 1"));
  CHECK(mentions(invalid([](Machine& m) { m.buses[0].target_matrix.resize(8, 2); }),
                 "buses[0].target_matrix is 8 x 2, 8 x 3"));
  CHECK(mentions(invalid([](Machine& m) { m.buses[1].reciprocal = false; }), "buses[1].reciprocal is false"));
  CHECK(mentions(invalid([](Machine& m) { m.buses[1].target_matrix(0, 0) += 1; }),
                 "buses[1].target_matrix is another matrix"));
  CHECK(mentions(invalid([](Machine& m) { m.layers[0].map = ""; }), "layers[0].held is true"));
  CHECK(mentions(invalid([](Machine& m) { m.layers[0].unit[2] = 0; }), "layers[0].unit[2] is 0, 1e-06 to 1000000"));
  CHECK(mentions(invalid([](Machine& m) { m.layers[0].unit[3] = 1e-300; }), "layers[0].unit[3] is 1e-300, 1e-06"));
  CHECK(mentions(invalid([](Machine& m) { m.layers[0].unit[3] = 1e300; }), "layers[0].unit[3] is 1e+300, 1e-06"));
  CHECK(invalid([](Machine& m) { m.layers[0].unit.setConstant(1e-6); }) == "accepted");
  CHECK(invalid([](Machine& m) { m.layers[0].unit.setConstant(1e6); }) == "accepted");
  CHECK(mentions(invalid([](Machine& m) { m.layers[0].unit.resize(5); }), "layers[0].unit is of 5 values, 6"));
  CHECK(mentions(invalid([](Machine& m) { m.layers[0].noise_level.resize(5, 3); }), "layers[0].noise_level is 5 x 3"));
  CHECK(mentions(invalid([](Machine& m) { m.interface.target = -1; }), "interface.target is -1, 0 to 1"));
  CHECK(mentions(invalid([](Machine& m) { m.interface.out.resize(7, 3); }), "interface.out is 7 x 3, 8 x 3"));
  CHECK(mentions(invalid([](Machine& m) { m.interface.anchor = 0; }), "interface.up is 5 rows, 6 rows"));
  CHECK(mentions(invalid([](Machine& m) { m.encoder = -2; }), "encoder is -2, -1 to 1"));
  CHECK(mentions(invalid([](Machine& m) { m.decoder = 2; }), "decoder is 2"));
  CHECK(mentions(invalid([](Machine& m) { m.decoder = m.encoder; }), "decoder is 0, a layer other than the encoder's"));
  CHECK(mentions(invalid([](Machine& m) {
                   m.layers[1].map = "d3";
                   m.layers[1].held = true;
                 }),
                 "layers[1].held is true, but that layer is read: false is needed"));
  CHECK(mentions(invalid([](Machine& m) { m.fit_mean[2] = 1.01; }), "fit_mean[2] is 1.01, -1 to 1"));
  CHECK(mentions(invalid([](Machine& m) { m.fit_mean[2] = -1e300; }), "fit_mean[2] is -1e+300"));
  CHECK(mentions(invalid([](Machine& m) { m.layers[1].name = "first"; }), "layers[1].name is \"first\""));
  CHECK(mentions(invalid([](Machine& m) { m.layers[0].name = ""; }), "layers[0].name is \"\", a name"));
  CHECK(mentions(invalid([](Machine& m) { m.buses[1].name = "pair"; }), "buses[1].name is \"pair\""));
  CHECK(mentions(invalid([](Machine& m) { m.window_steps = 0; }), "window_steps is 0"));
  CHECK(mentions(invalid([](Machine& m) { m.window_steps = 65537; }), "window_steps is 65537, 1 to 65536"));
  CHECK(mentions(invalid([](Machine& m) { m.settle_steps = 1000001; }), "settle_steps is 1000001, 0 to 1000000"));
  CHECK(mentions(invalid([](Machine& m) { m.configuration_hash = "xyz"; }), "configuration_hash is \"xyz\""));
  CHECK(mentions(invalid([](Machine& m) { m.layers.clear(); }), "number of layers is 0"));
}

TEST_CASE("what is larger than any configuration is refused before anything is computed of it") {
  // A file of a few bytes may ask for a lot: a matrix of one row and 65,536 columns is a rank that no array has.
  const auto wide = [](Eigen::Index rank) {
    return invalid([rank](Machine& m) {
      m.buses[0].source_matrix = Eigen::MatrixXd::Zero(6, rank);
      m.buses[0].target_matrix = Eigen::MatrixXd::Zero(8, rank);
    });
  };
  CHECK(wide(1024) == "accepted");
  CHECK(mentions(wide(1025), "buses[0].source_matrix columns (the rank) is 1025, 1 to 1024"));
  const auto sides = [](int height, int width) {
    return invalid([=](Machine& m) {
      m.layers[0].height = height;
      m.layers[0].width = width;
    });
  };
  CHECK(mentions(sides(65, 1), "layers[0].height is 65, 1 to 64"));
  CHECK(mentions(sides(1, 65), "layers[0].width is 65, 1 to 64"));
  CHECK(mentions(invalid([](Machine& m) {
                   m.layers[0].height = m.layers[0].width = 64;  // of 65 cells each: 266240
                   m.layers[0].site_cells = 65;
                   m.layers[0].stiffness = m.layers[0].field = m.layers[0].unit = Eigen::VectorXd::Ones(65);
                   m.layers[0].noise_level.resize(0, 0);
                   m.layers[0].neighbours.clear();
                   m.layers[0].columns = 1;
                   m.layers[0].clamp.clear();
                 }),
                 "number of cells of all layers is 266248, 1 to 262144"));
  CHECK(mentions(invalid([](Machine& m) { m.layers[1].force = std::vector<double>(1026, 0.0); }),
                 "layers[1].force is of 1026 values, none or 2 to 1025"));
  CHECK(mentions(invalid([](Machine& m) { m.buses.resize(1025, m.buses[0]); }), "number of buses is 1025, 0 to 1024"));
  CHECK(mentions(invalid([](Machine& m) { m.layers.resize(65, m.layers[0]); }), "number of layers is 65, 1 to 64"));
  CHECK(mentions(invalid([](Machine& m) { m.layers[0].neighbours.resize(1025, m.layers[0].neighbours[0]); }),
                 "number of layers[0].neighbours is 1025, 0 to 1024"));
}

TEST_CASE("a window that meets its grid nowhere is refused") {
  // Layers of 3 x 3 sites: an offset of 3 or more leads out of the grid from every site.
  const auto with = [](TapRange range) {
    return invalid([&](Machine& m) {
      for (Layer& layer : m.layers) layer.height = layer.width = 3;
      m.layers[1].clamp.clear();
      m.buses[0].tap_range = range;
      m.buses[0].target_matrix = Eigen::MatrixXd::Zero(8, 3 * range.taps());
      m.fit_mean = Eigen::VectorXd::Zero(m.layers[1].cells());
      m.interface.mean_field = Eigen::VectorXd::Zero(m.layers[1].cells());
    });
  };
  CHECK(with({2, 2, 1, 1}) == "accepted");
  CHECK(with({-2, -2, 1, 1}) == "accepted");
  CHECK(with({-4, -8, 3, 16}) == "accepted");
  CHECK(mentions(with({0, 3, 1, 1}), "buses[0].window.left is 3, -2 to 2"));
  CHECK(mentions(with({3, 0, 1, 1}), "buses[0].window.top is 3, -2 to 2"));
  CHECK(mentions(with({-5, 0, 3, 1}), "buses[0].window.top is -5, -4 to 2"));
}

TEST_CASE("a window's message has its own range, also for values of another kind") {
  CHECK(mentions(refusal(changed(R"("height": 1, "width": 1})", R"("height": 3.0, "width": 1})")),
                 "buses[0].window.height is 3.0, a whole number from 1 to 16"));
  CHECK(mentions(refusal(changed(R"("top": 0)", R"("top": "a")")),
                 "buses[0].window.top is \"a\", a whole number from -8 to 7"));
  CHECK(mentions(refusal(changed(R"("top": 0)", R"("top": 8)")), "buses[0].window.top is 8, a whole number from -8"));
}

TEST_CASE("a bus to itself with a window or a second matrix is refused for what it is") {
  CHECK(mentions(refusal(changed(R"("target": 1)", R"("target": 0)")),
                 "buses[0]: a bus to itself has no window and no target_matrix"));
}

TEST_CASE("an interface from nowhere is refused") {
  CHECK(mentions(refusal(changed(R"("source": "b")", R"("source": "")")), "interface.source is \"\", a map"));
}

TEST_CASE("a machine that is not valid is not written") {
  const auto path =
      std::filesystem::temp_directory_path() / ("settle_bad_machine_" + std::to_string(::getpid()) + ".json");
  Machine m = small_machine();
  m.layers[0].scale = 3;
  CHECK_THROWS_AS(save_machine(m, path), Error);
  CHECK_FALSE(std::filesystem::exists(path));
  CHECK_THROWS_AS(load_machine(path), Error);
}
