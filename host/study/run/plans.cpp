#include "study/run/plans.hpp"

#include <algorithm>

#include "base/error.hpp"

namespace settle {

namespace {

constexpr int kSnapshots = 500, kFewSnapshots = 100, kSnapshotStride = 4;
constexpr Eigen::Index kCurves = 5;
constexpr int kMostSteps = 20000;  // that are read one by one
constexpr int kBuffers = 16, kFewBuffers = 6;
constexpr int kHeatBatches = 20, kHeatBatchSteps = 250, kFewHeatBatchSteps = 10;

}  // namespace

SnapshotPlan snapshot_plan(const Study& study) {
  return {study.plan.settle_steps, study.large() ? kFewSnapshots : kSnapshots, kSnapshotStride};
}

CurvePlan curve_plan(const Study& study, Eigen::Index settled) {
  return {study.large() ? std::min<Eigen::Index>(1, settled) : std::min(kCurves, settled),
          std::min(study.plan.settle_steps + study.plan.window_steps / 4, kMostSteps)};
}

OverlapPlan overlap_plan(const Study& study) {
  return {study.plan.settle_steps, study.large() ? kFewBuffers : kBuffers};
}

HeatPlan heat_plan(const Study& study) {
  const int settle = study.plan.settle_steps;
  if (settle < 1) throw error("the plan has no settle steps");
  if (settle > kMostSteps) {
    throw error("the plan has {} settle steps, this is taken of up to {}", settle, kMostSteps);
  }
  return {settle, kHeatBatches, study.large() ? kFewHeatBatchSteps : kHeatBatchSteps};
}

std::vector<int> film_steps(const Study& study) {
  std::vector<int> steps = {0};
  for (int step = 1; step < study.plan.settle_steps; step *= 2) steps.push_back(step);
  if (study.plan.settle_steps > 0) steps.push_back(study.plan.settle_steps);
  return steps;
}

}  // namespace settle
