// libFuzzer reads a corpus from files only: `<target> --seeds FOLDER` writes the target's seeds
// there and does nothing else.
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv) {
  if (*argc != 3 || std::string_view((*argv)[1]) != "--seeds") return 0;
  const std::filesystem::path folder((*argv)[2]);
  std::filesystem::create_directories(folder);
  size_t number = 0;
  for (const std::string& seed : suyuan::fuzz::seeds()) {
    std::ofstream file(folder / std::to_string(number++), std::ios::binary);
    file << seed;
    file.close();
    if (file) continue;
    std::fprintf(stderr, "seeds: cannot write to %s\n", folder.c_str());
    std::exit(1);
  }
  std::exit(0);
}
