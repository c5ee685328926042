// A machine's program prepared for the loops of the ensemble engine: coefficients in the order in which they are read,
// and the proof that no sum overflows 32 bits, or of where it must be split.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "array/ensemble/kernels.hpp"
#include "array/model/array_model.hpp"
#include "base/error.hpp"
#include "contract/configuration/configuration.hpp"

namespace settle::ensemble {

inline std::size_t index(int value) { return static_cast<std::size_t>(value); }

/// Where the operands of a layer lie, which are made once for each step.
struct LayerPlan {
  LayerDescriptor shape;
  bool used = false;
  std::size_t first_pair = 0;  ///< row of the pairs
  int site_pairs = 0;
};

/// Bus words from the operands of a layer.
struct ProjectPlan {
  int layer = 0;
  int count = 0;  ///< words per site
  int first_word = 0;
  bool mean = false, odd_rows = false, odd_columns = false;
  DotShape shape;
  bool split = false;
  std::vector<std::int32_t> coefficients;  ///< [tap][pair][outputs padded]
  int height = 1, width = 1;               ///< of the words' grid
  SiteTerms terms;                         ///< pairs: rows of the layer's
  Rounding rounding;                       ///< of a sum that is no mean
};

/// The force of a bus on a layer.
struct BusPlan {
  int count = 0;  ///< words per site
  int first_word = 0;
  DotShape shape;
  std::vector<std::int32_t> coefficients;  ///< [tap][pair][site cells padded]
  int sources = 1;                         ///< sites of the words' grid
  std::size_t first_pair = 0;              ///< row of its words' pairs among those of the layer's buses
  SiteTerms terms;                         ///< pairs: rows of the words' pairs
};

/// The update of a layer.
struct UpdatePlan {
  int layer = 0;
  int field = 0;  ///< first word of the fields in the coefficient memory
  bool per_site = false;
  int first_sample = 0;  ///< cells that are updated before these: noise is taken in this order
  bool split = false;
  std::vector<LocalTerms> locals;
  int tables = 0;
  std::vector<std::int32_t> table;  ///< [pieces] pairs of left and rise
  std::vector<BusPlan> buses;
};

struct TracePlan {
  int layer = 0;
  int reference = 0;  ///< first word of the reference in the coefficient memory
};

/// What is done in a step, in this order.
struct StepPart {
  enum class Kind { project, update, trace } kind;
  std::size_t index;  ///< among those of its kind
};

struct BlockPlan {
  Configuration configuration;
  std::vector<LayerPlan> layers;  ///< [layers of the layer memory]
  std::vector<StepPart> parts;
  std::vector<ProjectPlan> projects;
  std::vector<UpdatePlan> updates;
  std::vector<TracePlan> traces;
  std::vector<std::int32_t> gaussian;                            ///< [knots] as Kernels::samples takes it
  std::size_t pair_rows = 0, cells = 0, samples = 0, words = 0;  ///< rows in use
  int overlap = 1;                                               ///< most updates of a cell in a step

  /// Prepares the program, layers, coefficients and tables that `memories` hold; what else they hold is not read.
  /// Throws NotProved for contents whose sums might overflow in ways that the loops do not follow, and for formats and
  /// operations that they do not have (the message says which).
  /// `packed` (may be null) becomes [coefficient memory], 1 for the words that the plan holds, or that a refusal rests
  /// on: it must be made anew when one of them changes, or program, layers or tables.
  BlockPlan(const Configuration& made_for, const ArrayMemories& memories, std::vector<char>* packed = nullptr);
};

/// These contents' sums are not proved to fit, or they need what the loops do not have; the model takes any.
class NotProved : public Error {
 public:
  using Error::Error;
};

}  // namespace settle::ensemble
