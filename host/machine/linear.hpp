// What a linear machine does exactly: where it rests, how it fluctuates and how fast it relaxes. Notation of
// machine.hpp; all cells concatenated by layer: layer l begins at cell layer_offset(machine, l). T = I - e M is one
// noise-free step about the rest point.
#pragma once

#include <vector>

#include <Eigen/Core>

#include "machine/bus_operator.hpp"
#include "machine/machine.hpp"

namespace settle {

/// Cells of all layers together.
int cell_count(const Machine& machine);

/// Index of the first cell of layer `layer`, 0 .. layers - 1.
int layer_offset(const Machine& machine, int layer);

/// The part of M that acts within one site of layer `layer`: its stiffness, neighbours and self-buses,
/// [site cells x site cells].
Eigen::MatrixXd site_matrix(const Machine& machine, int layer);

/// Linear part M of the force, F(x) = h - M x, applied without building the matrix: stiffness, neighbours and buses
/// (one-way buses in their target's rows only, so M need not be symmetric). Force tables are left out.
class LinearForce {
 public:
  /// Copies what it needs of a validated machine.
  explicit LinearForce(const Machine& machine);

  Eigen::Index cells() const { return cells_; }

  /// M x, [cells]. Throws Error on another size.
  Eigen::VectorXd operator()(const Eigen::VectorXd& x) const;

 private:
  struct Own {
    Eigen::Index first, cells;
    Eigen::MatrixXd site;  // site_matrix
  };
  struct Coupling {
    std::size_t source, target;
    bool reciprocal;
    BusOperator action;
  };

  Eigen::Index cells_ = 0;
  std::vector<Own> layers_;
  std::vector<Coupling> buses_;
};

/// M as a matrix, [cells x cells]; for machines of up to some thousand cells. `table_slopes`: for each layer the slope
/// at which its force table is linearised, added to the stiffness; empty: tables are left out. Throws Error if its size
/// is neither 0 nor the number of layers.
Eigen::MatrixXd force_matrix(const Machine& machine, const std::vector<double>& table_slopes = {});

/// T = I - e M.
Eigen::MatrixXd step_matrix(const Eigen::MatrixXd& force, double step);

/// Largest |eigenvalue| of a square matrix, symmetric or not.
double spectral_radius(const Eigen::MatrixXd& matrix);

/// Least and greatest eigenvalue of a symmetric matrix.
struct EigenRange {
  double least = 0, greatest = 0;
};
/// `symmetric` [n x n], of which only the lower half is read. Throws Error as symmetric_eigen.
EigenRange eigen_range(const Eigen::MatrixXd& symmetric);

/// Slowest relaxation of a step matrix, -1 / ln(spectral radius), in steps; infinite from radius 1 on.
double relaxation_steps(double radius);

/// Rest point M^-1 h of a machine without force tables, h = `fields` [cells]. Clamped cells are not treated as such.
/// Throws Error if a layer has a force table, the sizes disagree or M is singular.
Eigen::VectorXd equilibrium(const Machine& machine, const Eigen::VectorXd& fields);

/// Covariance C of the thermal state: the C that solves C = T C T^T + 2 e kT I (discrete Lyapunov). Symmetric M: closed
/// form kT M^-1 (I - e M / 2)^-1 from its eigenvalues; otherwise the series sum_n T^n (T^T)^n, summed by doubling
/// (Smith 1968). `step` e, `kt` >= 0. Throws Error if the step is not stable.
Eigen::MatrixXd stationary_covariance(const Eigen::MatrixXd& force, double step, double kt);

/// The same by the series alone, whatever the symmetry: the independent way.
Eigen::MatrixXd lyapunov_covariance(const Eigen::MatrixXd& force, double step, double kt);

/// Covariance of the mean of x over `window` consecutive steps, from the exact autocovariance T^|lag| C. Symmetric M
/// only: per eigenvalue, with r = 1 - e lambda, variance / W * [(1+r)/(1-r) - 2 r (1-r^W) / (W (1-r)^2)]. Throws Error
/// if M is not symmetric, the step is not stable or window < 1.
Eigen::MatrixXd window_mean_covariance(const Eigen::MatrixXd& force, double step, double kt, int window);

}  // namespace settle
