// A witness's folder: its key, the logs that it watches, and the checkpoint it last cosigned for
// each.
//
//   <folder>/witness.key             mode 0600 (key_file.h)
//   <folder>/lock                    held by the process that serves or changes the folder
//   <folder>/logs/<hex of SHA-256(origin)>
//
// A log's file is replaced as a whole and synced before a cosignature leaves:
//
//   suyuan/witnessed-log/v1
//   origin <origin>
//   key <vkey>                       1 to 8, of type 0x01
//                                    a blank line
//   <the checkpoint last cosigned, with our line; nothing: none yet>
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "ledger/crypto/key_file.h"
#include "ledger/proof/witness.h"

namespace suyuan {

inline constexpr size_t kWitnessedLogsMax = 1024;
inline constexpr size_t kLogKeysMax = 8;

// Returns the text of a log's file.
// Requires: a value that parse_witnessed_log could return.
std::string write_witnessed_log(const WitnessedLog& log);
// Errors: CORRUPT (invalid text, or a checkpoint that its keys did not sign).
Result<WitnessedLog> parse_witnessed_log(std::string_view text);

// Creates the folder and its key.
// Errors: IO (it exists already), INVALID_FIELD (invalid key name).
Result<NoteKey> make_witness(const std::string& folder, const std::string& name);
// Watches one more log, or trusts one more key of a log. If `origin` is empty, it is the key's
// name.
// Errors: INVALID_FIELD, TOO_MANY, IO.
Result<Done> watch_log(const std::string& folder, std::string_view vkey,
                       const std::string& origin = {});

class FolderLock;

// Single-threaded. State is written before an answer is given, so no cosignature is ever forgotten,
// neither after a crash nor after a failed write.
class WitnessDesk {
 public:
  // Takes the lock.
  // Errors: IO (another process holds it), and those of parse_witnessed_log (CORRUPT, NOT_FOUND).
  static Result<std::unique_ptr<WitnessDesk>> open(const std::string& folder);
  ~WitnessDesk();
  WitnessDesk(const WitnessDesk&) = delete;
  WitnessDesk& operator=(const WitnessDesk&) = delete;

  // Called for each checkpoint before it is cosigned: a replayer's judgement. CORRUPT is answered
  // as 422, any other error as 503 (try again).
  using Judge = std::function<Result<Done>(const std::string& checkpoint)>;
  void judge_by(Judge judge) { judge_ = std::move(judge); }
  // Returns the log that it watches, if there is exactly one.
  std::optional<WitnessedLog> only_log() const;

  // Handles POST add-checkpoint. Answers 500 if the state cannot be written.
  WitnessAnswer add_checkpoint(std::string_view body, uint64_t now_s);
  // Handles GET <hex of SHA-256(origin)>/checkpoint. Returns the checkpoint last cosigned; nullopt
  // if there is none.
  std::optional<std::string> checkpoint(std::string_view origin_hash) const;
  NoteKey key() const;
  size_t logs() const { return logs_.size(); }

 private:
  WitnessDesk(std::string folder, std::unique_ptr<FolderLock> lock, NamedKeyPair key);

  const std::string folder_;
  const std::unique_ptr<FolderLock> lock_;
  const NamedKeyPair key_;
  Judge judge_;                                            // empty: only growth is verified
  std::map<std::string, WitnessedLog, std::less<>> logs_;  // by hex of SHA-256(origin)
};

}  // namespace suyuan
