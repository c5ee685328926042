// A batch in pieces that any thread may settle, so that its work can be shared with other work.
#pragma once

#include <cstddef>
#include <functional>

#include "study/run/batch.hpp"

namespace settle {

class Pieces {
 public:
  Pieces() = default;
  virtual ~Pieces() = default;
  Pieces(const Pieces&) = delete;
  Pieces& operator=(const Pieces&) = delete;

  /// 1 or more.
  virtual std::size_t count() const = 0;

  /// Settles a piece, each once; `worker` tells the threads apart, from 0. Returns how many samples were settled: none
  /// if `stop` (may be empty) said yes before the end. Throws as the engine.
  virtual Eigen::Index settle(std::size_t piece, std::size_t worker, const std::function<bool()>& stop) = 0;

  /// Of the samples before the first that is not settled; no piece may be at work.
  virtual BatchResult result() const = 0;
};

}  // namespace settle
