// A file that is there and is written in place, again and again, without waiting for the disk.
#pragma once

#include <string>

#include "ledger/os/descriptor.h"

namespace suyuan {

// Kept open: a write is one call of the system, into its cache. What was written survives the death
// of the process at once, that of the machine only once the system has written it (seconds later).
// For marks that may fall behind. One thread.
class InPlaceFile {
 public:
  // NOT_FOUND, IO.
  static Result<InPlaceFile> open(std::string path);

  // IO; then any mix of the old bytes and the new ones may stand in that place.
  Result<Done> write(size_t offset, BytesView bytes);
  const std::string& path() const { return path_; }

 private:
  InPlaceFile(std::string path, Descriptor file)
      : path_(std::move(path)), file_(std::move(file)) {}
  std::string path_;
  Descriptor file_;
};

}  // namespace suyuan
