// The verilated board on its pins: the adapter agrees with the RTL's UART, and the link answers.
#include <doctest/doctest.h>

#include "board/stream_checks.hpp"
#include "error_message.hpp"
#include "sim/board/line/pin_stream.hpp"

using namespace settle;
using namespace settle_test;

namespace {

Bytes answers(PinStream& stream, const Bytes& request) {
  send(stream, request);
  return drain(stream);
}

}  // namespace

TEST_CASE("every board of this build answers a sync and gives its magic number") {
  REQUIRE(pin_board_keys().size() >= 2);
  for (const PinBoardKey& key : pin_board_keys()) {
    INFO("configuration ", key.configuration, ", divisor16 ", key.divisor16);
    PinStream stream(make_pin_board(key.configuration, key.divisor16));
    CHECK(stream.line().board().divisor16() == key.divisor16);
    const Bytes line =
        answers(stream, joined(joined(sync_request(200), read_magic_request(201)), read_magic_request(202)));
    CHECK(contents(line) == std::vector<Bytes>{sync_answer(200), read_magic_answer(201), read_magic_answer(202)});
    CHECK(stream.line().host().adapter().broken() == 0);
    CHECK_FALSE(stream.line().board().busy());
  }
}

TEST_CASE("how memories look at power-up does not matter to the link") {
  for (const int power_up : {0, 1, 2}) {
    PinStream stream(make_pin_board("tiny", 64, power_up));
    CHECK(contents(answers(stream, joined(sync_request(0), read_magic_request(1)))) ==
          std::vector<Bytes>{sync_answer(0), read_magic_answer(1)});
  }
}

TEST_CASE("a reset ends the session") {
  PinStream stream(make_pin_board("tiny"));
  CHECK(contents(answers(stream, sync_request(5))) == std::vector<Bytes>{sync_answer(5)});
  const std::uint64_t before = stream.line().board().cycles();
  stream.line().board().reset();
  CHECK(stream.line().board().cycles() == before + 8);
  CHECK(contents(answers(stream, read_magic_request(6))) == std::vector<Bytes>{{6, 6}});  // no_session
}

TEST_CASE("a board that was not verilated: what there is") {
  check_fails([] { make_pin_board("nothing"); }, "board nothing with 4 cycles per bit was not verilated");
  check_fails([] { make_pin_board("tiny", 65); }, "tiny with 4 cycles per bit");
}
