// Cell updates slot by slot, with all inputs that a slot does not own set to random values, against the force law in
// 64-bit integers. Cells follow at the closest spacing that the module allows, or later, with idle slots anywhere and
// projection slots in between.
#include <algorithm>
#include <array>
#include <vector>

#include <doctest/doctest.h>

#include "VM_lane.h"
#include "VM_lane_plain.h"
#include "rtl_modules/bench.hpp"

namespace lane_bench {
namespace {

using namespace settle;
using namespace settle::testing;

constexpr int kOperandFraction = 12;  // of operands and coefficients
constexpr int kStateWidth = 24;
constexpr int kBelow = 8;       // state fraction 20 - operand fraction 12
constexpr int kStateHeld = 2;   // slots after a cell's first one with its state, without neighbours
constexpr int kTermStage = 2;   // cycles after stage B: D
constexpr int kStateStage = 3;  // E

enum class Kind { idle, noise, square, stiffness, table, neighbour, bus, project, norm };

/// One cycle's stage B: what goes in, and what must come out of this slot later.
struct Slot {
  Kind kind = Kind::idle;
  bool last = false;
  std::int64_t coefficient, state, neighbour, word, minus_noise, gain;
  bool clamp;
  int layer;
  std::int64_t product = 0;  // stage D, of slots whose product leaves
  std::int64_t new_state = 0;
  bool saturated = false;
};

struct Shape {
  int layers, table_bits, accumulator, step_shift;
  bool neighbours;
  bool half_up;  // false: cut
  int shift() const { return 2 * kOperandFraction - (kStateWidth - 4) + step_shift; }
  int pieces() const { return table_bits == 0 ? 0 : layers << table_bits; }
};

std::int64_t shifted(std::int64_t value, int shift, bool half_up) {
  return (value + (half_up ? std::int64_t{1} << (shift - 1) : 0)) >> shift;
}

std::int64_t clip(std::int64_t value, int width) {
  const std::int64_t end = std::int64_t{1} << (width - 1);
  return std::min(std::max(value, -end), end - 1);
}

std::int64_t lower_bits(std::int64_t value, int width) {
  const std::int64_t modulus = std::int64_t{1} << width;
  const std::int64_t residue = ((value % modulus) + modulus) % modulus;
  return residue >= modulus / 2 ? residue - modulus : residue;
}

std::int64_t view(std::int64_t state, bool half_up) { return clip(shifted(state, kBelow, half_up), 16); }

struct Counts {
  int cells = 0, saturated = 0, clamped = 0, wrapped = 0, closest = 0;
};

/// One piece of a force table.
struct Piece {
  std::int64_t left, rise;
};

class Program {
 public:
  Program(const Shape& shape, const std::vector<Piece>& table, std::uint64_t seed)
      : shape_(shape), table_(table), random_(seed) {}

  const std::vector<Slot>& slots() const { return slots_; }
  const Counts& counts() const { return counts_; }

  /// A cell with `terms` random terms; `extreme`: all of the largest product, so that the sum wraps.
  void cell(int terms, bool extreme) {
    const std::size_t first = slots_.size();
    layer_ = random_.below(shape_.layers);
    state_ = random_.number(kStateWidth);
    Slot noise = slot(Kind::noise);
    if (extreme) noise.clamp = false;
    const std::int64_t own = view(noise.state, shape_.half_up);
    std::int64_t force = noise.coefficient * (1 << kOperandFraction) - noise.gain * noise.minus_noise;
    slots_.push_back(noise);
    if (random_.one_in(3)) {
      Slot square = slot(Kind::square);
      square.product = own * own;
      slots_.push_back(square);
    }
    for (int i = 0; i < terms; ++i) {
      if (!extreme && random_.one_in(6)) {
        for (int n = random_.below(4); n >= 0; --n) slots_.push_back(slot(Kind::idle));
      }
      Slot term = slot(extreme ? Kind::bus : kind());
      if (term.kind == Kind::table) {
        // Its address is that of the cycle before: not in a table's slot, and with the cell's own state.
        const Kind before = slots_.back().kind;
        if (before == Kind::table || before == Kind::neighbour || before == Kind::idle) hold();
      }
      if (extreme) {
        term.coefficient = -32768;
        term.word = terms % 2 == 0 ? -32768 : 32767;
      }
      force -= subtracted(term, own);
      term.last = i + 1 == terms;
      slots_.push_back(term);
    }
    const std::size_t last_slot = slots_.size() - 1;
    if (!shape_.neighbours) {
      while (slots_.size() <= first + kStateHeld) hold();
      for (std::size_t i = 1; i <= kStateHeld; ++i) slots_[first + i].state = noise.state;
    }
    Slot& last = slots_[last_slot];
    // State and force are one sum, which wraps before it is cut.
    const std::int64_t sum = noise.state * (std::int64_t{1} << shape_.shift()) + force;
    const std::int64_t rounded = sum + (shape_.half_up ? std::int64_t{1} << (shape_.shift() - 1) : 0);
    const std::int64_t wrapped = lower_bits(rounded, shape_.accumulator);
    const std::int64_t unclipped = wrapped >> shape_.shift();
    const std::int64_t new_state = clip(unclipped, kStateWidth);
    last.new_state = noise.clamp ? noise.state : new_state;
    last.saturated = !noise.clamp && new_state != unclipped;
    ++counts_.cells;
    counts_.saturated += last.saturated;
    counts_.clamped += noise.clamp;
    counts_.wrapped += wrapped != rounded;
    counts_.closest += slots_.size() == first + (shape_.neighbours ? 2 : 1 + kStateHeld);
    if (random_.one_in(4)) between();
  }

  /// Slots that must leave the cell before them alone.
  void between() {
    for (int i = random_.below(4); i >= 0; --i) {
      state_ = random_.number(kStateWidth);
      Slot s = slot(random_.one_in(2) ? Kind::idle : random_.one_in(2) ? Kind::project : Kind::norm);
      const std::int64_t x = view(s.state, shape_.half_up);
      s.product = (s.kind == Kind::norm ? x : s.coefficient) * x;
      slots_.push_back(s);
    }
  }

 private:
  /// A slot without anything but the cell's state.
  void hold() {
    slots_.push_back(slot(Kind::idle));
    slots_.back().state = state_;
  }

  /// What a term takes from the force of a cell with operand `own`.
  std::int64_t subtracted(const Slot& term, std::int64_t own) const {
    switch (term.kind) {
      case Kind::stiffness:
        return term.coefficient * own;
      case Kind::neighbour:
        return term.coefficient * term.neighbour;
      case Kind::bus:
        return term.coefficient * term.word;
      default: {  // a force table: value at the piece's left end and rise over the piece
        const int inside_bits = 16 - shape_.table_bits;
        const std::int64_t from_left = own + 32768;
        const std::int64_t index = (std::int64_t{term.layer} << shape_.table_bits) + (from_left >> inside_bits);
        const Piece& piece = table_[static_cast<std::size_t>(index)];
        const std::int64_t inside = from_left & ((1 << inside_bits) - 1);
        // As a fraction of the piece, in units of the operand.
        return piece.left * (1 << kOperandFraction) + piece.rise * (inside << kOperandFraction >> inside_bits);
      }
    }
  }

  Slot slot(Kind kind) {
    Slot s;
    s.kind = kind;
    s.coefficient = random_.number(16);
    s.state = kind == Kind::idle || kind == Kind::neighbour ? random_.number(kStateWidth) : state_;
    s.neighbour = random_.number(16);
    s.word = random_.number(16);
    s.minus_noise = random_.number(16);
    s.gain = random_.number(16);
    s.clamp = random_.one_in(8);
    s.layer = layer_;
    return s;
  }

  Kind kind() {
    std::vector<Kind> terms{Kind::stiffness, Kind::bus};
    if (shape_.neighbours) terms.push_back(Kind::neighbour);
    if (shape_.table_bits != 0) terms.push_back(Kind::table);
    return terms[static_cast<std::size_t>(random_.below(static_cast<int>(terms.size())))];
  }

  Shape shape_;
  const std::vector<Piece>& table_;
  Random random_;
  int layer_ = 0;  // of the cell in work
  std::int64_t state_ = 0;
  std::vector<Slot> slots_;
  Counts counts_;
};

struct Wrong {
  int views = 0, products = 0, states = 0, saturations = 0, own = 0;
};

bool summed(Kind kind) {
  return kind == Kind::stiffness || kind == Kind::table || kind == Kind::neighbour || kind == Kind::bus;
}

bool product_leaves(Kind kind) { return kind == Kind::square || kind == Kind::project || kind == Kind::norm; }

template <class Module>
void drive(Module& module, const Slot& s) {
  module.noise_slot_b_i = s.kind == Kind::noise;
  module.table_slot_b_i = s.kind == Kind::table;
  module.neighbour_slot_b_i = s.kind == Kind::neighbour;
  module.square_b_i = s.kind == Kind::square || s.kind == Kind::norm;
  module.view_b_i = s.kind == Kind::stiffness || s.kind == Kind::project;
  set_signed(module.coef_b_i, 16, s.coefficient);
  set_signed(module.state_b_i, kStateWidth, s.state);
  module.clamp_b_i = s.clamp;
  set_signed(module.neighbour_b_i, 16, s.neighbour);
  set_signed(module.word_b_i, 16, s.word);
  set_signed(module.minus_noise_b_i, 16, s.minus_noise);
  set_signed(module.gain_b_i, 16, s.gain);
  set_signed(module.layer_b_i, 2, s.layer);
}

/// Flags of the slots in stages C and D.
template <class Module>
void drive_later(Module& module, Kind c, Kind d) {
  module.table_slot_c_i = c == Kind::table;
  module.update_d_i = d == Kind::noise || summed(d);
  module.load_d_i = d == Kind::noise;
}

template <class Module>
Wrong run(Bench<Module>& bench, const std::vector<Slot>& slots, const Shape& shape) {
  Wrong wrong;
  const Slot nothing{};
  bool any_own = false;
  std::int64_t own_state = 0;
  for (std::size_t cycle = 0; cycle < slots.size() + kStateStage; ++cycle) {
    const auto slot_before = [&](std::size_t stages) -> const Slot& {
      return cycle >= stages && cycle - stages < slots.size() ? slots[cycle - stages] : nothing;
    };
    drive(*bench, slot_before(0));
    drive_later(*bench, slot_before(1).kind, slot_before(kTermStage).kind);
    bench.settle();
    if (cycle < slots.size())
      wrong.views += get_signed(bench->view_b_o, 0, 16) != view(slot_before(0).state, shape.half_up);
    const Slot& d = slot_before(kTermStage);
    if (product_leaves(d.kind)) wrong.products += get_signed(bench->term_d_o, 0, 32) != d.product;
    if (!shape.neighbours || slot_before(1).kind == Kind::noise) {
      any_own = true;
      own_state = slot_before(shape.neighbours ? 1 : 0).state;
    }
    if (any_own) wrong.own += get_signed(bench->own_state_o, 0, kStateWidth) != own_state;
    const Slot& e = slot_before(kStateStage);
    if (e.last) {
      wrong.states += get_signed(bench->state_e_o, 0, kStateWidth) != e.new_state;
      wrong.saturations += (bench->saturated_e_o != 0) != e.saturated;
    }
    bench.clock();
  }
  return wrong;
}

template <class Module>
Counts compare(const Shape& shape, std::uint64_t seed) {
  Random random(seed);
  Bench<Module> bench(static_cast<int>(seed));
  drive(*bench, Slot{});
  drive_later(*bench, Kind::idle, Kind::idle);
  std::vector<Piece> table;
  bench->table_we_i = 1;
  for (int i = 0; i < shape.pieces(); ++i) {
    table.push_back({random.number(16), random.number(16)});
    for (const int word : {0, 1}) {
      set_bits(bench->table_addr_i, 0, 9, static_cast<std::uint64_t>(2 * i + word));
      set_signed(bench->table_wdata_i, 16, word == 0 ? table.back().left : table.back().rise);
      bench.clock();
    }
  }
  bench->table_we_i = 0;
  Program program(shape, table, seed + 1);
  for (int i = 0; i < 4000; ++i) program.cell(1 + random.below(i % 2 == 0 ? 2 : 12), false);
  for (int i = 0; i < 20; ++i) {
    program.cell(800 + i, true);
    program.cell(1, false);
  }
  const Wrong wrong = run(bench, program.slots(), shape);
  CHECK(wrong.views == 0);
  CHECK(wrong.products == 0);
  CHECK(wrong.own == 0);
  CHECK(wrong.states == 0);
  CHECK(wrong.saturations == 0);
  return program.counts();
}

void check_coverage(const Counts& counts) {
  CHECK(counts.saturated > 200);
  CHECK(counts.saturated < counts.cells / 2);
  CHECK(counts.clamped > 300);
  CHECK(counts.wrapped >= 15);
  CHECK(counts.closest > 300);
}

}  // namespace

TEST_CASE("lane: four layers with force tables") { check_coverage(compare<VM_lane>({4, 6, 40, 2, true, true}, 1)); }

TEST_CASE("lane: no table, no neighbours, another width and step, cut instead of rounded") {
  check_coverage(compare<VM_lane_plain>({1, 0, 36, 4, false, false}, 2));
}

}  // namespace lane_bench
