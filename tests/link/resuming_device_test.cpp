#include "device/link/resuming_device.hpp"

#include <doctest/doctest.h>

#include "anchored_run.hpp"
#include "contract/builtin/builtin_configurations.hpp"
#include "device/model_device.hpp"
#include "device/streams/stream_to.hpp"
#include "error_message.hpp"
#include "model_board.hpp"

using namespace settle;
using namespace settle_test;

namespace {

LinkTimes quick() { return {std::chrono::milliseconds(100), 3}; }

std::unique_ptr<ResumingDevice> resuming(ModelBoard& board, ResumeOptions options = {}) {
  options.interval = std::chrono::milliseconds(1);
  return std::make_unique<ResumingDevice>(std::make_unique<LinkDevice>(std::make_unique<StreamTo>(board), quick()),
                                          options);
}

}  // namespace

TEST_CASE("a board reset or unplugged at any moment: the same numbers, nothing lost, nothing counted twice") {
  const Anchored anchored;
  ModelDevice model(anchored.configuration);
  const std::vector<std::int64_t> expected = run_all(model, anchored, 2);
  std::size_t requests = 0;
  {
    ModelBoard board(anchored.configuration);
    const auto device = resuming(board);
    run_all(*device, anchored, 2);
    requests = board.carried_out();
  }
  REQUIRE(requests > 60);
  for (std::size_t moment = 3; moment < requests; ++moment) {
    CAPTURE(moment);
    ModelBoard board(anchored.configuration);
    const auto device = resuming(board);
    bool struck = false;
    board.before_request = [&](std::size_t request) {
      if (request < moment || std::exchange(struck, true)) return;
      board.power_cycle();
      if (moment % 2 == 0) {
        board.unplug();
        board.plug();
      }
    };
    CHECK(run_all(*device, anchored, 2) == expected);
    CHECK(device->resumed() == 1);
  }
}

TEST_CASE("a board that is reset again and again, also while it is being brought back") {
  const Anchored anchored;
  ModelDevice model(anchored.configuration);
  ModelBoard board(anchored.configuration);
  const auto device = resuming(board);
  board.before_request = [&](std::size_t request) {
    // The second one hits while the first is being mended.
    if (request == 90 || request == 95 || request == 150 || request == 200) board.power_cycle();
  };
  CHECK(run_all(*device, anchored, 6) == run_all(model, anchored, 6));
  CHECK(device->resumed() == 3);
}

TEST_CASE("a board that stays away, and another one in its place, are told by name") {
  const Anchored anchored;
  ModelBoard board(anchored.configuration);
  std::vector<std::string> notices;
  ResumeOptions options;
  options.patience = std::chrono::milliseconds(30);
  options.notice = [&](const std::string& text) { notices.push_back(text); };
  const auto device = resuming(board, options);
  device->write(registers::step_lo, 9);
  board.unplug();
  CHECK_THROWS_AS(device->read(registers::step_lo), DeviceLost);
  REQUIRE(notices.size() == 1);
  CHECK(mentions(notices[0], "unplugged"));
  CHECK(mentions(notices[0], "waiting"));
  board.plug();
  CHECK(device->read(registers::step_lo) == 9);
  CHECK(mentions(notices.back(), "back"));

  ModelBoard other(configuration("tiny"));
  StreamTo to_other(other);
  const auto second = resuming(board, options);
  // The line now leads to another board.
  board.to_board = [&](std::uint8_t byte, Bytes&) { to_other.write(&byte, 1); };
  board.power_cycle();
  CHECK_THROWS_AS(second->read(registers::step_lo), DeviceError);
}

TEST_CASE("after a run was stopped on the way nothing is pretended") {
  const Anchored anchored;
  ModelBoard board(anchored.configuration);
  const auto device = resuming(board);
  device->write(registers::control, registers::kControlStop);
  device->finish();
  board.power_cycle();
  CHECK_THROWS_AS(device->read(registers::step_lo), DeviceReset);
}

TEST_CASE("who wants no waiting gets the error at once") {
  const Anchored anchored;
  ModelBoard board(anchored.configuration);
  ResumeOptions options;
  options.patience = std::chrono::milliseconds(0);
  const auto device = resuming(board, options);
  board.unplug();
  CHECK_THROWS_AS(device->read(registers::step_lo), DeviceLost);
  CHECK(device->resumed() == 0);
}

TEST_CASE("a chain of runs that depend on each other is kept, one that begins anew is not") {
  constexpr std::uint32_t kStart = registers::kControlStart;
  constexpr std::uint32_t kStartAnew = kStart | registers::kControlZero | registers::kControlClear;
  Journal journal;
  const auto run_anew = [&] {
    journal.write(address(registers::Memory::noise_key, 0), 1);
    journal.write(registers::step_lo, 0);
    journal.write(registers::step_hi, 0);
    journal.write(registers::control, kStartAnew);
  };
  run_anew();
  const std::size_t once = journal.size();
  for (int i = 0; i < 100; ++i) run_anew();
  CHECK(journal.size() <= once + 4);
  for (int i = 0; i < 100; ++i) journal.write(registers::control, kStart);
  CHECK(journal.size() >= 100);
  journal.write(registers::control, kStartAnew);  // its noise goes on from the runs before: it needs them
  CHECK(journal.size() >= 101);
  run_anew();
  CHECK(journal.size() <= once + 4);
}
