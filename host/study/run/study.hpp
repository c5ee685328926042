// What a run works with, made before an array is touched: a checked machine in fixed point, the network, the samples.
// Every measure reads it and none changes it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <Eigen/Core>

#include "images/image.hpp"
#include "machine/check.hpp"
#include "machine/fields.hpp"
#include "machine/fixed_point/fixed_machine.hpp"
#include "network/graph/inference.hpp"
#include "study/run/batch.hpp"
#include "study/run/run_command.hpp"
#include "study/run/run_progress.hpp"
#include "study/run/trajectories.hpp"

namespace settle {

/// One held-out image with all that later stages ask of it, made once. Of a machine of whole maps a sample takes about
/// 0.2 MB: ten thousand fit in 2 GB.
struct Sample {
  std::vector<std::int16_t> fields;  ///< [cells] that condition the array, in its own numbers
  Eigen::VectorXd target;            ///< [decoder cells] the network's own activation, units of the states

  /// What only comparisons ask for, and only of the samples that they take.
  struct Compared {
    Conditioning conditioning;
    Eigen::VectorXd fields;  ///< [cells] as above, physical units
  };
  std::optional<Compared> compared;

  /// What only a machine that gives an image needs.
  struct Decoding {
    Image clean, noisy;
    Image unet;   ///< the digital network's own answer
    Maps beside;  ///< maps that decoding from the read-out takes in
  };
  std::optional<Decoding> decoding;
};

struct Study {
  const RunOptions& options;
  const MakeDevice& make_device;
  std::function<bool()> stop;  ///< whether the run is to end; asked often, also from several threads at once
  RunProgress& progress;

  std::shared_ptr<const FixedMachine> fixed;  ///< its decoder is traced
  Stability stability;
  double sigma = 0;        ///< noise level of the images
  BatchPlan plan;          ///< temperature, steps and seed
  std::string not_judged;  ///< why the preset's targets do not judge this run; empty: they do
  Graph network;
  std::vector<Image> images;    ///< the test images that are asked for
  std::vector<Sample> samples;  ///< fewer than images if the run was interrupted while they were made

  const Machine& machine() const { return fixed->machine; }
  const Configuration& configuration() const { return fixed->configuration; }
  const Layer& decoder() const { return machine().layers[static_cast<std::size_t>(machine().decoder)]; }
  Eigen::Index sites() const { return decoder().sites(); }
  double kt() const { return plan.kt; }
  /// Threads that share work of any number of parts.
  std::size_t threads() const;

  /// Too many cells for every comparison on every sample and for dense matrices.
  bool large() const;
  /// Samples that the comparisons take, of `settled`: all, or the first few of a large machine.
  Eigen::Index compared(Eigen::Index settled) const;

  const Sample& sample(Eigen::Index s) const { return samples[static_cast<std::size_t>(s)]; }
  const Sample::Compared& to_compare(Eigen::Index s) const { return sample(s).compared.value(); }
  /// Sample s's run: its fields, the temperature, its noise.
  Conditions conditions(Eigen::Index s) const;

  /// Decoder states, or their mean, [rows x cells], in the units of the activation that they stand for.
  Eigen::MatrixXd activations(const Eigen::MatrixXd& states) const;
  /// Targets of the first `count` samples, [count x decoder cells], in the same units.
  Eigen::MatrixXd targets(Eigen::Index count) const;
  /// The fit set's mean target, [decoder cells], in the same units.
  Eigen::VectorXd fit_mean() const;
};

inline constexpr int kLargestCompared = 1024;  ///< cells from which on a machine is large

/// Throws Error where a measure needs what the machine or the run has not: linear cells, cells that are free to move,
/// a temperature above 0, a read-out that is not zero in every cell.
void require_linear(const Machine& machine);
void require_free(const Machine& machine);
void require_warm(const Study& study);
void require_readout(const Eigen::MatrixXd& readout);

}  // namespace settle
