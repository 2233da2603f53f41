#include "ledger/os/files.h"

#include <fcntl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "ledger/os/descriptor.h"

namespace suyuan {
namespace {

std::string folder_of(const std::string& path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

Result<Done> write_synced(const std::string& path, BytesView bytes, FileMode mode, int flags) {
  const Descriptor file(
      ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | flags, static_cast<mode_t>(mode)));
  if (!file.valid()) return system_error("cannot create", path);
  if (!write_all(file.get(), bytes) || ::fsync(file.get()) != 0)
    return system_error("cannot write", path);
  return Done{};
}

// Renames `from` to `to`, which must be free.
bool rename_to_free(const std::string& from, const std::string& to) {
  if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return true;
  if (errno != EINVAL) return false;
  // A file system that cannot do this (NFS) can link.
  return ::link(from.c_str(), to.c_str()) == 0 && ::unlink(from.c_str()) == 0;
}

}  // namespace

Result<Done> sync_folder(const std::string& path) {
  const Descriptor folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder.valid() || ::fsync(folder.get()) != 0)
    return system_error("cannot sync the folder", path);
  return Done{};
}

Result<Bytes> read_file(const std::string& path, size_t bytes_max) {
  SUYUAN_TRY(file, open_to_read(path));
  Bytes bytes;
  for (;;) {
    char buffer[64 << 10];
    const ssize_t n = ::read(file.get(), buffer, sizeof buffer);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return system_error("cannot read", path);
    if (n == 0) return bytes;
    bytes.append(buffer, static_cast<size_t>(n));
    if (bytes.size() > bytes_max) {
      return fail(Code::TOO_LARGE, path + " has more than " + std::to_string(bytes_max) + " bytes");
    }
  }
}

// The bytes go from the system into the result, which is as large as it may become from the start:
// growing would leave a copy behind. At least 64 bytes, so that moving it copies none either.
Result<Bytes> read_without_copies(const std::string& path, size_t bytes_max) {
  SUYUAN_TRY(file, open_to_read(path));
  Bytes bytes(std::max<size_t>(bytes_max + 1, 64), '\0');
  size_t size = 0;
  while (size <= bytes_max) {
    const ssize_t n = ::read(file.get(), bytes.data() + size, bytes.size() - size);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) {
      auto failed = system_error("cannot read", path);
      ::explicit_bzero(bytes.data(), bytes.size());
      return failed;
    }
    if (n == 0) {
      bytes.resize(size);
      return bytes;
    }
    size += static_cast<size_t>(n);
  }
  ::explicit_bzero(bytes.data(), bytes.size());
  return fail(Code::TOO_LARGE, path + " has more than " + std::to_string(bytes_max) + " bytes");
}

Result<Bytes> read_secret_file(const std::string& path, size_t bytes_max) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return system_error("cannot open", path);
  if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return fail(Code::IO, path + " holds a secret, and others on this machine may open it: chmod "
                          "600 it, and make a new key if somebody did");
  }
  return read_without_copies(path, bytes_max);
}

Result<Done> write_file(const std::string& path, BytesView bytes, FileMode mode) {
  const std::string beside = path + ".new";
  SUYUAN_TRY_DONE(write_synced(beside, bytes, mode, O_TRUNC));
  if (::rename(beside.c_str(), path.c_str()) != 0) return system_error("cannot rename to", path);
  return sync_folder(folder_of(path));
}

Result<Done> write_new_file(const std::string& path, BytesView bytes, FileMode mode) {
  const std::string beside = path + ".new";
  if (file_exists(path)) {
    errno = EEXIST;
    return system_error("cannot create", path);
  }
  ::unlink(beside.c_str());
  SUYUAN_TRY_DONE(write_synced(beside, bytes, mode, O_EXCL));
  if (!rename_to_free(beside, path)) {
    auto failed = system_error("cannot create", path);
    ::unlink(beside.c_str());
    return failed;
  }
  return sync_folder(folder_of(path));
}

Result<Done> overwrite_synced(const std::string& path, size_t offset, BytesView bytes) {
  const Descriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (!file.valid()) return system_error("cannot open", path);
  if (::lseek(file.get(), static_cast<off_t>(offset), SEEK_SET) < 0 ||
      !write_all(file.get(), bytes) || ::fdatasync(file.get()) != 0) {
    return system_error("cannot write", path);
  }
  return Done{};
}

Result<Done> append_line(const std::string& path, std::string_view line) {
  const bool is_new = !file_exists(path);
  SUYUAN_TRY_DONE(write_synced(path, std::string(line) + "\n", FileMode::secret, O_APPEND));
  return is_new ? sync_folder(folder_of(path)) : Result<Done>(Done{});
}

bool file_exists(const std::string& path) { return ::access(path.c_str(), F_OK) == 0; }

Result<Done> make_folder(const std::string& path) {
  for (size_t slash = path.find('/', 1); slash != std::string::npos;
       slash = path.find('/', slash + 1)) {
    const std::string parent = path.substr(0, slash);
    if (::mkdir(parent.c_str(), 0755) != 0 && errno != EEXIST)
      return system_error("cannot create the folder", parent);
  }
  if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST)
    return system_error("cannot create the folder", path);
  return sync_folder(folder_of(path));
}

void fill_random(uint8_t* to, size_t size) {
  while (size > 0) {
    const ssize_t n = ::getrandom(to, size, 0);
    if (n < 0 && errno == EINTR) continue;
    SUYUAN_CHECK(n > 0);
    to += n;
    size -= static_cast<size_t>(n);
  }
}

}  // namespace suyuan
