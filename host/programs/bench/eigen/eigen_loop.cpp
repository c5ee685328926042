#include "programs/bench/eigen/eigen_loop.hpp"

#include <random>

#include <Eigen/Core>

#include "base/error.hpp"

namespace settle {

namespace {

using Rows = Eigen::Map<const Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>;

class Loop : public FloatLoop {
 public:
  Loop(const FloatMachine& machine, int batch, bool product) : machine_(machine), product_(product) {
    for (const FloatLayer& layer : machine.layers) {
      if (layer.sites() > 1 || !layer.force.empty()) {
        throw error("{}: linear layers of one site are needed", machine.name);
      }
      const Eigen::MatrixXf zeros = Eigen::MatrixXf::Zero(layer.site_cells, batch);
      for (auto* all : {&state_, &next_, &noise_, &sum_, &square_}) all->push_back(zeros);
      field_.push_back(zeros);
      const Rows given(layer.field.data(), layer.field_samples, layer.site_cells);
      for (int s = 0; s < batch; ++s) {
        field_.back().col(s) = machine.step * given.row(s % layer.field_samples).transpose();
      }
      decay_.emplace_back(1 - machine.step * Eigen::ArrayXf::Map(layer.stiffness.data(), layer.site_cells));
    }
    for (const FloatBus& bus : machine.buses) {
      const auto cells = [&](int l) { return machine.layers[static_cast<std::size_t>(l)].site_cells; };
      source_.emplace_back(Rows(bus.source_matrix.data(), cells(bus.source), bus.rank));
      target_.emplace_back(machine.step * Rows(bus.target_matrix.data(), cells(bus.target), bus.rank));
      if (product) product_matrix_.emplace_back(target_.back() * source_.back().transpose());
    }
    words_.resize(machine.buses.size());
  }

  void zero() override {
    for (auto* all : {&state_, &sum_, &square_}) {
      for (Eigen::MatrixXf& m : *all) m.setZero();
    }
  }

  void step(bool noisy, bool window) override {
    for (std::size_t l = 0; l < state_.size(); ++l) {
      if (window) {
        sum_[l] += state_[l];
        square_[l] += state_[l].cwiseAbs2();
      }
      next_[l] = field_[l] + decay_[l].matrix().asDiagonal() * state_[l];
    }
    for (std::size_t b = 0; b < machine_.buses.size(); ++b) add_bus(b);
    for (std::size_t l = 0; noisy && l < state_.size(); ++l) {
      std::normal_distribution<float> normal(0, machine_.layers[l].noise);
      next_[l] += noise_[l].unaryExpr([&](float) { return normal(generator_); });
    }
    state_.swap(next_);
  }

  std::vector<float> states() override {
    std::vector<float> all;
    for (const Eigen::MatrixXf& m : state_) all.insert(all.end(), m.data(), m.data() + m.rows());
    return all;
  }

  std::vector<double> variances(std::int64_t steps) override {
    std::vector<double> all;
    for (std::size_t l = 0; l < sum_.size(); ++l) {
      const Eigen::ArrayXXd mean = sum_[l].cast<double>().array() / static_cast<double>(steps);
      all.push_back((square_[l].cast<double>().array() / static_cast<double>(steps) - mean.square()).mean());
    }
    return all;
  }

 private:
  void add_bus(std::size_t b) {
    const FloatBus& bus = machine_.buses[b];
    const auto source = static_cast<std::size_t>(bus.source), target = static_cast<std::size_t>(bus.target);
    const bool back = bus.reciprocal && source != target;
    if (product_) {
      next_[target].noalias() -= product_matrix_[b] * state_[source];
      if (back) next_[source].noalias() -= product_matrix_[b].transpose() * state_[target];
      return;
    }
    words_[b].noalias() = source_[b].transpose() * state_[source];
    next_[target].noalias() -= target_[b] * words_[b];
    if (!back) return;
    words_[b].noalias() = target_[b].transpose() * state_[target];
    next_[source].noalias() -= source_[b] * words_[b];
  }

  FloatMachine machine_;
  bool product_;
  std::mt19937 generator_{1};
  std::vector<Eigen::ArrayXf> decay_;
  std::vector<Eigen::MatrixXf> field_, state_, next_, noise_, sum_, square_;  ///< [layers][cells x batch]
  std::vector<Eigen::MatrixXf> source_, target_, product_matrix_, words_;     ///< [buses]
};

}  // namespace

std::vector<std::string> eigen_ways() { return {"factors", "product"}; }

std::unique_ptr<FloatLoop> make_eigen_loop(const FloatMachine& machine, const FloatWay& way) {
  if (!way.name.empty() && way.name != "factors" && way.name != "product") {
    throw error("--way: {}: factors or product is needed", way.name);
  }
  return std::make_unique<Loop>(machine, way.batch, way.name == "product");
}

}  // namespace settle
