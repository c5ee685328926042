// `settle import` as a user runs it.
#include <filesystem>
#include <string>

#include <doctest/doctest.h>

#include "program/program.hpp"

using namespace settle_test;

namespace {

std::string model(const std::string& name) {
  return (std::filesystem::path(SETTLE_SOURCE_DIR) / "tests/onnx/models" / (name + ".onnx")).string();
}

}  // namespace

TEST_CASE("settle import writes a network and says where") {
  const TemporaryFolder folder;
  const std::string out = (folder / "networks").string();
  const Ended ended =
      run({"import", model("old"), "--sigma", "0.5", "--out", out, "--name", "mine", "--size", "2x6x6"});
  CHECK(ended.status == 0);
  CHECK(ended.err.empty());
  CHECK(ended.out.find("written      " + out + "/mine.network.json\n") != std::string::npos);
  CHECK(std::filesystem::exists(out + "/mine.network.json"));
  CHECK(std::filesystem::exists(out + "/mine.safetensors"));
}

TEST_CASE("settle import refuses in one line and writes nothing") {
  const TemporaryFolder folder;
  const std::string out = (folder / "networks").string();
  const auto refused = [&](const Arguments& more, int status, const std::string& text) {
    const Ended ended = run(Arguments{"import", "--out", out} + more);
    INFO("stderr: ", ended.err);
    INFO("wanted: ", text);
    CHECK(ended.status == status);
    CHECK(ended.one_line());
    CHECK(ended.err.find(text) != std::string::npos);
    CHECK(folder.entries() == 0);
  };
  refused({model("refused_max_pool"), "--sigma", "1"}, 1, "MaxPool /0/MaxPool: use average pooling");
  refused({model("nowhere"), "--sigma", "1"}, 1, "nowhere.onnx: no such file");
  refused({model("old")}, 2, "--sigma");
  refused({model("old"), "--sigma", "0"}, 2, "--sigma");
  refused({model("old"), "--sigma", "1", "--size", "6x6"}, 2, "--size: 6x6: CxHxW is needed");
  refused({model("old"), "--sigma", "1", "--name", "a/b"}, 2, "--name: a/b: letters, digits");
}
