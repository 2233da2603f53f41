#include "node/backup/files.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "ledger/crypto/hash.h"

namespace suyuan {
namespace {

constexpr size_t kHeadBytes = 4 << 10;
constexpr size_t kTailBytes = 64 << 10;

// `also` is called with each piece.
Result<FileSum> sum_through(const std::string& path,
                            const std::function<Result<Done>(BytesView)>& also) {
  Sha256 hash;
  FileSum sum;
  SUYUAN_TRY_DONE(read_through(path, [&](BytesView piece) -> Result<Done> {
    hash.update(piece);
    sum.bytes += piece.size();
    return also(piece);
  }));
  sum.sha256 = hash.finish();
  return sum;
}

}  // namespace

Result<FileSum> sum_file(const std::string& path) {
  return sum_through(path, [](BytesView) -> Result<Done> { return Done{}; });
}

Result<FileSum> copy_file(const std::string& from, const std::string& to, FileMode mode) {
  const Descriptor file(::open(to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
                               static_cast<mode_t>(mode)));
  if (!file.valid()) return system_error("cannot create", to);
  return sum_through(from, [&](BytesView piece) -> Result<Done> {
    if (!write_all(file.get(), piece)) return system_error("cannot write", to);
    return Done{};
  });
}

bool link_file(const std::string& from, const std::string& to) {
  return ::link(from.c_str(), to.c_str()) == 0;
}

Result<bool> is_same_table(const std::string& one, const std::string& other) {
  SUYUAN_TRY(a, open_to_read(one));
  SUYUAN_TRY(b, open_to_read(other));
  struct stat of_a {};
  struct stat of_b {};
  if (::fstat(a.get(), &of_a) != 0) return system_error("cannot look at", one);
  if (::fstat(b.get(), &of_b) != 0) return system_error("cannot look at", other);
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
  Descriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!file.valid()) return system_error("cannot create", path);
  if (::flock(file.get(), LOCK_EX | LOCK_NB) == 0) return BackupLock(std::move(file));
  return fail(Code::BUSY, path + " is locked: another backup into this folder is running");
}

}  // namespace suyuan
