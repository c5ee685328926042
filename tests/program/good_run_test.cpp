// What a whole run leaves behind.
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "program/program.hpp"
#include "program/report_file.hpp"

using namespace settle_test;
using Json = nlohmann::json;

namespace {

/// The pixels of 600 images, as many as a fit needs: the shipped digits, and the first of them once more.
std::string digits() {
  const std::string shipped = read_file(asset("mnist-test-512-images-idx3-ubyte")).substr(16);
  return shipped + shipped.substr(0, 88 * 784);
}

/// Writes the same as an array of NumPy; returns the file.
std::filesystem::path digits_as_array(const std::filesystem::path& file) {
  const std::string header = "{'descr': '|u1', 'fortran_order': False, 'shape': (600, 28, 28), }\n";
  write_file(file, std::string("\x93NUMPY\x01\x00", 8) + static_cast<char>(header.size()) + '\0' + header + digits());
  return file;
}

void fit_map(const Arguments& images, const std::filesystem::path& out) {
  const Ended ended = run(Arguments{"fit", "--preset", "map", "--samples", "600", "--out", out.string()} + images);
  INFO("stderr: ", ended.err);
  REQUIRE(ended.status == 0);
}

}  // namespace

TEST_CASE("report.json has every name, and numbers in their ranges") {
  for (const std::string preset : {"anchored", "paper"}) {
    CAPTURE(preset);
    const TemporaryFolder scratch;
    const Json report = good_run({"--preset", preset, "--engine", "model", "--samples", "4"}, scratch / "out");
    for (const char* name : {"preset", "engine", "samples", "seed", "sigma", "kt", "git", "config_hash", "decoder",
                             "thermal_ratio", "interface_parameters", "conditioning_deficit", "decoder_shift",
                             "settling", "cell_updates", "cycles", "mac_utilisation", "saturations", "wall_seconds"}) {
      CAPTURE(name);
      CHECK(report.contains(name));
    }
    for (const char* name : {"cosine", "cosine_centred", "r2", "baseline_mean", "oracle", "shuffled",
                             "frozen_interface", "cosine_paper"}) {
      CAPTURE(name);
      REQUIRE(report["decoder"].contains(name));
      REQUIRE(report["decoder"][name].is_number());
      CHECK(report["decoder"][name].get<double>() <= 1.0);
    }
    for (const char* name : {"settling_steps", "predicted_steps", "lambda_min_steps", "settling_cycles",
                             "autocorrelation_steps", "split_r_hat"}) {
      CAPTURE(name);
      CHECK(report["settling"].contains(name));
    }
    CHECK(report["preset"] == preset);
    CHECK(report["engine"] == "model");
    CHECK(report["samples"] == 4);
    CHECK(report["interface_parameters"] == 2560);
    CHECK(report["run"]["samples_asked"] == 4);
    CHECK(report["run"]["interrupted"] == false);
    CHECK(report["cycles"].is_null());  // the model has no clock
    CHECK(report["run"]["not_taken"].contains("cycles"));
    if (preset == "anchored") CHECK(report["run"]["not_taken"].size() == 2);  // nor has a layer a bus to itself
    CHECK(report["thermal_ratio"].get<double>() > 0);
    CHECK(report["settling"]["settling_steps"].get<double>() > 0);
    // Both machines have an energy: settled, they give no heat on average, however much it took to settle.
    const double error = report["heat"]["per_step_error"];
    CHECK(std::abs(report["heat"]["per_step_settled"].get<double>()) < 3 * error);
    CHECK(report["heat"]["of_inference"].get<double>() > 1e3);
    // Halves of n = 2,048 steps: chance alone gives R^2 - 1 = z^2 tau / n, z normal, here tau <= 45: 1.1 is z = 3.
    CHECK(report["settling"]["split_r_hat"].get<double>() < 1.1);
    // A constant scores 0 centred; uncentred the paper's wiring is no better than one.
    CHECK(report["decoder"]["cosine_centred"].get<double>() > 0.2);
    if (preset == "anchored") {
      CHECK(report["decoder"]["cosine"].get<double>() > report["decoder"]["baseline_mean"].get<double>());
    }
    CHECK(std::filesystem::exists(scratch / "out" / "settling.csv"));
    CHECK(std::filesystem::exists(scratch / "out" / "readout.csv"));
  }
}

TEST_CASE("the same command gives the same report, another seed another one") {
  const TemporaryFolder scratch;
  const Arguments command = {"--engine", "model", "--samples", "3", "--settle-steps", "200", "--window-steps", "256"};
  Json first = good_run(command, scratch / "first"), again = good_run(command, scratch / "again");
  Json other = good_run(command + Arguments{"--seed", "2"}, scratch / "other");
  for (Json* report : {&first, &again, &other}) drop_times(*report);
  CHECK(first.dump() == again.dump());
  CHECK(read_file(scratch / "first" / "readout.csv") == read_file(scratch / "again" / "readout.csv"));
  CHECK(read_file(scratch / "first" / "settling.csv") == read_file(scratch / "again" / "settling.csv"));
  CHECK(first["decoder"] != other["decoder"]);
  CHECK(read_file(scratch / "first" / "readout.csv") != read_file(scratch / "other" / "readout.csv"));
}

TEST_CASE("the ensemble engine gives the model's report") {
  const TemporaryFolder scratch;
  // Fewer than four samples on a core would be settled by models.
  const std::string samples = std::to_string(4 * std::max(1U, std::thread::hardware_concurrency()));
  const Arguments rest = {"--samples", samples, "--settle-steps", "40", "--window-steps", "60"};
  Json model = good_run(Arguments{"--engine", "model"} + rest, scratch / "model");
  Json ensemble = good_run(Arguments{"--engine", "ensemble"} + rest, scratch / "ensemble");
  for (Json* report : {&model, &ensemble}) drop_times(*report);
  CHECK(ensemble["engine"] == "ensemble");
  ensemble["engine"] = "model";
  CHECK(model.dump() == ensemble.dump());
  CHECK(read_file(scratch / "model" / "readout.csv") == read_file(scratch / "ensemble" / "readout.csv"));
}

TEST_CASE("options reach the run") {
  const TemporaryFolder scratch;
  const Json report = good_run(
      {"--engine", "model", "--samples", "8", "--seed", "010", "--sigma", "0.25", "--kt", "0", "--settle-steps", "2000",
       "--window-steps", "7", "--machine", asset("anchored.machine.json").string(), "--energy"},
      scratch / "deep" / "out");
  CHECK(report["seed"] == 10);
  CHECK(report["sigma"] == 0.25);
  CHECK(report["kt"] == 0);
  CHECK(report["thermal_ratio"].is_null());  // what is left is rounding
  CHECK(report["cell_updates"] == 8 * 2007 * 128);
  CHECK(report["settling"]["autocorrelation_steps"].is_null());  // nothing fluctuates
  CHECK(report["settling"]["split_r_hat"].is_null());
  CHECK(report["run"]["not_taken"].contains("settling.split_r_hat"));
  for (const char* name : {"of_inference", "per_step_settled", "per_step_error"}) {
    CAPTURE(name);
    CHECK(report["heat"][name].is_null());
  }
  CHECK(report["run"]["not_taken"].contains("heat"));
}

TEST_CASE("measures that a machine or a plan does not allow are left out, with the reason; the others stand") {
  const TemporaryFolder scratch;
  const auto run_of = [&](const std::function<void(Json&)>& change, const Arguments& arguments) {
    Json machine = Json::parse(read_file(asset("anchored.machine.json")));
    change(machine);
    write_file(scratch / "machine.json", machine.dump());
    return good_run(
        Arguments{"--engine", "model", "--samples", "2", "--machine", (scratch / "machine.json").string()} + arguments,
        scratch / "out");
  };
  SUBCASE("no bus: nothing is delivered between layers") {
    const Json report = run_of([](Json& m) { m["buses"] = Json::array(); }, {});
    CHECK(report["conditioning_deficit"].is_null());
    CHECK(report["run"]["not_taken"].contains("conditioning_deficit"));
    CHECK(report["decoder_shift"].is_null());
    CHECK(report["decoder"]["cosine"].is_number());
    CHECK(report["decoder"]["oracle"].is_number());
    CHECK(report["settling"]["settling_steps"].is_number());
  }
  SUBCASE("one step: what is read is the start") {
    const Json report = run_of([](Json&) {}, {"--settle-steps", "0", "--window-steps", "1"});
    CHECK(report["samples"] == 2);
    CHECK(report["decoder"]["baseline_mean"].is_number());
    for (const char* name : {"cosine", "cosine_centred", "r2", "shuffled", "frozen_interface", "oracle"}) {
      CAPTURE(name);
      CHECK(report["decoder"][name].is_null());  // a read-out of zeros scores nothing
      CHECK(report["run"]["not_taken"].contains(std::string("decoder.") + name));
    }
    CHECK(report["thermal_ratio"].is_null());
    CHECK(report["fixed_point"]["loss"].is_null());
  }
  SUBCASE("clamped cells: no prediction of free ones stands beside them") {
    const Json report = run_of([](Json& m) { m["layers"][1]["clamp"] = std::vector<int>(64, 1); }, {});
    CHECK(report["decoder"]["oracle"].is_null());
    CHECK(report["settling"]["lambda_min_steps"].is_null());
    CHECK(report["settling"]["predicted_steps"].is_null());
    const std::string reason = report["run"]["not_taken"]["decoder.oracle"];
    CHECK(reason.find("clamped") != std::string::npos);
  }
}

TEST_CASE("a machine of maps leaves images, their PSNR and a film") {
  const TemporaryFolder scratch;
  const auto out = scratch / "out";
  // Short of equilibrium: the figures of the presets are not a test's.
  const Json report = good_run(
      {"--preset", "map", "--engine", "model", "--samples", "2", "--settle-steps", "40", "--window-steps", "8"}, out);
  CHECK(report["interface_parameters"] == 2560);
  for (const char* name : {"psnr", "psnr_unet", "psnr_mean_map", "psnr_noisy"}) {
    CAPTURE(name);
    REQUIRE(report["image"][name].is_number());
  }
  CHECK(report["image"]["psnr_noisy"].get<double>() == doctest::Approx(12.04).epsilon(0.01));  // 20 lg (2 / 0.5)
  CHECK(report["image"]["psnr"].get<double>() > report["image"]["psnr_mean_map"].get<double>());
  CHECK(report["decoder"]["cosine_centred"].get<double>() > 0.8);
  const std::string list = read_file(out / "images.csv"), film = read_file(out / "film.csv");
  CHECK(std::count(list.begin(), list.end(), '\n') == 1 + 2 * 5);  // noisy, U-Net, settled, mean map, clean
  CHECK(std::count(film.begin(), film.end(), '\n') == 1 + 9);      // steps 0, 1, 2, 4 .. 32, 40, the window's mean
  const std::string pixels = read_file(out / "images-pixels.csv");
  CHECK(std::count(pixels.begin(), pixels.end(), ',') == 10 * 28 * 27);
  // A machine without images takes them away again.
  good_run({"--engine", "model", "--samples", "2"}, out);
  CHECK_FALSE(std::filesystem::exists(out / "images.csv"));
  CHECK_FALSE(std::filesystem::exists(out / "film-pixels.csv"));
}

TEST_CASE("a quick run settles and scores as any other, and says what it leaves out") {
  const TemporaryFolder scratch;
  const Arguments command = {"--preset",       "map", "--engine",       "model", "--samples", "2",
                             "--settle-steps", "16",  "--window-steps", "8"};
  const Json whole = good_run(command, scratch / "whole");
  const Json quick = good_run(command + Arguments{"--quick"}, scratch / "quick");
  for (const char* name : {"cosine", "cosine_centred", "r2", "shuffled", "baseline_mean", "cosine_paper"}) {
    CAPTURE(name);
    CHECK(quick["decoder"][name].is_number());
    CHECK(quick["decoder"][name] == whole["decoder"][name]);
  }
  CHECK(quick["image"] == whole["image"]);
  CHECK(quick["thermal_ratio"] == whole["thermal_ratio"]);
  for (const char* file : {"readout.csv", "images.csv", "film.csv", "film-pixels.csv"}) {
    CAPTURE(file);
    CHECK(read_file(scratch / "quick" / file) == read_file(scratch / "whole" / file));
  }
  // Every measure that a quick run leaves out is null, and its reason is that.
  const Json& reasons = quick["run"]["not_taken"];
  for (const char* group : {"decoder", "fixed_point", "settling", "heat"}) {
    for (const auto& item : whole[group].items()) {
      const std::string& name = item.key();
      CAPTURE(name);
      if (!quick[group][name].is_null()) continue;
      if (std::string(group) == "decoder" && item.value().is_null()) continue;  // of whole runs too
      const std::string own = std::string(group) + "." + name;
      CHECK(reasons.value(reasons.contains(group) ? group : own, "") == "left out: --quick");
    }
  }
  CHECK(reasons["decoder.oracle"] == "left out: --quick");
  CHECK(reasons["heat"] == "left out: --quick");
  CHECK(quick["heat"]["of_inference"].is_null());
  CHECK_FALSE(std::filesystem::exists(scratch / "quick" / "settling.csv"));
}

TEST_CASE("only the preset's own test images are judged, wherever their file lies") {
  const TemporaryFolder scratch;
  const std::string own = read_file(asset("mnist-test-512-images-idx3-ubyte"));
  const auto printed = [&](const std::string& images, const Arguments& more) {
    write_file(scratch / "images", images);
    const Ended ended = run(Arguments{"run", "--engine", "model", "--quick", "--samples", "16", "--images",
                                      (scratch / "images").string(), "--out", (scratch / "out").string()} +
                            more);
    INFO("stderr: ", ended.err);
    CHECK(ended.status == 0);
    return ended.out;
  };
  const std::string copied = printed(own, {});
  CHECK(copied.find("not judged") == std::string::npos);
  CHECK(copied.find(" met") != std::string::npos);
  std::string changed = own;
  changed[16 + 15 * 784 + 400] = static_cast<char>(changed[16 + 15 * 784 + 400] ^ 1);  // a pixel of image 15
  const std::string other = printed(changed, {});
  CHECK(other.find("not judged: the images are not the preset's own test images") != std::string::npos);
  CHECK(other.find(" met") == std::string::npos);
  const std::string louder = printed(own, {"--sigma", "0.4"});
  CHECK(louder.find("not judged: sigma 0.4 is not the machine's own, 0.5") != std::string::npos);
  CHECK(louder.find("fitted at noise level 0.5") != std::string::npos);
}

TEST_CASE("a machine is fitted to the images of a file, and settles to the network's maps") {
  const TemporaryFolder scratch;
  const auto machine = scratch / "fitted.json";
  fit_map({"--images", digits_as_array(scratch / "images.npy").string(), "--mnist", "/nowhere"}, machine);
  CHECK(Json::parse(read_file(machine))["fit"]["images"] == 600);
  const Json report = good_run(
      {"--preset", "map", "--machine", machine.string(), "--engine", "ensemble", "--samples", "2"}, scratch / "out");
  // The shipped machine, fitted to 12,000 images, has 0.999.
  CHECK(report["decoder"]["cosine_centred"].get<double>() > 0.99);
}

TEST_CASE("a fit does not depend on the format of its images" * doctest::test_suite("soak") * doctest::skip()) {
  const TemporaryFolder scratch;
  const std::string count("\0\0\x02\x58", 4), side("\0\0\0\x1c", 4);
  std::filesystem::create_directory(scratch / "mnist");
  write_file(scratch / "mnist" / "train-images-idx3-ubyte",
             std::string("\0\0\x08\x03", 4) + count + side + side + digits());
  fit_map({"--images", digits_as_array(scratch / "images.npy").string(), "--mnist", "/nowhere"}, scratch / "array");
  fit_map({"--mnist", (scratch / "mnist").string()}, scratch / "idx");
  CHECK(read_file(scratch / "array") == read_file(scratch / "idx"));
}

TEST_CASE("one sample is enough to settle; what needs two is left out") {
  const TemporaryFolder scratch;
  const Json report = good_run({"--engine", "model", "--samples", "1"}, scratch / "out");
  CHECK(report["decoder"]["cosine"].is_number());
  CHECK(report["decoder"]["shuffled"].is_null());
  CHECK(report["thermal_ratio"].is_null());
  CHECK(report["run"]["not_taken"].contains("thermal_ratio"));
}

TEST_CASE("a run takes over a folder with an older report") {
  const TemporaryFolder scratch;
  const auto out = scratch / "out";
  std::filesystem::create_directory(out);
  write_file(out / "note.txt", "mine");
  for (const char* old : {"report.json", "film.csv", "settling.png", "film.png"}) write_file(out / old, "old");
  good_run({"--engine", "model", "--samples", "2"}, out);
  CHECK(read_file(out / "note.txt") == "mine");
  for (const char* old : {"film.csv", "settling.png", "film.png"}) CHECK_FALSE(std::filesystem::exists(out / old));
  for (const auto& entry : std::filesystem::directory_iterator(out)) {
    CHECK(entry.path().string().find("partial") == std::string::npos);
  }
}

TEST_CASE("an older run's picture that cannot be removed ends a run before its work") {
  const TemporaryFolder scratch;
  const auto out = scratch / "out", in_the_way = out / "film.png";
  std::filesystem::create_directories(in_the_way / "full");
  write_file(out / "report.json", "old");
  const Ended ended = run({"run", "--engine", "model", "--quick", "--samples", "1", "--out", out.string()});
  CHECK(ended.status == 1);
  CHECK(ended.one_line());
  CHECK(ended.err.find("--out: " + in_the_way.string()) != std::string::npos);
  CHECK(read_file(out / "report.json") == "old");
}
