#include "programs/bench/bench_machine.hpp"

#include <algorithm>
#include <cmath>

#include "array/model/noise.hpp"
#include "base/process.hpp"
#include "device/driver/array_driver.hpp"
#include "device/model_device.hpp"
#include "images/idx.hpp"
#include "machine/fields.hpp"
#include "machine/fixed_point/array_memories.hpp"
#include "machine/fixed_point/machine_configuration.hpp"
#include "machine/machine_file.hpp"
#include "network/conditioning/conditioning.hpp"
#include "network/graph/graph_file.hpp"
#include "programs/source_tree.hpp"

namespace settle {

namespace {

using ensemble::kChains;

/// A model that keeps what is written to it.
class RecordingDevice : public Device {
 public:
  explicit RecordingDevice(const Configuration& configuration) : model_(configuration) {}

  std::string engine() const override { return model_.engine(); }
  std::uint32_t read(std::uint32_t address) override { return model_.read(address); }
  void write(std::uint32_t address, std::uint32_t value) override {
    writes.emplace_back(address, value);
    model_.write(address, value);
  }

  PortWrites writes;

 private:
  ModelDevice model_;
};

std::vector<float> floats(const Eigen::Ref<const Eigen::VectorXd>& values) {
  std::vector<float> all;
  all.reserve(static_cast<std::size_t>(values.size()));
  for (const double value : values) all.push_back(static_cast<float>(value));
  return all;
}

/// Row by row.
std::vector<float> rows(const Eigen::MatrixXd& matrix) {
  std::vector<float> all;
  all.reserve(static_cast<std::size_t>(matrix.size()));
  for (Eigen::Index r = 0; r < matrix.rows(); ++r) {
    for (Eigen::Index c = 0; c < matrix.cols(); ++c) all.push_back(static_cast<float>(matrix(r, c)));
  }
  return all;
}

/// Puts the layer's fields, once where samples or sites have the same.
void set_field(const std::vector<Eigen::VectorXd>& fields, Eigen::Index first, FloatLayer& layer) {
  std::vector<std::vector<float>> samples;
  samples.reserve(fields.size());
  for (const Eigen::VectorXd& all : fields) samples.push_back(floats(all.segment(first, layer.cells())));
  if (std::all_of(samples.begin(), samples.end(), [&](const auto& s) { return s == samples.front(); })) {
    samples.resize(1);
  }
  bool alike = true;
  for (const std::vector<float>& sample : samples) {
    for (int i = layer.site_cells; i < layer.cells(); ++i) {
      alike = alike && sample[static_cast<std::size_t>(i)] == sample[static_cast<std::size_t>(i - layer.site_cells)];
    }
  }
  layer.field_samples = static_cast<int>(samples.size());
  layer.field_sites = alike ? 1 : layer.sites();
  for (std::vector<float>& sample : samples) {
    sample.resize(static_cast<std::size_t>(layer.field_sites) * static_cast<std::size_t>(layer.site_cells));
    layer.field.insert(layer.field.end(), sample.begin(), sample.end());
  }
}

}  // namespace

double BenchMachine::products() const {
  const StepProducts& p = fixed->contents.products;
  return static_cast<double>(p.always + p.project + p.noise + p.window);
}

BenchMachine shipped_machine(const std::string& preset, std::uint64_t seed, const std::function<bool()>& stop) {
  const std::filesystem::path assets = source_tree() / "host" / "assets";
  const std::filesystem::path file = assets / (preset + ".machine.json");
  Machine machine = load_machine(file);
  const Graph network = read_network(assets / "unet.network.json").graph;
  check_maps(machine, network, file.string());
  BenchMachine made;
  made.name = preset;
  made.seed = seed;
  const std::vector<Conditioning> inputs =
      conditionings(machine, network, read_images(assets / "mnist-test-512-images-idx3-ubyte", kChains), 0, kChains,
                    machine.sigma, seed, stop);
  if (inputs.size() < kChains) throw Stopped("interrupted: nothing is written");
  for (const Conditioning& input : inputs) made.fields.push_back(fields(machine, input, InterfaceMode::normal));
  const Configuration made_for = configuration_of(machine, file.string());
  made.fixed = std::make_shared<const FixedMachine>(std::move(machine), made_for, file.string(), -1);
  made.gains = made.fixed->gains(made.fixed->machine.kt);
  return made;
}

ArrayMemories chain_memories(const BenchMachine& machine, int chain, bool noisy) {
  const FixedMachine& fixed = *machine.fixed;
  ArrayMemories memories = array_memories(fixed.contents, fixed.configuration);
  put_fields(fixed.fields(machine.fields.at(static_cast<std::size_t>(chain))), fixed.contents, memories);
  if (noisy) std::copy(machine.gains.begin(), machine.gains.end(), memories.gains.begin());
  memories.noise_keys = noise_keys(machine.seed + static_cast<std::uint64_t>(chain), fixed.configuration.noise_rounds);
  return memories;
}

PortWrites port_writes(const BenchMachine& machine) {
  RecordingDevice device(machine.fixed->configuration);
  ArrayDriver driver(device, machine.fixed->configuration);
  driver.load(machine.fixed->contents);
  driver.set_fields(machine.fixed->fields(machine.fields.front()));
  driver.set_noise(machine.seed, 0);
  driver.set_schedule({{1, true, machine.gains}});
  driver.set_refresh(1);
  driver.set_trace_stride(0);
  return std::move(device.writes);
}

FloatMachine float_machine(const BenchMachine& machine) {
  const FixedMachine& fixed = *machine.fixed;
  const Machine& from = fixed.machine;
  const std::vector<double> kt = realised_kt(machine.gains, fixed.contents, fixed.configuration);
  FloatMachine made;
  made.name = machine.name;
  made.step = static_cast<float>(from.step);
  made.samples = kChains;
  Eigen::Index first = 0;
  for (std::size_t l = 0; l < from.layers.size(); ++l) {
    const Layer& layer = from.layers[l];
    if (!layer.neighbours.empty() || !layer.clamp.empty()) {
      throw error("{}: layer {}: the float32 programs know neither neighbours nor clamps", fixed.name, layer.name);
    }
    FloatLayer one;
    one.height = layer.height;
    one.width = layer.width;
    one.site_cells = layer.site_cells;
    one.stiffness = floats(layer.stiffness);
    one.noise = static_cast<float>(std::sqrt(2 * from.step * kt[l]));
    for (const double knot : layer.force) one.force.push_back(static_cast<float>(knot));
    one.range = static_cast<float>(layer.scale * fixed.configuration.state_range());
    set_field(machine.fields, first, one);
    first += layer.cells();
    made.layers.push_back(std::move(one));
  }
  for (const Bus& bus : from.buses) {
    const Resolution grids = *resolution(from.layers[static_cast<std::size_t>(bus.source)],
                                         from.layers[static_cast<std::size_t>(bus.target)]);
    FloatBus one;
    one.source = bus.source;
    one.target = bus.target;
    one.rank = static_cast<int>(bus.source_matrix.cols());
    one.reciprocal = bus.reciprocal;
    one.grids = grids == Resolution::same        ? Grids::same
                : grids == Resolution::from_half ? Grids::from_half
                                                 : Grids::from_double;
    one.top = bus.tap_range.top;
    one.left = bus.tap_range.left;
    one.height = bus.tap_range.height;
    one.width = bus.tap_range.width;
    one.source_matrix = rows(bus.source_matrix);
    one.target_matrix = rows(bus.target_matrix);
    made.buses.push_back(std::move(one));
  }
  return made;
}

}  // namespace settle
