#include "ledger/os/in_place.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

namespace suyuan {

Result<InPlaceFile> InPlaceFile::open(std::string path) {
  Descriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (!file.valid()) return system_error("cannot open", path);
  return InPlaceFile(std::move(path), std::move(file));
}

Result<Done> InPlaceFile::write(size_t offset, BytesView bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::pwrite(file_.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return system_error("cannot write", path_);
    if (n == 0) return fail(Code::IO, "cannot write " + path_ + ": nothing was changed");
    offset += static_cast<size_t>(n);
    bytes.remove_prefix(static_cast<size_t>(n));
  }
  return Done{};
}

}  // namespace suyuan
