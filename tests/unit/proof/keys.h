// Logs and witnesses with fixed keys, for the tests of ledger/proof.
#pragma once

#include <string>
#include <vector>

#include "ledger/crypto/ed25519.h"
#include "ledger/proof/checkpoint.h"
#include "ledger/proof/cosignature.h"
#include "ledger/proof/policy.h"
#include "tests/unit/merkle/naive_tree.h"

namespace suyuan::testing {

struct Party {
  std::string name;
  KeyPair pair;
  NoteKey key(NoteKeyType type) const { return {.name = name, .type = type, .key = pair.key}; }
  std::string vkey(NoteKeyType type) const { return write_note_key(key(type)); }
};

inline Party party(const std::string& name, char seed) {
  return {.name = name, .pair = key_from_seed(Bytes(kSeedBytes, seed))};
}
inline Party the_log() { return party("log.example/suyuan", 'l'); }
inline Party witness(char seed) { return party(std::string("witness.example/") + seed, seed); }

inline NoteLine cosigned_by(const Party& who, std::string_view text, uint64_t time_s) {
  return cosign(text, {.name = who.name, .secret = who.pair.secret, .key = who.pair.key}, time_s);
}

inline Checkpoint checkpoint_of(HashSpan leaves, size_t size) {
  return {.origin = the_log().name, .head = head_of(leaves, size)};
}
inline std::string signed_checkpoint(HashSpan leaves, size_t size) {
  const auto log = the_log();
  return sign_checkpoint(checkpoint_of(leaves, size), log.pair.secret, log.pair.key);
}
inline std::string cosigned_checkpoint(HashSpan leaves, size_t size, const std::string& witnesses,
                                       uint64_t time_s) {
  std::vector<NoteLine> lines;
  const auto text = write_checkpoint(checkpoint_of(leaves, size));
  for (const char one : witnesses) lines.push_back(cosigned_by(witness(one), text, time_s));
  return with_lines(signed_checkpoint(leaves, size), lines);
}

// Two of the witnesses a, b, c.
inline std::string two_of_three() {
  std::string text = "log " + the_log().vkey(NoteKeyType::ed25519) + "\n";
  for (const char one : {'a', 'b', 'c'}) {
    text += std::string("witness ") + one + " " + witness(one).vkey(NoteKeyType::cosignature) +
            "\n";
  }
  return text + "group g 2 a b c\nquorum g\n";
}

}  // namespace suyuan::testing
