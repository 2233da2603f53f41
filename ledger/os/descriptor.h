// What files are read and written with, piece by piece: a descriptor that closes itself, an error
// that names the path, writes that go on where the system stopped.
#pragma once

#include <functional>
#include <string>

#include "ledger/base/bytes.h"
#include "ledger/base/error.h"

namespace suyuan {

// Closes on every way out.
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

// Of errno, with the path: NOT_FOUND where there is no such file, else IO.
Unexpected<Error> system_error(std::string_view what, const std::string& path);
// False: errno says why.
bool write_all(int fd, BytesView bytes);

// NOT_FOUND, IO.
Result<Descriptor> open_to_read(const std::string& path);
// These bytes of the file, all of them. IO.
Result<Bytes> read_part(const Descriptor& file, const std::string& path, uint64_t at, size_t count);
// All of the file, a piece at a time: memory does not grow with it. NOT_FOUND, IO, what `take`
// answers.
Result<Done> read_through(const std::string& path,
                          const std::function<Result<Done>(BytesView)>& take);

}  // namespace suyuan
