#include <memory>

#include "base/error.hpp"
#include "study/measures/conditioning.hpp"
#include "study/run/measurements.hpp"
#include "study/run/model_readout.hpp"

namespace settle {

namespace {

/// [samples x cells], a row for each sample's `field`.
Eigen::MatrixXd rows(Eigen::Index samples, Eigen::Index cells, const SampleField& field) {
  Eigen::MatrixXd all(samples, cells);
  for (Eigen::Index s = 0; s < samples; ++s) all.row(s) = field(s);
  return all;
}

/// The paper's pair std(A x) / std(Je x), Je: the encoder layer's self-buses.
double deficit_of_pair(const Study& study, Eigen::Index count) {
  const Machine& machine = study.machine();
  const int encoder = machine.encoder;
  if (encoder < 0) throw error("the machine has no encoder layer");
  const auto pair = [&](Eigen::Index s) {
    return paper_pair(machine, encoder, study.to_compare(s).conditioning.layers[static_cast<std::size_t>(encoder)]);
  };
  const Eigen::Index cells = machine.layers[static_cast<std::size_t>(encoder)].cells();
  const Eigen::MatrixXd self = rows(count, cells, [&](Eigen::Index s) { return pair(s).self; });
  if (self.squaredNorm() == 0) throw error("the encoder layer has no bus to itself");
  return conditioning_deficit(rows(count, cells, [&](Eigen::Index s) { return pair(s).own; }), self);
}

/// The machine without buses between layers; self-buses belong to A and B and stay.
Machine without_buses(const Machine& machine) {
  Machine without = machine;
  without.buses.clear();
  for (const Bus& bus : machine.buses) {
    if (bus.source == bus.target) without.buses.push_back(bus);
  }
  if (without.buses.size() == machine.buses.size()) throw error("the machine has no bus between layers");
  return without;
}

/// Buses on and off under the fields (Ax, By).
double shift_of_buses(const Study& study, Eigen::Index count, RunArrays& arrays) {
  const Machine& machine = study.machine();
  const auto cut = std::make_shared<const FixedMachine>(without_buses(machine), study.configuration(),
                                                        study.fixed->name + " without buses", machine.decoder);
  const SampleField own = [&](Eigen::Index s) { return own_fields(machine, study.to_compare(s).conditioning); };
  const Eigen::MatrixXd with = model_readout(study, arrays.batches(), count, own, study.kt());
  ModelBatches off(study.make_device, cut, study.options.threads);
  return decoder_shift(with, model_readout(study, off, count, own, study.kt()), study.targets(count));
}

}  // namespace

void measure_couplings(const Study& study, const Settled& settled, RunArrays& arrays, Results& results) {
  const Eigen::Index count = study.compared(settled.batch.samples);
  const Machine& machine = study.machine();
  Report& report = results.report;
  study.progress.begin(Phase::cut);
  results.measure("conditioning_deficit", report.conditioning_deficit, [&] {
    const Eigen::Index cells = study.fixed->cells();
    return conditioning_deficit(
        rows(count, cells, [&](Eigen::Index s) { return oracle_fields(machine, study.to_compare(s).conditioning); }),
        rows(count, cells, [&](Eigen::Index s) { return coupling_fields(machine, study.to_compare(s).conditioning); }));
  });
  results.measure("conditioning_deficit_paper", report.conditioning_deficit_paper,
                  [&] { return deficit_of_pair(study, count); });
  results.measure("decoder_shift", report.decoder_shift, [&] { return shift_of_buses(study, count, arrays); });
}

}  // namespace settle
