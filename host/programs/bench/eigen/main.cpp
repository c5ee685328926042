// settle-bench-eigen: a machine's steps by Eigen, on one thread. settle-bench starts it.
#include <Eigen/Core>

#include "base/error.hpp"
#include "programs/bench/eigen/eigen_loop.hpp"

int main(int argc, char** argv) {
  settle::FloatLibrary library;
  library.name = fmt::format("Eigen {}.{}.{}", EIGEN_WORLD_VERSION, EIGEN_MAJOR_VERSION, EIGEN_MINOR_VERSION);
  library.details = Eigen::SimdInstructionSetsInUse();
  library.styles = {"written"};
  library.ways = [](const settle::FloatMachine&, int) { return settle::eigen_ways(); };
  library.make = settle::make_eigen_loop;
  library.modes = {"plain"};
  library.in_mode = [](const std::string&, const std::function<void()>& body) { body(); };
  return settle::float_program("settle-bench-eigen", library, argc, argv);
}
