#include "array/float64/float64_plan.hpp"

#include <algorithm>
#include <utility>

#include "array/float64/float64_array.hpp"
#include "array/float64/neighbour_force.hpp"
#include "machine/bus_operator.hpp"

namespace settle {

namespace {

std::size_t index(Eigen::Index value) { return static_cast<std::size_t>(value); }

/// Appends `matrix` [inputs x outputs] to the coefficients.
std::uint32_t add_matrix(SiteProducts& products, const Eigen::Ref<const Eigen::MatrixXd>& matrix) {
  const auto first = static_cast<std::uint32_t>(products.coefficients.size());
  for (Eigen::Index i = 0; i < matrix.rows(); ++i) {
    for (Eigen::Index o = 0; o < matrix.cols(); ++o) products.coefficients.push_back(matrix(i, o));
    products.coefficients.resize(products.coefficients.size() + products.padded() - index(matrix.cols()));
  }
  return first;
}

SiteProducts empty_products(Eigen::Index inputs, Eigen::Index outputs) {
  SiteProducts products;
  products.inputs = static_cast<int>(inputs);
  products.outputs = static_cast<int>(outputs);
  return products;
}

/// The sites of `of` [their number]: which of them name site s, in ascending order.
std::vector<std::vector<Eigen::Index>> members(const std::vector<Eigen::Index>& of, Eigen::Index sites) {
  std::vector<std::vector<Eigen::Index>> all(index(sites));
  for (std::size_t s = 0; s < of.size(); ++s) all[index(of[s])].push_back(static_cast<Eigen::Index>(s));
  return all;
}

std::vector<double> values(const Eigen::VectorXd& vector) { return {vector.begin(), vector.end()}; }

/// Words from the source's cells.
SiteProducts forward_words(const BusOperator& bus) {
  SiteProducts products = empty_products(bus.source_matrix().rows(), bus.rank());
  const std::uint32_t matrix = add_matrix(products, bus.source_matrix());
  const auto add = [&](Eigen::Index site) {
    products.terms.push_back({static_cast<std::uint32_t>(site * products.inputs), matrix});
  };
  const bool blocks = !bus.block().empty();
  const auto sites_of = members(bus.block(), blocks ? bus.word_sites() : 0);
  for (Eigen::Index word = 0; word < bus.word_sites(); ++word) {
    if (blocks) {
      for (const Eigen::Index site : sites_of[index(word)]) add(site);
    } else {
      add(word);
    }
    products.ends.push_back(products.terms.size());
  }
  if (blocks) products.factor = values(bus.share());
  return products;
}

/// What the words do to the target's cells.
SiteProducts forward_cells(const BusOperator& bus) {
  const Eigen::Index rank = bus.rank();
  SiteProducts products = empty_products(rank, bus.target_matrix().rows());
  std::vector<std::uint32_t> matrices;
  for (Eigen::Index t = 0; t < bus.taps(); ++t) {
    matrices.push_back(add_matrix(products, bus.target_matrix().middleCols(t * rank, rank).transpose()));
  }
  for (Eigen::Index site = 0; site < bus.target_sites(); ++site) {
    for (Eigen::Index t = 0; t < bus.taps(); ++t) {
      const Eigen::Index word = bus.seen(t, site);
      if (word >= 0) products.terms.push_back({static_cast<std::uint32_t>(word * rank), matrices[index(t)]});
    }
    products.ends.push_back(products.terms.size());
  }
  return products;
}

/// Words from the target's cells: the adjoint of forward_cells().
SiteProducts adjoint_words(const BusOperator& bus) {
  const Eigen::Index rank = bus.rank(), cells = bus.target_matrix().rows();
  SiteProducts products = empty_products(cells, rank);
  std::vector<std::vector<SiteTerm>> terms(index(bus.word_sites()));
  for (Eigen::Index t = 0; t < bus.taps(); ++t) {
    const std::uint32_t matrix = add_matrix(products, bus.target_matrix().middleCols(t * rank, rank));
    for (Eigen::Index site = 0; site < bus.target_sites(); ++site) {
      const Eigen::Index word = bus.seen(t, site);
      if (word >= 0) terms[index(word)].push_back({static_cast<std::uint32_t>(site * cells), matrix});
    }
  }
  for (const std::vector<SiteTerm>& of_word : terms) {
    products.terms.insert(products.terms.end(), of_word.begin(), of_word.end());
    products.ends.push_back(products.terms.size());
  }
  return products;
}

/// What these words do to the source's cells: the adjoint of forward_words().
SiteProducts adjoint_cells(const BusOperator& bus) {
  const Eigen::Index rank = bus.rank();
  SiteProducts products = empty_products(rank, bus.source_matrix().rows());
  const std::uint32_t matrix = add_matrix(products, bus.source_matrix().transpose());
  for (Eigen::Index site = 0; site < bus.source_sites(); ++site) {
    const Eigen::Index word = bus.block().empty() ? site : bus.block()[index(site)];
    products.terms.push_back({static_cast<std::uint32_t>(word * rank), matrix});
    products.ends.push_back(products.terms.size());
    if (!bus.block().empty()) products.factor.push_back(bus.share()(word));
  }
  return products;
}

/// Both partners of every coupling feel the other.
void add_neighbours(const Layer& layer, Eigen::Index first, std::vector<Float64Plan::Neighbour>& to) {
  for (const Neighbour& neighbour : layer.neighbours) {
    const NeighbourForce force(layer, neighbour);
    for (int site = 0; site < layer.sites(); ++site) {
      for (Eigen::Index i = 0; i < layer.site_cells; ++i) {
        const Eigen::Index at = first + site * layer.site_cells;
        const auto cell = static_cast<std::uint32_t>(at + i);
        const auto partner = static_cast<std::uint32_t>(at + force.partner(i));
        to.push_back({cell, partner, neighbour.coupling(i)});
        to.push_back({partner, cell, neighbour.coupling(i)});
      }
    }
  }
}

}  // namespace

Float64Plan::Float64Plan(const Machine& machine, double state_range) : step(machine.step) {
  const Float64Array checked(machine, state_range);
  field = checked.field();
  stiffness.resize(field.size());
  std::vector<Eigen::Index> firsts;
  Eigen::Index first = 0;
  for (const Layer& layer : machine.layers) {
    firsts.push_back(first);
    stiffness.segment(first, layer.cells()) = layer.stiffness.replicate(layer.sites(), 1);
    clamp.resize(index(first + layer.cells()));
    std::copy(layer.clamp.begin(), layer.clamp.end(), clamp.begin() + first);
    add_neighbours(layer, first, neighbours);
    ForceTable table(layer.name, layer.force, layer.scale * state_range);
    if (!table.linear_cell()) tables.push_back({first, layer.cells(), std::move(table)});
    first += layer.cells();
  }
  for (const Bus& bus : machine.buses) {
    const auto source = index(bus.source), target = index(bus.target);
    const BusOperator action(bus, machine.layers[source], machine.layers[target]);
    pulls.push_back({forward_words(action), forward_cells(action), firsts[source], firsts[target]});
    if (bus.reciprocal && source != target) {
      pulls.push_back({adjoint_words(action), adjoint_cells(action), firsts[target], firsts[source]});
    }
  }
  for (const Pull& pull : pulls) words = std::max(words, pull.words.ends.size() * index(pull.words.outputs));
}

}  // namespace settle
