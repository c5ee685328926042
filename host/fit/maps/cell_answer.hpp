// What a cell answers with in the place of an activation.
//
// A cell rests where its force is nought, so its answer to a field must grow with it, by no less than an eighth of its
// steepest rise: stiffnesses of a layer then span a factor of about ten. An activation f that does not is shared by two
// cells, f(u) = share F(u) + rest u: one that answers with F, which rises, and a linear one that answers with u.
#pragma once

#include <string>

#include <Eigen/Core>

#include "network/layers/activation.hpp"

namespace settle {

struct CellAnswer {
  Activation shape;                            ///< of one slope; F(u) = shape(u) + lift u
  double lift = 0;                             ///< >= 0
  Eigen::VectorXd share;                       ///< [channels] above 0
  Eigen::VectorXd rest;                        ///< [channels] of the linear cell beside it; all 0: there is none
  double least_slope = 1, greatest_slope = 1;  ///< of F, both above 0

  bool needs_linear_cell() const { return (rest.array() != 0).any(); }
  /// F is max(u, slope u): it commutes with positive units, so each channel may have its own.
  bool is_leaky() const { return shape.kind == Activation::Kind::leaky_relu && lift == 0; }
  double slope() const { return static_cast<double>(shape.slopes[0]); }  ///< of leaky ones

  /// F(u).
  double operator()(double u) const { return activated(shape, u) + lift * u; }
  /// The u at which F(u) is `answer`, to 1e-12 of its size.
  double inverse(double answer) const;
};

/// How cells stand for `activation` on `channels` channels; not for the identity, which needs no cells. Throws Error
/// that begins with `where` for a leaky_relu that mixes slopes of which one is 1 or more.
CellAnswer cell_answer(const Activation& activation, int channels, const std::string& where);

}  // namespace settle
