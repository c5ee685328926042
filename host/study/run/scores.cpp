#include <functional>
#include <string>

#include "base/error.hpp"
#include "study/measures/pairing.hpp"
#include "study/measures/similarity.hpp"
#include "study/measures/thermal.hpp"
#include "study/run/measurements.hpp"

namespace settle {

void measure_scores(const Study& study, const Settled& settled, Results& results) {
  const BatchResult& batch = settled.batch;
  const Eigen::Index sites = study.sites();
  const Eigen::VectorXd mean = study.fit_mean();
  const Eigen::MatrixXd x = study.activations(batch.mean), t = study.targets(batch.samples);
  const auto of_readout = [&](const char* name, Measure& out, const std::function<double()>& value) {
    results.measure(std::string("decoder.") + name, out, [&] {
      require_readout(x);
      return value();
    });
  };
  Report::Decoder& d = results.report.decoder;
  of_readout("cosine", d.cosine, [&] { return cosine(x, t, sites); });
  of_readout("cosine_centred", d.cosine_centred, [&] { return cosine_centred(x, t, mean, sites); });
  of_readout("r2", d.r2, [&] { return r2(x, t, mean); });
  of_readout("cosine_paper", d.cosine_paper, [&] { return cosine_paper(x, t); });
  of_readout("shuffled", d.shuffled, [&] { return shuffled(x, t, mean, kPairings, study.options.seed, sites); });
  results.measure("decoder.baseline_mean", d.baseline_mean, [&] {
    if (mean.isZero(0)) throw error("the machine's fit_mean is zero: there is no constant to compare with");
    return baseline_mean(t, mean, sites);
  });
  results.measure("thermal_ratio", results.report.thermal_ratio, [&] {
    if (study.kt() == 0) throw error("kT is 0: what is left is rounding");
    if (study.plan.window_steps < 2) throw error("a window of one step has no variance");
    return thermal_ratio(study.activations(study.activations(batch.variance)), t);  // activation units squared
  });
}

}  // namespace settle
