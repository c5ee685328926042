#include "device/link/link_device.hpp"

#include <doctest/doctest.h>

#include "anchored_run.hpp"
#include "contract/builtin/builtin_configurations.hpp"
#include "contract/configuration/changes.hpp"
#include "device/identity.hpp"
#include "device/model_device.hpp"
#include "device/streams/stream_to.hpp"
#include "error_message.hpp"
#include "model_board.hpp"
#include "own_bytes.hpp"

using namespace settle;
using namespace settle_test;
using registers::Memory;

namespace {

std::uint64_t wire(const LinkStatistics& s) { return s.bytes_sent + s.bytes_received; }

}  // namespace

TEST_CASE("a device behind a link is the device: every number of a chain of runs") {
  const Anchored anchored;
  ModelDevice model(anchored.configuration);
  ModelBoard board(anchored.configuration);
  LinkDevice device(std::make_unique<StreamTo>(board));
  CHECK(run_all(device, anchored, 3) == run_all(model, anchored, 3));
}

TEST_CASE("words of every memory come back as they were written, with their signs") {
  const Configuration tiny = configuration("tiny");
  ModelDevice model(tiny);
  ModelBoard board(tiny);
  LinkDevice device(std::make_unique<StreamTo>(board));
  for (const Memory memory : {Memory::state, Memory::coefficient, Memory::clamp, Memory::program, Memory::layer,
                              Memory::table, Memory::segment, Memory::gain, Memory::noise_key}) {
    CAPTURE(static_cast<int>(memory));
    for (std::uint32_t i = 0; i < 8; ++i) {
      for (Device* d : {static_cast<Device*>(&device), static_cast<Device*>(&model)}) {
        d->write(address(memory, i), 0x89abcdefu * (2 * i + 1));
      }
    }
    for (std::uint32_t i = 0; i < 8; ++i) {
      CHECK(device.read(address(memory, i)) == model.read(address(memory, i)));
    }
  }
}

TEST_CASE("what a refused write was is said at the next question, and the device goes on") {
  ModelBoard board(configuration("tiny"));
  LinkDevice device(std::make_unique<StreamTo>(board));
  device.write(address(Memory::clamp, 1u << 19), 1);
  device.write(registers::step_lo, 3);
  CHECK(mentions(message_of([&] { device.read(registers::step_lo); }), "0x380000"));
  CHECK(device.read(registers::step_lo) == 0);  // after the refused one: never done
  CHECK(device.engine() == "model-board");
}

TEST_CASE("a device says what it is, and one of another configuration is refused with what differs") {
  const Configuration tiny = configuration("tiny"), anchored = configuration("anchored");
  ModelBoard board(tiny);
  LinkDevice device(std::make_unique<StreamTo>(board));
  const Identity identity = identify(device);
  CHECK(identity.hash == tiny.hash());
  CHECK(identity.configuration.name == "tiny");
  CHECK(field_values(identity.configuration) == field_values(tiny));
  const std::string message = message_of([&] { ArrayDriver(device, anchored); });
  CHECK(mentions(message, tiny.hash_text()));
  CHECK(mentions(message, anchored.hash_text()));
  CHECK(mentions(message, "it holds configuration tiny, "));
  CHECK(mentions(message, "configuration anchored, "));
  CHECK(mentions(message, "make bitstream"));
  CHECK(mentions(message, "or run a preset of configuration tiny (settle info --presets)"));

  // A configuration that this program has no name for is known all the same.
  ModelBoard other(with_changes(tiny, {{"rank", 12}}, "test"));
  LinkDevice unknown(std::make_unique<StreamTo>(other));
  CHECK(identify(unknown).configuration.name.empty());
  CHECK(identify(unknown).configuration.rank == 12);
  const Configuration twelve = with_changes(tiny, {{"rank", 12}, {"lanes", 1}, {"noise_lanes", 1}}, "test");
  ModelBoard third(twelve);
  LinkDevice of_twelve(std::make_unique<StreamTo>(third));
  const std::string reason = message_of([&] { ArrayDriver(of_twelve, tiny); });
  CHECK(mentions(reason,
                 "a configuration that this program does not know, " + twelve.hash_text() + " (rank 12 instead of"));
  CHECK(reason.find("lanes") == std::string::npos);  // they do not matter
}

TEST_CASE("a board of other lanes and memory sizes takes the machine if it fits; of other formats it is refused") {
  const Anchored anchored;
  const Configuration smaller =
      with_changes(anchored.configuration, {{"lanes", 2}, {"noise_lanes", 2}, {"coefficients", 2560}}, "test");
  ModelBoard board(smaller);
  LinkDevice device(std::make_unique<StreamTo>(board));
  const Configuration built = as_built(identify(device), anchored.configuration);
  CHECK(built.name == "anchored");
  CHECK(field_values(built) == field_values(smaller));
  ArrayDriver driver(device, built);
  driver.load(anchored.contents);
  CHECK_THROWS_AS(ArrayDriver(device, anchored.configuration), DeviceError);

  ModelBoard other(with_changes(smaller, {{"noise_rounds", 20}}, "test"));
  LinkDevice refused(std::make_unique<StreamTo>(other));
  CHECK(field_values(as_built(identify(refused), anchored.configuration)) == field_values(anchored.configuration));
}

TEST_CASE("loading the default machine costs little more than its numbers") {
  const Anchored anchored;
  ModelBoard board(anchored.configuration);
  LinkDevice device(std::make_unique<StreamTo>(board));
  ArrayDriver driver(device, anchored.configuration);
  const LinkStatistics before = device.statistics();
  driver.load(anchored.contents);
  device.finish();
  const LinkStatistics after = device.statistics();
  const double ideal = own_bytes(anchored.contents);
  const double ratio = static_cast<double>(wire(after) - wire(before)) / ideal;
  MESSAGE("bytes on the wire over the ideal: " << ratio << " of " << ideal);
  CHECK(ratio <= 1.25);
  CHECK(after.round_trips - before.round_trips == 1);
}

TEST_CASE("an inference - condition, settle, read the sums - is at most 1 kB and three round trips") {
  const Anchored anchored;
  ModelBoard board(anchored.configuration);
  LinkDevice device(std::make_unique<StreamTo>(board));
  ArrayDriver driver(device, anchored.configuration);
  driver.load(anchored.contents);
  driver.set_schedule(anchored.schedule);
  for (int n = 0; n < 3; ++n) {
    device.finish();
    const LinkStatistics before = device.statistics();
    driver.set_fields(anchored.numbered_fields(n));
    driver.set_noise(static_cast<std::uint64_t>(n), 0);
    driver.run({true, true}, nullptr);
    driver.sums(anchored.decoder_first(), anchored.decoder_cells());
    const LinkStatistics after = device.statistics();
    MESSAGE("bytes: " << wire(after) - wire(before) << ", round trips: " << after.round_trips - before.round_trips);
    CHECK(wire(after) - wire(before) <= 1000);
    CHECK(after.round_trips - before.round_trips <= 3);
  }
}
