#include "programs/bench/torch/torch_loop.hpp"

#include <algorithm>

#include <torch/torch.h>

#include "base/cpu_time.hpp"
#include "base/error.hpp"
#include "programs/bench/torch/torch_bus.hpp"
#include "programs/bench/torch/torch_force.hpp"

namespace settle {

namespace {

constexpr const char* kLast = "-last";
constexpr const char* kWhole = "whole";
constexpr const char* kInPlace = "in place";

/// Letters of a way: f or p for each bus. Throws Error for others.
void check_letters(const FloatMachine& machine, const std::string& letters) {
  const bool known = letters.find_first_not_of("fp") == std::string::npos;
  if (known && letters.size() == machine.buses.size()) return;
  throw error("--way: {}: a letter f or p for each of {} buses is needed", letters, machine.buses.size());
}

/// [batch or 1, ...] in the shape of the layer's states, of values [samples][sites][site cells].
torch::Tensor in_shape(const FloatLayer& layer, const std::vector<float>& values, int samples, int sites, int batch) {
  torch::Tensor t = torch::tensor(values).reshape({samples, sites, layer.site_cells});
  if (samples > 1) {
    const torch::Tensor input = torch::arange(batch, torch::kLong).remainder(samples);
    t = t.index_select(0, input);
  }
  if (layer.sites() == 1) return t.reshape({t.size(0), layer.site_cells});
  t = t.permute({0, 2, 1}).contiguous();
  return sites == 1 ? t.reshape({t.size(0), layer.site_cells, 1, 1})
                    : t.reshape({t.size(0), layer.site_cells, layer.height, layer.width});
}

std::vector<std::int64_t> shape_of(const FloatLayer& layer, int batch) {
  if (layer.sites() == 1) return {batch, layer.site_cells};
  return {batch, layer.site_cells, layer.height, layer.width};
}

torch::Tensor placed(const torch::Tensor& t, bool last) {
  return last && t.dim() == 4 ? t.contiguous(torch::MemoryFormat::ChannelsLast) : t.contiguous();
}

/// States of the first sample, site by site.
std::vector<float> first_sample(const std::vector<torch::Tensor>& states) {
  std::vector<float> all;
  for (const torch::Tensor& t : states) {
    torch::Tensor one = t[0];
    if (one.dim() == 3) one = one.permute({1, 2, 0});
    one = one.contiguous().reshape({-1});
    all.insert(all.end(), one.data_ptr<float>(), one.data_ptr<float>() + one.numel());
  }
  return all;
}

double variance(const torch::Tensor& sum, const torch::Tensor& square, std::int64_t steps) {
  const torch::Tensor mean = sum.to(torch::kDouble) / steps;
  return (square.to(torch::kDouble) / steps - mean * mean).mean().item<double>();
}

/// What both loops keep for each layer, [batch] samples of it, and how that is read.
class TorchLoop : public FloatLoop {
 public:
  std::vector<float> states() override { return first_sample(state_); }

  std::vector<double> variances(std::int64_t steps) override {
    std::vector<double> all;
    for (std::size_t l = 0; l < sum_.size(); ++l) all.push_back(variance(sum_[l], square_[l], steps));
    return all;
  }

 protected:
  std::vector<torch::Tensor> state_, sum_, square_;
};

/// As it is written first: the formula of a step.
class WrittenLoop : public TorchLoop {
 public:
  WrittenLoop(const FloatMachine& machine, int batch, const std::string& letters, bool last) : machine_(machine) {
    for (std::size_t b = 0; b < machine.buses.size(); ++b) {
      buses_.emplace_back(machine.buses[b], machine, letters[b] == 'p');
    }
    for (const FloatLayer& layer : machine.layers) {
      state_.push_back(placed(torch::zeros(shape_of(layer, batch)), last));
      field_.push_back(placed(in_shape(layer, layer.field, layer.field_samples, layer.field_sites, batch), last));
      stiffness_.push_back(in_shape(layer, layer.stiffness, 1, 1, batch));
      forces_.emplace_back(layer);
    }
    sum_ = square_ = state_;
    zero();
  }

  void zero() override {
    for (auto* tensors : {&state_, &sum_, &square_}) {
      for (torch::Tensor& t : *tensors) t = torch::zeros_like(t);
    }
  }

  void step(bool noisy, bool window) override {
    std::vector<torch::Tensor> force;
    for (std::size_t l = 0; l < state_.size(); ++l) {
      if (window) {
        sum_[l] += state_[l];
        square_[l] += state_[l] * state_[l];
      }
      force.push_back(field_[l] - stiffness_[l] * state_[l]);
      if (!forces_[l].linear()) force[l] = force[l] - forces_[l].of(state_[l]);
    }
    for (const TorchBus& bus : buses_) {
      const auto source = static_cast<std::size_t>(bus.source()), target = static_cast<std::size_t>(bus.target());
      force[target] = force[target] - bus.pull(state_[source]);
      if (bus.returns()) force[source] = force[source] - bus.pull_back(state_[target]);
    }
    for (std::size_t l = 0; l < state_.size(); ++l) {
      state_[l] = state_[l] + machine_.step * force[l];
      if (noisy) state_[l] = state_[l] + machine_.layers[l].noise * torch::randn_like(state_[l]);
    }
  }

 private:
  FloatMachine machine_;
  std::vector<TorchBus> buses_;
  std::vector<TorchForce> forces_;
  std::vector<torch::Tensor> field_, stiffness_;
};

/// As one writes it to be fast: constants multiplied beforehand, every operation in place.
class InPlaceLoop : public TorchLoop {
 public:
  InPlaceLoop(const FloatMachine& machine, int batch, const std::string& letters, bool last) : machine_(machine) {
    for (std::size_t b = 0; b < machine.buses.size(); ++b) {
      buses_.emplace_back(machine.buses[b], machine, letters[b] == 'p', machine.step);
    }
    for (const FloatLayer& layer : machine.layers) {
      // normal_() is fast on tensors that lie in the order of their dimensions.
      const bool swapped = last && layer.sites() > 1;
      drawn_.push_back(swapped ? torch::zeros({batch, layer.height, layer.width, layer.site_cells})
                               : torch::zeros(shape_of(layer, batch)));
      noise_.push_back(swapped ? drawn_.back().permute({0, 3, 1, 2}) : drawn_.back());
      for (auto* tensors : {&state_, &next_, &sum_, &square_}) {
        tensors->push_back(placed(torch::zeros(shape_of(layer, batch)), last));
      }
      field_.push_back(
          placed(machine.step * in_shape(layer, layer.field, layer.field_samples, layer.field_sites, batch), last));
      decay_.push_back(1 - machine.step * in_shape(layer, layer.stiffness, 1, 1, batch));
      forces_.emplace_back(layer, machine.step);
    }
  }

  void zero() override {
    for (auto* tensors : {&state_, &sum_, &square_}) {
      for (torch::Tensor& t : *tensors) t.zero_();
    }
  }

  void step(bool noisy, bool window) override {
    for (std::size_t l = 0; l < state_.size(); ++l) {
      if (window) {
        sum_[l].add_(state_[l]);
        square_[l].addcmul_(state_[l], state_[l]);
      }
      torch::addcmul_out(next_[l], field_[l], state_[l], decay_[l]);
      if (!forces_[l].linear()) forces_[l].subtract(state_[l], next_[l]);
    }
    for (const TorchBus& bus : buses_) bus.subtract(state_, next_);
    for (std::size_t l = 0; noisy && l < state_.size(); ++l) {
      drawn_[l].normal_(0, machine_.layers[l].noise);
      next_[l].add_(noise_[l]);
    }
    state_.swap(next_);
  }

 private:
  FloatMachine machine_;
  std::vector<TorchBus> buses_;
  std::vector<TorchForce> forces_;
  std::vector<torch::Tensor> next_, drawn_, noise_;
  std::vector<torch::Tensor> field_, decay_;  ///< step * h, and 1 - step * a
};

bool has_whole(const FloatMachine& machine) {
  return std::all_of(machine.layers.begin(), machine.layers.end(),
                     [](const FloatLayer& layer) { return layer.sites() == 1 && layer.force.empty(); });
}

/// All layers as one vector of cells, x <- x T + e h + noise.
class WholeLoop : public FloatLoop {
 public:
  WholeLoop(const FloatMachine& machine, int batch, bool in_place) : machine_(machine), in_place_(in_place) {
    const std::int64_t cells = machine.cells();
    // A step of the identity, without fields, gives the matrix.
    std::vector<torch::Tensor> states, next, fields, noise;
    std::int64_t first = 0;
    for (const FloatLayer& layer : machine.layers) {
      states.push_back(torch::eye(cells).slice(1, first, first + layer.site_cells).contiguous());
      next.push_back(states.back() * (1 - machine.step * torch::tensor(layer.stiffness)));
      fields.push_back(in_shape(layer, layer.field, layer.field_samples, layer.field_sites, batch)
                           .expand({batch, layer.site_cells}));
      noise.push_back(torch::full({layer.site_cells}, layer.noise));
      first += layer.site_cells;
    }
    for (const FloatBus& bus : machine.buses) TorchBus(bus, machine, true, machine.step).subtract(states, next);
    matrix_ = torch::cat(next, 1).contiguous();
    field_ = (machine.step * torch::cat(fields, 1)).contiguous();
    level_ = torch::cat(noise);
    state_ = torch::zeros({batch, cells});
    next_ = torch::zeros_like(state_);
    noise_ = torch::zeros_like(state_);
    sum_ = torch::zeros_like(state_);
    square_ = torch::zeros_like(state_);
  }

  void zero() override {
    for (torch::Tensor* t : {&state_, &sum_, &square_}) t->zero_();
  }

  void step(bool noisy, bool window) override {
    if (window) {
      sum_.add_(state_);
      square_.addcmul_(state_, state_);
    }
    if (!in_place_) {
      state_ = field_ + torch::mm(state_, matrix_);
      if (noisy) state_ = state_ + level_ * torch::randn_like(state_);
      return;
    }
    torch::addmm_out(next_, field_, state_, matrix_);
    if (noisy) next_.addcmul_(noise_.normal_(), level_);
    std::swap(state_, next_);
  }

  std::vector<float> states() override { return first_sample({state_}); }

  std::vector<double> variances(std::int64_t steps) override {
    std::vector<double> all;
    std::int64_t first = 0;
    for (const FloatLayer& layer : machine_.layers) {
      const auto of_layer = [&](const torch::Tensor& t) { return t.slice(1, first, first + layer.site_cells); };
      all.push_back(variance(of_layer(sum_), of_layer(square_), steps));
      first += layer.site_cells;
    }
    return all;
  }

 private:
  FloatMachine machine_;
  bool in_place_;
  torch::Tensor matrix_, field_, level_, state_, next_, noise_, sum_, square_;
};

/// Seconds of CPU time that a bus takes, the least of a few times.
double bus_seconds(const FloatMachine& machine, std::size_t bus, int batch, bool product, bool last) {
  const TorchBus made(machine.buses[bus], machine, product);
  std::vector<torch::Tensor> old, next;
  for (std::size_t l = 0; l < machine.layers.size(); ++l) {
    const FloatLayer& layer = machine.layers[l];
    const bool end =
        static_cast<int>(l) == machine.buses[bus].source || static_cast<int>(l) == machine.buses[bus].target;
    torch::Tensor t = !end                 ? torch::zeros({1})
                      : layer.sites() == 1 ? torch::randn({batch, layer.site_cells})
                                           : torch::randn({batch, layer.site_cells, layer.height, layer.width});
    if (last && t.dim() == 4) t = t.contiguous(torch::MemoryFormat::ChannelsLast);
    old.push_back(t);
    next.push_back(t.clone());
  }
  double least = 0;
  for (int i = 0; i < 4; ++i) {
    const double begin = cpu_seconds();
    made.subtract(old, next);
    const double taken = cpu_seconds() - begin;
    if (i == 1 || (i > 1 && taken < least)) least = taken;
  }
  return least;
}

}  // namespace

std::vector<std::string> torch_ways(const FloatMachine& machine, int batch) {
  const bool grids = std::any_of(machine.layers.begin(), machine.layers.end(),
                                 [](const FloatLayer& layer) { return layer.sites() > 1; });
  std::vector<std::string> ways;
  for (const bool last : {false, true}) {
    if (last && !grids) continue;
    std::string letters;
    for (std::size_t b = 0; b < machine.buses.size(); ++b) {
      const bool product = bus_seconds(machine, b, batch, true, last) < bus_seconds(machine, b, batch, false, last);
      letters += product ? 'p' : 'f';
    }
    ways.push_back(letters + (last ? kLast : ""));
  }
  if (has_whole(machine)) ways.emplace_back(kWhole);
  return ways;
}

std::unique_ptr<FloatLoop> make_torch_loop(const FloatMachine& machine, const FloatWay& way) {
  const bool in_place = way.style == kInPlace;
  const std::string name = way.name.empty() ? std::string(machine.buses.size(), 'f') : way.name;
  if (name == kWhole && has_whole(machine)) return std::make_unique<WholeLoop>(machine, way.batch, in_place);
  const bool last = name.size() > machine.buses.size() && name.substr(machine.buses.size()) == kLast;
  const std::string letters = last ? name.substr(0, machine.buses.size()) : name;
  check_letters(machine, letters);
  if (in_place) return std::make_unique<InPlaceLoop>(machine, way.batch, letters, last);
  return std::make_unique<WrittenLoop>(machine, way.batch, letters, last);
}

}  // namespace settle
