#include "study/run/readouts.hpp"

#include "base/parallel.hpp"

namespace settle {

Readouts::Readouts(const Study& study, ModelBatches& models, Eigen::Index samples)
    : study_(study), models_(models), samples_(samples) {}

std::size_t Readouts::add(const SampleField& field, double kt) {
  Asked asked{{}, kt};
  asked.fields.resize(static_cast<std::size_t>(samples_));
  const auto make = [&](std::size_t s, std::size_t) {
    const auto sample = static_cast<Eigen::Index>(s);
    asked.fields[s] = fixed_sample_field(models_.fixed(), field(sample), sample);
  };
  parallel_for(asked.fields.size(), worker_count(asked.fields.size(), study_.options.threads), make);
  asked_->push_back(std::move(asked));
  return asked_->size() - 1;
}

void Readouts::settle(Beside& beside, const char* side) {
  if (asked_->empty()) return;
  const Eigen::Index samples = samples_;
  const auto of = [asked = asked_, samples](Eigen::Index chain) -> const Asked& {
    return (*asked)[static_cast<std::size_t>(chain / samples)];
  };
  Batch batch = {samples * static_cast<Eigen::Index>(asked_->size()),
                 [of, samples](Eigen::Index c) { return of(c).fields[static_cast<std::size_t>(c % samples)]; },
                 study_.plan, [of](Eigen::Index c) { return of(c).kt; },
                 [seed = study_.plan.seed, samples](Eigen::Index c) {
                   return sample_seed(seed, static_cast<std::uint64_t>(c % samples));
                 }};
  result_ = beside.batch(side, models_.pieces(std::move(batch), beside.workers()));
}

Eigen::MatrixXd Readouts::of(std::size_t number) const {
  const Eigen::Index first = static_cast<Eigen::Index>(number) * samples_;
  const Eigen::MatrixXd mean = complete(result_, first + samples_).mean.middleRows(first, samples_);
  require_readout(mean);
  return study_.activations(mean);
}

}  // namespace settle
