// A machine's steps in libtorch, with tensors of whole layers and batches: as a user of PyTorch writes them, x + e F +
// noise; and as one who makes them fast does, with constants multiplied beforehand and every operation in place.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "programs/bench/floats/float_loop.hpp"

namespace settle {

/// Ways of working, best guess first: one letter per bus, f by its factors, p by their product, and then, for grids,
/// "-last" for channels last in memory. For machines of linear layers of one site also "whole": one matrix for all.
/// The letters are found by timing each bus both ways at this batch size.
std::vector<std::string> torch_ways(const FloatMachine& machine, int batch);

/// Styles "written" and "in place". Throws Error for a way that it does not have and for what TorchBus cannot do.
std::unique_ptr<FloatLoop> make_torch_loop(const FloatMachine& machine, const FloatWay& way);

}  // namespace settle
