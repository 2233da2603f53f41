// Cosignatures (c2sp.org/tlog-cosignature, Ed25519, type 0x04): a witness's statement that at this
// time the tree was the largest consistent one of the log that it had seen.
//
//   message   = "cosignature/v1\n" "time " <decimal, POSIX seconds> "\n" <the checkpoint's text>
//   signature = u64 time ‖ Ed25519 signature over the message[64]
#pragma once

#include <optional>

#include "ledger/crypto/ed25519.h"
#include "ledger/proof/open_note.h"

namespace suyuan {

// A witness's key. No two witnesses may share one, because the message does not name the witness.
struct CosignerKey {
  std::string name;
  const SecretKey& secret;
  PublicKey key;
};

// Requires: text ends in a line feed, is_c2sp_name(by.name), time_s < 2^63, the keys are one pair.
NoteLine cosign(std::string_view text, const CosignerKey& by, uint64_t time_s);

// Returns the time stated by the line if it is of this key (name, id) and verifies.
std::optional<uint64_t> verify_cosignature(std::string_view text, const NoteLine& line,
                                           const NoteKey& key);

}  // namespace suyuan
