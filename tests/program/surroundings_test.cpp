// What a program finds around it: signals that are ignored, too few threads, too small a stack, names of files in
// another encoding, files that are not what they are called.
#include <cstdlib>
#include <filesystem>
#include <string>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "program/program.hpp"

using namespace settle_test;
using Json = nlohmann::json;
using std::chrono::milliseconds;

namespace {

const Arguments kQuickRun = {"run", "--engine", "model", "--quick", "--samples", "2", "--settle-steps", "20"};

const char* const kTestImages = "mnist-test-512-images-idx3-ubyte";

}  // namespace

TEST_CASE("signals that were ignored when the program began stay ignored while it runs") {
  const TemporaryFolder scratch;
  const auto ignore = [] {
    std::signal(SIGHUP, SIG_IGN);
    std::signal(SIGINT, SIG_IGN);
  };
  Running running(
      {"run", "--engine", "model", "--samples", "64", "--settle-steps", "1000000", "--out", (scratch / "out").string()},
      "", ignore);
  while (!handles(running.process(), SIGTERM) && !running.ends_within(milliseconds(5))) continue;
  CHECK(ignores(running.process(), SIGHUP));
  CHECK(ignores(running.process(), SIGINT));
  running.send(SIGHUP);
  running.send(SIGINT);
  CHECK_FALSE(running.ends_within(milliseconds(200)));
  running.send(SIGTERM);
  CHECK(running.wait().status == 130);
}

TEST_CASE("signals that were held back when the program began end it all the same") {
  const TemporaryFolder scratch;
  const auto hold_back = [] {
    sigset_t held;
    sigemptyset(&held);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&held, signal);
    sigprocmask(SIG_BLOCK, &held, nullptr);
  };
  Running running(
      {"run", "--engine", "model", "--samples", "64", "--settle-steps", "1000000", "--out", (scratch / "out").string()},
      "", hold_back);
  while (!handles(running.process(), SIGTERM) && !running.ends_within(milliseconds(5))) continue;
  running.send(SIGTERM);
  CHECK(running.wait().status == 130);
}

TEST_CASE("a run goes on with the threads that it gets") {
  const TemporaryFolder scratch;
  chmod(scratch.path().c_str(), 0777);
  const auto no_threads = [] {
    const rlimit none{0, 0};
    setenv("ASAN_OPTIONS", "detect_leaks=0", 1);          // looking for them takes a thread
    if (getuid() == 0 && setuid(65534) != 0) _exit(126);  // root may have any number
    if (setrlimit(RLIMIT_NPROC, &none) != 0) _exit(126);
  };
  const std::string out = (scratch / "out").string();
  const Ended ended = Running(kQuickRun + Arguments{"--out", out}, "", no_threads).wait();
  if (ended.status == 127) {
    MESSAGE("the program stands where no other user may run it: not checked here");
    return;
  }
  INFO(ended.err);
  CHECK(ended.status == 0);
  CHECK(ended.err.empty());
  const Ended usual = run(kQuickRun + Arguments{"--out", (scratch / "usual").string()});
  CHECK(usual.status == 0);
  CHECK(read_file(scratch / "out" / "readout.csv") == read_file(scratch / "usual" / "readout.csv"));
}

TEST_CASE("a stack that is too small is told before the work") {
  const TemporaryFolder scratch;
  const auto small_stack = [] {
    const rlimit small{128 << 10, 128 << 10};
    if (setrlimit(RLIMIT_STACK, &small) != 0) _exit(126);
  };
  const Ended ended = Running(kQuickRun + Arguments{"--out", (scratch / "out").string()}, "", small_stack).wait();
  CHECK(ended.status == 1);
  CHECK(ended.one_line());
  CHECK(ended.err.find("the stack may hold 128 KiB here, 1024 or more are needed (ulimit -s)") != std::string::npos);
  CHECK(scratch.entries() == 0);
}

TEST_CASE("names of files in another encoding than UTF-8 lose nothing") {
  const TemporaryFolder scratch;
  const std::string latin1 =
      "gr\xfc\xdf"
      "e";
  for (const char* name : {"anchored.machine.json", kTestImages}) {
    std::filesystem::copy_file(asset(name), scratch / (latin1 + name));
  }
  const auto out = scratch / (latin1 + "-out");
  const Ended ended = run(kQuickRun + Arguments{"--out", out.string(), "--machine",
                                                (scratch / (latin1 + "anchored.machine.json")).string(), "--images",
                                                (scratch / (latin1 + kTestImages)).string()});
  INFO(ended.err);
  CHECK(ended.status == 0);
  CHECK_NOTHROW(Json::parse(read_file(out / "report.json")));  // which takes UTF-8 alone
  CHECK(std::filesystem::exists(out / "readout.csv"));

  write_file(scratch / (latin1 + ".json"), R"({"run": {"samples": 1, "window_steps": 4}, "axes": [{"seed": [1]}]})");
  const auto swept = scratch / (latin1 + "-sweep");
  CHECK(run({"sweep", (scratch / (latin1 + ".json")).string(), "--out", swept.string()}).status == 0);
  CHECK(std::filesystem::exists(swept / "sweep.csv"));

  const Ended told = run({"info", "--json", "--machine", (scratch / (latin1 + "anchored.machine.json")).string()});
  CHECK(told.status == 0);
  CHECK(Json::parse(told.out)["machine"]["path"].get<std::string>().find("gr\xef\xbf\xbd\xef\xbf\xbd"
                                                                         "e") != std::string::npos);
  const Ended devices = run({"devices", "--json", "serial:/dev/" + latin1});
  CHECK(devices.status == 1);
  CHECK_NOTHROW(Json::parse(devices.out));
}

TEST_CASE("files that are not what they are called: what they are, and what can be done") {
  const TemporaryFolder scratch;
  const auto refused = [&](const Arguments& arguments, const std::string& bytes, const std::string& part) {
    const std::string file = (scratch / "given").string();
    write_file(file, bytes);
    const Ended ended = run(arguments + Arguments{file, "--out", (scratch / "out").string()});
    INFO(ended.err);
    INFO("wanted: ", part);
    CHECK(ended.status == 1);
    CHECK(ended.one_line());
    CHECK(ended.err.find(file + ": " + part) != std::string::npos);
    CHECK_FALSE(std::filesystem::exists(scratch / "out"));
  };
  const std::string page = "<!DOCTYPE html>\n<html>", packed = "\x1f\x8b\x08", nested(150000, '[');
  const Arguments machine = kQuickRun + Arguments{"--machine"}, network = kQuickRun + Arguments{"--network"};
  refused(machine, page, "is a web page, JSON is needed: ");
  refused(machine, packed, "is compressed by gzip, JSON is needed: unpack it first (gunzip)");
  refused(machine, nested, "more than 64 objects and lists in one another");
  refused(network, page, "is a web page, JSON is needed: ");
  refused(network, "PK\x03\x04", "is a zip archive (as .npz and PyTorch's .pt are), JSON is needed: ");
  refused({"sweep"}, page, "is a web page, JSON is needed: ");
  refused({"sweep"}, R"({"axes": )" + nested, "more than 64 objects and lists in one another");
  refused({"sweep"}, R"({"axes": [], "axes": []})", "the key \"axes\" stands twice");
  refused({"sweep"}, R"({"axes": [{"seed": [1], "seed": [2]}]})", "the key \"seed\" stands twice");
  refused(kQuickRun + Arguments{"--images"}, page, "is a web page, an IDX file of images is needed: ");
  refused(kQuickRun + Arguments{"--images"}, packed, "its gzip data is cut short after 3 bytes: fetch it again");
}

TEST_CASE("a folder of MNIST is read in its other usual spelling") {
  const TemporaryFolder scratch;
  // "The whole test set": the shipped images twice.
  std::string bytes = read_file(asset(kTestImages));
  bytes += bytes.substr(16);
  bytes[6] = 4;  // 1024 in the count's four bytes
  write_file(scratch / "t10k-images.idx3-ubyte", bytes);
  const Ended ended =
      run({"run", "--engine", "model", "--quick", "--samples", "513", "--settle-steps", "1", "--window-steps", "1",
           "--mnist", scratch.path().string(), "--out", (scratch / "out").string()});
  INFO(ended.err);
  CHECK(ended.status == 0);
  CHECK(Json::parse(read_file(scratch / "out" / "report.json"))["samples"] == 513);
}
