// Runs a fuzz target without a fuzzer: its own seeds and every corpus file, then mutations of them.
// So the targets never rot, and every normal test run replays what a fuzzer once found.
//   usage: <target> [--runs N] [--seed S] [<corpus folder or file>...]
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "tests/fuzz/fuzz.h"

namespace {

namespace fs = std::filesystem;

// SplitMix64: the same sequence on every machine.
class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {}
  uint64_t next() {
    uint64_t z = state_ += 0x9E3779B97F4A7C15U;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31);
  }
  size_t below(size_t bound) { return bound == 0 ? 0 : static_cast<size_t>(next() % bound); }

 private:
  uint64_t state_;
};

void run(const std::string& input) {
  // A copy of exact size, so that a read beyond the end is seen by the sanitizer.
  std::vector<uint8_t> bytes(input.begin(), input.end());
  LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
}

std::string mutate(std::string input, const std::vector<std::string>& corpus, Random& random) {
  const size_t edits = 1 + random.below(4);
  for (size_t i = 0; i < edits; ++i) {
    const size_t at = random.below(input.size() + 1);
    const char byte = static_cast<char>(random.next());
    switch (random.below(6)) {
      case 0:
        input.insert(at, 1, byte);
        break;
      case 1:
        input.erase(at, 1 + random.below(8));
        break;
      case 2:
        if (at < input.size()) input[at] = byte;
        break;
      case 3:
        if (at < input.size()) input[at] = static_cast<char>(input[at] ^ (1 << random.below(8)));
        break;
      case 4:
        input.resize(at);
        break;
      default: {
        const std::string& other = corpus[random.below(corpus.size())];
        input.insert(at, other.substr(random.below(other.size() + 1), random.below(64)));
      }
    }
  }
  return input;
}

std::vector<std::string> read_corpus(const std::vector<fs::path>& paths) {
  std::vector<fs::path> files;
  for (const auto& path : paths) {
    if (!fs::is_directory(path))
      files.push_back(path);
    else
      for (const auto& entry : fs::directory_iterator(path)) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  std::vector<std::string> corpus;
  for (const auto& path : files) {
    std::ifstream file(path, std::ios::binary);
    corpus.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  return corpus;
}

}  // namespace

int main(int argc, char** argv) {
  size_t runs = 20'000;
  uint64_t seed = 1;
  std::vector<fs::path> paths;
  for (int i = 1; i < argc; ++i) {
    const bool more = i + 1 < argc;
    if (more && std::strcmp(argv[i], "--runs") == 0)
      runs = std::strtoull(argv[++i], nullptr, 10);
    else if (more && std::strcmp(argv[i], "--seed") == 0)
      seed = std::strtoull(argv[++i], nullptr, 10);
    else
      paths.emplace_back(argv[i]);
  }
  std::vector<std::string> corpus = suyuan::fuzz::seeds();
  for (std::string& input : read_corpus(paths)) corpus.push_back(std::move(input));
  if (corpus.empty()) {
    std::fprintf(stderr, "replay: no seed and no corpus file found\n");
    return 1;
  }
  for (const auto& input : corpus) run(input);
  run("");
  Random random(seed);
  for (size_t i = 0; i < runs; ++i)
    run(mutate(corpus[random.below(corpus.size())], corpus, random));
  std::printf("replayed %zu inputs and %zu mutations, seed %llu\n", corpus.size(), runs,
              static_cast<unsigned long long>(seed));
  return 0;
}
