// Records who read what is not for everyone: one line for each question under a session, token or
// permit, synced before the answer leaves. The files are next to the ledger, bounded in number and
// size; the oldest go first. A single party needs at least two weeks to displace what is there.
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
    // What one party's questions may add in a day, and at once. It keeps any reader from pushing
    // out the traces of others, or its own.
    size_t party_bytes_daily = 32 << 20;
  };
  // Continues where the newest file ends. A last line that a crash cut short is removed.
  // Errors: IO, CORRUPT.
  static Result<std::unique_ptr<AccessLog>> open(const std::string& folder, const Limits& limits);
  static Result<std::unique_ptr<AccessLog>> open(const std::string& folder) {
    return open(folder, Limits());
  }
  ~AccessLog();
  AccessLog(const AccessLog&) = delete;
  AccessLog& operator=(const AccessLog&) = delete;

  // Appends an entry and gives it its number. Thread-safe.
  // Errors: IO (it is not on disk; the question must not be answered), RATE_LIMITED (the party's
  // share of the day is used up).
  Result<Done> append(AccessEntry entry);
  // Returns whether the party may fill more of the log. Ask before a question is answered, so that
  // none is worked at whose answer could not be logged. Thread-safe.
  // Errors: RATE_LIMITED, with the time to wait: append() had no room for a line of this party.
  Result<Done> check_share(const std::string& party, int64_t now_ms) const;
  // Hard-links its files into a new folder, for a backup. A linked file may continue to grow, line
  // by line.
  // Errors: IO.
  Result<Done> link_to(const std::string& folder) const;
  // Returns up to `limit` entries with numbers above `after`.
  Result<AccessPage> read(uint64_t after, size_t limit) const;

 private:
  AccessLog(std::string folder, const Limits& limits)
      : folder_(std::move(folder)), limits_(limits) {}
  std::string path_of(uint64_t first) const;
  Result<Done> begin_file();
  Result<Done> take_share(const AccessEntry& entry, size_t bytes);
  struct Share {
    double left = 0;
    int64_t at_ms = 0;
    int64_t used_up_until_ms = 0;
  };
  Unexpected<Error> used_up(const std::string& party, const Share& share, int64_t now_ms) const;

  const std::string folder_;
  const Limits limits_;
  // guards everything below, and the files; held while one line is synced
  mutable std::mutex mutex_;
  std::map<uint64_t, size_t> files_;  // bytes, by the number of the file's first entry
  uint64_t next_ = 1;
  int fd_ = -1;  // of the newest file
  std::map<std::string, Share> shares_;  // by party; a restart resets them
};

// Returns the line as it is in the file, with its LF.
// Requires: no field holds a space or a line feed.
std::string write_access_entry(const AccessEntry& entry);
// Errors: CORRUPT.
Result<AccessEntry> parse_access_entry(std::string_view line);

}  // namespace suyuan
