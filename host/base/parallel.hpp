// Work on numbered items, shared by all cores.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <functional>
#include <mutex>
#include <new>
#include <system_error>
#include <thread>
#include <vector>

namespace settle {

/// The machine's cores, at least 1.
inline std::size_t core_count() { return std::max(1U, std::thread::hardware_concurrency()); }

/// Threads for `count` items: one per core, `most` of them if that is not 0, as many as there are items at most, at
/// least 1.
inline std::size_t worker_count(std::size_t count, std::size_t most = 0) {
  return std::max<std::size_t>(1, std::min(count, most == 0 ? core_count() : most));
}

/// Up to `wanted` threads that run `body(number)`, number = 1 and up. A system that gives fewer (a limit of the user's
/// or the container's processes, memory) is no error: those that it gives do the work. They are joined when this ends,
/// whatever ends it, so `body` must come to an end by itself and must not throw.
class Helpers {
 public:
  Helpers(std::size_t wanted, const std::function<void(std::size_t)>& body) {
    try {
      threads_.reserve(wanted);
      while (threads_.size() < wanted) threads_.emplace_back(body, threads_.size() + 1);
    } catch (const std::system_error&) {
    } catch (const std::bad_alloc&) {
    }
  }
  ~Helpers() {
    for (std::thread& thread : threads_) thread.join();
  }
  Helpers(const Helpers&) = delete;
  Helpers& operator=(const Helpers&) = delete;

  std::size_t size() const { return threads_.size(); }

 private:
  std::vector<std::thread> threads_;
};

/// Calls work(item, worker) for item = 0 .. count - 1, each once, on up to `workers` threads (the caller's is one of
/// them, and the only one if the system gives no other); items are begun in order, `worker` from 0 tells the threads
/// apart. `stop` (may be empty) is asked before each item. Returns how many items from 0 on are complete without a gap.
/// The first exception of `work` ends the others and is thrown again here.
inline std::size_t parallel_for(std::size_t count, std::size_t workers,
                                const std::function<void(std::size_t, std::size_t)>& work,
                                const std::function<bool()>& stop = nullptr) {
  std::vector<char> done(count, 0);
  std::atomic<std::size_t> next{0};
  std::exception_ptr failure;
  std::mutex failure_mutex;
  const auto body = [&](std::size_t worker) {
    try {
      for (std::size_t i = next++; i < count && !(stop && stop()); i = next++) {
        work(i, worker);
        done[i] = 1;
      }
    } catch (...) {
      const std::lock_guard<std::mutex> lock(failure_mutex);
      if (!failure) failure = std::current_exception();
      next = count;
    }
  };
  {
    const Helpers helpers(workers < 1 ? 0 : workers - 1, body);
    body(0);
  }
  if (failure) std::rethrow_exception(failure);
  return static_cast<std::size_t>(std::find(done.begin(), done.end(), 0) - done.begin());
}

}  // namespace settle
