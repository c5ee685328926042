// Highway's functions in every set of instructions that this computer runs, for tests that compare them.
#pragma once

#include <vector>

#include <hwy/targets.h>

namespace settle {

/// What `choose`, which asks HWY_DYNAMIC_DISPATCH, gives under each set of instructions, the best one first. Nobody may
/// dispatch anything meanwhile.
template <typename Choose>
auto of_every_target(const Choose& choose) {
  std::vector<decltype(choose())> all;
  for (const auto target : hwy::SupportedAndGeneratedTargets()) {
    hwy::SetSupportedTargetsForTest(target);
    all.push_back(choose());
  }
  hwy::SetSupportedTargetsForTest(0);
  return all;
}

}  // namespace settle
