// Read-outs under other fields, of another machine or at another temperature, for what a run compares: settled
// together, with the model's bits (the same as any engine's).
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "study/run/beside.hpp"
#include "study/run/float64_pieces.hpp"
#include "study/run/model_batches.hpp"
#include "study/run/study.hpp"

namespace settle {

/// Read-outs [samples x decoder cells], activation units, of samples 0 .. samples - 1 of a study.
class Readouts {
 public:
  /// `models`: of the study's machine, or of one with the same decoder; both must outlive this.
  Readouts(const Study& study, ModelBatches& models, Eigen::Index samples);

  Eigen::Index samples() const { return samples_; }

  /// Asks for one, under `field` at temperature `kt`, each sample with its noise of the run. Returns its number. Throws
  /// Error if a field does not fit.
  std::size_t add(const SampleField& field, double kt);

  /// Has all of them settled; nothing may be added then.
  void settle(Beside& beside, const char* side);

  /// When the work is done. Throws Error if the read-out is zero in every cell, Interrupted if it was not done to its
  /// end.
  Eigen::MatrixXd of(std::size_t number) const;

 private:
  struct Asked {
    std::vector<std::vector<std::int16_t>> fields;  ///< [samples]
    double kt;
  };

  const Study& study_;
  ModelBatches& models_;
  Eigen::Index samples_;
  std::shared_ptr<std::vector<Asked>> asked_ = std::make_shared<std::vector<Asked>>();
  Pending<BatchResult> result_;
};

}  // namespace settle
