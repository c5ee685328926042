// The tests of `make hil`, each on a session of its own. They throw Error saying what does not hold, or return what was
// found, for the line that is printed.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "hil/board.hpp"

namespace settle::hil {

struct Test {
  const char* name;
  std::string (*run)(const Board& board);
};

std::string identify_board(const Board& board);
std::string reset_brings_a_known_state(const Board& board);
std::string registers_hold(const Board& board);
std::string memories_march(const Board& board);
std::string array_is_the_model(const Board& board);
std::string settles_an_oracle(const Board& board);
std::string statistics_hold(const Board& board);
std::string preset_run(const Board& board);
std::string busy_array_refuses(const Board& board);
std::string errors_are_named(const Board& board);
std::string broken_frames_change_nothing(const Board& board);
std::string reconnects(const Board& board);

/// In this order.
const std::vector<Test>& tests();

}  // namespace settle::hil
