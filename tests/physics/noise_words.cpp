// settle-noise-words: the uniform 32-bit words behind the noise, raw to standard output in the array's order (cells of
// a step, then the next step), until the reader closes. For batteries of tests: `make dieharder`.
#include <array>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <vector>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "base/error.hpp"
#include "physics/cipher_words.hpp"

namespace {

using namespace settle;
using namespace settle::physics;

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
    if (std::fwrite(words.data(), sizeof(std::uint32_t), words.size(), stdout) != words.size()) return;
    words.clear();
  }
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Writes the noise's uniform words to standard output, 32 bits each, until the reader has enough");
  std::uint64_t seed = 1;
  int rounds = kRounds;
  std::uint32_t cells = 128;
  app.add_option("--seed", seed, "seed of the noise")->capture_default_str();
  app.add_option("--rounds", rounds, "of the cipher")->check(CLI::Range(1, Speck64::kMaxRounds))->capture_default_str();
  app.add_option("--cells", cells, "even number of cells of a step")
      ->check(CLI::Range(2u, kLastCell))
      ->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  std::signal(SIGPIPE, SIG_IGN);  // the reader's end is the normal end
  try {
    if (cells % 2 != 0) throw error("--cells: {} is not even", cells);
    write_words(seed, rounds, cells);
  } catch (const std::exception& e) {
    fmt::print(stderr, "settle-noise-words: {}\n", e.what());
    return 1;
  }
  return 0;
}
