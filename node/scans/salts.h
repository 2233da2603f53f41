// The secret salts under which devices are known, in a file of the scans' folder. A salt serves for
// as long as a scan is kept; then the next one does. It is deleted when no scan noted under it is
// left. A device's name today thus says nothing about where it was half a year ago.
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

// Stands for a device in the scans of one code; it differs between codes.
using DeviceName = Fixed<16, struct DeviceNameTag>;

class Salts {
 public:
  // Makes the first salt if there is none.
  // Errors: CORRUPT, IO.
  static Result<std::unique_ptr<Salts>> open(const std::string& path, int64_t kept_ms,
                                             int64_t now_ms);
  // Rotates the salt and deletes the old one when it is time, also if nobody scans.
  // Errors: IO.
  Result<Done> renew(int64_t now_ms);
  // Returns the name under each salt that serves or served, the serving one first. Rotates the salt
  // when it is time; if that cannot be written (IO), the old one continues.
  std::vector<DeviceName> names_of(const Hash& code_key, const std::string& device,
                                   int64_t now_ms);
  // Returns what stands for a place in the scans of one code, under the salt that serves: when it
  // changes, a place has another name.
  DeviceName name_of_place(const Hash& code_key, const std::string& place, int64_t now_ms);

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
  // Guards entries_, which workers use concurrently; held while a new salt is written.
  std::mutex mutex_;
  std::vector<Entry> entries_;  // oldest first
};

}  // namespace suyuan
