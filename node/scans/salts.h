// The secret salts under which devices are known, in a file of the scans' folder. A salt serves for
// as long as a scan is kept, then the next one does, and goes when nothing noted under it is left:
// so a device's name today says nothing of where it was half a year ago.
//
//   salt <ms since 1970 from which it serves> <base64 of 32 bytes>     one or two, oldest first
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "ledger/base/bytes.h"
#include "ledger/base/error.h"

namespace suyuan {

// What stands for a device in the scans of one code: of another code it is another.
using DeviceName = Fixed<16, struct DeviceNameTag>;

class Salts {
 public:
  // Makes the first salt where there is none. CORRUPT, IO.
  static Result<std::unique_ptr<Salts>> open(const std::string& path, int64_t kept_ms,
                                             int64_t now_ms);
  // Under each salt that serves or served, the serving one first. Goes to the next salt where it is
  // time; IO where that cannot be written, and then the old one goes on.
  std::vector<DeviceName> names_of(const Hash& code_key, const std::string& device,
                                   int64_t now_ms);

 private:
  struct Entry {
    int64_t from_ms;
    Salt salt;
  };
  Salts(std::string path, int64_t kept_ms) : path_(std::move(path)), kept_ms_(kept_ms) {}
  Result<Done> rotate(int64_t now_ms);
  Result<Done> write(const std::vector<Entry>& entries) const;

  const std::string path_;
  const int64_t kept_ms_;
  // Guards entries_, for which workers ask side by side; held over the write of a new salt.
  std::mutex mutex_;
  std::vector<Entry> entries_;  // oldest first
};

}  // namespace suyuan
