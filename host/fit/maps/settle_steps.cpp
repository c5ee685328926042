#include "fit/maps/settle_steps.hpp"

#include <cmath>
#include <vector>

#include "array/float64/float64_array.hpp"
#include "base/error.hpp"
#include "machine/linear.hpp"

namespace settle {
namespace {

constexpr int kChunk = 16;  // steps between looks
constexpr int kMostSteps = 8000;
constexpr int kQuiet = 4;        // looks in which it moved by less than
constexpr double kMoved = 5e-4;  // of its length, each
constexpr double kLeft = 0.01;   // of the distance, when it counts as settled

}  // namespace

int settle_steps(const Machine& machine, const Eigen::VectorXd& fields, const std::function<bool()>& stop) {
  Float64Array array(machine);
  array.set_field(fields);
  const Eigen::Index first = layer_offset(machine, machine.decoder);
  const Eigen::Index cells = machine.layers[static_cast<std::size_t>(machine.decoder)].cells();
  std::vector<Eigen::VectorXd> looks = {array.state().segment(first, cells)};
  for (int quiet = 0; quiet < kQuiet;) {
    const auto steps = static_cast<int>(looks.size() - 1) * kChunk;
    if (stop && stop()) throw error("fit: interrupted while the machine settled, nothing is written");
    if (steps >= kMostSteps) throw error("fit: the machine has not come to rest after {} steps", steps);
    array.run(static_cast<std::uint64_t>(steps), kChunk, 0, nullptr);
    looks.emplace_back(array.state().segment(first, cells));
    const Eigen::VectorXd& now = looks.back();
    const double moved = (now - looks[looks.size() - 2]).norm();
    // A deep machine's last layer stays at its first value until the others have come near theirs.
    const bool all_quiet = steps >= kChunk * static_cast<int>(machine.layers.size()) / 2;
    quiet = all_quiet && moved <= kMoved * now.norm() ? quiet + 1 : 0;
  }
  const Eigen::VectorXd& rest = looks.back();
  const double whole = (looks.front() - rest).norm();
  std::size_t settled = looks.size() - 1;
  while (settled > 0 && (looks[settled - 1] - rest).norm() <= kLeft * whole) --settled;
  const double steps = 1.25 * static_cast<double>(settled) * kChunk;
  return kChunk * static_cast<int>(std::ceil(steps / kChunk));
}

}  // namespace settle
