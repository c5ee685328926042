// Operators of constants: what a model works out of its weights and the noise level alone is worked out once.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "network/onnx/operator_call.hpp"

namespace settle {

/// Works out an operator, whose inputs are all constants: its results in order.
using Folder = std::vector<Constant> (*)(const OperatorCall& call);

/// By name. Number by number: arithmetic, functions, comparisons (fold_numbers.cpp).
std::map<std::string, Folder> number_folders();
/// What moves numbers: shapes, slices, joins (fold_shapes.cpp).
std::map<std::string, Folder> shape_folders();
/// Products of matrices, and sums over sides (fold_products.cpp).
std::map<std::string, Folder> product_folders();

/// An index counted from the end if it is negative. Throws Error unless it is from -length to length - 1.
std::size_t index_of(const OperatorCall& call, std::int64_t index, std::int64_t length);

}  // namespace settle
