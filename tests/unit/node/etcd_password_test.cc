// The password for etcd is in memory while it may be needed, and not after.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cinttypes>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "ledger/crypto/ed25519.h"
#include "ledger/os/files.h"
#include "node/startup/ordering.h"

namespace suyuan {
namespace {

constexpr char kMask = 0x55;  // what the test itself keeps of the password is masked with it

// In all memory that this process may write. nullopt: the system does not let us look.
std::optional<bool> is_in_memory(const std::string& masked) {
  const int memory = ::open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
  if (memory < 0) return std::nullopt;
  std::ifstream maps("/proc/self/maps");
  std::string bytes(size_t{1} << 20, '\0');
  bool found = false;
  for (std::string line; !found && std::getline(maps, line);) {
    uint64_t begin = 0;
    uint64_t end = 0;
    char may[5] = {};
    if (std::sscanf(line.c_str(), "%" SCNx64 "-%" SCNx64 " %4s", &begin, &end, may) != 3) continue;
    if (std::string_view(may).substr(0, 2) != "rw") continue;
    // Pieces overlap by the password's length.
    for (uint64_t at = begin; at < end && !found; at += bytes.size() - masked.size()) {
      const auto most = std::min<uint64_t>(bytes.size(), end - at);
      const ssize_t n = ::pread(memory, bytes.data(), most, static_cast<off_t>(at));
      for (ssize_t i = 0; i + static_cast<ssize_t>(masked.size()) <= n && !found; ++i) {
        size_t same = 0;
        while (same < masked.size() &&
               (bytes[static_cast<size_t>(i) + same] ^ kMask) == masked[same]) {
          ++same;
        }
        found = same == masked.size();
      }
    }
  }
  ::close(memory);
  ::explicit_bzero(bytes.data(), bytes.size());
  return found;
}

// Writes the file and leaves the password nowhere. Returns it masked.
std::string write_password(const std::string& path, size_t size) {
  std::string text(size, '\0');
  fill_random(reinterpret_cast<uint8_t*>(text.data()), size);
  for (char& c : text) c = static_cast<char>('a' + static_cast<unsigned char>(c) % 26);
  std::string masked = text;
  for (char& c : masked) c = static_cast<char>(c ^ kMask);
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  EXPECT_EQ(::write(file, text.data(), size), static_cast<ssize_t>(size));
  ::close(file);
  ::explicit_bzero(text.data(), size);
  return masked;
}

// A short one is inside its string, a long one on the heap.
TEST(EtcdPassword, IsWipedWhenTheConnectionEnds) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "sanitizers map terabytes";
#endif
  const std::string folder = ::testing::TempDir() + "etcd-password-" + std::to_string(::getpid());
  std::filesystem::create_directory(folder);
  for (const size_t size : {size_t{12}, size_t{40}}) {
    const std::string masked = write_password(folder + "/password", size);
    {
      // Nobody is asked yet: the first call connects.
      const auto kv = open_shared_log({.kind = "etcd",
                                       .endpoints = "127.0.0.1:1",
                                       .user = "suyuan",
                                       .password_file = folder + "/password"});
      ASSERT_TRUE(kv) << to_text(kv.error());
      const auto found = is_in_memory(masked);
      if (!found) GTEST_SKIP() << "this system does not show a process its memory";
      EXPECT_TRUE(*found) << "it is needed for the next login";
    }
    EXPECT_EQ(is_in_memory(masked), false) << size;
  }
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace suyuan
