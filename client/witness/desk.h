// A witness's folder: its key, the logs that it watches, and what it last cosigned of each.
//
//   <folder>/witness.key             mode 0600 (key_file.h)
//   <folder>/lock                    held by whoever serves or changes the folder
//   <folder>/logs/<hex of SHA-256(origin)>
//
// A log's file, replaced as a whole and synced before a cosignature leaves:
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

// The text of a log's file. REQUIRES: what parse_witnessed_log could have given.
std::string write_witnessed_log(const WitnessedLog& log);
// CORRUPT: no such text, or a checkpoint that its keys did not sign.
Result<WitnessedLog> parse_witnessed_log(std::string_view text);

// Makes folder and key. IO: there is one already. INVALID_FIELD: no name for a key.
Result<NoteKey> make_witness(const std::string& folder, const std::string& name);
// Watches one more log, or trusts one more key of a log. `origin` empty: the key's name.
// INVALID_FIELD, TOO_MANY, IO.
Result<Done> watch_log(const std::string& folder, std::string_view vkey,
                       const std::string& origin = {});

class FolderLock;

// One thread. State is kept before an answer is given, so that whatever was cosigned is never
// forgotten: neither after a crash nor after a failed write.
class WitnessDesk {
 public:
  // Takes the lock. IO: another process has it. CORRUPT, NOT_FOUND: see parse_witnessed_log.
  static Result<std::unique_ptr<WitnessDesk>> open(const std::string& folder);
  ~WitnessDesk();
  WitnessDesk(const WitnessDesk&) = delete;
  WitnessDesk& operator=(const WitnessDesk&) = delete;

  // Asked of each checkpoint before it is cosigned: a replayer's own judgement. CORRUPT is answered
  // as 422, another error as 503: ask again.
  using Judge = std::function<Result<Done>(const std::string& checkpoint)>;
  void judge_by(Judge judge) { judge_ = std::move(judge); }
  // The log that it watches, where that is one alone.
  std::optional<WitnessedLog> only_log() const;

  // POST add-checkpoint. 500 where the state cannot be kept.
  WitnessAnswer add_checkpoint(std::string_view body, uint64_t now_s);
  // GET <hex of SHA-256(origin)>/checkpoint: as last cosigned; nullopt: none.
  std::optional<std::string> checkpoint(std::string_view origin_hash) const;
  NoteKey key() const;
  size_t logs() const { return logs_.size(); }

 private:
  WitnessDesk(std::string folder, std::unique_ptr<FolderLock> lock, NamedKeyPair key);

  const std::string folder_;
  const std::unique_ptr<FolderLock> lock_;
  const NamedKeyPair key_;
  Judge judge_;  // none: growth alone is looked at
  std::map<std::string, WitnessedLog, std::less<>> logs_;  // by hex of SHA-256(origin)
};

}  // namespace suyuan
