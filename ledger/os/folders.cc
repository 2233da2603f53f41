#include "ledger/os/folders.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "ledger/os/descriptor.h"

namespace suyuan {
namespace {

Unexpected<Error> folder_error(std::string_view what, const std::string& path) {
  return fail(Code::IO, std::string(what) + " " + path + ": " + std::strerror(errno));
}

Result<Done> make_parents(const std::string& path) {
  for (size_t slash = path.find('/', 1); slash != std::string::npos;
       slash = path.find('/', slash + 1)) {
    const std::string parent = path.substr(0, slash);
    if (::mkdir(parent.c_str(), 0755) != 0 && errno != EEXIST)
      return folder_error("cannot create the folder", parent);
  }
  return Done{};
}

bool write_and_close(int fd, BytesView bytes) {
  const bool whole = write_all(fd, bytes);
  const int reason = errno;
  const bool closed = ::close(fd) == 0;
  if (!whole) errno = reason;
  return whole && closed;
}

}  // namespace

Result<Done> place_file(const std::string& path, BytesView bytes) {
  const std::string beside = path + ".new";
  const auto create = [&] {
    return ::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  };
  int fd = create();
  if (fd < 0 && errno == ENOENT) {
    SUYUAN_TRY_DONE(make_parents(path));
    fd = create();
  }
  if (fd < 0) return folder_error("cannot create", beside);
  if (!write_and_close(fd, bytes)) return folder_error("cannot write", beside);
  if (::rename(beside.c_str(), path.c_str()) != 0) return folder_error("cannot rename to", path);
  return Done{};
}

Result<Done> sync_file_system(const std::string& folder) {
  const Descriptor file(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!file.valid()) return folder_error("cannot open the folder", folder);
  if (::syncfs(file.get()) != 0) return folder_error("cannot sync the file system of", folder);
  return Done{};
}

Result<Done> remove_folder(const std::string& path) {
  std::error_code error;
  std::filesystem::remove_all(path, error);
  if (error) return fail(Code::IO, "cannot remove " + path + ": " + error.message());
  return Done{};
}

Result<Done> remove_leftover(const std::string& path) { return remove_folder(path + ".old"); }

Result<Done> clear_folder(const std::string& path) {
  SUYUAN_TRY_DONE(remove_leftover(path));
  if (::rename(path.c_str(), (path + ".old").c_str()) != 0 && errno != ENOENT)
    return folder_error("cannot rename", path);
  return remove_leftover(path);
}

}  // namespace suyuan
