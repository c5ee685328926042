// What every float32 program of the bench is: a loop over the steps of a machine, and a command line that tunes, times
// and checks it. settle-bench starts it as a child for each measurement and reads one line of JSON.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "programs/bench/floats/float_machine.hpp"

namespace settle {

/// How a library is to do a machine's work.
struct FloatWay {
  int batch = 1;           ///< samples side by side; sample s has the fields of input s modulo the machine's
  std::string name;        ///< of a way that the loop has; "" is its first
  std::string style = {};  ///< one of the library's
};

/// The states of a batch, and their steps x <- x + e F(x) + noise, all layers from the same old states.
class FloatLoop {
 public:
  virtual ~FloatLoop() = default;

  /// States 0, sums 0.
  virtual void zero() = 0;
  /// `noisy`: with fresh normal numbers for every cell; `window`: x and x^2 of each cell before the step are added to
  /// sums.
  virtual void step(bool noisy, bool window) = 0;
  /// States of sample 0, layer by layer, [cells].
  virtual std::vector<float> states() = 0;
  /// For each layer the mean over cells and samples of <x^2> - <x>^2 in `steps` summed steps.
  virtual std::vector<double> variances(std::int64_t steps) = 0;
};

/// A library with its ways.
struct FloatLibrary {
  std::string name;                 ///< with its version
  std::string details;              ///< what it rests on: libraries behind it, instructions
  std::vector<std::string> styles;  ///< of writing the loop, the usual one first
  /// Names of ways to try for a machine at a batch size, best guess first.
  std::function<std::vector<std::string>(const FloatMachine& machine, int batch)> ways;
  std::function<std::unique_ptr<FloatLoop>(const FloatMachine& machine, const FloatWay& way)> make;
  /// Names of surroundings in which a loop may be timed ("inference_mode"), and calls `body` in one of them. The first
  /// is the plain one.
  std::vector<std::string> modes;
  std::function<void(const std::string& mode, const std::function<void()>& body)> in_mode;
};

/// The whole program `name`: tune, time or check, as --help says. Returns the exit status.
int float_program(const std::string& name, const FloatLibrary& library, int argc, char** argv);

}  // namespace settle
