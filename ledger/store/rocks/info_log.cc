#include "ledger/store/rocks/info_log.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdarg>
#include <cstdio>
#include <ctime>

namespace suyuan {
namespace {

constexpr size_t kRemarkBytesMax = 8192;  // a longer one is cut

// "2026-06-01T08:00:00Z ": the system clock, for a reader who has only the file.
size_t write_time(char* to, size_t room) {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  ::gmtime_r(&now, &parts);
  return std::strftime(to, room, "%Y-%m-%dT%H:%M:%SZ ", &parts);
}

class InfoLog final : public rocksdb::Logger {
 public:
  explicit InfoLog(int file) : Logger(rocksdb::InfoLogLevel::WARN_LEVEL), file_(file) {}
  ~InfoLog() override {
    if (file_ >= 0) ::close(file_);
  }
  InfoLog(const InfoLog&) = delete;
  InfoLog& operator=(const InfoLog&) = delete;

  using Logger::Logv;
  // Called from any RocksDB thread. Writes the whole remark at once, so that two do not mix.
  void Logv(const char* format, va_list arguments) override {
    std::array<char, kRemarkBytesMax> line{};
    size_t bytes = write_time(line.data(), line.size());
    const size_t room = line.size() - bytes - 1;  // for the text and its end; one byte is LF's
    const int wanted = std::vsnprintf(line.data() + bytes, room, format, arguments);
    if (wanted < 0) return;
    bytes += std::min(static_cast<size_t>(wanted), room - 1);
    line.at(bytes++) = '\n';
    if (bytes_.fetch_add(bytes) + bytes > kInfoLogBytesMax) return;
    if (::write(file_, line.data(), bytes) < 0) return;  // lost, as the header says
  }

 protected:
  rocksdb::Status CloseImpl() override { return rocksdb::Status::OK(); }

 private:
  const int file_;  // -1: it could not be opened
  std::atomic<size_t> bytes_ = 0;
};

}  // namespace

std::shared_ptr<rocksdb::Logger> open_info_log(const std::string& folder) {
  const std::string path = folder + "/LOG";
  ::mkdir(folder.c_str(), 0755);  // RocksDB makes it too, but later
  ::rename(path.c_str(), (path + ".old").c_str());
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  return std::make_shared<InfoLog>(file);
}

}  // namespace suyuan
