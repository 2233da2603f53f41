#include "node/init_mark.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "ledger/os/files.h"

namespace suyuan {
namespace {

Unexpected<Error> mark_error(const std::string& doing, const std::string& path) {
  return fail(Code::IO, "cannot " + doing + " " + path + ": " + std::strerror(errno));
}

std::string folder_of(const std::string& path) { return path.substr(0, path.rfind('/')); }

}  // namespace

std::string InitMark::path_in(const std::string& data) { return data + "/init.unfinished"; }

Result<InitMark> InitMark::take(const std::string& data) {
  const std::string path = path_in(data);
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) return mark_error("create", path);
  InitMark mark(path, file, false);
  struct stat found {};
  if (::flock(file, LOCK_EX | LOCK_NB) != 0 || ::fstat(file, &found) != 0 ||
      found.st_nlink == 0) {  // ended by another init between open and lock
    return fail(Code::IO, "another suyuan-node init is at work in " + data);
  }
  // An empty one was made by a process that died before begin().
  mark.interrupted_ = found.st_size > 0;
  return mark;
}

InitMark::InitMark(InitMark&& other) noexcept
    : path_(std::move(other.path_)),
      file_(std::exchange(other.file_, -1)),
      interrupted_(other.interrupted_) {}

InitMark::~InitMark() {
  if (file_ >= 0) ::close(file_);
}

Result<Done> InitMark::begin() {
  constexpr std::string_view kText =
      "suyuan-node init is at work here, or was interrupted: run it again.\n";
  if (::pwrite(file_, kText.data(), kText.size(), 0) != static_cast<ssize_t>(kText.size()) ||
      ::fsync(file_) != 0) {
    return mark_error("write", path_);
  }
  return sync_folder(folder_of(path_));
}

Result<Done> InitMark::remove() {
  if (::unlink(path_.c_str()) != 0) return mark_error("remove", path_);
  return sync_folder(folder_of(path_));
}

}  // namespace suyuan
