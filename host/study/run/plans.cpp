#include "study/run/plans.hpp"

#include <algorithm>

namespace settle {

namespace {

constexpr int kSnapshots = 500, kFewSnapshots = 100, kSnapshotStride = 4;
constexpr Eigen::Index kCurves = 5;
constexpr int kBuffers = 16, kFewBuffers = 6;
constexpr int kHeatBatches = 20, kHeatBatchSteps = 250, kFewHeatBatchSteps = 10;

}  // namespace

SnapshotPlan snapshot_plan(const Study& study) {
  return {study.plan.settle_steps, study.large() ? kFewSnapshots : kSnapshots, kSnapshotStride};
}

CurvePlan curve_plan(const Study& study, Eigen::Index settled) {
  return {study.large() ? std::min<Eigen::Index>(1, settled) : std::min(kCurves, settled),
          std::min(study.plan.settle_steps + study.plan.window_steps / 4, kMostWatchedSteps)};
}

OverlapPlan overlap_plan(const Study& study) {
  return {study.plan.settle_steps, study.large() ? kFewBuffers : kBuffers};
}

HeatPlan heat_plan(const Study& study) {
  return {study.plan.settle_steps, kHeatBatches, study.large() ? kFewHeatBatchSteps : kHeatBatchSteps};
}

std::vector<int> film_steps(const Study& study) {
  std::vector<int> steps = {0};
  for (int step = 1; step < study.plan.settle_steps; step *= 2) steps.push_back(step);
  if (study.plan.settle_steps > 0) steps.push_back(study.plan.settle_steps);
  return steps;
}

}  // namespace settle
