// The control for every score: readouts scored against other samples' targets.
#pragma once

#include <cstdint>
#include <vector>

#include <Eigen/Core>

#include "base/splitmix.hpp"

namespace settle {

inline constexpr int kPairings = 100;             ///< how many random pairings `shuffled` averages
inline constexpr std::uint64_t kPairingSeed = 1;  ///< the seed of every figure that is quoted

/// A permutation of 0 .. count - 1 in which no number stands at its own place, each such one equally likely: uniform
/// permutations (Fisher-Yates) are drawn until one has no fixed point, 2.7 draws on average. Throws MeasureError if
/// count < 2.
std::vector<Eigen::Index> derangement(Eigen::Index count, SplitMix64& random);

/// `shuffled`: mean over `pairings` derangements p of the cosine_centred of readout row s and target row p(s).
/// Arguments as for cosine_centred (similarity.hpp), at least 2 samples. About 0 unless something that all samples
/// share is left in readout and target. A function of its arguments alone. Throws MeasureError if pairings < 1.
double shuffled(const Eigen::MatrixXd& readout, const Eigen::MatrixXd& target, const Eigen::VectorXd& fit_mean,
                int pairings = kPairings, std::uint64_t seed = kPairingSeed, Eigen::Index sites = 1);

}  // namespace settle
