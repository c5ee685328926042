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
constexpr int kQuiet = 4;        // looks in which no layer moved by more than
constexpr double kMoved = 5e-4;  // of its length
constexpr double kLeft = 0.01;   // of the distance, when it counts as settled

/// Whether every layer has moved by a small part of its length alone: the read one stays where it is for a while when
/// those that drive it have not come near their places yet.
bool is_quiet(const Machine& machine, const Eigen::VectorXd& before, const Eigen::VectorXd& now) {
  for (std::size_t l = 0; l < machine.layers.size(); ++l) {
    const Eigen::Index first = layer_offset(machine, static_cast<int>(l)), cells = machine.layers[l].cells();
    if ((now - before).segment(first, cells).norm() > kMoved * now.segment(first, cells).norm()) return false;
  }
  return true;
}

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
    const Eigen::VectorXd before = array.state();
    array.run(static_cast<std::uint64_t>(steps), kChunk, 0, nullptr);
    looks.emplace_back(array.state().segment(first, cells));
    quiet = is_quiet(machine, before, array.state()) ? quiet + 1 : 0;
  }
  const Eigen::VectorXd& rest = looks.back();
  const double whole = (looks.front() - rest).norm();
  std::size_t settled = looks.size() - 1;
  while (settled > 0 && (looks[settled - 1] - rest).norm() <= kLeft * whole) --settled;
  const double steps = 1.25 * static_cast<double>(settled) * kChunk;
  return kChunk * static_cast<int>(std::ceil(steps / kChunk));
}

}  // namespace settle
