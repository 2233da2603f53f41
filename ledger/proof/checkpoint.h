// Checkpoints (c2sp.org/tlog-checkpoint): the text in which a log signs its tree head.
//
//   <origin>
//   <size: decimal>
//   <base64 of the root>
//   [<extension line>]...
//
// The ledger's own have no extension lines; CheckpointForm::plain requires that.
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
  std::string extensions = {};  // whole lines, none empty
  friend bool operator==(const Checkpoint&, const Checkpoint&) = default;
};

// Returns the text to sign. Requires: a checkpoint that parse_checkpoint could return.
std::string write_checkpoint(const Checkpoint& checkpoint);
enum class CheckpointForm : uint8_t { plain, with_extensions };
// Parses the text. Sizes are below 2^63. Whether size and root belong together, only proofs show.
// Errors: NOTE_SYNTAX.
Result<Checkpoint> parse_checkpoint(std::string_view text,
                                    CheckpointForm form = CheckpointForm::plain);

// Returns the note signed with the log's key under the origin's name.
// Requires: is_c2sp_name(checkpoint.origin), and the keys are one pair.
std::string sign_checkpoint(const Checkpoint& checkpoint, const SecretKey& secret,
                            const PublicKey& key);
// Returns the note with more signature lines at its end. Requires: `note` is a note.
std::string with_lines(std::string note, std::span<const NoteLine> lines);

// Returns a line of a type that no reader knows (0xff), by no real key, so that readers keep
// skipping what they do not know. `random` gives its name, its id and its bytes.
NoteLine grease_line(const Hash& random);

}  // namespace suyuan
