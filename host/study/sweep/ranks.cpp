#include "study/sweep/ranks.hpp"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <exception>
#include <string>
#include <thread>

#include "base/error.hpp"

#ifdef SETTLE_MPI
#include <mpi.h>
#endif

namespace settle {

namespace {

/// How many processes the environment says that this one was started with: Open MPI's mpirun sets the first of these,
/// MPICH's the second.
int started_with() {
  int most = 1;
  for (const char* name : {"OMPI_COMM_WORLD_SIZE", "PMI_SIZE"}) {
    if (const char* const text = std::getenv(name)) most = std::max(most, std::atoi(text));
  }
  return most;
}

#ifdef SETTLE_MPI

constexpr int kPoint = 1, kReady = 2;          // tags: to a worker, from a worker
constexpr long kEnd = -1;                      // no more points; of a worker: it comes for its first one
constexpr std::chrono::milliseconds kLook{2};  // MPI's own waiting keeps a core busy

class MpiRanks : public Ranks {
 public:
  MpiRanks() {
    MPI_Init(nullptr, nullptr);
    MPI_Comm_rank(MPI_COMM_WORLD, &own_);
    MPI_Comm_size(MPI_COMM_WORLD, &count_);
    MPI_Comm here = MPI_COMM_NULL;
    MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &here);
    MPI_Comm_size(here, &here_);
    // Whether the first rank, which does not work, is on this computer.
    const int first = own_ == 0 ? 1 : 0;
    int with_first = 0;
    MPI_Allreduce(&first, &with_first, 1, MPI_INT, MPI_MAX, here);
    here_ -= with_first;
    MPI_Comm_free(&here);
  }
  ~MpiRanks() override { MPI_Finalize(); }
  MpiRanks(const MpiRanks&) = delete;
  MpiRanks& operator=(const MpiRanks&) = delete;

  bool is_first() const override { return own_ == 0; }
  std::size_t workers_here() const override { return static_cast<std::size_t>(std::max(1, here_)); }

  bool first_is_ready(bool ready) override {
    int told = ready ? 1 : 0;
    MPI_Bcast(&told, 1, MPI_INT, 0, MPI_COMM_WORLD);
    return told != 0;
  }

  void hand_out(const std::function<std::size_t()>& next, const std::function<void(std::size_t)>& done,
                const std::function<void()>& idle) override {
    std::exception_ptr failure;  // whatever happens here, nobody is left waiting
    const auto guarded = [&](const std::function<void()>& part) {
      try {
        if (!failure) part();
      } catch (...) {
        failure = std::current_exception();
      }
    };
    for (int workers = count_ - 1; workers > 0;) {
      int source = MPI_ANY_SOURCE;
      const long finished = receive(source, kReady, [&] { guarded(idle); });
      std::size_t point = none;
      guarded([&] {
        if (finished != kEnd) done(static_cast<std::size_t>(finished));
        point = next();
      });
      const long message = point == none ? kEnd : static_cast<long>(point);
      MPI_Send(&message, 1, MPI_LONG, source, kPoint, MPI_COMM_WORLD);
      if (message == kEnd) --workers;
    }
    if (failure) std::rethrow_exception(failure);
  }

  void work(const std::function<void(std::size_t)>& point) override {
    for (long message = kEnd;;) {
      MPI_Send(&message, 1, MPI_LONG, 0, kReady, MPI_COMM_WORLD);
      int source = 0;
      message = receive(source, kPoint, [] {});
      if (message == kEnd) return;
      point(static_cast<std::size_t>(message));
    }
  }

 private:
  static long receive(int& source, int tag, const std::function<void()>& idle) {
    MPI_Status status;
    for (int there = 0;;) {
      MPI_Iprobe(source, tag, MPI_COMM_WORLD, &there, &status);
      if (there != 0) break;
      idle();
      std::this_thread::sleep_for(kLook);
    }
    source = status.MPI_SOURCE;
    long message = kEnd;
    MPI_Recv(&message, 1, MPI_LONG, source, tag, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    return message;
  }

  int own_ = 0, count_ = 1, here_ = 1;
};

std::unique_ptr<Ranks> begin() { return std::make_unique<MpiRanks>(); }

#else

std::unique_ptr<Ranks> begin() {
  throw error(
      "sweep: started as several processes, but this build has no MPI: install libopenmpi-dev and build again, or use "
      "--shard");
}

#endif

}  // namespace

std::unique_ptr<Ranks> Ranks::of_this_run() { return started_with() > 1 ? begin() : nullptr; }

}  // namespace settle
