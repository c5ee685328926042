#include "array/float64/neighbour_force.hpp"

#include <cstddef>

#include "base/error.hpp"

namespace settle {

NeighbourForce::NeighbourForce(const Layer& layer, const Neighbour& neighbour) : coupling_(neighbour.coupling) {
  const int columns = layer.columns;
  if (columns < 1 || layer.site_cells % columns != 0) {
    throw error("layer {}: {} cells do not make a torus of {} columns", layer.name, layer.site_cells, columns);
  }
  const int rows = layer.site_cells / columns;
  const int dy = neighbour.dy, dx = neighbour.dx;
  if (dy < 0 || dy >= rows || dx < 0 || dx >= columns || (dy == 0 && dx == 0)) {
    throw error("layer {}: neighbour offset {}, {} is outside the {} x {} torus or zero", layer.name, dy, dx, rows,
                columns);
  }
  if (coupling_.size() != layer.site_cells || !coupling_.allFinite()) {
    throw error("layer {}: neighbour {}, {} has {} couplings, {} finite ones are needed", layer.name, dy, dx,
                coupling_.size(), layer.site_cells);
  }
  partner_.reserve(static_cast<std::size_t>(layer.site_cells));
  for (int r = 0; r < rows; ++r) {
    for (int c = 0; c < columns; ++c) partner_.push_back((r + dy) % rows * columns + (c + dx) % columns);
  }
}

void NeighbourForce::add(const Eigen::Ref<const Eigen::VectorXd>& x, Eigen::Ref<Eigen::VectorXd> force) const {
  for (Eigen::Index i = 0; i < coupling_.size(); ++i) {
    const Eigen::Index partner = partner_[static_cast<std::size_t>(i)];
    force[i] -= coupling_[i] * x[partner];
    force[partner] -= coupling_[i] * x[i];
  }
}

}  // namespace settle
