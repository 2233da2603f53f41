#include "node/backup/files.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include "ledger/crypto/hash.h"

namespace suyuan {
namespace {

constexpr size_t kChunkBytes = size_t{1} << 20;
constexpr size_t kHeadBytes = 4 << 10;
constexpr size_t kTailBytes = 64 << 10;

Unexpected<Error> file_error(std::string_view what, const std::string& path) {
  const int number = errno;
  return fail(number == ENOENT ? Code::NOT_FOUND : Code::IO,
              std::string(what) + " " + path + ": " + std::strerror(number));
}

class OpenFile {
 public:
  explicit OpenFile(int fd) : fd_(fd) {}
  ~OpenFile() {
    if (fd_ >= 0) ::close(fd_);
  }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  int get() const { return fd_; }

 private:
  const int fd_;
};

bool write_whole(int fd, BytesView bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(n));
  }
  return true;
}

// `to`: -1, where nothing is written.
Result<FileSum> read_through(const std::string& path, int to, const std::string& to_path) {
  const OpenFile file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) return file_error("cannot open", path);
  Sha256 hash;
  FileSum sum;
  Bytes buffer(kChunkBytes, '\0');
  for (;;) {
    const ssize_t n = ::read(file.get(), buffer.data(), buffer.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return file_error("cannot read", path);
    if (n == 0) break;
    const BytesView bytes(buffer.data(), static_cast<size_t>(n));
    if (to >= 0 && !write_whole(to, bytes)) return file_error("cannot write", to_path);
    hash.update(bytes);
    sum.bytes += bytes.size();
  }
  sum.sha256 = hash.finish();
  return sum;
}

Result<Bytes> read_part(const OpenFile& file, const std::string& path, uint64_t at, size_t count) {
  Bytes bytes(count, '\0');
  size_t read = 0;
  while (read < count) {
    const ssize_t n = ::pread(file.get(), bytes.data() + read, count - read,
                              static_cast<off_t>(at + read));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return file_error("cannot read", path);
    read += static_cast<size_t>(n);
  }
  return bytes;
}

}  // namespace

Result<FileSum> sum_file(const std::string& path) { return read_through(path, -1, {}); }

Result<FileSum> copy_file(const std::string& from, const std::string& to, FileMode mode) {
  const OpenFile file(::open(to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
                             static_cast<mode_t>(mode)));
  if (file.get() < 0) return file_error("cannot create", to);
  SUYUAN_TRY(sum, read_through(from, file.get(), to));
  return sum;
}

bool link_file(const std::string& from, const std::string& to) {
  return ::link(from.c_str(), to.c_str()) == 0;
}

Result<bool> is_same_table(const std::string& one, const std::string& other) {
  const OpenFile a(::open(one.c_str(), O_RDONLY | O_CLOEXEC));
  if (a.get() < 0) return file_error("cannot open", one);
  const OpenFile b(::open(other.c_str(), O_RDONLY | O_CLOEXEC));
  if (b.get() < 0) return file_error("cannot open", other);
  struct stat of_a {};
  struct stat of_b {};
  if (::fstat(a.get(), &of_a) != 0) return file_error("cannot look at", one);
  if (::fstat(b.get(), &of_b) != 0) return file_error("cannot look at", other);
  if (of_a.st_size != of_b.st_size) return false;
  const auto size = static_cast<uint64_t>(of_a.st_size);
  const size_t head = std::min<uint64_t>(size, kHeadBytes);
  const size_t tail = std::min<uint64_t>(size, kTailBytes);
  for (const auto& [at, count] : {std::pair{uint64_t{0}, head}, std::pair{size - tail, tail}}) {
    SUYUAN_TRY(left, read_part(a, one, at, count));
    SUYUAN_TRY(right, read_part(b, other, at, count));
    if (left != right) return false;
  }
  return true;
}

Result<std::vector<std::string>> names_in(const std::string& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (std::filesystem::directory_iterator one(folder, error), end; !error && one != end;
       one.increment(error)) {
    names.push_back(one->path().filename().string());
  }
  if (error) return fail(Code::IO, "cannot read the folder " + folder + ": " + error.message());
  std::ranges::sort(names);
  return names;
}

Result<BackupLock> BackupLock::take(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) return file_error("cannot create", path);
  BackupLock lock(file);
  if (::flock(file, LOCK_EX | LOCK_NB) == 0) return lock;
  return fail(Code::BUSY, path + " is held: another backup into this folder is at work");
}

BackupLock::BackupLock(BackupLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}

BackupLock::~BackupLock() {
  if (file_ >= 0) ::close(file_);
}

}  // namespace suyuan
