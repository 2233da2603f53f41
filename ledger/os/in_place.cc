#include "ledger/os/in_place.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace suyuan {
namespace {

Unexpected<Error> in_place_error(std::string_view what, const std::string& path) {
  const int number = errno;
  return fail(number == ENOENT ? Code::NOT_FOUND : Code::IO,
              std::string(what) + " " + path + ": " + std::strerror(number));
}

}  // namespace

Result<InPlaceFile> InPlaceFile::open(std::string path) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
  if (fd < 0) return in_place_error("cannot open", path);
  return InPlaceFile(std::move(path), fd);
}

InPlaceFile::~InPlaceFile() {
  if (fd_ >= 0) ::close(fd_);
}

InPlaceFile::InPlaceFile(InPlaceFile&& other) noexcept
    : path_(std::move(other.path_)), fd_(std::exchange(other.fd_, -1)) {}

InPlaceFile& InPlaceFile::operator=(InPlaceFile&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(fd_, other.fd_);
  return *this;
}

Result<Done> InPlaceFile::write(size_t offset, BytesView bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::pwrite(fd_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return in_place_error("cannot write", path_);
    if (n == 0) return fail(Code::IO, "cannot write " + path_ + ": nothing was taken");
    offset += static_cast<size_t>(n);
    bytes.remove_prefix(static_cast<size_t>(n));
  }
  return Done{};
}

}  // namespace suyuan
