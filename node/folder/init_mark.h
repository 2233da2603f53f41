// InitMark: the file that stands in a data folder while a ledger is being made in it.
#pragma once

#include <string>
#include <string_view>

#include "ledger/base/error.h"

namespace suyuan {

// The command that makes the ledger. What each makes is another list: `import` needs keys in the
// folder that `init` would have made.
enum class Maker : uint8_t { init, join, restore, import };
std::string_view word(Maker maker);

// Locked while its process lives, so that one at a time is at work. It stays where that is
// interrupted: then what lies beside it was made by that command and never served (a node does not
// start beside it), so the same command, and no other, takes it away and begins again.
class InitMark {
 public:
  static std::string path_in(const std::string& data);
  // Which command was interrupted in the folder, or is at work there: "suyuan-node import". One
  // that had not begun yet is not known: "suyuan-node init, join, restore or import".
  static std::string command_in(const std::string& data);
  // IO: also where another command is at work. INVALID_FIELD: another command was interrupted here.
  static Result<InitMark> take(const std::string& data, Maker maker);
  ~InitMark();
  InitMark(InitMark&& other) noexcept;
  InitMark(const InitMark&) = delete;
  InitMark& operator=(const InitMark&) = delete;

  // The same command before this one had begun and did not come to its end.
  bool interrupted() const { return interrupted_; }
  // From here on what is made in the folder is ours to take away. Synced.
  Result<Done> begin();
  // The ledger is whole, or nothing was made: the mark goes, synced.
  Result<Done> remove();

 private:
  InitMark(std::string path, int file, Maker maker)
      : path_(std::move(path)), file_(file), maker_(maker) {}

  std::string path_;
  int file_;
  Maker maker_;
  bool interrupted_ = false;
};

}  // namespace suyuan
