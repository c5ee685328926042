#include "run/run_command.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <exception>
#include <map>
#include <vector>

#include "core/error.hpp"
#include "core/files.hpp"
#include "machine/check.hpp"
#include "machine/fields.hpp"
#include "machine/linear.hpp"
#include "measures/conditioning.hpp"
#include "measures/pairing.hpp"
#include "measures/settling.hpp"
#include "measures/similarity.hpp"
#include "measures/thermal.hpp"
#include "report/curve.hpp"
#include "report/energy.hpp"
#include "report/report.hpp"
#include "report/table.hpp"
#include "run/batch.hpp"
#include "run/inputs.hpp"
#include "run/progress.hpp"
#include "run/settling_run.hpp"

namespace settle {

namespace {

constexpr int kSettlingSamples = 5;        // their median is reported
constexpr int kMostSettlingSteps = 20000;  // of one measured curve
constexpr int kAutocorrelationBuffers = 16;
constexpr int kPairings = 100;

/// One run, stage by stage. Each stage reads what earlier ones left and fills its part of the report.
class Run {
 public:
  Run(const RunOptions& options, const MakeDevice& make_device, const std::function<bool()>& stop)
      : options_(options),
        make_device_(make_device),
        stop_(stop),
        in_(read_inputs(options, stop)),
        name_(options.machine.string()),
        image_(in_.image),
        plan_{in_.kt, in_.machine.settle_steps, in_.machine.window_steps, options.seed} {}

  int execute() {
    const auto begin = std::chrono::steady_clock::now();
    head();
    main_batch();
    bool interrupted = stop_();
    if (interrupted && result_.samples < 2) {
      throw Interrupted("interrupted before two samples were settled: nothing is written");
    }
    std::exception_ptr failure;
    if (!interrupted) {
      try {
        beside();
      } catch (const Interrupted&) {
        interrupted = true;
      } catch (const DeviceError&) {
        failure = std::current_exception();  // told after what is complete has been written
      }
    }
    const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - begin;
    report_.wall_seconds = wall.count();
    tail(interrupted);
    finish();
    device_->finish();
    if (failure) std::rethrow_exception(failure);
    if (!interrupted) return 0;
    fmt::print(stderr, "settle: interrupted: {} of {} samples were settled, measures that were not reached are empty\n",
               result_.samples, options_.samples);
    return 130;
  }

 private:
  /// Everything beside the main batch. If it is interrupted, what is missing stays empty in the report.
  void beside() {
    comparisons();
    conditioning();
    fixed_point();
    settling();
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

  /// For what supposes that the machine is linear and every cell free.
  void require_linear_and_free() const {
    for (const Layer& layer : in_.machine.layers) {
      if (!layer.force.empty()) throw error("layer {} has a force table, this is taken of linear cells", layer.name);
      if (std::count(layer.clamp.begin(), layer.clamp.end(), 0) != static_cast<std::ptrdiff_t>(layer.clamp.size())) {
        throw error("layer {} has clamped cells, this is taken of free ones", layer.name);
      }
    }
  }

  int decoder() const { return in_.machine.decoder; }
  Eigen::MatrixXd target() const { return in_.means.decoder.topRows(result_.samples); }

  std::unique_ptr<Device> device(const std::string& engine) const {
    return make_device_(engine, in_.configuration.name);
  }

  void head() {
    report_.preset = options_.preset;
    report_.engine = options_.engine;
    report_.seed = options_.seed;
    report_.sigma = in_.sigma;
    report_.kt = in_.kt;
    report_.git = options_.git;
    report_.config_hash = in_.configuration.hash_text();
    report_.interface_parameters = static_cast<std::uint64_t>(in_.machine.interface.parameters());
    const std::vector<std::int16_t> gains = fixed_gains(in_.kt, image_, in_.configuration, name_ + ": kt");
    report_.extra["array"] = {{"lanes", in_.configuration.lanes},
                              {"settle_steps", plan_.settle_steps},
                              {"window_steps", plan_.window_steps},
                              {"kt_realised", realised_kt(gains, image_, in_.configuration)}};
  }

  void tail(bool interrupted) {
    report_.extra["run"] = {
        {"samples_asked", options_.samples}, {"interrupted", interrupted}, {"not_taken", not_taken_}};
  }

  void main_batch() {
    device_ = device(options_.engine);
    driver_ = std::make_unique<ArrayDriver>(*device_, in_.configuration);
    driver_->load(image_);
    Progress progress("settling sample");
    const auto begin = std::chrono::steady_clock::now();
    result_ = settle_batch(
        *driver_, image_, in_.configuration, name_, decoder(), in_.fields, plan_,
        [&](Eigen::Index done, Eigen::Index all) { progress(done, all); }, stop_);
    const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - begin;
    batch_seconds_ = wall.count();
    report_.samples = static_cast<std::uint64_t>(result_.samples);
    if (result_.samples < 2) return;
    Report::Decoder& d = report_.decoder;
    const Eigen::VectorXd& mean = in_.machine.fit_mean;
    const Eigen::MatrixXd& x = result_.mean;
    const Eigen::MatrixXd t = target();
    measure("decoder.cosine", d.cosine, [&] { return cosine(x, t); });
    measure("decoder.cosine_centred", d.cosine_centred, [&] { return cosine_centred(x, t, mean); });
    measure("decoder.r2", d.r2, [&] { return r2(x, t, mean); });
    measure("decoder.baseline_mean", d.baseline_mean, [&] { return baseline_mean(t, mean); });
    measure("decoder.cosine_paper", d.cosine_paper, [&] { return cosine_paper(x, t); });
    measure("decoder.shuffled", d.shuffled, [&] { return shuffled(x, t, mean, kPairings, options_.seed); });
    measure("thermal_ratio", report_.thermal_ratio, [&] { return thermal_ratio(result_.variance, t); });
    report_.cell_updates = result_.cell_updates;
    report_.saturations = result_.saturations;
    if (result_.cycles > 0) report_.cycles = result_.cycles;
    utilisation();
  }

  void utilisation() {
    if (result_.cycles == 0) return;  // an engine without a clock
    const StepProducts& p = image_.products;
    const auto settle = static_cast<double>(p.always + p.project + (in_.kt > 0 ? p.noise : 0));
    const double products = settle * plan_.settle_steps + (settle + static_cast<double>(p.window)) * plan_.window_steps;
    report_.mac_utilisation = products * static_cast<double>(result_.samples) /
                              (static_cast<double>(result_.cycles) * in_.configuration.lanes);
  }

  /// Readout of another set of fields, or of another machine, on the model engine: the same bits as any other.
  BatchResult on_model(const ArrayImage& image, const Eigen::MatrixXd& fields, double kt) const {
    const std::unique_ptr<Device> model = device("model");
    ArrayDriver driver(*model, in_.configuration);
    driver.load(image);
    BatchPlan plan = plan_;
    plan.kt = kt;
    BatchResult result = settle_batch(driver, image, in_.configuration, name_, decoder(), fields, plan, nullptr, stop_);
    if (stop_()) throw Interrupted("interrupted while comparing");
    return result;
  }

  Eigen::MatrixXd rows(const std::function<Eigen::VectorXd(Eigen::Index)>& field) const {
    return field_rows(result_.samples, image_.cells, field);
  }
  Eigen::VectorXd encoder(Eigen::Index s) const { return in_.means.encoder.row(s); }
  Eigen::VectorXd bottleneck(Eigen::Index s) const { return in_.means.bottleneck.row(s); }
  Eigen::VectorXd decoder_target(Eigen::Index s) const { return in_.means.decoder.row(s); }

  void comparisons() {
    measure("decoder.oracle", report_.decoder.oracle, [&] {
      require_linear_and_free();
      const Eigen::MatrixXd oracle =
          rows([&](Eigen::Index s) { return oracle_fields(in_.machine, encoder(s), decoder_target(s)); });
      return cosine(on_model(image_, oracle, in_.kt).mean, target());
    });
    measure("decoder.frozen_interface", report_.decoder.frozen_interface, [&] {
      const Eigen::MatrixXd frozen =
          rows([&](Eigen::Index s) { return fields(in_.machine, encoder(s), bottleneck(s), InterfaceMode::frozen); });
      return cosine_centred(on_model(image_, frozen, in_.kt).mean, target(), in_.machine.fit_mean);
    });
  }

  void conditioning() {
    measure("conditioning_deficit", report_.conditioning_deficit, [&] {
      const Eigen::MatrixXd oracle =
          rows([&](Eigen::Index s) { return oracle_fields(in_.machine, encoder(s), decoder_target(s)); });
      const Eigen::MatrixXd couplings =
          rows([&](Eigen::Index s) { return coupling_fields(in_.machine, encoder(s), decoder_target(s)); });
      return settle::conditioning_deficit(oracle, couplings);
    });
    measure("conditioning_deficit_paper", report_.conditioning_deficit_paper, [&] { return deficit_of_pair(); });
    measure("decoder_shift", report_.decoder_shift, [&] { return shift_of_buses(); });
  }

  /// The paper's pair std(A x) / std(Je x), Je: the encoder layer's self-buses.
  double deficit_of_pair() const {
    const Eigen::Index cells = in_.machine.layers[static_cast<std::size_t>(in_.machine.encoder)].cells();
    const auto pair = [&](Eigen::Index s) { return paper_pair(in_.machine, in_.machine.encoder, encoder(s)); };
    const Eigen::MatrixXd self = field_rows(result_.samples, cells, [&](Eigen::Index s) { return pair(s).self; });
    if (self.squaredNorm() == 0) throw error("the encoder layer has no bus to itself");
    return settle::conditioning_deficit(field_rows(result_.samples, cells, [&](Eigen::Index s) { return pair(s).own; }),
                                        self);
  }

  /// Buses on and off under the fields (Ax, By); self-buses belong to A and B and stay.
  double shift_of_buses() const {
    Machine without = in_.machine;
    without.buses.clear();
    for (const Bus& bus : in_.machine.buses) {
      if (bus.source == bus.target) without.buses.push_back(bus);
    }
    const Eigen::MatrixXd own =
        rows([&](Eigen::Index s) { return own_fields(in_.machine, encoder(s), decoder_target(s)); });
    const ArrayImage off = build_image(without, in_.configuration, name_ + " without buses", decoder());
    return settle::decoder_shift(on_model(image_, own, in_.kt).mean, on_model(off, own, in_.kt).mean, target());
  }

  void fixed_point() {
    const Eigen::VectorXd& mean = in_.machine.fit_mean;
    const Eigen::MatrixXd used = in_.fields.topRows(result_.samples);
    const auto loss = [&](double kt, const Eigen::MatrixXd& fixed) {
      BatchPlan plan = plan_;
      plan.kt = kt;
      const BatchResult exact = settle_batch_float64(in_.machine, in_.configuration, decoder(), used, plan, stop_);
      if (stop_()) throw Interrupted("interrupted while comparing");
      return cosine_centred(exact.mean, target(), mean) - cosine_centred(fixed, target(), mean);
    };
    Report::FixedPoint& out = report_.fixed_point;
    measure("fixed_point.loss_kt0", out.loss_kt0, [&] { return loss(0, on_model(image_, used, 0).mean); });
    measure("fixed_point.loss", out.loss, [&] { return loss(in_.kt, result_.mean); });
  }

  void settling() {
    take("settling.settling_steps", [&] { settling_curves(); });
    Report::Settling& out = report_.settling;
    measure("settling.lambda_min_steps", out.lambda_min_steps, [&] {
      require_linear_and_free();
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
    take("settling.autocorrelation_steps", [&] { fluctuations(); });
  }

  void settling_curves() {
    require_linear_and_free();
    const Eigen::MatrixXd force = force_matrix(in_.machine);
    const int steps = std::min(plan_.settle_steps + plan_.window_steps / 4, kMostSettlingSteps);
    std::vector<double> measured, predicted;
    for (Eigen::Index s = 0; s < std::min<Eigen::Index>(kSettlingSamples, result_.samples); ++s) {
      const Eigen::VectorXd field = in_.fields.row(s);
      const SettlingRun run =
          measure_settling(*driver_, image_, in_.configuration, name_, field, equilibrium(in_.machine, field), force,
                           in_.kt, sample_seed(options_.seed, static_cast<std::uint64_t>(s)), steps, stop_);
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

  void fluctuations() {
    require_linear_and_free();
    if (in_.kt == 0) throw error("kT is 0: what is left is a limit cycle of rounding, no fluctuation");
    const Eigen::VectorXd field = in_.fields.row(0);
    const std::optional<Autocorrelation> found = measure_autocorrelation(
        *driver_, image_, in_.configuration, name_, decoder(), field, equilibrium(in_.machine, field), in_.kt,
        sample_seed(options_.seed, 0), plan_.settle_steps, kAutocorrelationBuffers, stop_);
    if (!found) throw error("the overlap does not vary");
    if (!found->valid) throw error("the series is too short for its autocorrelation");
    report_.settling.autocorrelation_steps = found->steps;
    const double window = static_cast<double>(plan_.window_steps) * static_cast<double>(result_.samples);
    report_.settling.ess_per_second = window / found->steps / batch_seconds_;
  }

  static double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    const std::size_t half = values.size() / 2;
    return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
  }

  std::string readout_csv() const {
    std::string text = "sample,cell,readout,target\n";
    for (Eigen::Index s = 0; s < result_.samples; ++s) {
      for (Eigen::Index i = 0; i < result_.mean.cols(); ++i) {
        text += fmt::format("{},{},{:.9g},{:.9g}\n", s, i, result_.mean(s, i), in_.means.decoder(s, i));
      }
    }
    return text;
  }

  void finish() {
    std::error_code ignored;
    std::filesystem::remove(options_.out / "settling.csv", ignored);  // no older run's curve beside this report
    if (curve_) write_curve(*curve_, options_.out);
    write_atomically(options_.out / "readout.csv", readout_csv());
    write_report(report_, options_.out);
    print_table(report_);
    for (const auto& [measure, reason] : not_taken_) fmt::print("not taken: {}: {}\n", measure, one_line(reason));
    if (result_.cycles > 0) {
      fmt::print("{} engine: {} cycles in {:.2f} s, {:.0f} kHz\n", options_.engine, result_.cycles, batch_seconds_,
                 static_cast<double>(result_.cycles) / batch_seconds_ / 1e3);
    }
    if (options_.energy) print_energy();
    fmt::print("wrote {}\n", (options_.out / "report.json").string());
  }

  void print_energy() const {
    const StepProducts& p = image_.products;
    EnergyCounts counts;
    counts.cells = image_.cells;
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
  ArrayImage image_;
  BatchPlan plan_;
  std::unique_ptr<Device> device_;
  std::unique_ptr<ArrayDriver> driver_;
  BatchResult result_;
  double batch_seconds_ = 0;
  std::optional<SettlingCurve> curve_;
  std::map<std::string, std::string> not_taken_;  ///< measure, under its name in report.json, and why it is empty
  Report report_;
};

}  // namespace

int run_command(const RunOptions& options, const MakeDevice& make_device, const std::function<bool()>& stop) {
  return Run(options, make_device, stop).execute();
}

}  // namespace settle
