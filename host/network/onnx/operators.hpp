// Operators of maps: what each becomes in the network.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "network/onnx/graph_builder.hpp"

namespace settle {

/// What an operator makes of its inputs, at least one of which is a map; nodes that it needs are added. Throws Error by
/// OperatorCall::refuse() for what the network cannot do.
using MapOperator = MapValue (*)(const OperatorCall& call, GraphBuilder& builder);

/// By name. Convolutions, plain and transposed, and what pads (convolutions.cpp).
std::map<std::string, MapOperator> convolution_operators();
/// Pooling, doubling, joining (grids.cpp).
std::map<std::string, MapOperator> grid_operators();
/// Sums and products of maps and constants, normalisation by constants (arithmetic.cpp).
std::map<std::string, MapOperator> arithmetic_operators();
/// Functions of each number (activations.cpp).
std::map<std::string, MapOperator> activation_operators();

/// GELU or SiLU, where the product of two maps is one; nothing if it is not (gates.cpp).
std::optional<MapValue> gate_of(const OperatorCall& call, GraphBuilder& builder, const MapValue& a, const MapValue& b);

/// What can be done about an operator that is never read for maps, whatever its inputs; "" for others (advice.cpp).
std::string advice_of(const std::string& op);
/// The same for one that is read for constants alone, or not known.
std::string map_advice_of(const std::string& op);

}  // namespace settle
