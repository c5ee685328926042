// Work is done whatever number of threads the system gives, and no thread outlives what it works on.
#include "base/parallel.hpp"

#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

constexpr std::size_t kItems = 64, kWorkers = 8;

/// Status of `body` in a process whose user may have no more than `most` processes and threads; root may have any
/// number, so it is not root.
int with_threads(rlim_t most, int (*body)()) {
  const pid_t process = fork();
  if (process == 0) {
    const rlimit limit{most, most};
    if (getuid() == 0 && setuid(65534) != 0) _exit(125);
    _exit(setrlimit(RLIMIT_NPROC, &limit) == 0 ? body() : 126);
  }
  int raw = 0;
  waitpid(process, &raw, 0);
  return WIFEXITED(raw) ? WEXITSTATUS(raw) : -WTERMSIG(raw);
}

/// 0: every item was done once, by fewer workers than asked for.
int all_done() {
  std::vector<int> done(kItems, 0);
  std::vector<std::size_t> by(kItems, kWorkers);
  const std::size_t whole = settle::parallel_for(kItems, kWorkers, [&](std::size_t item, std::size_t worker) {
    ++done[item];
    by[item] = worker;
  });
  if (whole != kItems || done != std::vector<int>(kItems, 1)) return 1;
  for (const std::size_t worker : by) {
    if (worker >= kWorkers) return 2;
  }
  return 0;
}

/// 0: what the work threw came here.
int thrown() {
  try {
    settle::parallel_for(kItems, kWorkers, [](std::size_t item, std::size_t) {
      if (item == 3) throw std::runtime_error("three");
    });
  } catch (const std::runtime_error&) {
    return 0;
  }
  return 1;
}

int count_helpers() {
  const settle::Helpers helpers(kWorkers, [](std::size_t) {});
  return static_cast<int>(helpers.size());
}

}  // namespace

TEST_CASE("parallel_for: where the system gives no thread, or some, the work is done by those that there are") {
  CHECK(with_threads(0, count_helpers) == 0);
  for (const rlim_t most : {0U, 2U, 4U, 1000U}) {
    CAPTURE(most);
    CHECK(with_threads(most, all_done) == 0);
    CHECK(with_threads(most, thrown) == 0);
  }
}

TEST_CASE("parallel_for: every worker is told apart, and no more items are begun than there are") {
  std::vector<int> done(3, 0);
  CHECK(settle::parallel_for(3, 3, [&](std::size_t item, std::size_t) { ++done[item]; }) == 3);
  CHECK(done == std::vector<int>{1, 1, 1});
  CHECK(settle::parallel_for(0, 4, [](std::size_t, std::size_t) { throw 1; }) == 0);
  int asked = 0;
  CHECK(settle::parallel_for(
            9, 1, [](std::size_t, std::size_t) {}, [&] { return ++asked > 4; }) == 4);
}
