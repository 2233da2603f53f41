// An existing file that is overwritten in place, repeatedly, without waiting for the disk.
#pragma once

#include <string>

#include "ledger/os/descriptor.h"

namespace suyuan {

// Kept open: a write is one system call, into the system's cache. It survives the death of the
// process at once, and that of the machine only after the system has written it (seconds later).
// For marks that may lag. Not thread-safe.
class InPlaceFile {
 public:
  // Errors: NOT_FOUND, IO.
  static Result<InPlaceFile> open(std::string path);

  // Errors: IO; the place may then hold any mix of old and new bytes.
  Result<Done> write(size_t offset, BytesView bytes);
  const std::string& path() const { return path_; }

 private:
  InPlaceFile(std::string path, Descriptor file)
      : path_(std::move(path)), file_(std::move(file)) {}
  std::string path_;
  Descriptor file_;
};

}  // namespace suyuan
