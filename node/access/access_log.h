// Who read what that is not for everyone: one line for each question under a session, synced before
// the answer leaves. Files beside the ledger, of bounded number and size; the oldest go first, and
// one party alone takes at least two weeks to push out what stands there.
//
//   <number> <ms since 1970> <party> <key id, 8 hex> <question> <code or -> <places>
//   places = - or <leaf>/<event>[,<leaf>/<event>...][,+]     "+": more than are named
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "proto/answers.h"

namespace suyuan {

class AccessLog {
 public:
  struct Limits {
    size_t file_bytes_max = 8 << 20;
    size_t files_max = 64;
    // That one party's questions may add in a day, and at once: so no reader decides how soon the
    // traces of others, or its own, are pushed out.
    size_t party_bytes_daily = 32 << 20;
  };
  // Goes on where the newest file ends; a last line that a crash cut off goes. IO, CORRUPT.
  static Result<std::unique_ptr<AccessLog>> open(const std::string& folder, const Limits& limits);
  static Result<std::unique_ptr<AccessLog>> open(const std::string& folder) {
    return open(folder, Limits());
  }
  ~AccessLog();
  AccessLog(const AccessLog&) = delete;
  AccessLog& operator=(const AccessLog&) = delete;

  // From any thread. The entry's number is given here. IO: it is not on the disk, and what was
  // asked must not be answered; RATE_LIMITED: the party's share of the day is used up.
  Result<Done> append(AccessEntry entry);
  // Its files as hard links in a new folder: for a backup. What is linked may go on growing, line
  // by line. IO.
  Result<Done> link_to(const std::string& folder) const;
  // Up to `limit` entries with numbers above `after`.
  Result<AccessPage> read(uint64_t after, size_t limit) const;

 private:
  AccessLog(std::string folder, const Limits& limits)
      : folder_(std::move(folder)), limits_(limits) {}
  std::string path_of(uint64_t first) const;
  Result<Done> begin_file();
  Result<Done> take_share(const AccessEntry& entry, size_t bytes);

  const std::string folder_;
  const Limits limits_;
  mutable std::mutex mutex_;  // guards all below, and the files; held while one line is synced
  std::map<uint64_t, size_t> files_;  // by the number of their first entry: bytes
  uint64_t next_ = 1;
  int fd_ = -1;  // of the newest file
  struct Share {
    double left = 0;
    int64_t at_ms = 0;
  };
  std::map<std::string, Share> shares_;  // by party; the whole again after a restart
};

// As it stands in the file, with its LF. REQUIRES: no field holds a space or a line feed.
std::string write_access_entry(const AccessEntry& entry);
// CORRUPT.
Result<AccessEntry> parse_access_entry(std::string_view line);

}  // namespace suyuan
