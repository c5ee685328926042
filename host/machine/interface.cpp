#include "base/error.hpp"
#include "machine/machine.hpp"
#include "machine/silu.hpp"

namespace settle {

Eigen::VectorXd Interface::field(const Eigen::VectorXd& activation, Eigen::VectorXd* hidden) const {
  if (activation.size() != down.cols()) {
    throw error("interface: the activation has {} values, {} are needed", activation.size(), down.cols());
  }
  if (!activation.allFinite()) throw error("interface: the activation holds a value that is not finite");
  const Eigen::VectorXd wide = up * (down * activation);
  if (hidden != nullptr) *hidden = wide;
  const Eigen::VectorXd features = (in * wide).unaryExpr([](double u) { return silu(u); });
  return out * features;
}

}  // namespace settle
