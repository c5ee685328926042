// settle-noise-words: the uniform 32-bit words behind the noise, raw to standard output in the array's order (cells of
// a step, then the next step), until the reader closes. For batteries of tests: `make dieharder`.
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <exception>
#include <string>
#include <vector>

#include "base/command_line/command_line.hpp"
#include "base/error.hpp"
#include "base/program.hpp"
#include "base/signals.hpp"
#include "generated/build.hpp"
#include "physics/cipher_words.hpp"

namespace {

using namespace settle;
using namespace settle::physics;

constexpr const char* kProgram = "settle-noise-words";

void write_words(std::uint64_t seed, int rounds, std::uint32_t cells) {
  const Speck64 cipher = seed_cipher(seed, rounds);
  constexpr std::size_t kWords = 1 << 16;  // a write
  std::vector<std::uint32_t> words;
  words.reserve(kWords + cells);
  for (std::uint64_t step = 0; step <= kLastStep; ++step) {
    for (std::uint32_t cell = 0; cell < cells; cell += 2) {
      const Speck64::Block block = cipher.encrypt(to_block(counter_of(step, cell)));
      words.push_back(block.high);
      words.push_back(block.low);
    }
    if (words.size() < kWords) continue;
    if (std::fwrite(words.data(), sizeof(std::uint32_t), words.size(), stdout) != words.size()) {
      if (errno == EPIPE) return;  // the reader has enough
      throw error("standard output cannot be written: {}", std::strerror(errno));
    }
    words.clear();
  }
}

}  // namespace

int main(int argc, char** argv) {
  keep_standard_streams();
  CommandLine app(kProgram,
                  "Writes the noise's uniform words to standard output, 32 bits each, until the reader has enough");
  app.set_version(std::string(kProgram) + ", commit " + kGit);
  std::uint64_t seed = 1;
  int rounds = kRounds;
  std::uint32_t cells = 128;
  app.add_option("--seed", seed, "seed of the noise")->check(whole(0))->shows_default();
  app.add_option("--rounds", rounds, "of the cipher")->check(whole(1, Speck64::kMaxRounds))->shows_default();
  app.add_option("--cells", cells, "even number of cells of a step")->check(whole(2, kLastCell))->shows_default();
  const auto check = [&cells] {
    if (cells % 2 != 0) throw error("--cells: {} is not even", cells);
  };
  if (const auto status = app.parse(argc, argv, check)) return *status;
  ignore_for_itself(SIGPIPE);  // the reader's end is the normal end
  try {
    write_words(seed, rounds, cells);
  } catch (const std::exception& e) {
    return refuse(kProgram, e.what());
  }
  return kExitOk;
}
