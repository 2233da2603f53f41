// InitMark: the file that stands in a data folder while a ledger is being made in it.
#pragma once

#include <string>

#include "ledger/base/error.h"

namespace suyuan {

// Locked while its process lives, so that one init at a time is at work. It stays where init is
// interrupted: then what lies beside it was made by that init and never served (a node does not
// start beside it), so the next init takes it away and begins again.
class InitMark {
 public:
  static std::string path_in(const std::string& data);
  // IO: also where another init is at work.
  static Result<InitMark> take(const std::string& data);
  ~InitMark();
  InitMark(InitMark&& other) noexcept;
  InitMark(const InitMark&) = delete;
  InitMark& operator=(const InitMark&) = delete;

  // An init before this one had begun and did not come to its end.
  bool interrupted() const { return interrupted_; }
  // From here on what is made in the folder is ours to take away. Synced.
  Result<Done> begin();
  // The ledger is whole, or nothing was made: the mark goes, synced.
  Result<Done> remove();

 private:
  InitMark(std::string path, int file, bool interrupted)
      : path_(std::move(path)), file_(file), interrupted_(interrupted) {}

  std::string path_;
  int file_;
  bool interrupted_;
};

}  // namespace suyuan
