// The processes that mpirun has started a sweep in. The first one hands out points to the others as they finish; points
// themselves are exchanged as files.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>

namespace settle {

class Ranks {
 public:
  /// Null unless mpirun has started several processes. Throws Error if it has, and this build has no MPI.
  static std::unique_ptr<Ranks> of_this_run();

  virtual ~Ranks() = default;

  virtual bool is_first() const = 0;
  /// How many of those that work are on this computer.
  virtual std::size_t workers_here() const = 0;

  /// Whether the first one can begin: it says so by `ready`, and the others hear of it.
  virtual bool first_is_ready(bool ready) = 0;

  /// The first one's part: hands out what `next` gives until it gives nothing (`none`), and tells `done` of each point
  /// whose worker is through with it. `idle` is called many times a second. Returns once no worker is at work.
  virtual void hand_out(const std::function<std::size_t()>& next, const std::function<void(std::size_t)>& done,
                        const std::function<void()>& idle) = 0;
  /// The others' part: does what they are handed, to the end.
  virtual void work(const std::function<void(std::size_t)>& point) = 0;

  static constexpr std::size_t none = static_cast<std::size_t>(-1);
};

}  // namespace settle
