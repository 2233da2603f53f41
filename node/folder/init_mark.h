// InitMark: the file in a data folder while a ledger is being made in it.
#pragma once

#include <string>
#include <string_view>

#include "ledger/base/error.h"

namespace suyuan {

// The command that makes the ledger. Each makes a different list of files: `import` needs keys in
// the folder that `init` would have made.
enum class Maker : uint8_t { init, join, restore, import };
std::string_view word(Maker maker);

// Locked while its process lives, so that one command works at a time. It stays after an
// interruption: then everything next to it was made by that command and never served, since a node
// does not start while the mark is there. So only the same command removes it all and begins again.
class InitMark {
 public:
  static std::string path_in(const std::string& data);
  // The command that was interrupted in the folder, or is at work there: "suyuan-node import". One
  // that had not begun yet is unknown: "suyuan-node init, join, restore or import".
  static std::string command_in(const std::string& data);
  // Errors: IO (also: another command is at work), INVALID_FIELD (another command was interrupted
  // here).
  static Result<InitMark> take(const std::string& data, Maker maker);
  ~InitMark();
  InitMark(InitMark&& other) noexcept;
  InitMark(const InitMark&) = delete;
  InitMark& operator=(const InitMark&) = delete;

  // An earlier run of the same command had begun and did not finish.
  bool interrupted() const { return interrupted_; }
  // From here on, whatever is made in the folder is ours to remove. Synced.
  Result<Done> begin();
  // The ledger is whole, or nothing was made: removes the mark, synced.
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
