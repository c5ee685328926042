#include "study/run/rates.hpp"

#include <algorithm>
#include <chrono>
#include <functional>

#include "array/float64/float64_array.hpp"
#include "array/float64/float64_chains.hpp"
#include "array/float64/rest_point.hpp"
#include "base/error.hpp"
#include "base/parallel.hpp"
#include "device/engine_names.hpp"
#include "study/run/array_noise.hpp"
#include "study/run/samples.hpp"

namespace settle {

namespace {

// A probe makes more and more steps, until they take long enough to be timed.
constexpr int kProbeSteps = 4, kMostProbeSteps = 4096;
constexpr Eigen::Index kComparisons = 4;  // read-outs of the compared samples that are settled together
constexpr double kProbeSeconds = 0.01, kEngineProbeSeconds = 0.05;

double seconds_of(const std::function<void()>& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

/// Seconds of each of `count` steps, given what `seconds(count)` says that they take. On a busy host any probe may be
/// held up: that it is long enough is believed of the shorter of two.
double step_seconds(const std::function<double(int)>& seconds, double enough = kProbeSeconds) {
  for (int count = kProbeSteps;; count *= 4) {
    const double first = seconds(count), second = seconds(count);
    if (std::min(first, second) >= enough || count >= kMostProbeSteps) return (first + second) / 2 / count;
  }
}

/// Seconds of a step while all of `arrays` make steps side by side.
double shared_step(const std::vector<LoadedArray*>& arrays, double kt, const std::function<bool()>& stop) {
  const auto run = [&](std::size_t, std::size_t worker) { arrays[worker]->run({true, true}, stop); };
  return step_seconds([&](int count) {
    for (LoadedArray* array : arrays) array->set_schedule({{count, false}}, kt);
    return seconds_of([&] { parallel_for(arrays.size(), arrays.size(), run); });
  });
}

double alone_step(LoadedArray& array, double kt, const std::function<bool()>& stop) {
  return shared_step({&array}, kt, stop);
}

double watched_step(LoadedArray& array, double kt, const std::function<bool()>& stop) {
  array.set_schedule({{1, false}}, kt);
  const auto step = [&] {
    array.run({false, true}, stop);
    array.states();
  };
  return step_seconds([&](int count) {
    return seconds_of([&] {
      for (int n = 0; n < count; ++n) step();
    });
  });
}

double exact_step(const Study& study, const Eigen::VectorXd& field, double kt) {
  Float64Array array(study.machine(), study.configuration().state_range());
  array.set_field(field);
  const Gaussian xi = array_noise(1, study.configuration().noise_rounds, array.cells());
  return step_seconds([&](int count) { return seconds_of([&] { array.run(0, count, kt, xi); }); });
}

/// Of Float64Chains, one on each thread.
double float64_step(const Study& study, const Eigen::VectorXd& field, std::size_t workers, double kt) {
  const auto plan = std::make_shared<const Float64Plan>(study.machine(), study.configuration().state_range());
  std::vector<Float64Chains> all(workers, Float64Chains(plan));
  for (Float64Chains& chains : all) {
    for (int k = 0; k < kFloat64Chains; ++k) {
      chains.set_field(k, field);
      chains.set_temperature(k, kt, array_noise(1, study.configuration().noise_rounds, chains.cells()));
    }
  }
  return step_seconds([&](int count) {
    const auto run = [&](std::size_t, std::size_t worker) { all[worker].run(0, count); };
    return seconds_of([&] { parallel_for(workers, workers, run); });
  });
}

/// Seconds of a step of all that settle a batch of `samples` side by side.
double batch_step(ModelBatches& batches, Eigen::Index samples, const Sample& sample, double kt) {
  return step_seconds([&](int count) { return batches.seconds(samples, sample.fields, kt, count); });
}

double piece_step(ModelBatches& batches, Eigen::Index chains, std::size_t workers, const Sample& sample, double kt) {
  return step_seconds([&](int count) { return batches.piece_seconds(chains, workers, sample.fields, kt, count); });
}

void probe_engine(const Study& study, const Engines& own, const Sample& sample, Rates& rates) {
  for (LoadedArray* array : own.all()) array->driver().set_fields(sample.fields);
  LoadedArray& first = own.first();
  const auto timed = [&](int count) {
    first.set_schedule({{count, false}}, study.kt());
    return seconds_of([&] { first.run({true, true}, study.stop); });
  };
  timed(1);  // a line still carries the machine then
  const double shortest = std::min(timed(1), timed(1));
  int made = 1;
  const double alone = step_seconds(
      [&](int count) {
        made = count + 1;
        return std::max(0.0, timed(made) - shortest);
      },
      kEngineProbeSeconds);
  rates.cycles = static_cast<unsigned>(first.counters().cycles / static_cast<unsigned>(made));
  rates.step = own.all().size() > 1 ? shared_step(own.all(), study.kt(), study.stop) : alone;
  // A sample of one step, with all that is written and read for it.
  const Batch batch = {1, [&](Eigen::Index) { return sample.fields; }, {study.kt(), 0, 1, study.plan.seed}};
  rates.run = std::max(0.0, seconds_of([&] { settle_batch({&first}, batch, {study.stop}); }) - alone);
}

/// The array whose states the film is made of, or a curve.
void probe_stepped(const Study& study, RunArrays& arrays, const Sample& sample, Rates& rates) {
  LoadedArray& stepped = arrays.stepped();
  stepped.driver().set_fields(sample.fields);
  const bool own = &stepped == &arrays.own().first() && study.options.engine != kEnsembleEngine;
  rates.stepped_step = own && arrays.own().all().size() == 1 ? rates.step : alone_step(stepped, study.kt(), study.stop);
}

void probe_beside(const Study& study, RunArrays& arrays, const Sample& sample, Rates& rates) {
  const double kt = study.kt();
  const Eigen::Index compared = study.compared(static_cast<Eigen::Index>(study.images.size()));
  const std::size_t workers = study.threads();
  LoadedArray& model = arrays.model(0);
  model.driver().set_fields(sample.fields);
  rates.piece_step = piece_step(arrays.batches(), kComparisons * compared, workers, sample, kt);
  rates.cut_piece_step = piece_step(arrays.batches(), compared, workers, sample, kt);
  rates.model_step_alone = alone_step(model, kt, study.stop);
  rates.watched_model_step = watched_step(model, kt, study.stop);
  LoadedArray& stepped = arrays.stepped();
  rates.watched_step = &stepped == &model ? rates.watched_model_step : watched_step(stepped, kt, study.stop);
  const Eigen::VectorXd& field = sample.compared->fields;
  rates.float64_step = float64_step(study, field, workers, kt);
  rates.cold_float64_step = kt > 0 ? float64_step(study, field, workers, 0) : rates.float64_step;
  rates.exact_step_alone = exact_step(study, field, kt);
  rates.cold_exact_step_alone = kt > 0 ? exact_step(study, field, 0) : rates.exact_step_alone;
  const auto linear = linear_step(study.machine(), Eigen::VectorXd::Zero(field.size()));
  Eigen::VectorXd d = field;
  rates.linear_step = step_seconds([&](int count) {
    return seconds_of([&] {
      for (int n = 0; n < count; ++n) d = linear(d);
    });
  });
}

}  // namespace

Rates measured_rates(const Study& study, RunArrays& arrays, bool beside) {
  Rates rates;
  try {
    const std::size_t workers = worker_count(study.images.size(), study.options.threads);
    Sample sample = make_sample(study, 0);  // the first pass also warms the caches
    rates.pass =
        seconds_of([&] { parallel_for(workers, workers, [&](std::size_t, std::size_t) { make_sample(study, 0); }); });
    if (study.options.engine == kEnsembleEngine) {
      rates.step = batch_step(arrays.batches(), static_cast<Eigen::Index>(study.images.size()), sample, study.kt());
      arrays.own().first().driver().set_fields(sample.fields);
    } else {
      probe_engine(study, arrays.own(), sample, rates);
    }
    if (beside || gives_image(study.machine())) probe_stepped(study, arrays, sample, rates);
    if (beside) probe_beside(study, arrays, sample, rates);
  } catch (const Interrupted&) {
    throw;
  } catch (const DeviceError&) {
    throw;
  } catch (const Error&) {
    return rates;  // what is wrong is said where it is needed
  }
  return rates;
}

}  // namespace settle
