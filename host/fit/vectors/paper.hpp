// The `paper` preset: the paper's method on our U-Net (arXiv 2604.14332).
//
//   M = [[A, J], [J^T, B]],  A = 2 J2 + 2 Je,  Je = W_e^T W_e / (4 kT),  B likewise from W_d,  J2 = 0.1,  kT = 1
//   J = (U_e S_e^1/2) (U_d S_d^1/2)^T / its Frobenius norm / (4 kT),  U S U^T = the leading k of each Gram matrix Je,
//   Jd interface: x (encoder activation) -> b_enc = up down x ~ A x -> b_dec = out silu(in b_enc) ~ B y
//
// The couplings come from the weights alone; the interface is fitted to its two targets and never sees the array.
#pragma once

#include <functional>

#include <Eigen/Core>

#include "fit/response/response.hpp"
#include "machine/machine.hpp"

namespace settle {

struct PaperOptions {
  double j2 = 0.1;  ///< local stiffness, > 0
  double kt = 1;    ///< the kT in the couplings' denominators (the machine's own temperature is set elsewhere)
  int rank = 16;    ///< of the skip
  double step = 0.25;
  double decay = 2e-5;   ///< on the transfer network, as a share of its target's mean square
  SearchOptions search;  ///< of the transfer network; its rank, offset and decay are ignored
};

/// What the method's couplings look like.
struct PaperCouplings {
  Eigen::MatrixXd encoder_self;  ///< [D x D] P with P P^T = 2 Je: W^T / sqrt(2 kT)
  Eigen::MatrixXd decoder_self;
  Eigen::MatrixXd encoder_skip;  ///< [D x k], the two ends of J
  Eigen::MatrixXd decoder_skip;
};

/// `encoder_kernel`, `decoder_kernel` [D x D]: convolution weights as rows, cut to D columns. An eigenvector's sign,
/// which the method leaves open, is that for which its largest component is positive. Throws Error if shapes differ or
/// the rank is outside 1 .. D.
PaperCouplings paper_couplings(const Eigen::MatrixXd& encoder_kernel, const Eigen::MatrixXd& decoder_kernel,
                               const PaperOptions& options);

/// The machine, layers encoder (0) and decoder (1), scales 1, temperature 0, no windows, configuration "paper".
/// `encoder`, `decoder` [n x D]: activations of the training images. Its M is not checked here.
Machine fit_paper(const Eigen::MatrixXd& encoder, const Eigen::MatrixXd& decoder, const Eigen::MatrixXd& encoder_kernel,
                  const Eigen::MatrixXd& decoder_kernel, const PaperOptions& options,
                  const std::function<bool()>& stop);

}  // namespace settle
