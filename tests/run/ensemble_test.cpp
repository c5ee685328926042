// Batches on the ensemble engine against the same batches on models, one sample at a time.
#include <algorithm>
#include <atomic>
#include <memory>
#include <vector>

#include <doctest/doctest.h>

#include "base/splitmix.hpp"
#include "contract/builtin/builtin_configurations.hpp"
#include "device/model_device.hpp"
#include "machine/fixed_point/array_memories.hpp"
#include "machine/machine_file.hpp"
#include "study/run/ensemble.hpp"
#include "study/run/model_batches.hpp"

using namespace settle;

namespace {

Machine shipped(const std::string& preset) {
  return load_machine(std::string(SETTLE_SOURCE_DIR) + "/host/assets/" + preset + ".machine.json");
}

std::shared_ptr<const FixedMachine> fixed(const Machine& machine) {
  return std::make_shared<const FixedMachine>(machine, configuration(machine.configuration), "machine",
                                              machine.decoder);
}

/// The machine's own fields, and something of each sample's own.
FixedSampleField fields(const FixedMachine& machine) {
  return [&machine](Eigen::Index s) {
    std::vector<std::int16_t> all(static_cast<std::size_t>(machine.cells()));
    for (std::size_t i = 0; i < all.size(); ++i) {
      const std::uint64_t bits = mix64(1000 * static_cast<std::uint64_t>(s) + i);
      all[i] = static_cast<std::int16_t>(static_cast<int>(bits % 2001) - 1000);
    }
    return all;
  };
}

MakeDevice models() {
  return [](const std::string&, const Configuration& c) { return std::make_unique<ModelDevice>(c); };
}

BatchResult on_models(const std::shared_ptr<const FixedMachine>& machine, const Batch& batch) {
  const Engines engines(models(), "model", machine, batch.samples);
  return settle_batch(engines.all(), batch);
}

void check_same(const BatchResult& a, const BatchResult& b) {
  CHECK(a.samples == b.samples);
  CHECK(a.mean == b.mean);
  CHECK(a.variance == b.variance);
  CHECK(a.saturations == b.saturations);
  CHECK(a.cell_updates == b.cell_updates);
  CHECK(a.cycles == 0);
}

}  // namespace

TEST_CASE("a batch on the ensemble engine is the models', whatever its number of samples") {
  const auto machine = fixed(shipped("anchored"));
  const Ensemble ensemble(machine);
  for (const int samples : {1, 2, 17, 37}) {
    CAPTURE(samples);
    for (const double kt : {0.0, machine->machine.kt}) {
      const Batch batch = {samples, fields(*machine), {kt, 40, 30, 7}};
      check_same(ensemble.settle(batch), on_models(machine, batch));
    }
  }
}

TEST_CASE("maps whose sums are split") {
  Machine machine = shipped("map");
  for (Bus& bus : machine.buses) bus.target_matrix *= 1.2;
  const auto strong = fixed(machine);
  const Batch batch = {3, fields(*strong), {strong->machine.kt, 6, 4, 3}};
  check_same(Ensemble(strong).settle(batch), on_models(strong, batch));
  const ensemble::BlockPlan plan(strong->configuration, array_memories(strong->contents, strong->configuration));
  CHECK(std::any_of(plan.updates.begin(), plan.updates.end(), [](const auto& update) { return update.split; }));
}

TEST_CASE("few samples are settled by models, many by the ensemble engine: the same batch") {
  const auto machine = fixed(shipped("anchored"));
  const MakeDevice make_model = models();
  ModelBatches batches(make_model, machine);
  CHECK(batches.not_proved().empty());
  for (const int samples : {1, 3, 200}) {
    const Batch batch = {samples, fields(*machine), {machine->machine.kt, 20, 10, 7}};
    check_same(batches.settle(batch), on_models(machine, batch));
  }
}

TEST_CASE(
    "an array stays where it is when others are made, and each chain of a batch has its own temperature and noise") {
  const auto machine = fixed(shipped("anchored"));
  const MakeDevice make_model = models();
  ModelBatches batches(make_model, machine);
  LoadedArray& first = batches.array(0);
  const Batch plain = {3, fields(*machine), {machine->machine.kt, 20, 10, 7}};
  Batch batch = {40, [&](Eigen::Index c) { return plain.field(c % 3); }, plain.plan,
                 [&](Eigen::Index c) { return c < 20 ? 0.0 : machine->machine.kt; },
                 [&](Eigen::Index c) { return plain.noise_seed_of(c % 3); }};
  const Ensemble ensemble(machine);
  for (const bool in_blocks : {false, true}) {
    const auto pieces = in_blocks ? ensemble.pieces(batch, 4) : batches.pieces(batch, 4);
    for (std::size_t p = 0; p < pieces->count(); ++p) pieces->settle(p, p % 4, nullptr);
    const BatchResult result = pieces->result(), expected = on_models(machine, plain);
    REQUIRE(result.samples == 40);
    Batch cold = plain;
    cold.plan.kt = 0;
    const BatchResult frozen = on_models(machine, cold);
    for (Eigen::Index c = 0; c < 40; ++c) CHECK(result.mean.row(c) == (c < 20 ? frozen : expected).mean.row(c % 3));
  }
  CHECK(&first == &batches.array(0));
  CHECK(first.cells() == machine->cells());
}

TEST_CASE("a configuration with one segment is refused by name") {
  Configuration one = configuration("anchored");
  one.segments = 1;
  const Machine machine = shipped("anchored");
  const auto narrow = std::make_shared<const FixedMachine>(machine, one, "machine", machine.decoder);
  CHECK_THROWS_WITH_AS(Ensemble(narrow).settle({1, fields(*narrow), {0, 1, 1, 1}}),
                       "schedule: 2 segments, configuration anchored takes 1 to 1", Error);
}

TEST_CASE("a machine whose sums are not proved to fit is settled by models, and it is said why") {
  Machine machine = shipped("anchored");
  // Two products of the lowest coefficient with the lowest word are 2^31.
  for (const int word : {0, 1}) machine.buses[0].target_matrix(0, word) = machine.buses[0].source_matrix(0, word) = -8;
  const auto extreme = fixed(machine);
  CHECK_THROWS_WITH_AS(Ensemble{extreme}, "ensemble: two products do not fit 32 bits", ensemble::NotProved);
  const MakeDevice make_model = models();
  ModelBatches batches(make_model, extreme);
  CHECK(batches.not_proved() == "ensemble: two products do not fit 32 bits");
  const Batch batch = {64, fields(*extreme), {0, 5, 5, 1}};
  const BatchResult result = batches.settle(batch), expected = on_models(extreme, batch);
  check_same(result, expected);
  CHECK(result.saturations > 0);
}

TEST_CASE("a batch that is stopped keeps the samples before the first that is not complete") {
  const auto machine = fixed(shipped("anchored"));
  const Ensemble ensemble(machine, 1);  // one thread: blocks come to their ends in order
  const Batch batch = {200, fields(*machine), {machine->machine.kt, 100, 60, 7}};
  std::atomic<Eigen::Index> told{0};
  const BatchWatch watch = {[&] { return told >= 32; }, [&](Eigen::Index done, Eigen::Index) { told = done; }};
  const BatchResult part = ensemble.settle(batch, watch);
  CHECK(part.samples == 32);
  CHECK(told == 32);
  const BatchResult all = ensemble.settle(batch);
  CHECK(all.samples == 200);
  CHECK(part.mean == all.mean.topRows(part.samples));
}
