#include <memory>

#include "base/error.hpp"
#include "study/measures/conditioning.hpp"
#include "study/measures/similarity.hpp"
#include "study/run/measurements.hpp"
#include "study/run/readouts.hpp"

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

/// Read-outs of the machine with its buses cut.
struct Cut {
  Cut(const Study& study, Eigen::Index count)
      : machine(std::make_shared<const FixedMachine>(without_buses(study.machine()), study.configuration(),
                                                     study.fixed->name + " without buses", study.machine().decoder)),
        models(study.make_device, machine, study.options.threads),
        readouts(study, models, count) {}

  std::shared_ptr<const FixedMachine> machine;
  ModelBatches models;
  Readouts readouts;
};

void ask_oracle(const Study& study, const std::shared_ptr<Readouts>& readouts, Eigen::Index count, Beside& beside) {
  require_free(study.machine());
  const std::size_t oracle = readouts->add(
      [&](Eigen::Index s) { return oracle_fields(study.machine(), study.to_compare(s).conditioning); }, study.kt());
  beside.then([&study, readouts, count, oracle](Results& results) {
    results.measure("decoder.oracle", results.report.decoder.oracle,
                    [&] { return cosine(readouts->of(oracle), study.targets(count), study.sites()); });
  });
}

void ask_frozen(const Study& study, const std::shared_ptr<Readouts>& readouts, Eigen::Index count, Beside& beside) {
  if (study.machine().interface.source.empty()) throw error("the machine has no interface");
  const std::size_t frozen = readouts->add(
      [&](Eigen::Index s) { return fields(study.machine(), study.to_compare(s).conditioning, InterfaceMode::frozen); },
      study.kt());
  beside.then([&study, readouts, count, frozen](Results& results) {
    results.measure("decoder.frozen_interface", results.report.decoder.frozen_interface, [&] {
      return cosine_centred(readouts->of(frozen), study.targets(count), study.fit_mean(), study.sites());
    });
  });
}

/// Buses on and off under the fields (Ax, By).
void ask_shift(const Study& study, const std::shared_ptr<Readouts>& readouts, Eigen::Index count, Beside& beside) {
  const SampleField own = [&](Eigen::Index s) { return own_fields(study.machine(), study.to_compare(s).conditioning); };
  const auto cut = std::make_shared<Cut>(study, count);
  const std::size_t off = cut->readouts.add(own, study.kt());
  const std::size_t on = readouts->add(own, study.kt());
  cut->readouts.settle(beside, "buses cut");
  beside.then([&study, readouts, count, cut, on, off](Results& results) {
    results.measure("decoder_shift", results.report.decoder_shift,
                    [&] { return decoder_shift(readouts->of(on), cut->readouts.of(off), study.targets(count)); });
  });
}

void measure_deficits(const Study& study, Eigen::Index count, Results& results) {
  const Machine& machine = study.machine();
  results.measure("conditioning_deficit", results.report.conditioning_deficit, [&] {
    const Eigen::Index cells = study.fixed->cells();
    return conditioning_deficit(
        rows(count, cells, [&](Eigen::Index s) { return oracle_fields(machine, study.to_compare(s).conditioning); }),
        rows(count, cells, [&](Eigen::Index s) { return coupling_fields(machine, study.to_compare(s).conditioning); }));
  });
  results.measure("conditioning_deficit_paper", results.report.conditioning_deficit_paper,
                  [&] { return deficit_of_pair(study, count); });
}

}  // namespace

void measure_comparisons(const Study& study, Eigen::Index count, const std::shared_ptr<Readouts>& readouts,
                         Beside& beside, Results& results) {
  results.take("decoder.oracle", [&] { ask_oracle(study, readouts, count, beside); });
  results.take("decoder.frozen_interface", [&] { ask_frozen(study, readouts, count, beside); });
  results.take("decoder_shift", [&] { ask_shift(study, readouts, count, beside); });
  beside.then([&study, count](Results& later) { measure_deficits(study, count, later); });
}

}  // namespace settle
