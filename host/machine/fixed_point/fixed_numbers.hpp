// Physical numbers to fixed point and back: never wrapped, never clipped, refused if they do not fit.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <Eigen/Core>

#include "contract/configuration/configuration.hpp"
#include "machine/fixed_point/array_contents.hpp"

namespace settle {

/// `value` in `format`, rounded to nearest. Throws Error naming `what`, the value and the range if it does not fit.
std::int32_t to_fixed(double value, const Format& format, const std::string& what);

/// Fields of all cells [cells], physical units, as coefficients. Throws Error, which begins with `name` and names the
/// cell, if a field does not fit or if sites that share their field are given different ones.
std::vector<std::int16_t> fixed_fields(const Eigen::VectorXd& fields, const ArrayContents& contents,
                                       const Configuration& configuration, const std::string& name);

/// States of all cells [cells], physical units, as state integers. Throws Error, which begins with `name` and names the
/// cell, if a state does not fit.
std::vector<std::int32_t> fixed_states(const Eigen::VectorXd& states, const ArrayContents& contents,
                                       const Configuration& configuration, const std::string& name);

/// Noise gain sqrt(2 kT / e) of each layer in its state's units, as the gain memory takes it (fraction bits: those of a
/// product less the 12 of a noise sample). Throws Error, which begins with `what`, if kT is negative, not finite, too
/// large for the format or so small that a layer would have no noise at all.
std::vector<std::int16_t> fixed_gains(double kt, const ArrayContents& contents, const Configuration& configuration,
                                      const std::string& what);

/// The temperature that the rounded gains of fixed_gains really give, by layer.
std::vector<double> realised_kt(const std::vector<std::int16_t>& gains, const ArrayContents& contents,
                                const Configuration& configuration);

}  // namespace settle
