// Settling many samples on one array: condition, run, read the sums, one sample after the other.
#pragma once

#include <cstdint>
#include <exception>
#include <functional>
#include <string>
#include <vector>

#include <Eigen/Core>

#include "device/driver/array_driver.hpp"
#include "machine/fixed_point/array_contents.hpp"
#include "machine/machine.hpp"

namespace settle {

struct BatchPlan {
  double kt = 0;
  int settle_steps = 0;    ///< before the window
  int window_steps = 1;    ///< averaged
  std::uint64_t seed = 0;  ///< of the run; sample n has a noise seed of its own made from it
};

struct BatchResult {
  Eigen::MatrixXd mean;      ///< [samples x decoder cells] window mean of x, physical units
  Eigen::MatrixXd variance;  ///< [samples x decoder cells] over the window, physical units squared; empty: not finite
  std::uint64_t cycles = 0;
  std::uint64_t cell_updates = 0;
  std::uint64_t saturations = 0;  ///< states and words
  Eigen::Index samples = 0;       ///< rows that are filled: fewer than asked for if interrupted
};

/// Noise seed of sample `sample` in a run with seed `seed`.
std::uint64_t sample_seed(std::uint64_t seed, std::uint64_t sample);

/// Total field of a sample, [cells], physical units. Called from several threads at once.
using SampleField = std::function<Eigen::VectorXd(Eigen::Index sample)>;

/// Settles samples 0 .. samples - 1 from x = 0, each under its own field. `drivers`: one or more, each with `contents`
/// loaded on a device of its own; they share the samples, and the result does not depend on how many there are.
/// `decoder`: layer that is read. `progress(done, all)` may be empty. When `stop` says yes, returns the samples before
/// the first unfinished one. Throws Error as the driver, and if a field does not fit; with `failure` a DeviceError is
/// not thrown but put there, and the samples that were settled before are returned.
BatchResult settle_batch(const std::vector<ArrayDriver*>& drivers, const ArrayContents& contents,
                         const Configuration& configuration, const std::string& name, int decoder, Eigen::Index samples,
                         const SampleField& field, const BatchPlan& plan,
                         const std::function<void(Eigen::Index, Eigen::Index)>& progress,
                         const std::function<bool()>& stop, std::exception_ptr* failure = nullptr);

/// The same batch in double precision with the same noise, on all cores: the reference that fixed point is compared
/// against. Cycles and saturations stay zero.
BatchResult settle_batch_float64(const Machine& machine, const Configuration& configuration, int decoder,
                                 Eigen::Index samples, const SampleField& field, const BatchPlan& plan,
                                 const std::function<bool()>& stop);

}  // namespace settle
