// A whole run on the model engine, judged by targets that are made for the test: the exit status is the check's.
#include <memory>
#include <string>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "base/files.hpp"
#include "device/model_device.hpp"
#include "study/run/run_command.hpp"
#include "temporary_folder.hpp"

using namespace settle;
using Json = nlohmann::json;

namespace {

/// The exit status of the default preset's run of 16 images with this target; its report in `report`.
int run_with(const Target& target, bool check, Json& report) {
  const settle_test::TemporaryFolder scratch;
  const std::filesystem::path assets = std::filesystem::path(SETTLE_SOURCE_DIR) / "host/assets";
  RunOptions run;
  run.engine = "model";
  run.samples = 16;
  run.out = scratch / "out";
  run.machine = assets / "anchored.machine.json";
  run.network = assets / "unet.network.json";
  run.shipped_images = assets / "mnist-test-512-images-idx3-ubyte";
  run.own_images = run.shipped_images;
  run.targets = {target};
  run.check = check;
  run.quiet = true;
  const MakeDevice make = [](const std::string&, const Configuration& configuration) -> std::unique_ptr<Device> {
    return std::make_unique<ModelDevice>(configuration);
  };
  const int status = run_command(run, make, [] { return false; });
  report = Json::parse(read_text(run.out / "report.json"));
  return status;
}

}  // namespace

TEST_CASE("a missed target ends a checked run with 3, and no other") {
  Json report;
  // A cosine is at most 1.
  CHECK(run_with({"decoder.cosine", 1.5}, true, report) == 3);
  CHECK(report["judged"] == true);
  REQUIRE(report["targets"].size() == 1);
  CHECK(report["targets"][0]["met"] == false);
  CHECK(report["targets"][0]["value"] == report["decoder"]["cosine"]);
  CHECK(run_with({"decoder.cosine", 1.5}, false, report) == 0);
  CHECK(report["targets"][0]["met"] == false);
  CHECK(run_with({"decoder.cosine", -1, 1}, true, report) == 0);
  CHECK(report["targets"][0]["met"] == true);
}

TEST_CASE("a target of a measure that was not taken ends a checked run with 3") {
  Json report;
  // The layer has no bus to itself.
  CHECK(run_with({"conditioning_deficit_paper", 0}, true, report) == 3);
  REQUIRE(report["targets"].size() == 1);
  CHECK(report["targets"][0]["met"].is_null());
}
