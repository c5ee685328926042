// How much of everything a run measures beside its main batch: steps, samples, buffers. The measures follow these
// plans, and the estimate of a run's time counts them.
#pragma once

#include "study/run/heat_run.hpp"
#include "study/run/same_noise.hpp"
#include "study/run/study.hpp"
#include "study/run/trajectories.hpp"

namespace settle {

inline constexpr int kMostWatchedSteps = 20000;        ///< of a run whose state is read after every step
inline constexpr Eigen::Index kCovarianceCells = 256;  ///< of the decoder, of which the covariance is taken

/// States that the covariance is taken of; of a large machine fewer.
SnapshotPlan snapshot_plan(const Study& study);

/// Settling curves: the samples whose median is reported, and the steps of each.
struct CurvePlan {
  Eigen::Index samples = 1;
  int steps = 0;
};
CurvePlan curve_plan(const Study& study, Eigen::Index settled);

/// The overlap's series, long enough for its autocorrelation; of a large machine shorter.
OverlapPlan overlap_plan(const Study& study);

/// 20 batches, the fewest that an error is taken of. A batch has 250 steps, several relaxation times of the machines of
/// vectors (5 steps of `anchored`, 60 of `paper`), so that batches are as good as independent. Of a large machine,
/// whose every step and force in float64 take milliseconds, it has 10, 200 in all: less than the 16 steps in which its
/// cells relax, for which the error comes out 5 to 20 % too small (`map`, against batches of 200).
HeatPlan heat_plan(const Study& study);

/// Steps of the film's frames: 0, 1, 2, 4, 8, ... and the last settle step.
std::vector<int> film_steps(const Study& study);

}  // namespace settle
