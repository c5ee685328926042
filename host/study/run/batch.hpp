// Settling many samples: the one entrance by which a run asks its arrays to settle them.
#pragma once

#include <cstdint>
#include <exception>
#include <functional>
#include <vector>

#include <Eigen/Core>

#include "device/driver/loaded_array.hpp"

namespace settle {

struct BatchPlan {
  double kt = 0;
  int settle_steps = 0;    ///< before the window
  int window_steps = 1;    ///< averaged
  std::uint64_t seed = 0;  ///< of the run; sample n has a noise seed of its own made from it

  int steps() const { return settle_steps + window_steps; }
};

/// Total field of a sample, [cells], in the array's own numbers as FixedMachine::fields gives it. Called from several
/// threads at once.
using FixedSampleField = std::function<std::vector<std::int16_t>(Eigen::Index sample)>;

/// What is settled: samples 0 .. samples - 1 from x = 0, each under its own field and with its own noise.
struct Batch {
  Eigen::Index samples = 0;
  FixedSampleField field;
  BatchPlan plan;

  // Of a sample, where they are not the plan's; empty otherwise. Called from several threads at once.
  std::function<double(Eigen::Index)> kt = nullptr;
  std::function<std::uint64_t(Eigen::Index)> noise_seed = nullptr;

  double kt_of(Eigen::Index sample) const { return kt ? kt(sample) : plan.kt; }
  std::uint64_t noise_seed_of(Eigen::Index sample) const;
};

struct BatchResult {
  Eigen::MatrixXd mean;      ///< [samples x decoder cells] window mean of x, physical units
  Eigen::MatrixXd variance;  ///< [samples x decoder cells] over the window, physical units squared; empty: not finite
  std::uint64_t cycles = 0;
  std::uint64_t cell_updates = 0;
  std::uint64_t saturations = 0;  ///< states and words
  Eigen::Index samples = 0;       ///< rows that are filled: fewer than asked for if interrupted
};

/// The sums of a batch while it settles, and what becomes of them. Different samples may be filled by different
/// threads.
class BatchSums {
 public:
  BatchSums(Eigen::Index samples, Eigen::Index cells);

  /// A sample's sums of x and of x^2 over the window, [cells], physical units and their square.
  void set(Eigen::Index sample, const Eigen::VectorXd& x, const Eigen::VectorXd& squares) {
    x_.row(sample) = x;
    squares_.row(sample) = squares;
  }

  /// A sample is settled, with so many saturations and cycles of a clock.
  void complete(Eigen::Index sample, std::uint64_t saturations, std::uint64_t cycles = 0);

  /// Of the samples before the first that is not complete.
  BatchResult result(const FixedMachine& fixed, const BatchPlan& plan) const;

 private:
  Eigen::MatrixXd x_, squares_;
  std::vector<std::uint64_t> saturations_, cycles_;
  std::vector<char> complete_;
};

/// How a batch is watched while it settles.
struct BatchWatch {
  std::function<bool()> stop;                                                   ///< whether to end; may be empty
  std::function<void(Eigen::Index done, Eigen::Index all)> progress = nullptr;  ///< may be empty
  std::exception_ptr* failure = nullptr;  ///< takes a DeviceError, which is then not thrown
};

/// Noise seed of sample `sample` in a run with seed `seed`.
std::uint64_t sample_seed(std::uint64_t seed, std::uint64_t sample);

/// `fixed.fields` of a sample's physical fields; errors also name the sample.
std::vector<std::int16_t> fixed_sample_field(const FixedMachine& fixed, const Eigen::VectorXd& field,
                                             Eigen::Index sample);

/// Settles `batch` and reads the machine's decoder layer. `arrays`: one or more, all with the same machine loaded; they
/// share the samples, and the result does not depend on how many there are. When watch.stop says yes, returns the
/// samples before the first unfinished one; so with watch.failure when a device fails. Throws Error as LoadedArray, and
/// if a field does not fit.
BatchResult settle_batch(const std::vector<LoadedArray*>& arrays, const Batch& batch, const BatchWatch& watch = {});

/// Tells an array a batch's steps at temperature `kt`: what its samples have in common.
void set_steps(LoadedArray& array, const BatchPlan& plan, double kt);

/// Settles one sample of a batch on an array that knows its steps, and completes it in `sums`. False if `stop` said yes
/// before the end. Throws as settle_batch.
bool settle_sample(LoadedArray& array, const Batch& batch, Eigen::Index sample, BatchSums& sums,
                   const std::function<bool()>& stop);

}  // namespace settle
