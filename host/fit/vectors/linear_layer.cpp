#include "fit/vectors/linear_layer.hpp"

namespace settle {

Layer linear_layer(const char* name, Eigen::Index cells, double stiffness) {
  Layer layer;
  layer.name = name;
  layer.site_cells = static_cast<int>(cells);
  layer.stiffness = Eigen::VectorXd::Constant(cells, stiffness);
  layer.field = Eigen::VectorXd::Zero(cells);
  return layer;
}

}  // namespace settle
