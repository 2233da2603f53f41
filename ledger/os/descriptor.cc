#include "ledger/os/descriptor.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace suyuan {
namespace {

constexpr size_t kPieceBytes = size_t{1} << 20;

}  // namespace

Descriptor::~Descriptor() {
  if (fd_ >= 0) ::close(fd_);
}

Descriptor::Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}

Unexpected<Error> system_error(std::string_view what, const std::string& path) {
  const int number = errno;
  return fail(number == ENOENT ? Code::NOT_FOUND : Code::IO,
              std::string(what) + " " + path + ": " + std::strerror(number));
}

bool write_all(int fd, BytesView bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(n));
  }
  return true;
}

Result<Descriptor> open_to_read(const std::string& path) {
  Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.valid()) return system_error("cannot open", path);
  return file;
}

Result<Bytes> read_part(const Descriptor& file, const std::string& path, uint64_t at,
                        size_t count) {
  Bytes bytes(count, '\0');
  size_t read = 0;
  while (read < count) {
    const ssize_t n =
        ::pread(file.get(), bytes.data() + read, count - read, static_cast<off_t>(at + read));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return system_error("cannot read", path);
    if (n == 0) return fail(Code::IO, "cannot read " + path + ": it ends too early");
    read += static_cast<size_t>(n);
  }
  return bytes;
}

Result<Done> read_through(const std::string& path,
                          const std::function<Result<Done>(BytesView)>& take) {
  SUYUAN_TRY(file, open_to_read(path));
  Bytes buffer(kPieceBytes, '\0');
  for (;;) {
    const ssize_t n = ::read(file.get(), buffer.data(), buffer.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return system_error("cannot read", path);
    if (n == 0) return Done{};
    SUYUAN_TRY_DONE(take(BytesView(buffer.data(), static_cast<size_t>(n))));
  }
}

}  // namespace suyuan
