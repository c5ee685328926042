#include "study/run/run_command.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <exception>
#include <map>
#include <vector>

#include "array/float64/rest_point.hpp"
#include "base/error.hpp"
#include "base/files.hpp"
#include "base/parallel.hpp"
#include "contract/configuration/changes.hpp"
#include "machine/check.hpp"
#include "machine/fields.hpp"
#include "machine/fixed_point/fixed_numbers.hpp"
#include "machine/linear.hpp"
#include "report/curve.hpp"
#include "report/energy.hpp"
#include "report/judgement.hpp"
#include "report/pictures.hpp"
#include "report/report.hpp"
#include "report/table.hpp"
#include "study/measures/autocorrelation.hpp"
#include "study/measures/bias.hpp"
#include "study/measures/conditioning.hpp"
#include "study/measures/pairing.hpp"
#include "study/measures/psnr.hpp"
#include "study/measures/settling.hpp"
#include "study/measures/similarity.hpp"
#include "study/measures/split_r_hat.hpp"
#include "study/measures/thermal.hpp"
#include "study/run/batch.hpp"
#include "study/run/denoised.hpp"
#include "study/run/engines.hpp"
#include "study/run/heat_run.hpp"
#include "study/run/inputs.hpp"
#include "study/run/progress.hpp"
#include "study/run/settling_run.hpp"
#include "study/run/word_length.hpp"

namespace settle {

namespace {

constexpr int kSettlingSamples = 5;        // their median is reported
constexpr int kMostSettlingSteps = 20000;  // of one measured curve
constexpr int kAutocorrelationBuffers = 16;
constexpr int kFewBuffers = 6;  // the same for large machines
constexpr int kPairings = 100;
constexpr int kLargestCompared = 1024;      // cells of a machine that is compared on every sample, dense matrices made
constexpr Eigen::Index kCompared = 4;       // samples of a larger one
constexpr Eigen::Index kPictures = 8;       // samples whose images are written
constexpr Eigen::Index kFewestJudged = 16;  // samples from which on the table judges
// How long a step takes is found from runs of more and more steps, until one is long enough to be timed.
constexpr int kProbeSteps = 4, kMostProbeSteps = 4096;
constexpr double kProbeSeconds = 0.05;
// States that the covariance is taken of; of a larger machine fewer.
constexpr int kSnapshots = 500, kFewSnapshots = 100, kSnapshotStride = 4;
constexpr Eigen::Index kCovarianceCells = 256;
// Heat after settling: 20 batches, the fewest that an error is taken of. A batch has 250 steps, several relaxation
// times of the machines of vectors (5 steps of `anchored`, 60 of `paper`), so that batches are as good as independent.
// Of a large machine, whose every step and force in float64 take milliseconds, it has 10, 200 in all: less than the 16
// steps in which its cells relax, for which the error comes out 5 to 20 % too small (`map`, against batches of 200).
constexpr int kHeatBatches = 20, kHeatBatchSteps = 250, kFewHeatBatchSteps = 10;
constexpr double kAnnounced = 10;  // seconds from which on a run says how long it will take

/// One run, stage by stage. Each stage reads what earlier ones left and fills its part of the report.
class Run {
 public:
  Run(const RunOptions& options, const MakeDevice& make_device, const std::function<bool()>& stop)
      : options_(options),
        make_device_(make_device),
        stop_(stop),
        in_(read_inputs(options, stop)),
        name_(options.machine.string()),
        contents_(in_.contents),
        plan_{in_.kt, in_.machine.settle_steps, in_.machine.window_steps, options.seed},
        large_(contents_.cells > kLargestCompared) {}

  int execute() {
    const auto begin = std::chrono::steady_clock::now();
    head();
    std::exception_ptr failure;  // told after what is complete has been written
    main_batch(failure);
    bool interrupted = stop_();
    if (result_.samples < 1) {
      if (failure) std::rethrow_exception(failure);
      if (interrupted) throw Interrupted("interrupted before a sample was settled: nothing is written");
    }
    if (!interrupted && !failure) {
      try {
        beside();
      } catch (const Interrupted&) {
        interrupted = true;
      } catch (const DeviceError&) {
        interrupted = stop_();  // then a board is waited for no longer
        if (!interrupted) failure = std::current_exception();
      }
    }
    const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - begin;
    report_.wall_seconds = wall.count();
    tail(interrupted, failure != nullptr);
    finish();
    engines_->device().finish();
    if (failure) std::rethrow_exception(failure);
    if (!interrupted) return options_.check ? check() : 0;
    if (options_.quiet) return 130;
    fmt::print(stderr, "settle: interrupted: {} of {} samples were settled, measures that were not reached are empty\n",
               result_.samples, options_.samples);
    return 130;
  }

 private:
  int check() const {
    const std::string failure = check_failure(report_);
    if (failure.empty()) return 0;
    fmt::print(stderr, "settle: --check: {}\n", failure);
    return kCheckMissed;
  }

  /// Why the run is not one that its preset's targets were set for; empty: it is one, if it has samples enough.
  std::string why_not_judged() const {
    if (!options_.own_machine) return "--machine names another machine than the preset's";
    if (!options_.format.empty()) return "--format changes the word lengths";
    if (in_.sigma != in_.machine.sigma)
      return fmt::format("sigma is {:g}, the machine's is {:g}", in_.sigma, in_.machine.sigma);
    if (in_.kt != in_.machine.kt) return fmt::format("kT is {:g}, the machine's is {:g}", in_.kt, in_.machine.kt);
    if (options_.settle_steps || options_.window_steps) return "--settle-steps or --window-steps changes the plan";
    return "";
  }

  /// Everything beside the main batch. If it is interrupted, what is missing stays empty in the report.
  void beside() {
    comparisons();
    conditioning();
    fixed_point();
    settling();
    take("heat", [&] { heat(); });
    if (images_) take("film", [&] { film(); });
  }

  /// Does what fills a part of the report. If this machine or its readout does not allow it (nothing varies, no bus, a
  /// field that does not fit), that part stays empty and the report says why: the rest of the run is not lost.
  void take(const std::string& name, const std::function<void()>& action) {
    try {
      action();
    } catch (const Interrupted&) {
      throw;
    } catch (const DeviceError&) {
      throw;
    } catch (const Error& e) {
      not_taken_[name] = e.what();
    }
  }

  void measure(const std::string& name, Measure& result, const std::function<double()>& value) {
    take(name, [&] {
      const double taken = value();
      if (!std::isfinite(taken)) throw error("its value is {}", taken);
      result = taken;
    });
  }

  void require_linear() const {
    for (const Layer& layer : in_.machine.layers) {
      if (!layer.force.empty()) throw error("layer {} has a force table, this is taken of linear cells", layer.name);
    }
  }

  void require_free() const {
    for (const Layer& layer : in_.machine.layers) {
      if (std::count(layer.clamp.begin(), layer.clamp.end(), 0) != static_cast<std::ptrdiff_t>(layer.clamp.size())) {
        throw error("layer {} has clamped cells, this is taken of free ones", layer.name);
      }
    }
  }

  int decoder() const { return in_.machine.decoder; }
  Eigen::Index sites() const { return in_.decoder().sites(); }
  const Conditioning& conditioning(Eigen::Index s) const { return in_.conditionings[static_cast<std::size_t>(s)]; }

  /// Decoder states, or their mean, [rows x cells], in the units of the activation that they stand for.
  Eigen::MatrixXd activations(const Eigen::MatrixXd& states) const {
    const Layer& layer = in_.decoder();
    if (layer.unit.size() == 0) return states;
    return states * layer.unit.replicate(layer.sites(), 1).asDiagonal();
  }
  Eigen::MatrixXd target(Eigen::Index samples) const {
    return activations(field_rows(samples, in_.decoder().cells(), [&](Eigen::Index s) {
      return conditioning(s).layers[static_cast<std::size_t>(decoder())];
    }));
  }
  Eigen::VectorXd fit_mean() const { return activations(in_.machine.fit_mean.transpose()).transpose(); }
  Eigen::VectorXd sample_fields(Eigen::Index s) const {
    return fields(in_.machine, conditioning(s), InterfaceMode::normal);
  }

  void head() {
    report_.preset = options_.preset;
    report_.seed = options_.seed;
    report_.sigma = in_.sigma;
    report_.kt = in_.kt;
    report_.git = options_.git;
    report_.config_hash = in_.configuration.hash_text();
    report_.targets = options_.targets;
    report_.not_judged = why_not_judged();
    report_.interface_parameters = static_cast<std::uint64_t>(in_.machine.interface.parameters());
    const std::vector<std::int16_t> gains = fixed_gains(in_.kt, contents_, in_.configuration, name_ + ": kt");
    report_.extra["array"] = {{"lanes", in_.configuration.lanes},
                              {"settle_steps", plan_.settle_steps},
                              {"window_steps", plan_.window_steps},
                              {"kt_realised", realised_kt(gains, contents_, in_.configuration)},
                              {"formats", formats()}};
  }

  nlohmann::ordered_json formats() const {
    const Configuration& c = in_.configuration;
    return {{"state", format_text(c.state)},
            {"operand", format_text(c.operand)},
            {"coefficient", format_text(c.coefficient)},
            {"word", format_text(c.word)},
            {"table_bits", c.table_bits},
            {"noise_fraction", c.noise_fraction},
            {"round_half_up", c.round_half_up},
            {"step_shift", c.step_shift}};
  }

  void tail(bool interrupted, bool failed) {
    if (report_.not_judged.empty() && result_.samples < kFewestJudged) {
      report_.not_judged =
          fmt::format("it settled {} of the {} images that are needed", result_.samples, kFewestJudged);
    }
    if (failed) not_taken_["run"] = "the device failed: measures that were not reached are empty";
    if (interrupted) not_taken_["run"] = "interrupted: measures that were not reached are empty";
    if (result_.cycles == 0) not_taken_["cycles"] = "the engine has no clock: no cycles, no mac_utilisation";
    report_.extra["run"] = {{"samples_asked", options_.samples},
                            {"samples_compared", compared()},
                            {"interrupted", interrupted},
                            {"not_taken", not_taken_}};
  }

  /// As many devices as can share `samples`: one a core for the model, one for engines that are not the host's own
  /// work.
  std::unique_ptr<Engines> engines_of(const std::string& engine, const ArrayContents& contents,
                                      Eigen::Index samples) const {
    const std::size_t count = engine == "model" ? worker_count(static_cast<std::size_t>(samples)) : 1;
    return std::make_unique<Engines>(make_device_, engine, in_.configuration, contents, count);
  }

  void main_batch(std::exception_ptr& failure) {
    engines_ = engines_of(options_.engine, contents_, in_.samples());
    report_.engine = engines_->device().engine();
    announce();
    Progress progress("settling sample", options_.progress);
    const auto begin = std::chrono::steady_clock::now();
    result_ = settle_batch(
        engines_->all(), contents_, in_.configuration, name_, decoder(), in_.samples(),
        [&](Eigen::Index s) { return sample_fields(s); }, plan_,
        [&](Eigen::Index done, Eigen::Index all) { progress(done, all); }, stop_, &failure);
    const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - begin;
    batch_seconds_ = wall.count();
    report_.samples = static_cast<std::uint64_t>(result_.samples);
    if (result_.samples < 1) return;
    Report::Decoder& d = report_.decoder;
    const Eigen::VectorXd mean = fit_mean();
    const Eigen::MatrixXd x = activations(result_.mean), t = target(result_.samples);
    const auto of_readout = [&](const char* name, Measure& out, const std::function<double()>& value) {
      measure(std::string("decoder.") + name, out, [&] {
        require_readout(x);
        return value();
      });
    };
    of_readout("cosine", d.cosine, [&] { return cosine(x, t, sites()); });
    of_readout("cosine_centred", d.cosine_centred, [&] { return cosine_centred(x, t, mean, sites()); });
    of_readout("r2", d.r2, [&] { return r2(x, t, mean); });
    of_readout("cosine_paper", d.cosine_paper, [&] { return cosine_paper(x, t); });
    of_readout("shuffled", d.shuffled, [&] { return shuffled(x, t, mean, kPairings, options_.seed, sites()); });
    measure("decoder.baseline_mean", d.baseline_mean, [&] {
      if (mean.isZero(0)) throw error("the machine's fit_mean is zero: there is no constant to compare with");
      return baseline_mean(t, mean, sites());
    });
    measure("thermal_ratio", report_.thermal_ratio, [&] {
      if (in_.kt == 0) throw error("kT is 0: what is left is rounding");
      if (plan_.window_steps < 2) throw error("a window of one step has no variance");
      return thermal_ratio(variance(), t);
    });
    report_.cell_updates = result_.cell_updates;
    report_.saturations = result_.saturations;
    if (result_.cycles > 0) report_.cycles = result_.cycles;
    utilisation();
    if (gives_image(in_.machine)) take("image", [&] { image_measures(); });
  }

  /// A read-out that is zero in every cell has no direction: its scores would be of nothing.
  static void require_readout(const Eigen::MatrixXd& readout) {
    if (readout.isZero(0)) throw error("the read-out is zero in every cell");
  }

  /// Window variance in activation units squared.
  Eigen::MatrixXd variance() const { return activations(activations(result_.variance)); }

  /// Says what is unusual about the machine, and how long a long run will take, from the clock cycles and the wall time
  /// of a few steps.
  void announce() {
    if (options_.quiet) return;
    for (const std::string& layers : in_.stability.one_way_cycles) {
      fmt::print("{}: one-way buses make a cycle through layers {}: the machine has no energy\n", name_,
                 one_line(layers));
    }
    const std::vector<Layer>& layers = in_.machine.layers;
    const bool blind = in_.machine.interface.source.empty() &&
                       std::none_of(layers.begin(), layers.end(), [](const Layer& layer) { return layer.held; });
    if (blind) fmt::print("{}: no layer is held and there is no interface: the machine sees no image\n", name_);
    if (options_.engine == "model") return;
    ArrayDriver& driver = engines_->first();
    const std::vector<std::int16_t> gains = fixed_gains(in_.kt, contents_, in_.configuration, name_ + ": kt");
    const auto timed = [&](int steps) {
      driver.set_schedule({{static_cast<std::uint32_t>(steps), false, gains}});
      const auto begin = std::chrono::steady_clock::now();
      driver.run({true, true}, stop_);
      return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    };
    driver.set_fields(fixed_fields(sample_fields(0), contents_, in_.configuration, name_));
    timed(1);  // a line still carries the machine then
    const double shortest = timed(1);
    int probe = kProbeSteps;
    double wall = timed(probe);
    while (wall < kProbeSeconds && probe < kMostProbeSteps) wall = timed(probe *= 4);
    const double step = std::max(0.0, wall - shortest) / (probe - 1);
    const double sample = shortest + step * (plan_.settle_steps + plan_.window_steps - 1);
    const double seconds = sample * static_cast<double>(in_.samples());
    if (seconds < kAnnounced) return;
    fmt::print("{} sample{} of {} + {} steps, {} clock cycles a step: about {:.0f} s on the {} engine\n", in_.samples(),
               in_.samples() == 1 ? "" : "s", plan_.settle_steps, plan_.window_steps,
               driver.counters().cycles / static_cast<unsigned>(probe), seconds, options_.engine);
    std::fflush(stdout);
  }

  void image_measures() {
    images_ = denoised_images(in_, result_.mean, options_.seed);
    Report::Image& out = report_.image.emplace();
    const auto psnr = [&](const char* name, Measure& result, const Eigen::MatrixXd& images) {
      measure(std::string("image.") + name, result, [&] { return mean_psnr(images, images_->clean); });
    };
    psnr("psnr", out.psnr, images_->settled);
    psnr("psnr_unet", out.psnr_unet, images_->unet);
    psnr("psnr_mean_map", out.psnr_mean_map, images_->mean_map);
    psnr("psnr_noisy", out.psnr_noisy, images_->noisy);
    pictures_ = pictures_of(*images_, kPictures);
  }

  double psnr_of(const Eigen::RowVectorXd& image, Eigen::Index sample) const {
    return mean_psnr(image, images_->clean.row(sample));
  }

  /// The first sample's image over time.
  void film() {
    std::vector<int> steps = {0};
    for (int step = 1; step < plan_.settle_steps; step *= 2) steps.push_back(step);
    if (plan_.settle_steps > 0) steps.push_back(plan_.settle_steps);
    const Eigen::MatrixXd states =
        states_over_time(curve_driver(), contents_, in_.configuration, name_, decoder(), sample_fields(0), in_.kt,
                         sample_seed(options_.seed, 0), steps, stop_);
    for (std::size_t n = 0; n < steps.size(); ++n) {
      const Eigen::VectorXd image = settled_image(in_, 0, options_.seed, states.row(static_cast<Eigen::Index>(n)));
      film_.push_back({0, std::to_string(steps[n]), psnr_of(image.transpose(), 0), image});
    }
    film_.push_back({0, "mean", psnr_of(images_->settled.row(0), 0), images_->settled.row(0)});
  }

  void utilisation() {
    if (result_.cycles == 0) return;  // an engine without a clock
    const StepProducts& p = contents_.products;
    const auto settle = static_cast<double>(p.always + p.project + (in_.kt > 0 ? p.noise : 0));
    const double products = settle * plan_.settle_steps + (settle + static_cast<double>(p.window)) * plan_.window_steps;
    report_.mac_utilisation = products * static_cast<double>(result_.samples) /
                              (static_cast<double>(result_.cycles) * in_.configuration.lanes);
  }

  /// Samples that the comparisons take: all, or the first few of a machine for which that would take long.
  Eigen::Index compared() const { return large_ ? std::min(kCompared, result_.samples) : result_.samples; }

  /// Read-out of the compared samples under other fields, or of another machine, on the model engine: the same bits as
  /// any other. Activation units.
  Eigen::MatrixXd on_model(const ArrayContents& contents, const SampleField& field, double kt) const {
    const std::unique_ptr<Engines> engines = engines_of("model", contents, compared());
    BatchPlan plan = plan_;
    plan.kt = kt;
    const BatchResult result = settle_batch(engines->all(), contents, in_.configuration, name_, decoder(), compared(),
                                            field, plan, nullptr, stop_);
    if (stop_()) throw Interrupted("interrupted while comparing");
    require_readout(result.mean);
    return activations(result.mean);
  }

  Eigen::MatrixXd rows(const SampleField& field) const { return field_rows(compared(), contents_.cells, field); }

  void comparisons() {
    measure("decoder.oracle", report_.decoder.oracle, [&] {
      require_free();
      const Eigen::MatrixXd readout = on_model(
          contents_, [&](Eigen::Index s) { return oracle_fields(in_.machine, conditioning(s)); }, in_.kt);
      return cosine(readout, target(compared()), sites());
    });
    measure("decoder.frozen_interface", report_.decoder.frozen_interface, [&] {
      if (in_.machine.interface.source.empty()) throw error("the machine has no interface");
      const Eigen::MatrixXd readout = on_model(
          contents_, [&](Eigen::Index s) { return fields(in_.machine, conditioning(s), InterfaceMode::frozen); },
          in_.kt);
      return cosine_centred(readout, target(compared()), fit_mean(), sites());
    });
  }

  void conditioning() {
    measure("conditioning_deficit", report_.conditioning_deficit, [&] {
      return settle::conditioning_deficit(
          rows([&](Eigen::Index s) { return oracle_fields(in_.machine, conditioning(s)); }),
          rows([&](Eigen::Index s) { return coupling_fields(in_.machine, conditioning(s)); }));
    });
    measure("conditioning_deficit_paper", report_.conditioning_deficit_paper, [&] { return deficit_of_pair(); });
    measure("decoder_shift", report_.decoder_shift, [&] { return shift_of_buses(); });
  }

  /// The paper's pair std(A x) / std(Je x), Je: the encoder layer's self-buses.
  double deficit_of_pair() const {
    const int encoder = in_.machine.encoder;
    if (encoder < 0) throw error("the machine has no encoder layer");
    const auto pair = [&](Eigen::Index s) {
      return paper_pair(in_.machine, encoder, conditioning(s).layers[static_cast<std::size_t>(encoder)]);
    };
    const Eigen::Index cells = in_.machine.layers[static_cast<std::size_t>(encoder)].cells();
    const Eigen::MatrixXd self = field_rows(compared(), cells, [&](Eigen::Index s) { return pair(s).self; });
    if (self.squaredNorm() == 0) throw error("the encoder layer has no bus to itself");
    return settle::conditioning_deficit(field_rows(compared(), cells, [&](Eigen::Index s) { return pair(s).own; }),
                                        self);
  }

  /// Buses on and off under the fields (Ax, By); self-buses belong to A and B and stay.
  double shift_of_buses() const {
    Machine without = in_.machine;
    without.buses.clear();
    for (const Bus& bus : in_.machine.buses) {
      if (bus.source == bus.target) without.buses.push_back(bus);
    }
    if (without.buses.size() == in_.machine.buses.size()) throw error("the machine has no bus between layers");
    const SampleField own = [&](Eigen::Index s) { return own_fields(in_.machine, conditioning(s)); };
    const ArrayContents off = array_contents(without, in_.configuration, name_ + " without buses", decoder());
    return settle::decoder_shift(on_model(contents_, own, in_.kt), on_model(off, own, in_.kt), target(compared()));
  }

  /// The comparison on float64 of the compared samples.
  BatchResult on_float64(double kt) const {
    BatchPlan plan = plan_;
    plan.kt = kt;
    const BatchResult exact = settle_batch_float64(
        in_.machine, in_.configuration, decoder(), compared(), [&](Eigen::Index s) { return sample_fields(s); }, plan,
        stop_);
    if (stop_()) throw Interrupted("interrupted while comparing");
    return exact;
  }

  void fixed_point() {
    const auto loss = [&](const BatchResult& exact, const Eigen::MatrixXd& fixed) {
      const Eigen::MatrixXd t = target(compared());
      return cosine_centred(activations(exact.mean), t, fit_mean(), sites()) -
             cosine_centred(fixed, t, fit_mean(), sites());
    };
    Report::FixedPoint& out = report_.fixed_point;
    measure("fixed_point.loss_kt0", out.loss_kt0, [&] {
      return loss(on_float64(0), on_model(
                                     contents_, [&](Eigen::Index s) { return sample_fields(s); }, 0));
    });
    take("fixed_point.loss", [&] {
      const BatchResult exact = on_float64(in_.kt);
      const Eigen::MatrixXd fixed = result_.mean.topRows(compared());
      measure("fixed_point.mean_bias", out.mean_bias, [&] {
        require_warm();
        return mean_bias(fixed, exact.mean, exact.variance);
      });
      require_readout(fixed);
      out.loss = loss(exact, activations(fixed));
    });
    take("fixed_point.covariance_bias", [&] {
      require_warm();
      const SnapshotPlan plan = {plan_.settle_steps, large_ ? kFewSnapshots : kSnapshots, kSnapshotStride};
      const Eigen::Index cells = std::min<Eigen::Index>(in_.decoder().cells(), kCovarianceCells);
      const StateSeries series = same_noise_series(model_driver(), in_, name_, sample_fields(0), cells,
                                                   sample_seed(options_.seed, 0), plan, stop_);
      out.variance_bias = variance_bias(series.fixed, series.exact);
      out.covariance_bias = covariance_bias(series.fixed, series.exact);
    });
    measure("fixed_point.stall", out.stall, [&] {
      require_free();
      const Eigen::VectorXd field = sample_fields(0);
      return stall(model_driver(), in_, name_, field, rest(field), plan_.settle_steps + plan_.window_steps, stop_);
    });
  }

  void require_warm() const {
    if (in_.kt == 0) throw error("kT is 0: nothing fluctuates");
  }

  void settling() {
    take("settling.settling_steps", [&] { settling_curves(); });
    Report::Settling& out = report_.settling;
    measure("settling.lambda_min_steps", out.lambda_min_steps, [&] {
      require_linear();
      require_free();
      if (large_) throw error("the machine has {} cells, this is taken of up to {}", contents_.cells, kLargestCompared);
      return lambda_min_steps(force_matrix(in_.machine), in_.configuration.step());
    });
    if (out.settling_steps) {
      const double all_steps =
          static_cast<double>(plan_.settle_steps + plan_.window_steps) * static_cast<double>(result_.samples);
      if (result_.cycles > 0) {
        out.settling_cycles = *out.settling_steps * static_cast<double>(result_.cycles) / all_steps;
      }
      measure("settling.settling_rc", out.settling_rc, [&] {
        const Layer& layer = in_.machine.layers[static_cast<std::size_t>(decoder())];
        return *out.settling_steps / rc_steps(layer.stiffness, in_.configuration.step());
      });
    }
    measure("settling.split_r_hat", out.split_r_hat, [&] { return split_r_hat(overlap()); });
    take("settling.autocorrelation_steps", [&] { fluctuations(); });
  }

  /// The run's own device, or a model for machines whose every step takes the verilated array long.
  ArrayDriver& curve_driver() { return !large_ || options_.engine == "model" ? engines_->first() : model_driver(); }

  /// A device of the model engine, made when it is first asked for.
  ArrayDriver& model_driver() {
    if (!model_) model_ = engines_of("model", contents_, 1);
    return model_->first();
  }

  /// x* under a field. Throws Interrupted if `stop` ended the search.
  Eigen::VectorXd rest(const Eigen::VectorXd& field) const {
    try {
      return rest_point(in_.machine, field, stop_);
    } catch (const Error&) {
      if (stop_()) throw Interrupted("interrupted while looking for the rest point");
      throw;
    }
  }

  void settling_curves() {
    require_free();
    const int steps = std::min(plan_.settle_steps + plan_.window_steps / 4, kMostSettlingSteps);
    std::vector<double> measured, predicted;
    const Eigen::Index curves = large_ ? 1 : kSettlingSamples;
    for (Eigen::Index s = 0; s < std::min(curves, result_.samples); ++s) {
      const Eigen::VectorXd field = sample_fields(s);
      const Eigen::VectorXd rest = this->rest(field);
      const SettlingRun run = measure_settling(curve_driver(), contents_, in_.configuration, name_, field, rest,
                                               linear_step(in_.machine, rest), in_.kt,
                                               sample_seed(options_.seed, static_cast<std::uint64_t>(s)), steps, stop_);
      if (s == 0) curve_ = SettlingCurve{run.distance, run.predicted, 1};
      if (run.settling_steps && run.predicted_steps) {
        measured.push_back(static_cast<double>(*run.settling_steps));
        predicted.push_back(static_cast<double>(*run.predicted_steps));
      }
    }
    if (measured.empty()) throw error("no sample settles in {} steps", steps);
    report_.settling.settling_steps = median(measured);
    report_.settling.predicted_steps = median(predicted);
  }

  /// The first sample's overlap with its rest point under noise, taken once.
  const Eigen::VectorXd& overlap() {
    if (overlap_) return *overlap_;
    require_free();
    if (in_.kt == 0) throw error("kT is 0: what is left is a limit cycle of rounding, no fluctuation");
    const Eigen::VectorXd field = sample_fields(0);
    overlap_ = overlap_series(curve_driver(), contents_, in_.configuration, name_, decoder(), field, rest(field),
                              in_.kt, sample_seed(options_.seed, 0), plan_.settle_steps,
                              large_ ? kFewBuffers : kAutocorrelationBuffers, stop_);
    return *overlap_;
  }

  void fluctuations() {
    const Autocorrelation found = autocorrelation_steps(overlap());
    if (!found.valid) throw error("the series is too short for its autocorrelation");
    report_.settling.autocorrelation_steps = found.steps;
    const double window = static_cast<double>(plan_.window_steps) * static_cast<double>(result_.samples);
    report_.settling.ess_per_second = window / found.steps / batch_seconds_;
  }

  /// The first sample's heat, on the model engine: the same bits as any other, and every step is read.
  void heat() {
    require_warm();
    if (plan_.settle_steps < 1) throw error("the plan has no settle steps");
    if (plan_.settle_steps > kMostSettlingSteps) {
      throw error("the plan has {} settle steps, this is taken of up to {}", plan_.settle_steps, kMostSettlingSteps);
    }
    const HeatPlan plan = {plan_.settle_steps, kHeatBatches, large_ ? kFewHeatBatchSteps : kHeatBatchSteps};
    const HeatRun run =
        measure_heat(model_driver(), in_, name_, sample_fields(0), sample_seed(options_.seed, 0), plan, stop_);
    report_.heat = {run.of_inference, run.settled.mean, run.settled.standard_error};
  }

  /// Of all samples, or of the first few of a machine that reads out thousands of cells.
  std::string readout_csv() const {
    std::string text = "sample,cell,readout,target\n";
    const Eigen::MatrixXd x = activations(result_.mean.topRows(compared())), t = target(compared());
    for (Eigen::Index s = 0; s < x.rows(); ++s) {
      for (Eigen::Index i = 0; i < x.cols(); ++i) {
        text += fmt::format("{},{},{:.9g},{:.9g}\n", s, i, x(s, i), t(s, i));
      }
    }
    return text;
  }

  /// An older run's curve or picture does not stay beside this report.
  void remove_older(const std::vector<FileText>& written) const {
    for (const std::string& file : output_names()) {
      const std::filesystem::path path = options_.out / file;
      const auto now = [&](const FileText& text) { return text.path == path; };
      std::error_code ignored;
      if (std::none_of(written.begin(), written.end(), now)) std::filesystem::remove(path, ignored);
    }
    for (const char* drawn : {"settling.png", "images.png", "film.png"}) {
      std::error_code ignored;
      std::filesystem::remove(options_.out / drawn, ignored);
    }
  }

  void finish() {
    std::vector<FileText> files = {{options_.out / "readout.csv", readout_csv()}};
    if (curve_) files.push_back({options_.out / "settling.csv", curve_csv(*curve_)});
    const auto add_pictures = [&](const std::string& name, const std::vector<Picture>& pictures) {
      files.push_back({options_.out / (name + "-pixels.csv"), picture_pixels(pictures)});
      files.push_back({options_.out / (name + ".csv"), picture_list(pictures)});
    };
    if (!pictures_.empty()) add_pictures("images", pictures_);
    if (!film_.empty()) add_pictures("film", film_);
    files.push_back({options_.out / "report.json", report_text(report_)});
    write_together(files);
    remove_older(files);
    if (options_.quiet) return;
    print_table(report_, options_.all_measures ? TableRows::all : TableRows::first);
    if (options_.all_measures) print_not_taken();
    if (result_.cycles > 0) {
      fmt::print("{} engine: {} cycles in {:.2f} s, {:.0f} kHz\n", options_.engine, result_.cycles, batch_seconds_,
                 static_cast<double>(result_.cycles) / batch_seconds_ / 1e3);
    }
    if (options_.energy) print_energy();
    fmt::print("wrote {}{}\n", (options_.out / "report.json").string(),
               options_.all_measures ? "" : ": every measure, and why one was not taken (--all prints them)");
  }

  void print_not_taken() const {
    for (const auto& [measure, reason] : not_taken_) {
      const bool named = reason.rfind(measure + ": ", 0) == 0;  // by the measure itself
      fmt::print("not taken: {}{}\n", named ? "" : measure + ": ", one_line(reason));
    }
  }

  void print_energy() const {
    const StepProducts& p = contents_.products;
    EnergyCounts counts;
    counts.cells = contents_.cells;
    counts.steps = plan_.settle_steps + plan_.window_steps;
    counts.cell_updates = counts.cells * counts.steps;
    counts.array_products = (p.always + p.project + p.noise) * counts.steps + p.window * plan_.window_steps;
    counts.interface_parameters = in_.machine.interface.parameters();
    counts.decoder_cells = in_.machine.layers[static_cast<std::size_t>(decoder())].cells();
    // 3x3 convolutions at 28-14-7-4 with 16/32/64 channels, two operations a multiply-accumulate; borders counted full.
    const double macs = 9.0 * (784 * 1 * 16 + 196 * 16 * 32 + 49 * 32 * 64 + 16 * 64 * 64 + 49 * 128 * 64 +
                               196 * 96 * 32 + 784 * 48 * 16 + 784 * 16 * 1);
    const double replaced = 9.0 * 49 * 128 * 64;
    fmt::print("{}",
               energy_text(counts, {{"whole U-Net", 2 * macs}, {"the layer that the array stands for", 2 * replaced}}));
  }

  const RunOptions& options_;
  const MakeDevice& make_device_;
  const std::function<bool()>& stop_;
  RunInputs in_;
  std::string name_;
  ArrayContents contents_;
  BatchPlan plan_;
  bool large_;  ///< too many cells for every comparison on every sample
  std::unique_ptr<Engines> engines_, model_;
  BatchResult result_;
  double batch_seconds_ = 0;
  std::optional<SettlingCurve> curve_;
  std::optional<Eigen::VectorXd> overlap_;
  std::optional<DenoisedImages> images_;
  std::vector<Picture> pictures_, film_;
  std::map<std::string, std::string> not_taken_;  ///< measure, under its name in report.json, and why it is empty
  Report report_;
};

}  // namespace

int run_command(const RunOptions& options, const MakeDevice& make_device, const std::function<bool()>& stop) {
  return Run(options, make_device, stop).execute();
}

}  // namespace settle
