#include "physics/snapshots.hpp"

#include <vector>

namespace settle::physics {

Eigen::MatrixXd batch_means(const Context& context, LoadedArray& array, const Eigen::VectorXd& start, int burn_in,
                            int batches, int steps, int lag, const StepFigures& figures) {
  array.set_states(start);
  if (burn_in > 0) array.run(static_cast<std::uint32_t>(burn_in));
  std::vector<Eigen::VectorXd> past(static_cast<std::size_t>(lag));  // a ring of the last states
  Eigen::MatrixXd out;
  int done = 0;
  for (; done < batches && !context.stop(); ++done) {
    Eigen::VectorXd sum;
    for (int s = 0; s < lag + steps; ++s) {
      Eigen::VectorXd& before = past[static_cast<std::size_t>(s % lag)];
      if (s > 0) array.run(1);
      const Eigen::VectorXd after = array.states();
      if (s >= lag) {
        const Eigen::VectorXd now = figures(before, after);
        if (sum.size() == 0) sum = Eigen::VectorXd::Zero(now.size());
        sum += now;
      }
      before = after;
    }
    if (out.size() == 0) out.resize(batches, sum.size());
    out.row(done) = sum / steps;
  }
  return out.topRows(done);
}

}  // namespace settle::physics
