// Reading and writing files piece by piece: a descriptor that closes itself, errors that name the
// path, writes that continue after a partial one.
#pragma once

#include <functional>
#include <string>

#include "ledger/base/bytes.h"
#include "ledger/base/error.h"

namespace suyuan {

// Closes on destruction.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor();
  Descriptor(Descriptor&& other) noexcept;
  Descriptor& operator=(Descriptor&& other) noexcept;
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }
  bool valid() const { return fd_ >= 0; }

 private:
  int fd_;
};

// Returns the error of errno, with the path: NOT_FOUND if there is no such file, else IO.
Unexpected<Error> system_error(std::string_view what, const std::string& path);
// Returns false on failure, with errno set.
bool write_all(int fd, BytesView bytes);

// Errors: NOT_FOUND, IO.
Result<Descriptor> open_to_read(const std::string& path);
// Reads exactly these bytes of the file. Errors: IO.
Result<Bytes> read_part(const Descriptor& file, const std::string& path, uint64_t at, size_t count);
// Reads the whole file in pieces, in constant memory. Errors: NOT_FOUND, IO, those of `take`.
Result<Done> read_through(const std::string& path,
                          const std::function<Result<Done>(BytesView)>& take);

}  // namespace suyuan
