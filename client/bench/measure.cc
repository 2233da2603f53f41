#include "client/bench/measure.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <sstream>
#include <thread>

#include "ledger/crypto/ed25519.h"
#include "ledger/os/files.h"

namespace suyuan {
namespace {

double seconds_of(const timeval& time) {
  constexpr double kMicroseconds = 1e6;
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / kMicroseconds;
}

}  // namespace

double seconds_since(BenchClock::time_point start) {
  return std::chrono::duration<double>(BenchClock::now() - start).count();
}

double percentile(std::vector<double> values, double p) {
  if (values.empty()) return 0;
  const auto rank = static_cast<size_t>(std::ceil(p * static_cast<double>(values.size())));
  const auto at =
      values.begin() + static_cast<ptrdiff_t>(std::clamp<size_t>(rank, 1, values.size()) - 1);
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

double own_cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime);
}

std::optional<double> process_cpu_seconds(int pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::string text;
  if (!std::getline(file, text)) return std::nullopt;
  // proc(5): the second field is a name in parentheses that may hold anything; utime and stime are
  // the 12th and 13th after it.
  const size_t name_end = text.rfind(')');
  if (name_end == std::string::npos) return std::nullopt;
  std::istringstream fields(text.substr(name_end + 1));
  constexpr size_t kBeforeTimes = 11;
  std::string skipped;
  for (size_t i = 0; i < kBeforeTimes; ++i) fields >> skipped;
  uint64_t user = 0;
  uint64_t system = 0;
  if (!(fields >> user >> system)) return std::nullopt;
  return static_cast<double>(user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

double verify_ceiling(double seconds) {
  constexpr size_t kNoteBytes = 320;  // size of a batch note with one party
  auto seed = random_fixed<Fixed<kSeedBytes, struct SeedTag>>();
  const KeyPair pair = key_from_seed(seed.view());
  const std::string message(kNoteBytes, 'n');
  const Signature signature = sign(pair.secret, message);
  std::atomic<uint64_t> total = 0;
  const auto start = BenchClock::now();
  {
    std::vector<std::jthread> workers;
    for (unsigned i = 0; i < std::max(1U, std::thread::hardware_concurrency()); ++i) {
      workers.emplace_back([&] {
        uint64_t count = 0;
        while (seconds_since(start) < seconds) {
          SUYUAN_CHECK(verify(pair.key, message, signature));
          ++count;
        }
        total += count;
      });
    }
  }
  return static_cast<double>(total) / seconds_since(start);
}

Result<double> sync_ceiling(const std::string& folder, double seconds) {
  std::string path = folder + "/suyuan-bench-XXXXXX";
  const int fd = mkstemp(path.data());
  if (fd < 0) return fail(Code::IO, "cannot create " + path + ": " + std::strerror(errno));
  unlink(path.c_str());
  const std::string block(4096, 's');
  const auto start = BenchClock::now();
  size_t count = 0;
  bool good = true;
  while (good && seconds_since(start) < seconds) {
    good = write(fd, block.data(), block.size()) == static_cast<ssize_t>(block.size()) &&
           fdatasync(fd) == 0;
    ++count;
  }
  const double rate = static_cast<double>(count) / seconds_since(start);
  close(fd);
  if (!good) return fail(Code::IO, "cannot write in " + folder + ": " + std::strerror(errno));
  return rate;
}

std::string number_text(double value, int decimals) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", decimals, value);
  return text;
}

}  // namespace suyuan
