#include "base/linear_algebra/eigenvalues.hpp"

#include <Eigen/Eigenvalues>

#include "base/error.hpp"

namespace settle {
namespace {

template <typename Solver>
const Solver& converged(const Solver& solver, const Eigen::MatrixXd& m) {
  if (solver.info() != Eigen::Success) {
    throw error("the eigenvalues of a {} x {} matrix were not found", m.rows(), m.cols());
  }
  return solver;
}

}  // namespace

Eigen::MatrixXd SymmetricEigen::root() const { return vectors * values.cwiseSqrt().asDiagonal() * vectors.transpose(); }

Eigen::MatrixXd SymmetricEigen::inverse_root() const {
  return vectors * values.cwiseSqrt().cwiseInverse().asDiagonal() * vectors.transpose();
}

SymmetricEigen symmetric_eigen(const Eigen::MatrixXd& m) {
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(m);
  return {converged(solver, m).eigenvalues(), solver.eigenvectors()};
}

Eigen::VectorXd symmetric_eigenvalues(const Eigen::MatrixXd& m) {
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(m, Eigen::EigenvaluesOnly);
  return converged(solver, m).eigenvalues();
}

Eigen::VectorXcd eigenvalues(const Eigen::MatrixXd& m) {
  const Eigen::EigenSolver<Eigen::MatrixXd> solver(m, false);
  return converged(solver, m).eigenvalues();
}

}  // namespace settle
