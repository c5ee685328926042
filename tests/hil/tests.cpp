#include "hil/tests.hpp"

namespace settle::hil {

const std::vector<Test>& tests() {
  static const std::vector<Test> kTests = {
      {"identify", identify_board},
      {"reset brings a known state", reset_brings_a_known_state},
      {"registers", registers_hold},
      {"memory march", memories_march},
      {"array equals model", array_is_the_model},
      {"settles an oracle", settles_an_oracle},
      {"statistics", statistics_hold},
      {"preset run equals model", preset_run},
      {"a busy array refuses and stops", busy_array_refuses},
      {"errors are named", errors_are_named},
      {"broken frames change nothing", broken_frames_change_nothing},
      {"reconnect", reconnects},
  };
  return kTests;
}

}  // namespace settle::hil
