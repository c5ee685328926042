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

namespace {

using namespace settle;
using namespace settle::testing;

constexpr int kOperandFraction = 12;  // of operands and coefficients
constexpr int kStateWidth = 24;
constexpr int kBelow = 8;         // state fraction 20 - operand fraction 12
constexpr int kFirstSpacing = 4;  // slots between the first slots of two cells
constexpr int kProductStage = 2;  // cycles behind stage B: D
constexpr int kSumStage = 3;      // E
constexpr int kStateStage = 5;    // G

enum class Kind { idle, noise, square, stiffness, table, neighbour, bus, project, norm };

/// One cycle's stage B: what goes in, and what must come out of this slot later.
struct Slot {
  Kind kind = Kind::idle;
  bool last = false;
  std::int64_t coefficient, state, neighbour, word, noise, gain;
  bool clamp;
  int layer;
  std::int64_t product = 0;  // stage D
  std::int64_t new_state = 0;
  bool saturated = false;
};

struct Shape {
  int layers, table_bits, accumulator, step_shift;
  bool half_up;  // false: cut
  int shift() const { return 2 * kOperandFraction - (kStateWidth - 4) + step_shift; }
  int entries() const { return table_bits == 0 ? 0 : layers << table_bits; }
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
  const std::int64_t rest = ((value % modulus) + modulus) % modulus;
  return rest >= modulus / 2 ? rest - modulus : rest;
}

std::int64_t view(std::int64_t state, bool half_up) { return clip(shifted(state, kBelow, half_up), 16); }

struct Counts {
  int cells = 0, saturated = 0, clamped = 0, wrapped = 0, closest = 0;
};

class Program {
 public:
  Program(const Shape& shape, const std::vector<std::uint32_t>& table, std::uint64_t seed)
      : shape_(shape), table_(table), random_(seed) {}

  const std::vector<Slot>& slots() const { return slots_; }
  const Counts& counts() const { return counts_; }

  /// A cell with `terms` random terms; `extreme`: all of the largest product, so that the sum wraps.
  void cell(int terms, bool extreme) {
    const std::size_t first = slots_.size();
    Slot noise = slot(Kind::noise);
    if (extreme) noise.clamp = false;
    noise.product = noise.gain * noise.noise;
    const std::int64_t own = view(noise.state, shape_.half_up);
    std::int64_t force = noise.coefficient * (1 << kOperandFraction) + noise.product;
    slots_.push_back(noise);
    if (random_.one_in(3)) {
      Slot square = slot(Kind::square);
      square.product = own * own;
      slots_.push_back(square);
    }
    for (int i = 0; i < terms; ++i) {
      if (!extreme && random_.one_in(6)) between();
      Slot term = slot(extreme ? Kind::bus : kind());
      if (extreme) {
        term.coefficient = -32768;
        term.word = terms % 2 == 0 ? -32768 : 32767;
      }
      std::int64_t addend = 0;
      switch (term.kind) {
        case Kind::stiffness:
          term.product = term.coefficient * own;
          break;
        case Kind::neighbour:
          term.product = term.coefficient * term.neighbour;
          break;
        case Kind::bus:
          term.product = term.coefficient * term.word;
          break;
        default: {  // a force table: value at the segment's left end and rise over the segment
          const int inside_bits = 16 - shape_.table_bits;
          const std::int64_t from_left = own + 32768;
          const std::int64_t segment = (std::int64_t{term.layer} << shape_.table_bits) + (from_left >> inside_bits);
          const std::uint32_t entry = table_[static_cast<std::size_t>(segment)];
          const std::int64_t inside = from_left & ((1 << inside_bits) - 1);
          addend = static_cast<std::int16_t>(entry);
          // As a fraction of the segment, in units of the operand.
          term.product = static_cast<std::int16_t>(entry >> 16) * (inside << kOperandFraction >> inside_bits);
        }
      }
      force -= addend * (1 << kOperandFraction) + term.product;
      term.last = i + 1 == terms;
      slots_.push_back(term);
    }
    Slot& last = slots_.back();
    const std::int64_t change = shifted(lower_bits(force, shape_.accumulator), shape_.shift(), shape_.half_up);
    const std::int64_t new_state = clip(noise.state + change, kStateWidth);
    last.new_state = noise.clamp ? noise.state : new_state;
    last.saturated = !noise.clamp && new_state != noise.state + change;
    ++counts_.cells;
    counts_.saturated += last.saturated;
    counts_.clamped += noise.clamp;
    counts_.wrapped += lower_bits(force, shape_.accumulator) != force;
    if (random_.one_in(4)) between();
    if (slots_.size() <= first + kFirstSpacing) ++counts_.closest;
    while (slots_.size() < first + kFirstSpacing) slots_.push_back(slot(Kind::idle));
  }

  /// Slots that must leave the cell alone.
  void between() {
    for (int i = random_.below(4); i >= 0; --i) {
      Slot s = slot(random_.one_in(2) ? Kind::idle : random_.one_in(2) ? Kind::project : Kind::norm);
      const std::int64_t x = view(s.state, shape_.half_up);
      s.product = (s.kind == Kind::norm ? x : s.coefficient) * x;
      slots_.push_back(s);
    }
  }

 private:
  Slot slot(Kind kind) {
    Slot s;
    s.kind = kind;
    s.coefficient = random_.number(16);
    s.state = random_.number(kStateWidth);
    s.neighbour = random_.number(16);
    s.word = random_.number(16);
    s.noise = random_.number(16);
    s.gain = random_.number(16);
    s.clamp = random_.one_in(8);
    s.layer = random_.below(shape_.layers);
    return s;
  }

  Kind kind() {
    const std::array<Kind, 4> terms{Kind::stiffness, Kind::neighbour, Kind::bus, Kind::table};
    return terms[static_cast<std::size_t>(random_.below(shape_.table_bits == 0 ? 3 : 4))];
  }

  Shape shape_;
  const std::vector<std::uint32_t>& table_;
  Random random_;
  std::vector<Slot> slots_;
  Counts counts_;
};

struct Wrong {
  int views = 0, products = 0, states = 0, saturations = 0, own = 0;
};

template <class Module>
void drive(Module& module, const Slot& s) {
  module.noise_slot_b_i = s.kind == Kind::noise;
  module.square_slot_b_i = s.kind == Kind::square;
  module.table_slot_b_i = s.kind == Kind::table;
  module.neighbour_slot_b_i = s.kind == Kind::neighbour;
  module.bus_slot_b_i = s.kind == Kind::bus;
  module.project_slot_b_i = s.kind == Kind::project;
  module.norm_slot_b_i = s.kind == Kind::norm;
  set_signed(module.coef_b_i, 16, s.coefficient);
  set_signed(module.state_b_i, kStateWidth, s.state);
  module.clamp_b_i = s.clamp;
  set_signed(module.neighbour_b_i, 16, s.neighbour);
  set_signed(module.word_b_i, 16, s.word);
  set_signed(module.noise_b_i, 16, s.noise);
  set_signed(module.gain_b_i, 16, s.gain);
  set_signed(module.layer_b_i, 2, s.layer);
}

template <class Module>
Wrong run(Bench<Module>& bench, const std::vector<Slot>& slots, bool half_up) {
  Wrong wrong;
  const Slot nothing{};
  std::int64_t own_state = 0;
  for (std::size_t cycle = 0; cycle < slots.size() + kStateStage; ++cycle) {
    const auto behind = [&](std::size_t stages) -> const Slot& {  // the slot that is so many stages behind B
      return cycle >= stages && cycle - stages < slots.size() ? slots[cycle - stages] : nothing;
    };
    drive(*bench, behind(0));
    bench->last_c_i = behind(1).last;
    bench->table_slot_c_i = behind(1).kind == Kind::table;
    const Slot& e = behind(kSumStage);
    bench->load_e_i = e.kind == Kind::noise;
    bench->last_e_i = e.last;
    bench->subtract_e_i =
        e.kind == Kind::stiffness || e.kind == Kind::table || e.kind == Kind::neighbour || e.kind == Kind::bus;
    bench.settle();
    if (cycle < slots.size()) wrong.views += get_signed(bench->view_b_o, 0, 16) != view(behind(0).state, half_up);
    const Slot& d = behind(kProductStage);
    if (d.kind != Kind::idle) wrong.products += get_signed(bench->product_d_o, 0, 32) != d.product;
    if (behind(1).kind == Kind::noise) own_state = behind(1).state;
    if (d.kind == Kind::square) wrong.own += get_signed(bench->own_state_o, 0, kStateWidth) != own_state;
    const Slot& g = behind(kStateStage);
    if (g.last) {
      wrong.states += get_signed(bench->state_g_o, 0, kStateWidth) != g.new_state;
      wrong.saturations += (bench->saturated_g_o != 0) != g.saturated;
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
  bench->last_c_i = bench->table_slot_c_i = bench->load_e_i = bench->last_e_i = bench->subtract_e_i = 0;
  std::vector<std::uint32_t> table;
  for (int i = 0; i < shape.entries(); ++i) {
    table.push_back((static_cast<std::uint32_t>(random.number(16)) << 16) |
                    (static_cast<std::uint32_t>(random.number(16)) & 0xffffu));
    bench->table_we_i = 1;
    set_bits(bench->table_addr_i, 0, 8, static_cast<std::uint64_t>(i));
    bench->table_wdata_i = table.back();
    bench.clock();
  }
  bench->table_we_i = 0;
  Program program(shape, table, seed + 1);
  for (int i = 0; i < 4000; ++i) program.cell(1 + random.below(i % 2 == 0 ? 2 : 12), false);
  for (int i = 0; i < 20; ++i) {
    program.cell(800 + i, true);
    program.cell(1, false);
  }
  const Wrong wrong = run(bench, program.slots(), shape.half_up);
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
  CHECK(counts.closest > 800);
}

}  // namespace

TEST_CASE("lane: four layers with force tables") { check_coverage(compare<VM_lane>({4, 6, 40, 2, true}, 1)); }

TEST_CASE("lane: no table, another width and step, cut instead of rounded") {
  check_coverage(compare<VM_lane_plain>({1, 0, 36, 4, false}, 2));
}
