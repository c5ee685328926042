// Start values of the interface's search, from a seed.
#pragma once

#include <cstdint>

#include <Eigen/Core>

namespace settle {

/// [rows x columns] standard normal numbers (Box-Muller over the 64-bit Mersenne twister), the same everywhere for a
/// seed.
Eigen::MatrixXd gaussian_matrix(Eigen::Index rows, Eigen::Index columns, std::uint64_t seed);

}  // namespace settle
