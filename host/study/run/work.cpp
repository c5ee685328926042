#include "study/run/work.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <string>

#include "array/float64/site_products.hpp"
#include "base/parallel.hpp"
#include "device/engine_names.hpp"
#include "network/graph/queries.hpp"
#include "study/run/plans.hpp"
#include "study/run/samples.hpp"

namespace settle {

namespace {

constexpr double kSettledShare = 0.01;      // of the start's distance, which a prediction follows to its end
constexpr double kRestShare = 1e-10;        // the same of the search for a rest point
constexpr double kProductsPerSecond = 2e9;  // of dense matrices in double precision

class Estimate {
 public:
  Estimate(const Study& study, const Rates& rates, RunArrays& arrays)
      : study_(study),
        rates_(rates),
        arrays_(arrays),
        machine_(study.machine()),
        asked_(static_cast<Eigen::Index>(study.images.size())),
        compared_(study.compared(asked_)),
        steps_(study.plan.steps()),
        settle_(study.plan.settle_steps) {}

  PhaseSeconds seconds() const {
    PhaseSeconds all{};
    const auto set = [&](Phase phase, double value) { all[static_cast<std::size_t>(phase)] = value; };
    set(Phase::unet, rounds(asked_) * rates_.pass);
    const auto arrays = static_cast<double>(arrays_.own().all().size());
    const double turns = study_.options.engine == kEnsembleEngine ? arrays_.batches().rounds(asked_)
                                                                  : std::ceil(static_cast<double>(asked_) / arrays);
    set(Phase::settling, turns * (rates_.run + rates_.step * steps_));
    if (gives_image(machine_)) set(Phase::images, rounds(asked_) * 2 * decoding());
    set(Phase::beside, beside());
    return all;
  }

 private:
  /// How many samples each worker takes one after the other.
  double rounds(Eigen::Index samples) const {
    const std::size_t workers = worker_count(static_cast<std::size_t>(samples), study_.options.threads);
    return std::ceil(static_cast<double>(samples) / static_cast<double>(workers));
  }

  /// Work that threads share: as long as their share of it, or as its longest part.
  struct Shared {
    double all = 0, longest = 0;
    void add(double seconds, double times = 1) {
      all += times * seconds;
      longest = std::max(longest, seconds);
    }
  };

  /// All that beside.hpp shares, and what is made of it then.
  double beside() const {
    Shared work;
    if (gives_image(machine_)) work.add(settle_ * rates_.stepped_step);
    if (!study_.options.quick) add_measures(work);
    const auto threads = static_cast<double>(study_.threads());
    const double film = gives_image(machine_) ? static_cast<double>(film_steps(study_).size()) * decoding() : 0;
    return std::max(work.all / threads, work.longest) + film;
  }

  void add_measures(Shared& work) const {
    const bool warm = study_.kt() > 0;
    Eigen::Index chains = compared_;  // at kT 0
    if (free()) chains += compared_;
    if (!machine_.interface.source.empty()) chains += compared_;
    if (has_buses()) {
      chains += compared_;
      work.add(steps_ * rates_.cut_piece_step * share_without_buses(), pieces(compared_));
    }
    work.add(steps_ * rates_.piece_step, pieces(chains));
    const double blocks = std::ceil(static_cast<double>(compared_) / kFloat64Chains);
    work.add(steps_ * rates_.cold_float64_step, blocks);
    work.add(steps_ * rates_.float64_step, blocks);
    if (warm) work.add(snapshots());
    if (free()) work.add(rest() + 2 * steps_ * rates_.model_step_alone);
    if (free()) add_curves(work);
    if (warm && free()) work.add(fluctuations());
    if (warm) work.add(heat());
  }

  double pieces(Eigen::Index chains) const { return static_cast<double>(arrays_.batches().piece_count(chains)); }

  bool free() const {
    return std::all_of(machine_.layers.begin(), machine_.layers.end(), [](const Layer& layer) {
      return std::count(layer.clamp.begin(), layer.clamp.end(), 0) == static_cast<std::ptrdiff_t>(layer.clamp.size());
    });
  }

  bool has_buses() const {
    return std::any_of(machine_.buses.begin(), machine_.buses.end(),
                       [](const Bus& bus) { return bus.source != bus.target; });
  }

  /// Of a step's time what is left without buses between layers: noise and rounding of every cell, about.
  static double share_without_buses() { return 0.4; }

  /// What follows from a map in the network, of a pass of the whole.
  double decoding() const {
    const Graph& network = study_.network;
    std::set<std::string> given = maps_beside(network, study_.decoder().map);
    given.insert(study_.decoder().map);
    return rates_.pass * operations(network, needed(network, network.output, given)) / operations(network);
  }

  double snapshots() const {
    const SnapshotPlan plan = snapshot_plan(study_);
    return (plan.settle_steps + plan.times * plan.stride) * (rates_.model_step_alone + rates_.exact_step_alone);
  }

  /// Steps in which the slowest mode falls to `share`.
  double steps_to(double share) const { return -std::log(share) * study_.stability.relaxation_steps; }

  /// A rest point: a small linear machine's by elimination.
  double rest() const {
    const double n = study_.fixed->cells();
    if (!study_.large()) return n * n * n / kProductsPerSecond;
    return steps_to(kRestShare) * rates_.cold_exact_step_alone;
  }

  /// The curves, and lambda_min_steps of small machines: a full set of eigenvalues takes about ten eliminations.
  void add_curves(Shared& work) const {
    const CurvePlan plan = curve_plan(study_, asked_);
    const double predicted = (plan.steps + steps_to(kSettledShare)) * rates_.linear_step;
    work.add(2 * plan.steps * rates_.watched_step + predicted + rest(), static_cast<double>(plan.samples));
    const double n = study_.fixed->cells();
    if (!study_.large()) work.add(10 * n * n * n / kProductsPerSecond);
  }

  double fluctuations() const {
    const OverlapPlan plan = overlap_plan(study_);
    return (plan.settle_steps + plan.buffers * study_.configuration().trace_depth) * rates_.stepped_step;
  }

  double heat() const {
    if (settle_ < 1 || settle_ > kMostWatchedSteps) return 0;
    const HeatPlan plan = heat_plan(study_);
    const double steps = plan.settle_steps + plan.batches * plan.batch_steps;
    return steps * (rates_.watched_model_step + rates_.cold_exact_step_alone);
  }

  const Study& study_;
  const Rates& rates_;
  RunArrays& arrays_;
  const Machine& machine_;
  Eigen::Index asked_, compared_;
  double steps_, settle_;
};

}  // namespace

PhaseSeconds expected_seconds(const Study& study, const Rates& rates, RunArrays& arrays) {
  return Estimate(study, rates, arrays).seconds();
}

}  // namespace settle
