// How hot and how long a fitted machine should run: temperature and settling time, from the exact statistics of the
// linear machine.
#pragma once

#include <cstdint>

#include <Eigen/Core>

#include "machine/machine.hpp"

namespace settle {

/// `thermal_ratio` of a linear machine at temperature `kt`: RMS over decoder cells of the thermal standard deviation
/// over RMS over decoder cells of the standard deviation of `target` [n x decoder cells] across samples.
double thermal_ratio(const Machine& machine, double kt, const Eigen::MatrixXd& target);

/// The temperature at which thermal_ratio is `ratio` (> 0), rounded to three digits.
double temperature_for_ratio(const Machine& machine, double ratio, const Eigen::MatrixXd& target);

/// Steps after which the slowest relaxation has fallen to `left` (0 .. 1) of its start, rounded up to 16.
int settle_steps_for(const Machine& machine, double left);

/// Noise-free decoder states at rest, one row per sample. `encoder`, `bottleneck` [n x 64]; `frozen`: interface at its
/// mean.
Eigen::MatrixXd rest_readout(const Machine& machine, const Eigen::MatrixXd& encoder, const Eigen::MatrixXd& bottleneck,
                             bool frozen);

/// `readout` [n x decoder cells] with what averaging over the machine's window leaves of the thermal noise (drawn from
/// its exact covariance, by `seed`). A machine with one-way buses: with the covariance of independent samples at twice
/// its slowest relaxation.
Eigen::MatrixXd with_window_noise(const Machine& machine, const Eigen::MatrixXd& readout, std::uint64_t seed);

}  // namespace settle
