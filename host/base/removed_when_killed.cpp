#include "base/removed_when_killed.hpp"

#include <array>
#include <atomic>
#include <climits>
#include <mutex>
#include <string>

#include <unistd.h>

namespace settle {

namespace {

struct Slot {
  std::atomic<bool> used{false};  // true once the path is written
  std::array<char, PATH_MAX> path{};
};

// What a signal's handler can reach: neither an argument nor a member.
std::array<Slot, 32> slots;
std::mutex taking;  // not taken by the handler
static_assert(std::atomic<bool>::is_always_lock_free);

}  // namespace

RemovedWhenKilled::RemovedWhenKilled(const std::filesystem::path& path) {
  std::error_code code;
  const std::string absolute = std::filesystem::absolute(path, code).string();  // the current folder may change
  if (code || absolute.size() >= PATH_MAX) return;
  const std::lock_guard<std::mutex> lock(taking);
  // After the last one in use: slots stay in the order in which they were taken.
  std::size_t next = slots.size();
  while (next > 0 && !slots[next - 1].used) --next;
  if (next == slots.size()) return;
  absolute.copy(slots[next].path.data(), absolute.size());
  slots[next].path[absolute.size()] = '\0';
  slots[next].used = true;
  slot_ = static_cast<int>(next);
}

RemovedWhenKilled::~RemovedWhenKilled() {
  if (slot_ >= 0) slots[static_cast<std::size_t>(slot_)].used = false;
}

void remove_when_killed() noexcept {
  for (std::size_t n = slots.size(); n > 0; --n) {
    const Slot& slot = slots[n - 1];
    if (slot.used && ::unlink(slot.path.data()) != 0) ::rmdir(slot.path.data());
  }
}

}  // namespace settle
