// Genesis: leaf 0, the text that names the ledger and its root keys (formats.md 4); and the two
// lines that head every leaf.
//
//   suyuan/genesis/v1
//   origin <origin>                        a C2SP origin; does not begin with "suyuan/"
//   log <base64 of public key>             signs checkpoints under the origin's name
//   node <name> <base64 of public key>     1 to 16, ascending by name; signs receipts
//   authority <party id> <base64 of public key>   1 to 16, ascending by id
//   quorum <n>                             number of authorities for acts that need several
//   rules 1
//   nonce <base64 of 16 random bytes>
//
// The limits are those of ledger/base/limits.h. They are part of the rules version.
#pragma once

#include <string>
#include <vector>

#include "ledger/base/bytes.h"
#include "ledger/base/error.h"

namespace suyuan {

struct NamedKey {
  std::string name;
  PublicKey key;
  friend bool operator==(const NamedKey&, const NamedKey&) = default;
};

struct Genesis {
  std::string origin;
  PublicKey log_key;
  std::vector<NamedKey> nodes;
  std::vector<NamedKey> authorities;
  uint64_t quorum = 1;
  uint64_t rules = 1;
  Nonce nonce;
  friend bool operator==(const Genesis&, const Genesis&) = default;
};

// The ledger's identity, which every signed text names in its "ledger" line.
struct LedgerId {
  std::string origin;
  Hash genesis;  // H(data of leaf 0), the head lines included
  std::string line() const;  // "<origin> <base64 of genesis>"
  friend bool operator==(const LedgerId&, const LedgerId&) = default;
};

// Errors: INVALID_FIELD (two equal keys, a quorum above the number of authorities, an invalid
// origin or name, not ascending), PARTY_ID_SYNTAX, KEY_WEAK, TOO_MANY; parse also NOTE_SYNTAX,
// TOO_LARGE.
Result<std::string> write_genesis(const Genesis& genesis);
Result<Genesis> parse_genesis(std::string_view text);
// `leaf0_data`: write_leaf(LeafKind::genesis, ..., write_genesis(genesis)).
LedgerId ledger_id(const Genesis& genesis, BytesView leaf0_data);

// Leaf data: the two head lines, a blank line, the text or note.
//
//   suyuan/leaf/v1 <genesis|batch|seal|notice>
//   time <log time, ms since 1970>
enum class LeafKind : uint8_t { genesis, batch, seal, notice };
std::string_view word(LeafKind);
// Requires: time_ms >= 0, and the text's first line is one of the kind's.
Bytes write_leaf(LeafKind kind, int64_t time_ms, std::string_view text);
struct Leaf {
  LeafKind kind;
  int64_t time_ms;
  std::string text;
};
// Parses strictly: the head's kind must match the text's first line.
// Errors: NOTE_SYNTAX, TOO_LARGE.
Result<Leaf> parse_leaf(BytesView data);

bool is_party_id(std::string_view text);  // [a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?
// Words that mean somebody else where a party id may appear. No party may have one as its id.
bool is_reserved_party_id(std::string_view text);
// 1 to 255 graphic ASCII characters, no '+', not starting with "suyuan/", "cosignature/" or
// "subtree/". Node names too.
bool is_origin(std::string_view text);

}  // namespace suyuan
