// Machine -> contents -> driver -> model: where the array comes to rest and how it fluctuates, against exact
// arithmetic.
#include <memory>

#include <doctest/doctest.h>

#include "array/float64/float64_array.hpp"
#include "base/linear_algebra/solve.hpp"
#include "contract/builtin/builtin_configurations.hpp"
#include "device/driver/loaded_array.hpp"
#include "device/model_device.hpp"
#include "error_message.hpp"
#include "fixed_point/fixed_point_machine.hpp"
#include "machine/linear.hpp"
#include "study/measures/autocorrelation.hpp"

using namespace settle;
using namespace settle_test;

namespace {

const Configuration& tiny() {
  static const Configuration c = configuration("tiny");
  return c;
}

/// A model of `tiny` with the machine loaded.
LoadedArray array_of(const Machine& machine) {
  return LoadedArray(std::make_unique<ModelDevice>(tiny()),
                     std::make_shared<const FixedMachine>(machine, tiny(), "test", machine.decoder));
}

void run(LoadedArray& array, int steps, double kt) {
  array.set_schedule({{steps, false}}, kt);
  array.run({false, true}, nullptr);
}

double norm(const Eigen::MatrixXd& m) { return m.cwiseAbs().rowwise().sum().maxCoeff(); }

/// How far rounding may hold the array from its rest point: M^-1 times the largest error of a force, which comes of
/// states seen to half an operand unit and words to half a word unit, five of them on a cell.
double resolution(const Machine& machine, const Configuration& c) {
  const Eigen::MatrixXd m = force_matrix(machine);
  return norm(solve(m, Eigen::MatrixXd::Identity(m.rows(), m.cols()))) *
         (norm(m) * c.operand.unit() + 7 * 0.25 * c.word.unit()) / 2;
}

}  // namespace

TEST_CASE("layers of sites come to rest where M x = h, whatever the grids, the taps and the direction") {
  for (const bool coarse : {false, true}) {
    for (const int source : {0, 1}) {
      for (const bool reciprocal : {false, true}) {
        CAPTURE(coarse);
        CAPTURE(source);
        CAPTURE(reciprocal);
        const Machine machine = map_machine(coarse, source, reciprocal);
        LoadedArray array = array_of(machine);
        Eigen::VectorXd h(cell_count(machine));
        h << machine.layers[0].field.replicate(9, 1), machine.layers[1].field;
        run(array, 400, 0);
        const Eigen::VectorXd rest = equilibrium(machine, h);
        // 3 words of at most 9 taps, 3 given back and 4 of the other bus act on a cell.
        const Eigen::MatrixXd m = force_matrix(machine);
        const double allowed = norm(solve(m, Eigen::MatrixXd::Identity(m.rows(), m.cols()))) *
                               (norm(m) * tiny().operand.unit() + 34 * 0.1 * tiny().word.unit()) / 2;
        CHECK(allowed < 3e-3);
        CHECK(rest.cwiseAbs().maxCoeff() > 0.3);
        CHECK((array.states() - rest).cwiseAbs().maxCoeff() < allowed);
      }
    }
  }
}

TEST_CASE("a linear machine comes to rest where M x = h") {
  const Machine machine = fixed_point_machine();
  LoadedArray array = array_of(machine);
  const double allowed = resolution(machine, tiny());
  CHECK(allowed < 2e-3);
  Eigen::VectorXd h(24);
  h << machine.layers[0].field, machine.layers[1].field;
  run(array, 400, 0);  // the contents' own fields are the machine's static ones
  Eigen::VectorXd rest = equilibrium(machine, h);
  CHECK(rest.cwiseAbs().maxCoeff() > 0.3);
  CHECK((array.states() - rest).cwiseAbs().maxCoeff() < allowed);

  h.head(8) = grid_matrix(8, 1, 3.0, 50);
  h.tail(16) = 0.5 * grid_matrix(16, 1, 3.0, 51);
  array.set_fields(h);
  run(array, 400, 0);
  rest = equilibrium(machine, h);
  CHECK((array.states() - rest).cwiseAbs().maxCoeff() < allowed);
  const Counters counters = array.counters();
  CHECK(counters.saturated_states == 0);
  CHECK(counters.saturated_words == 0);
}

TEST_CASE("layer scales alter the numbers in the array, not what it computes") {
  Machine machine = fixed_point_machine();
  for (const double scale : {0.25, 0.5, 1.0}) {
    CAPTURE(scale);
    machine.layers[1].scale = scale;
    LoadedArray array = array_of(machine);
    Eigen::VectorXd h(24);
    h << machine.layers[0].field, machine.layers[1].field;
    run(array, 400, 0);
    CHECK((array.states() - equilibrium(machine, h)).cwiseAbs().maxCoeff() < resolution(machine, tiny()));
  }
}

TEST_CASE("force table and clamp: the path of double precision") {
  const Machine machine = table_machine();
  LoadedArray array = array_of(machine);
  Float64Array exact(machine, tiny().state_range());
  Eigen::VectorXd start(24);
  start << grid_matrix(8, 1, 2.0, 60), 0.5 * grid_matrix(16, 1, 4.0, 61);
  array.set_states(start);
  exact.set_state(start);
  // A step rounds less than `resolution`; errors die out as fast as they come.
  const double allowed = resolution(machine, tiny());
  std::uint64_t done = 0;
  for (const int steps : {1, 2, 5, 20, 400}) {
    run(array, steps, 0);
    exact.run(done, steps, 0, nullptr);
    done += static_cast<std::uint64_t>(steps);
    CAPTURE(done);
    const Eigen::VectorXd x = array.states();
    CHECK((x - exact.state()).cwiseAbs().maxCoeff() < allowed);
    CHECK(x(3) == start(3));
    CHECK(x(17) == start(17));
  }
  // The table and the clamp matter: without them the rest point is another one.
  Eigen::VectorXd h(24);
  h << machine.layers[0].field, machine.layers[1].field;
  CHECK((array.states() - equilibrium(fixed_point_machine(), h)).cwiseAbs().maxCoeff() > 0.1);
}

TEST_CASE("thermal variances are those of the discrete Lyapunov equation") {
  Machine machine = fixed_point_machine();
  for (const bool reciprocal : {true, false}) {
    CAPTURE(reciprocal);
    if (reciprocal) machine.buses.erase(machine.buses.begin() + 1);
    LoadedArray array = array_of(machine);
    const double kt = 0.05;
    const Eigen::MatrixXd covariance = stationary_covariance(force_matrix(machine), machine.step, kt);
    Eigen::VectorXd h(24);
    h << machine.layers[0].field, machine.layers[1].field;
    const Eigen::VectorXd rest = equilibrium(machine, h);
    array.set_states(rest);
    array.set_noise(7);
    run(array, 100, kt);
    const int entries = 6000;
    Eigen::MatrixXd square(entries, 24);
    for (int n = 0; n < entries; ++n) {
      run(array, 2, kt);
      square.row(n) = (array.states() - rest).cwiseAbs2();
    }
    double sum = 0;
    for (int i = 0; i < 24; ++i) {
      CAPTURE(i);
      const MeanEstimate found = mean_estimate(square.col(i));
      REQUIRE(found.valid);
      CHECK(found.standard_error < 0.06 * found.mean);
      const double deviation = (found.mean - covariance(i, i)) / found.standard_error;
      CHECK(std::fabs(deviation) < 4);
      sum += deviation * deviation;
    }
    CHECK(sum < 60);  // chi-squared of 24: above this once in 16,000 times
    machine = fixed_point_machine();
  }
}

TEST_CASE("a model that is told to stop ends after a few steps, as if the schedule had been that long") {
  const auto set = [](LoadedArray& array, int steps) {
    array.set_noise(5);
    array.set_schedule({{2, false}, {steps, true}}, 0.1);
  };
  LoadedArray stopped = array_of(fixed_point_machine()), whole = array_of(fixed_point_machine());
  set(stopped, 100000);
  int asked = 0;
  CHECK_THROWS_AS(stopped.run({true, true}, [&] { return ++asked >= 4; }), Interrupted);
  CHECK(stopped.device().read(registers::status) == registers::kStatusStopped);
  const auto made = static_cast<int>(stopped.device().read(registers::step_lo));
  CHECK(made > 2);
  REQUIRE(made < 100);
  set(whole, made - 2);
  whole.run({true, true}, nullptr);
  CHECK(whole.device().read(registers::status) == 0);
  CHECK(stopped.states() == whole.states());
  CHECK(stopped.sums(0) == whole.sums(0));
  CHECK(stopped.squares(0) == whole.squares(0));
  CHECK(stopped.counters().window_steps == whole.counters().window_steps);
}

TEST_CASE("a model is busy for those who wait for it; all others find its run at the end") {
  LoadedArray array = array_of(fixed_point_machine());
  array.set_noise(5);
  array.set_schedule({{1000, false}}, 0.1);
  Device& device = array.device();
  const std::uint32_t state = address(registers::Memory::state, 0);
  device.write(registers::control, registers::kControlStart);
  CHECK(device.read(registers::step_lo) == 1000);
  const std::uint32_t first = device.read(state);
  array.set_noise(5);
  device.write(registers::control, registers::kControlStart | registers::kControlZero);
  CHECK(device.status_when_idle() == registers::kStatusBusy);
  CHECK(device.read(registers::step_lo) < 1000);
  CHECK(device.read(state) == first);
  CHECK(device.read(registers::step_lo) == 1000);
  CHECK(device.status_when_idle() == 0);
}

TEST_CASE("a device of another configuration is refused with both hashes") {
  const Configuration anchored = configuration("anchored");
  ModelDevice device(tiny());
  const std::string message = message_of([&] { ArrayDriver(device, anchored); });
  CHECK(message.find(tiny().hash_text()) != std::string::npos);
  CHECK(message.find(anchored.hash_text()) != std::string::npos);
  CHECK(message_of([&] { ArrayDriver(device, tiny()); }).empty());
}

TEST_CASE("the driver refuses schedules and strides out of range") {
  LoadedArray array = array_of(fixed_point_machine());
  const Segment segment{1, false, {0, 0}};
  const auto has = [](const std::string& text, const char* part) { return text.find(part) != std::string::npos; };
  CHECK(has(message_of([&] { array.driver().set_schedule({}); }), "0 segments"));
  CHECK(has(message_of([&] { array.driver().set_schedule(std::vector<Segment>(9, segment)); }), "takes 1 to 8"));
  CHECK(has(message_of([&] { array.driver().set_refresh(0); }), "1 to 65535"));
  CHECK(has(message_of([&] { array.driver().set_trace_stride(-1); }), "0 to 65535"));
  CHECK(has(message_of([&] { array.driver().set_trace_stride(65536); }), "0 to 65535"));
}
