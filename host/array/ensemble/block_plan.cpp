#include "array/ensemble/block_plan.hpp"

#include <algorithm>
#include <cstdlib>
#include <functional>

#include "contract/configuration/gaussian.hpp"
#include "generated/gaussian_table.hpp"

namespace settle::ensemble {

namespace {

using Code = registers::Operation;

constexpr int kGaussianPieces = 31 * 8;                 // as gaussian_address() counts them
constexpr int kAnyRun = 1 << 20;                        // until taps say what fits
constexpr std::int64_t kLimit = std::int64_t{1} << 31;  // what sums in 32 bits stay below

int padded(int outputs) { return (outputs + kOutputs - 1) / kOutputs * kOutputs; }

[[noreturn]] void not_proved(const char* what) { throw NotProved(std::string("ensemble: ") + what); }

class Planner {
 public:
  Planner(BlockPlan& plan, const ArrayMemories& memories, std::vector<char>& packed)
      : plan_(plan),
        packed_(packed),
        c_(plan.configuration),
        memories_(memories),
        operand_(-c_.operand.lowest()),
        word_(-c_.word.lowest()) {}

  void prepare() {
    if (c_.operand.fraction > 14) not_proved("operands have more than 14 fraction bits");
    if (c_.operand.width > 16 || c_.word.width > 16) not_proved("operands or words have more than 16 bits");
    if (c_.state.width > 28) not_proved("states have more than 28 bits");
    if (c_.rounded_bits() < 1 || c_.rounded_bits() > 24) not_proved("a step rounds off 0 bits, or more than 24");
    for (const LayerDescriptor& shape : memories_.layers) plan_.layers.push_back({shape, false, 0, 0});
    for (std::size_t pc = 0; pc < memories_.program.size();) {
      const Operation& operation = memories_.program[pc];
      if (operation.code == Code::end) break;
      if (operation.code == Code::layer) {
        pc = add_update(pc);
        continue;
      }
      if (operation.code == Code::project) add_project(operation);
      if (operation.code == Code::trace) {
        use(operation.layer);
        add(StepPart::Kind::trace, plan_.traces.size());
        plan_.traces.push_back({operation.layer, operation.coefficient});
      }
      ++pc;
    }
    for (LayerPlan& layer : plan_.layers) {
      if (!layer.used) continue;
      layer.first_pair = plan_.pair_rows;
      layer.site_pairs = (layer.shape.site_cells + 1) / 2;
      plan_.pair_rows += index(layer.shape.sites() * layer.site_pairs);
      plan_.cells = std::max(plan_.cells, index(layer.shape.first + layer.shape.cells()));
    }
    check_overlap();
    for (std::size_t k = 0; k < kGaussianPieces; ++k) {
      plan_.gaussian.push_back(pair_of(kGaussianTable[k] - (1 << 15), kGaussianTable[k + 1] - kGaussianTable[k]));
    }
  }

 private:
  /// The sums of a window take at least a step in 32 bits.
  void check_overlap() {
    std::vector<int> updates(plan_.cells);
    for (const UpdatePlan& update : plan_.updates) {
      const LayerDescriptor& shape = plan_.layers[index(update.layer)].shape;
      for (int i = 0; i < shape.cells(); ++i) {
        plan_.overlap = std::max(plan_.overlap, ++updates[index(shape.first + i)]);
      }
    }
    if (plan_.overlap * operand_ * operand_ >= 2 * kLimit || plan_.overlap * -c_.state.lowest() >= kLimit) {
      not_proved("a cell is updated too often in a step");
    }
  }

  void add(StepPart::Kind kind, std::size_t at) { plan_.parts.push_back({kind, at}); }

  const LayerDescriptor& use(int layer) {
    LayerPlan& plan = plan_.layers[index(layer)];
    if (plan.shape.cells() < 1) not_proved("a layer has no cells");
    plan.used = true;
    return plan.shape;
  }

  std::int64_t coefficient(int at) {
    packed_[index(at)] = 1;
    return memories_.coefficients[index(at)];
  }

  /// Coefficients of one tap, [rows][columns] in memory, as pairs of rows or of columns: [pairs][outputs padded].
  /// `sums` [outputs] grows by the magnitudes times `largest`; returns the pairs that fit 32 bits together.
  int pack(int first, int outputs, int inputs, int output_stride, int input_stride, std::int64_t largest,
           std::vector<std::int32_t>& to, std::vector<std::int64_t>& sums) {
    const int pairs = (inputs + 1) / 2, stride = padded(outputs);
    std::vector<std::int64_t> magnitudes(index(pairs * outputs));
    for (int p = 0; p < pairs; ++p) {
      for (int o = 0; o < stride; ++o) {
        std::int64_t low = 0, high = 0;
        if (o < outputs) {
          low = coefficient(first + o * output_stride + 2 * p * input_stride);
          if (2 * p + 1 < inputs) high = coefficient(first + o * output_stride + (2 * p + 1) * input_stride);
          magnitudes[index(p * outputs + o)] = (std::abs(low) + std::abs(high)) * largest;
          sums[index(o)] += magnitudes[index(p * outputs + o)];
        }
        to.push_back(pair_of(static_cast<std::int32_t>(low), static_cast<std::int32_t>(high)));
      }
    }
    return longest_run(magnitudes, pairs, outputs);
  }

  /// Pairs that can be summed in 32 bits, from every multiple of that number on: a power of two, so that what holds for
  /// one run holds for every shorter one.
  static int longest_run(const std::vector<std::int64_t>& magnitudes, int pairs, int outputs) {
    int longest = 1;
    while (longest < pairs) longest *= 2;
    for (int run = longest;; run /= 2) {
      bool fits = true;
      for (int first = 0; fits && first < pairs; first += run) {
        for (int o = 0; fits && o < outputs; ++o) {
          std::int64_t sum = 0;
          for (int p = first; p < std::min(first + run, pairs); ++p) sum += magnitudes[index(p * outputs + o)];
          fits = sum < kLimit;
        }
      }
      if (fits) return run;
      if (run == 1) not_proved("two products do not fit 32 bits");
    }
  }

  void add_project(const Operation& o) {
    const LayerDescriptor& layer = use(o.layer);
    ProjectPlan project;
    project.layer = o.layer;
    project.count = o.count;
    project.first_word = o.word;
    project.mean = o.mean;
    project.odd_rows = o.odd_rows;
    project.odd_columns = o.odd_columns;
    const int gain = c_.word_gain_bits == 0 ? 0 : o.gain;
    project.rounding = {c_.accumulator_fraction() - c_.word.fraction - gain, 0,
                        static_cast<std::int32_t>(c_.word.lowest()), static_cast<std::int32_t>(c_.word.highest())};
    if (project.rounding.shift < 0 || project.rounding.shift > 28)
      not_proved("words are rounded by fewer than 0 or more than 28 bits");
    project.shape = {(layer.site_cells + 1) / 2, padded(o.count), kAnyRun, 0, false, true};
    std::vector<std::int64_t> sums(index(o.count));
    for (int t = 0; t < o.tap_range.taps(); ++t) {
      project.shape.run =
          std::min(project.shape.run, pack(o.coefficient + t * o.count * layer.site_cells, o.count, layer.site_cells,
                                           layer.site_cells, 1, operand_, project.coefficients, sums));
    }
    const std::int64_t sites = o.block ? 4 : 1;
    const std::int64_t half = std::int64_t{1} << project.rounding.shift << 1;  // of the longest shift
    std::int64_t largest = 0;
    for (const std::int64_t sum : sums) largest = std::max(largest, sites * sum + half);
    if (largest >= std::int64_t{1} << (c_.projection_width - 1)) not_proved("a word's sum might wrap");
    project.split = largest >= kLimit;
    const std::int64_t splits = splits_of(project.shape, sites * o.tap_range.taps());
    if (project.split && (largest >> project.rounding.shift) + splits >= kLimit)
      not_proved("a word's sum is too large");
    if (project.split && (splits << (project.rounding.shift + 2)) + half >= kLimit)
      not_proved("a word has too many parts");
    project.width = o.block ? (layer.width + 1) / 2 : layer.width;
    project.height = o.block ? (layer.height + 1) / 2 : layer.height;
    project.terms = seen_by_words(layer, o, project);
    plan_.words = std::max(plan_.words, index(o.word + project.height * project.width * o.count));
    add(StepPart::Kind::project, plan_.projects.size());
    plan_.projects.push_back(std::move(project));
  }

  /// For each word site, the sites of its block, and of each the sites that its taps see.
  static SiteTerms seen_by_words(const LayerDescriptor& layer, const Operation& o, const ProjectPlan& project) {
    SiteTerms terms;
    const int tap_numbers = project.shape.pairs * project.shape.outputs;
    const auto see = [&](int y, int x) {
      for (int t = 0; t < o.tap_range.taps(); ++t) {
        const int row = y - (o.tap_range.top + t / o.tap_range.width);
        const int column = x - (o.tap_range.left + t % o.tap_range.width);
        if (row < 0 || row >= layer.height || column < 0 || column >= layer.width) continue;
        terms.terms.push_back(term((row * layer.width + column) * project.shape.pairs, t * tap_numbers));
      }
    };
    for (int y = 0; y < project.height; ++y) {
      for (int x = 0; x < project.width; ++x) {
        for (int n = 0; n < (o.block ? 4 : 1); ++n) {
          const int row = o.block ? 2 * y + n / 2 : y, column = o.block ? 2 * x + n % 2 : x;
          if (row < layer.height && column < layer.width) see(row, column);
        }
        terms.ends.push_back(static_cast<std::uint32_t>(terms.terms.size()));
      }
    }
    return terms;
  }

  /// For each site of the layer, the words that its taps see.
  static SiteTerms seen_by_cells(const LayerDescriptor& layer, const Operation& o, const BusPlan& bus, int width) {
    SiteTerms terms;
    const int tap_numbers = bus.shape.pairs * bus.shape.outputs;
    for (int s = 0; s < layer.sites(); ++s) {
      for (int t = 0; t < o.tap_range.taps(); ++t) {
        const int row = s / layer.width + o.tap_range.top + t / o.tap_range.width;
        const int column = s % layer.width + o.tap_range.left + t % o.tap_range.width;
        if (row < 0 || row >= layer.height || column < 0 || column >= layer.width) continue;
        const int source = o.half ? (row / 2) * width + column / 2 : row * width + column;
        terms.terms.push_back(term(source * bus.shape.pairs, t * tap_numbers));
      }
      terms.ends.push_back(static_cast<std::uint32_t>(terms.terms.size()));
    }
    return terms;
  }

  static Term term(int pairs, int coefficients) {
    return {static_cast<std::uint32_t>(pairs), static_cast<std::uint32_t>(coefficients)};
  }

  /// Parts into which a sum of `terms` terms is split.
  static std::int64_t splits_of(const DotShape& shape, std::int64_t terms) {
    return terms * ((std::int64_t{shape.pairs} + shape.run - 1) / shape.run);
  }

  std::size_t add_update(std::size_t pc) {
    const Operation& head = memories_.program[pc];
    const LayerDescriptor& layer = use(head.layer);
    UpdatePlan update;
    update.layer = head.layer;
    update.field = head.coefficient;
    update.per_site = head.per_site;
    update.first_sample = static_cast<int>(plan_.samples);
    plan_.samples += index(layer.cells());
    bounds_.assign(index(layer.site_cells), largest_start());
    splits_ = 1;
    const auto itself = [](int cell) { return cell; };
    while (!memories_.program[pc].last && pc + 1 < memories_.program.size()) {
      ++pc;
      const Operation& o = memories_.program[pc];
      if (o.code == Code::stiffness) add_local(layer, o, itself, update);
      if (o.code == Code::neighbour) add_local(layer, o, partner(layer, o), update);
      if (o.code == Code::table) add_table(head.layer, update);
      if (o.code == Code::bus) add_bus(layer, o, update);
    }
    judge(update);
    add(StepPart::Kind::update, plan_.updates.size());
    plan_.updates.push_back(std::move(update));
    return pc + 1;
  }

  /// Any field, and any gain of the largest sample, which is at the table's end.
  std::int64_t largest_start() const {
    const std::int32_t sample =
        gaussian_magnitude(kGaussianTable.data(), {kGaussianPieces - 1, 2047}, kNoiseFraction - c_.noise_fraction);
    return (std::int64_t{1} << (15 + c_.operand.fraction)) + (std::int64_t{1} << 15) * sample;
  }

  /// The cell of the site by which each one is moved.
  static std::function<int(int)> partner(const LayerDescriptor& layer, const Operation& o) {
    return [&layer, &o](int i) {
      const int columns = 1 << layer.columns_log2;
      int row = (i >> layer.columns_log2) + o.word;
      if (row >= layer.rows) row -= layer.rows;
      return (row << layer.columns_log2) + (((i & (columns - 1)) + o.count) & (columns - 1));
    };
  }

  void add_local(const LayerDescriptor& layer, const Operation& o, const std::function<int(int)>& partner_of,
                 UpdatePlan& update) {
    LocalTerms local;
    for (int i = 0; i < layer.site_cells; ++i) {
      const int partner = partner_of(i);
      if (partner >= layer.site_cells) not_proved("a neighbour lies outside its site");
      const std::int64_t value = coefficient(o.coefficient + i);
      local.partners.push_back(partner / 2);
      local.coefficients.push_back(partner % 2 == 0 ? pair_of(static_cast<std::int32_t>(value), 0)
                                                    : pair_of(0, static_cast<std::int32_t>(value)));
      bounds_[index(i)] += std::abs(value) * operand_;
    }
    ++splits_;
    update.locals.push_back(std::move(local));
  }

  void add_table(int layer, UpdatePlan& update) {
    if (c_.table_bits == 0) not_proved("there are no tables");
    ++update.tables;
    ++splits_;
    std::int64_t largest = 0;
    update.table.clear();
    for (int p = 0; p < c_.table_pieces(); ++p) {
      const ArrayMemories::TablePiece& piece = memories_.table[index(layer * c_.table_pieces() + p)];
      update.table.push_back(pair_of(piece.left, piece.rise));
      largest = std::max<std::int64_t>({largest, std::abs(piece.left), std::abs(piece.left + piece.rise)});
    }
    if (c_.operand.fraction < c_.operand.width - c_.table_bits) not_proved("a table's pieces are wider than 1");
    for (std::int64_t& bound : bounds_) bound += largest << c_.operand.fraction;
  }

  void add_bus(const LayerDescriptor& layer, const Operation& o, UpdatePlan& update) {
    BusPlan bus;
    bus.count = o.count;
    bus.first_word = o.word;
    const int left = c_.operand.fraction - c_.word.fraction;
    if (left < 0) not_proved("words have more fraction bits than operands");
    bus.shape = {(o.count + 1) / 2, padded(layer.site_cells), kAnyRun, left, true, update.buses.empty()};
    for (int t = 0; t < o.tap_range.taps(); ++t) {
      bus.shape.run =
          std::min(bus.shape.run, pack(o.coefficient + t * o.count * layer.site_cells, layer.site_cells, o.count, 1,
                                       layer.site_cells, word_ << left, bus.coefficients, bounds_));
    }
    splits_ += splits_of(bus.shape, o.tap_range.taps());
    const int source_height = o.half ? (layer.height + 1) / 2 : layer.height;
    const int source_width = o.half ? (layer.width + 1) / 2 : layer.width;
    bus.sources = source_height * source_width;
    if (!update.buses.empty()) {
      const BusPlan& before = update.buses.back();
      bus.first_pair = before.first_pair + index(before.sources * before.shape.pairs);
    }
    bus.terms = seen_by_cells(layer, o, bus, source_width);
    plan_.words = std::max(plan_.words, index(o.word + bus.sources * o.count));
    update.buses.push_back(std::move(bus));
  }

  /// Whether the force can be summed in 32 bits, must be split, or is not proved to fit at all.
  void judge(UpdatePlan& update) const {
    const int shift = c_.rounded_bits();
    const std::int64_t largest = *std::max_element(bounds_.begin(), bounds_.end()) + (std::int64_t{1} << (shift - 1));
    const std::int64_t state = -c_.state.lowest();
    if (largest + (state << shift) >= std::int64_t{1} << (c_.accumulator_width - 1)) not_proved("a force might wrap");
    if ((largest >> shift) + splits_ + state >= kLimit) not_proved("a force is too large");
    if (((splits_ + 1) << shift) >= kLimit) not_proved("a force has too many parts");
    update.split = largest >= kLimit;
  }

  BlockPlan& plan_;
  std::vector<char>& packed_;
  const Configuration& c_;
  const ArrayMemories& memories_;
  std::int64_t operand_, word_;       // largest magnitudes
  std::vector<std::int64_t> bounds_;  // of the current layer's forces, [site cells]
  std::int64_t splits_ = 0;           // parts of the current layer's forces
};

}  // namespace

BlockPlan::BlockPlan(const Configuration& made_for, const ArrayMemories& memories, std::vector<char>* packed)
    : configuration(made_for) {
  std::vector<char> unused;
  std::vector<char>& words = packed == nullptr ? unused : *packed;
  words.assign(memories.coefficients.size(), 0);
  Planner(*this, memories, words).prepare();
}

}  // namespace settle::ensemble
