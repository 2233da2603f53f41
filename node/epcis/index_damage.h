// The mark of an index with damaged rows: whoever meets one, writing or answering, sets it, and the
// next start builds the index again.
#pragma once

#include <atomic>
#include <mutex>
#include <string>

#include "ledger/base/error.h"

namespace suyuan::epcis {

class IndexDamage {
 public:
  // `folder` has the index's files; the mark is one of them. Not a row, because a kill can take
  // that away, and a damaged store may take none.
  explicit IndexDamage(std::string folder) : folder_(std::move(folder)) {}
  static bool is_marked(const std::string& folder);

  // Returns what was read; but if a row is damaged (CORRUPT), marks the index, and says in the
  // error what happens next. Only the first damaged row is written down and logged. Thread-safe.
  template <class T>
  Result<T> checked(Result<T> read) {
    if (read || read.error().code != Code::CORRUPT) return read;
    return Unexpected(met(std::move(read).error()));
  }
  // Whether a damaged row was met since the start. Thread-safe.
  bool is_met() const { return is_met_; }

 private:
  Error met(Error error);

  const std::string folder_;
  std::mutex mutex_;  // guards is_written_, and the writing
  bool is_written_ = false;
  std::atomic<bool> is_met_ = false;
};

}  // namespace suyuan::epcis
