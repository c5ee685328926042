// Normal numbers from a seed: where a search starts, and noise that a fit draws.
#pragma once

#include <cstdint>

#include <Eigen/Core>

namespace settle {

/// [rows x columns] standard normal numbers (Box-Muller over the 64-bit Mersenne twister), the same everywhere for a
/// seed.
Eigen::MatrixXd gaussian_matrix(Eigen::Index rows, Eigen::Index columns, std::uint64_t seed);

}  // namespace settle
