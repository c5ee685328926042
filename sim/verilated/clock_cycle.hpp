// One clock cycle of a verilated model.
#pragma once

#include <type_traits>
#include <utility>

namespace settle {

/// Whether Verilator keeps the clock of `Root`, a model's root, as it was at the last evaluation under the name that
/// release 5.006 gives it.
template <typename Root, typename = void>
struct KeepsClock : std::false_type {};
template <typename Root>
struct KeepsClock<Root, std::void_t<decltype(std::declval<Root&>().__Vtrigrprev__TOP__clk_i)>> : std::true_type {};

/// A rising edge of clk_i with the inputs as they are. `model` has been evaluated once with its clock low, and nothing
/// in it takes the falling edge: where Verilator can be told that the clock was low, that edge is not evaluated. A
/// model that is traced must use clock_cycle_with_falling_edge(), or its waveform has no clock.
template <typename Model>
void clock_cycle(Model& model) {
  using Root = std::remove_pointer_t<std::remove_const_t<decltype(Model::rootp)>>;
  static_assert(sizeof(Root) > 0, "the header of the model's root is missing, V..___024root.h");
  if constexpr (KeepsClock<Root>::value) {
    model.rootp->__Vtrigrprev__TOP__clk_i = 0;
  } else {
    model.clk_i = 0;
    model.eval();
  }
  model.clk_i = 1;
  model.eval();
}

/// The same; `seen` is called after each edge.
template <typename Model, typename Seen>
void clock_cycle_with_falling_edge(Model& model, const Seen& seen) {
  for (const int clock : {0, 1}) {
    model.clk_i = clock == 1;
    model.eval();
    seen(clock);
  }
}

}  // namespace settle
