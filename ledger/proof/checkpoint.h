// Checkpoints (c2sp.org/tlog-checkpoint): the text in which a log signs its tree head.
//
//   <origin>
//   <size: decimal>
//   <base64 of the root>
//   [<extension line>]...
//
// Ours have no extension lines; a reader that needs that says so (CheckpointForm::plain).
#pragma once

#include <span>
#include <string>

#include "ledger/crypto/ed25519.h"
#include "ledger/merkle/proof.h"
#include "ledger/proof/open_note.h"

namespace suyuan {

struct Checkpoint {
  std::string origin;
  TreeHead head;
  std::string extensions = {};  // whole lines, not empty ones
  friend bool operator==(const Checkpoint&, const Checkpoint&) = default;
};

// REQUIRES: what parse_checkpoint could have given.
std::string write_checkpoint(const Checkpoint& checkpoint);
enum class CheckpointForm : uint8_t { plain, with_extensions };
// NOTE_SYNTAX. Sizes are below 2^63. Whether size and root fit is for proofs to say.
Result<Checkpoint> parse_checkpoint(std::string_view text,
                                    CheckpointForm form = CheckpointForm::plain);

// The note by the log's key under the origin's name. REQUIRES: is_c2sp_name(checkpoint.origin), the
// keys are one pair.
std::string sign_checkpoint(const Checkpoint& checkpoint, const SecretKey& secret,
                            const PublicKey& key);
// The note with more signature lines at its end. REQUIRES: `note` is one.
std::string with_lines(std::string note, std::span<const NoteLine> lines);

// A line that nobody's key makes, of a type that no reader knows (0xff), so that readers stay
// used to skipping what they do not know. `random` gives its name, its id and its bytes.
NoteLine grease_line(const Hash& random);

}  // namespace suyuan
