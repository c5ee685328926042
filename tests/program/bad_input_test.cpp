// Bad input ends the program with one clear line and a status, and leaves nothing behind.
#include <cstdint>
#include <cstring>
#include <functional>
#include <limits>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <sys/stat.h>

#include "program/program.hpp"
#include "program/refused.hpp"

using namespace settle_test;
using Json = nlohmann::json;

namespace {

const char* const kImages = "mnist-test-512-images-idx3-ubyte";
const char* const kWeights = "unet.safetensors";
const char* const kNetwork = "unet.network.json";
const char* const kMachine = "anchored.machine.json";

void option_refused(const std::string& option, const std::string& value, const std::vector<std::string>& parts) {
  refused(kShortRun + Arguments{option, value}, Arguments{option} + parts);
}

/// A network file of its own beside weights of these bytes is refused.
void weights_refused(const std::string& bytes, const std::vector<std::string>& parts) {
  const TemporaryFolder scratch;
  const std::string file = (scratch / "network.json").string();
  write_file(file, read_file(asset(kNetwork)));
  write_file(scratch / kWeights, bytes);
  refused(kShortRun + Arguments{"--network", file}, parts);
}

/// The shipped network file, changed, beside the shipped weights.
void network_refused(const std::function<void(Json&)>& change, const std::vector<std::string>& parts) {
  const TemporaryFolder scratch;
  const std::string file = (scratch / "network.json").string();
  Json network = Json::parse(read_file(asset(kNetwork)));
  change(network);
  write_file(file, network.dump());
  if (network["weights"] == kWeights) write_file(scratch / kWeights, read_file(asset(kWeights)));
  refused(kShortRun + Arguments{"--network", file}, parts);
}

void machine_refused(const std::function<void(Json&)>& change, const std::vector<std::string>& parts) {
  Json machine = Json::parse(read_file(asset(kMachine)));
  change(machine);
  bytes_refused("--machine", machine.dump(), parts);
}

/// A text in the machine file in place of the first stiffness.
void stiffness_refused(const std::string& value, const std::vector<std::string>& parts) {
  Json machine = Json::parse(read_file(asset(kMachine)));
  machine["layers"][0]["stiffness"][0] = "here";
  std::string text = machine.dump();
  text.replace(text.find("\"here\""), 6, value);
  bytes_refused("--machine", text, parts);
}

/// The weights file with its header changed.
std::string weights_with(const std::function<void(Json&)>& change) {
  const std::string bytes = read_file(asset(kWeights));
  std::uint64_t length = 0;
  std::memcpy(&length, bytes.data(), sizeof length);
  Json header = Json::parse(bytes.substr(sizeof length, length));
  change(header);
  const std::string text = header.dump();
  const std::uint64_t changed = text.size();
  std::string result(sizeof changed, '\0');
  std::memcpy(result.data(), &changed, sizeof changed);
  return result + text + bytes.substr(sizeof length + length);
}

/// The weights file with its last weight replaced.
std::string weights_ending(float value) {
  std::string bytes = read_file(asset(kWeights));
  std::memcpy(&bytes[bytes.size() - sizeof value], &value, sizeof value);
  return bytes;
}

/// The first tensor with more than one dimension.
Json& matrix_of(Json& header) {
  for (auto& [key, entry] : header.items()) {
    if (key != "__metadata__" && entry["shape"].size() > 1) return entry;
  }
  throw std::runtime_error("no matrix among the weights");
}

}  // namespace

TEST_CASE("weights that are missing, cut short, foreign, of a wrong shape or not finite") {
  const std::string good = read_file(asset(kWeights));
  refused(kShortRun + Arguments{"--network", "/nowhere/network"}, {"/nowhere/network", "no such file"});
  weights_refused("", {"0 bytes"});
  weights_refused(good.substr(0, 500), {"truncated"});
  weights_refused(good.substr(0, good.size() - 4), {"data_offsets"});
  weights_refused("something else", {"header length"});
  weights_refused(read_file(asset(kImages)), {"is an IDX file", "a safetensors file is needed"});
  weights_refused(read_file(asset(kMachine)), {"is JSON", "a safetensors file is needed"});
  weights_refused(weights_ending(std::numeric_limits<float>::quiet_NaN()), {"nan", "not finite"});
  weights_refused(weights_ending(-std::numeric_limits<float>::infinity()), {"inf", "not finite"});
  const auto flat = [](Json& header) {
    std::int64_t values = 1;
    Json& entry = matrix_of(header);
    for (const Json& side : entry["shape"]) values *= side.get<std::int64_t>();
    entry["shape"] = {values};
  };
  weights_refused(weights_with(flat), {});
  weights_refused(weights_with([](Json& header) { matrix_of(header)["shape"][0] = 1000000; }), {"shape"});
  weights_refused(weights_with([](Json& header) { matrix_of(header)["dtype"] = "F16"; }), {"F16", "F32"});
  const std::string hash = Json::parse(read_file(asset(kMachine)))["fit"]["unet_hash"];
  weights_refused(weights_ending(0.125f), {"unet_hash", hash, kMachine});
}

TEST_CASE("a network file that is foreign, or does not go with its weights") {
  bytes_refused("--network", "", {"JSON"});
  bytes_refused("--network", read_file(asset(kWeights)), {"is a safetensors file"});
  bytes_refused("--network", read_file(asset(kMachine)), {"format", "settle-network-1"});
  network_refused([](Json& network) { network["format"] = "settle-network-9"; }, {"format", "settle-network-1"});
  network_refused([](Json& network) { network["nodes"][1]["kind"] = "max_pool"; },
                  {"nodes[1].kind is \"max_pool\"", "average_pool"});
  network_refused([](Json& network) { network["nodes"][1]["weights"] = "e9.weight"; },
                  {"nodes[1].weights", "e9.weight"});
  network_refused([](Json& network) { network["nodes"][1]["inputs"] = {"e9"}; }, {"e1.sum", "its input e9 is no node"});
  network_refused([](Json& network) { network["nodes"][2]["function"] = "relu6"; },
                  {"nodes[2].function", "leaky_relu"});
  network_refused([](Json& network) { network["nodes"][2]["slop"] = 1; }, {"nodes[2]", "slop"});
  network_refused([](Json& network) { network["nodes"].erase(27); }, {"output", "denoised: no such node"});
  network_refused([](Json& network) { network["image"]["height"] = 27; }, {"d1.inputs", "27"});
  network_refused([](Json& network) { network["weights"] = "nothing.safetensors"; },
                  {"nothing.safetensors", "no such file"});
}

TEST_CASE("a machine file that is missing, cut short, foreign or of a wrong shape") {
  const std::string good = read_file(asset(kMachine));
  refused(kShortRun + Arguments{"--machine", "/nowhere/machine"}, {"/nowhere/machine", "no such file"});
  bytes_refused("--machine", "", {"JSON"});
  bytes_refused("--machine", good.substr(0, good.size() / 2), {"JSON"});
  bytes_refused("--machine", read_file(asset(kWeights)), {"JSON"});
  bytes_refused("--machine", "{\"format\": \"something-else\"}", {"settle-machine"});
  bytes_refused("--machine", "[]", {"settle-machine"});
  machine_refused([](Json& m) { m["version"] = 1; }, {"version", "1", "2"});
  machine_refused([](Json& m) { m.erase("step"); }, {"step is missing"});
  machine_refused([](Json& m) { m["two\nlines"] = 1; }, {"two?lines"});
  machine_refused([](Json& m) { m["layers"][0]["stiffness"].erase(0); }, {"layers[0].stiffness", "63", "64"});
  machine_refused([](Json& m) { m["buses"][0]["source_matrix"].erase(0); }, {"buses[0].source_matrix", "63 x 16"});
  machine_refused([](Json& m) { m["buses"][0]["source_matrix"][5].erase(0); }, {"buses[0].source_matrix[5]", "16"});
  machine_refused([](Json& m) { m["fit_mean"].erase(0); }, {"fit_mean", "63", "64"});
  const auto narrow = [](Json& m) {
    for (Json& row : m["interface"]["down"]) row.erase(0);
  };
  machine_refused(narrow, {"interface.down", "63", "64"});
  machine_refused([](Json& m) { m["layers"][0]["map"] = "e9"; }, {"layers[0].map", "\"e9\"", "input, e1, e2"});
  machine_refused([](Json& m) { m["interface"]["source"] = "d3d"; }, {"interface.source", "\"d3d\"", "input, e1"});
  machine_refused([](Json& m) { m["layers"][0]["unit"] = std::vector<double>(64, 0); }, {"layers[0].unit[0] is 0"});
  machine_refused([](Json& m) { m["layers"][0]["map"] = ""; }, {"layers[0].held is true"});
  machine_refused([](Json& m) { m["layers"][0]["height"] = 2; }, {"layers[0]"});
  machine_refused([](Json& m) { m["buses"][0]["window"]["top"] = -9; },
                  {"buses[0].window.top is -9, a whole number from -8 to 7"});
  machine_refused([](Json& m) { m["buses"][0]["window"]["width"] = 3; }, {"buses[0].target_matrix", "64 x 48"});
  machine_refused([](Json& m) { m["decoder"] = 2; }, {"decoder is 2", "0 to 1"});
  machine_refused([](Json& m) { m["fit"]["unet_hash"] = "0123456789abcdef"; }, {"unet_hash", "0123456789abcdef"});
}

TEST_CASE("numbers in a machine file that are not finite") {
  for (const char* value : {"NaN", "Infinity", "-Infinity", "nan"}) stiffness_refused(value, {"JSON"});
  stiffness_refused("1e999", {"stiffness", "no double", "1e999"});
  stiffness_refused("null", {"layers[0].stiffness[0]", "finite number"});
  stiffness_refused("\"2\"", {"layers[0].stiffness[0]", "finite number"});
}

TEST_CASE("a coefficient that does not fit its format: which, its value and the range") {
  const std::string range = "-8 to 7.99";
  stiffness_refused("9", {"layers[0].stiffness[0]: 9 ", range});
  stiffness_refused("1e300", {"layers[0].stiffness[0]", range});
  machine_refused([](Json& m) { m["buses"][0]["source_matrix"][3][2] = 50; },
                  {"buses[0].source_matrix column 2[3]: 50 ", range});
  machine_refused([](Json& m) { m["buses"][0]["target_matrix"][63][0] = -8.001; },
                  {"buses[0].target_matrix column 0[63]: -8.001 ", range});
  machine_refused([](Json& m) { m["layers"][1]["field"][7] = 1000; }, {"layers[1].field[7]", range});
  // A field that only an image makes too large: out of the interface.
  const auto loud = [](Json& m) {
    for (Json& row : m["interface"]["out"]) row = std::vector<double>(row.size(), 1e4);
  };
  machine_refused(loud, {"sample 0", "field of cell", range});
}

TEST_CASE("steps that are not stable and matrices that are not positive definite: the bound") {
  machine_refused([](Json& m) { m["layers"][0]["stiffness"] = std::vector<double>(64, 7.99); },
                  {"step is not stable", "below 1 is needed", "e < 0.2"});
  stiffness_refused("-1", {"not positive definite", "least eigenvalue is -", "above 0"});
  machine_refused([](Json& m) { m["buses"][0]["source_matrix"][3][2] = 7.5; }, {"not positive definite", "above 0"});
  machine_refused([](Json& m) { m["step"] = 0.5; }, {"step", "0.5", "0.25"});
  machine_refused([](Json& m) { m["step"] = 0.3; }, {"step is 0.3", "power of two"});
}

TEST_CASE("a machine made for another configuration, preset or number of steps") {
  const std::string own = Json::parse(read_file(asset(kMachine)))["configuration_hash"];
  machine_refused([](Json& m) { m["configuration_hash"] = "0123456789abcdef"; }, {"0123456789abcdef", own});
  machine_refused([](Json& m) { m["configuration"] = "tiny"; }, {own, "configuration tiny"});
  machine_refused([](Json& m) { m["configuration"] = "huge"; }, {"huge", "anchored, map, paper, tiny, unet, wide"});
  refused(kShortRun + Arguments{"--machine", asset("paper.machine.json").string()},
          {"paper.machine.json", "preset", "anchored"});
  machine_refused([](Json& m) { m["settle_steps"] = 1000001; }, {"settle_steps", "0 to 1000000"});
  machine_refused([](Json& m) { m["window_steps"] = 65537; }, {"window_steps", "1 to 65536"});
  machine_refused([](Json& m) { m["kt"] = -0.5; }, {"kt is -0.5"});
  machine_refused([](Json& m) { m["kt"] = 1000; }, {"kt: 1000", "0 nor "});
  machine_refused([](Json& m) { m["fit"]["sigma"] = 1000; }, {"fit.sigma: 1000", "0.02 to 80"});
}

TEST_CASE("an output that is an input is refused, and the input stays") {
  const TemporaryFolder scratch;
  const auto machine = scratch / "out" / "report.json";
  std::filesystem::create_directory(scratch / "out");
  write_file(machine, read_file(asset(kMachine)));
  const Ended ended = run({"run", "--engine", "model", "--samples", "2", "--machine", machine.string(), "--out",
                           (scratch / "out").string()});
  CHECK(ended.status == 1);
  CHECK(ended.err.find("--machine names") != std::string::npos);
  CHECK(read_file(machine) == read_file(asset(kMachine)));
  const auto images = scratch / "images";
  write_file(images, read_file(asset(kImages)));
  const Ended fit = run({"fit", "--images", images.string(), "--out", images.string()});
  CHECK(fit.status == 1);
  CHECK(fit.err.find("--images names") != std::string::npos);
  CHECK(read_file(images) == read_file(asset(kImages)));
}

TEST_CASE("options: unknown ones, and values out of range") {
  for (const char* value : {"0", "-3", "text", "2.5", "", "99999999999", "0x10", " 4", "4 "}) {
    refused({"run", "--engine", "model", "--samples", value}, {"--samples", "1 to 1000000"});
  }
  refused({"run", "--engine", "model", "--samples", "100000"}, {"--samples: 100000", "images"});
  for (const char* value : {"-1", "nan", "inf", "1e9", "text", ""}) option_refused("--sigma", value, {"0.02 to 80"});
  for (const char* value : {"-1", "nan", "inf", "text", ""}) option_refused("--kt", value, {"0 or above"});
  option_refused("--kt", "1e9", {"0 nor ", "noise gain"});
  option_refused("--kt", "1e-12", {"0 nor ", "noise gain"});  // would be no noise at all
  option_refused("--kt", "1e-400", {"0 or above"});
  for (const char* value : {"-1", "1000001", "1.5", "text"}) option_refused("--settle-steps", value, {"0 to 1000000"});
  for (const char* value : {"-1", "0", "65537", "text"}) option_refused("--window-steps", value, {"1 to 65536"});
  for (const char* value : {"-1", "text", "18446744073709551616"}) option_refused("--seed", value, {"0 to 1844"});
  option_refused("--preset", "other", {"other", "anchored, paper"});
  option_refused("--preset", "../anchored", {"anchored, paper"});
  option_refused("--bogus", "1", {});
  refused({"run", "--engine", "board"}, {"settle: --engine: board", "rtl, model"});
  refused({"run", "--device", "board"}, {"settle: --device: board", "rtl, model"});
  refused({"run", "--engine", "model", "--device", "rtl"}, {"--device and --engine: given 2 times, once is allowed"});
  refused({"run", "--engine", "model", "--engine=rtl"}, {"settle: --engine: given 2 times, once is allowed"});
  refused({"run", "--samples", "1", "--samples", "2"}, {"--samples: given 2 times, once is allowed"});
  refused(kShortRun + Arguments{"superfluous"}, {"superfluous"});
  refused({"fit", "--preset", "tiny"}, {"tiny", "anchored, paper"});
  CHECK(refused({"fit", "--preset", "map", "--rank", "d3-d2"}, {"--rank: d3-d2", "BUS=RANK"}) == 2);
  CHECK(refused({"fit", "--preset", "unet", "--rank", "foo=3"}, {"--rank: foo: no bus of unet", "known are e3-d3"}) ==
        2);
  CHECK(refused({"fit", "--preset", "unet", "--rank", "d3-d2=65"}, {"--rank: d3-d2: 65 is not 1 to 64"}) == 2);
  CHECK(refused({"fit", "--preset", "unet", "--rank", "d3-d2=3", "--rank", "d3-d2=4"},
                {"--rank: d3-d2 is given twice"}) == 2);
  CHECK(refused({"fit", "--preset", "anchored", "--full-rank"}, {"--full-rank", "presets of maps"}) == 2);
  refused({"fit", "--samples", "599"}, {"--samples", "599", "600 to 60000"});
  refused({"fit", "--sigma", "nan"}, {"--sigma", "0.02 to 80"});
  CHECK(refused({"fit", "--mnist", "/nowhere"}, {"/nowhere", "no such file"}) == 1);
  CHECK(refused(kShortRun + Arguments{"--kt", "1e9"}, {"--kt: "}) == 2);
  CHECK(refused({"run", "--engine", "model", "--samples", "513"}, {"--samples: 513: ", "make data"}) == 1);
}

TEST_CASE("commands: none, an unknown one, an option without its value") {
  const auto fails = [](const Arguments& arguments, const char* part) {
    const Ended ended = run(arguments);
    INFO("stderr: ", ended.err);
    CHECK(ended.status > 0);
    CHECK(ended.one_line());
    CHECK(ended.err.find(part) != std::string::npos);
  };
  fails({}, "a command is needed: run, sweep, fit, import, configure, devices, info");
  fails({"walk"}, "walk");
  fails({"run", "--samples"}, "--samples: its value is missing");
  fails({"fit"}, "--out");
  fails({"info", "--machine", "/nowhere/machine"}, "/nowhere/machine: no such file");
  for (const char* option : {"--out", "--machine", "--network", "--images", "--mnist", "--trace"}) {
    fails({"run", option, ""}, option);
  }
}

TEST_CASE("a waveform without a clock, or of an empty window") {
  const TemporaryFolder scratch;
  const std::string trace = (scratch / "wave.fst").string();
  CHECK(refused(kShortRun + Arguments{"--trace", trace}, {"--trace", "--engine rtl"}) == 2);
  const Arguments clocked = {"run", "--engine", "rtl", "--samples", "2", "--trace", trace};
  CHECK(refused(clocked + Arguments{"--trace-from", "50", "--trace-to", "50"}, {"--trace-from: 50", "--trace-to"}) ==
        2);
  refused(kShortRun + Arguments{"--trace-from", "50"}, {"--trace-from", "--trace"});
  CHECK(refused({"run", "--samples", "2", "--trace", "/dev/null"}, {"--trace: /dev/null: is a device"}) == 1);
  CHECK_FALSE(std::filesystem::exists(trace));
}

TEST_CASE("a folder that cannot be written") {
  const TemporaryFolder scratch;
  const std::string file = (scratch / "file").string();
  write_file(file, "not a folder");
  const Arguments brief = kShortRun + Arguments{"--settle-steps", "5", "--window-steps", "5"};
  for (const std::string& out : {file, file + "/below", std::string("/proc/settle")}) {
    const Ended ended = run(brief + Arguments{"--out", out});
    INFO("stderr: ", ended.err);
    CHECK(ended.status > 0);
    CHECK(ended.one_line());
    CHECK(ended.err.find(out) != std::string::npos);
  }
  CHECK(read_file(file) == "not a folder");
}

TEST_CASE("inputs that are no regular files") {
  const TemporaryFolder scratch;
  const std::string pipe = (scratch / "pipe").string();
  REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
  for (const char* option : {"--machine", "--network", "--images"}) {
    refused(kShortRun + Arguments{option, pipe}, {pipe + ": is a pipe"});
    refused(kShortRun + Arguments{option, "/dev/zero"}, {"/dev/zero: is a device"});
  }
}

TEST_CASE("outputs that cannot be written are named before the work") {
  const TemporaryFolder scratch;
  const auto out = scratch / "out";
  std::filesystem::create_directories(out / "readout.csv");
  // So many samples and steps that the work itself would outlast the test's patience.
  const Ended ended =
      run({"run", "--engine", "model", "--samples", "512", "--settle-steps", "1000000", "--out", out.string()});
  CHECK(ended.status == 1);
  CHECK(ended.one_line());
  CHECK(ended.err.find("readout.csv: is a folder") != std::string::npos);
  const Ended fit = run({"fit", "--out", out.string()});
  CHECK(fit.status == 1);
  CHECK(fit.out == "");
  CHECK(fit.err.find("--out: " + out.string() + ": is a folder") != std::string::npos);
}

TEST_CASE("standard output that cannot be written") {
  const Ended ended = run({"info", "--registers"}, "/dev/full");
  INFO("stderr: ", ended.err);
  CHECK(ended.status == 1);
  CHECK(ended.one_line());
  CHECK(ended.err.find("standard output") != std::string::npos);
}

TEST_CASE("a failing run leaves an older report as it was") {
  const TemporaryFolder scratch;
  const auto out = scratch / "out";
  std::filesystem::create_directory(out);
  write_file(out / "report.json", "old");
  const Ended ended = run(kShortRun + Arguments{"--kt", "1e9", "--out", out.string()});
  CHECK(ended.status > 0);
  CHECK(read_file(out / "report.json") == "old");
  const auto files = std::filesystem::directory_iterator(out);
  CHECK(std::distance(begin(files), end(files)) == 1);
}
