// The body of settle-hil: from the name of a board to a report of its tests.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace settle::hil {

inline constexpr const char* kHilProgram = "settle-hil";

struct HilOptions {
  std::string device = "virtual";          ///< as check_device takes it
  std::string configuration = "anchored";  ///< of a virtual board
  std::filesystem::path board;             ///< program of a virtual board
  std::filesystem::path out = "out/hil";   ///< folder for report.json
  std::filesystem::path junit;             ///< empty: no such report
  std::uint64_t faults = 2000;             ///< of the line to survive; 0: none
  std::uint64_t seed = 1;                  ///< of all random numbers
};

/// Tests the board, prints a line for each test, and writes report.json and the JUnit report, whatever failed. Returns
/// kExitOk, kExitFailed if a test failed, or kExitInterrupted. Throws Error if the board does not answer or a file
/// cannot be written.
int test_board(const HilOptions& options);

}  // namespace settle::hil
