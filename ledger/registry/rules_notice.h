// Rules that change while the ledger runs: its nodes, and the version of the rules that judge its
// leaves. A quorum of authorities signs the whole notice, which is in force from the next leaf on
// (formats.md 4; docs/registry.md, Rules). Before the first notice, genesis states both.
//
//   suyuan/rules/v1
//   ledger <origin> <base64 of H(data of leaf 0)>
//   number <n>                      of the ledger's rules notices, counted from 1
//   rules <version>                 the one in force, or the next
//   node <name> <base64 of public key>   1 to 16, ascending by name: all nodes from then on
//   until <ms since 1970>           refused at a later log time
//
//   — <authority> <base64>          at least rules_quorum() lines, ascending by name
//
// A notice lists all nodes, not the changes: signers see what they sign, and the newest notice
// alone defines the nodes. The number makes each notice unique: none is accepted twice, and of two
// made at the same time the second is refused.
#pragma once

#include "ledger/crypto/note.h"
#include "ledger/registry/state.h"

namespace suyuan {

inline constexpr std::string_view kRulesHeader = "suyuan/rules/v1";

struct RulesText {
  LedgerId ledger;
  uint64_t number = 1;
  uint64_t version = 1;
  std::vector<NamedKey> nodes;
  uint64_t until_ms = 0;
  friend bool operator==(const RulesText&, const RulesText&) = default;
};
// Errors: INVALID_FIELD, TOO_MANY, KEY_WEAK; parse also NOTE_SYNTAX, TOO_LARGE.
Result<std::string> write_rules(const RulesText& rules);
Result<RulesText> parse_rules(std::string_view text);

struct RulesNotice {
  SignedNote note;
  RulesText rules;
};
// Parses the form only: the text, and signature lines of distinct names, ascending.
// Errors: SIGNATURE_LINES, and those of parse_note and parse_rules.
Result<RulesNotice> parse_rules_notice(std::string_view note);
// Adds a signature in its place. Errors: INVALID_FIELD (this authority has already signed).
Result<std::string> add_signature(const RulesNotice& notice, std::string_view authority,
                                  const SecretKey& secret, const PublicKey& key);

// The rules in force at a leaf.
struct RulesState {
  uint64_t number = 0;  // of the notice that set it; 0: genesis
  uint64_t version = 1;
  std::vector<NamedKey> nodes;
  uint64_t leaf = 0;    // of that notice
  friend bool operator==(const RulesState&, const RulesState&) = default;
};
RulesState rules_of(const Genesis& genesis);
Result<RulesState> rules_at(const Reader& registry, const Genesis& genesis, uint64_t leaf);
// Returns all that notices set, by leaf.
Result<std::vector<RulesState>> list_rules(const Reader& registry);

// Returns how many authorities must sign: the quorum of genesis, but always more than half of them.
// With a quorum of 1 a single authority may register parties, but may not replace the nodes.
uint64_t rules_quorum(const Genesis& genesis);

// Judges a notice at its position, on the state before it: enough signers with keys in force there;
// the next number; the version in force or the next; at least half of the nodes in force stay, with
// their keys, so that somebody can order the next notice; no new node key that is registered
// otherwise.
// Errors: LEDGER_MISMATCH, BATCH_EXPIRED, INVALID_FIELD, SIGNATURE_LINES, NOT_AUTHORITY,
// KEY_UNKNOWN, KEY_NOT_IN_FORCE, SIGNATURE_INVALID, KEY_EXISTS. STORE_TOO_NEW (a fault): the notice
// is valid but names a version that this program does not know. To accept or refuse what follows
// would make another ledger.
struct NoticePlace {
  const LedgerId& ledger;
  const Genesis& genesis;
  uint64_t leaf = UINT64_MAX;
  int64_t time_ms = 0;
};
Result<RulesState> judge_rules(const Reader& registry, const RulesNotice& notice,
                               const NoticePlace& at);
// Checks a notice before its position is known: it is of this ledger, and enough authorities signed
// it with keys that are in force as far as known here. Ignores other lines: their keys may be
// newer.
Result<Done> check_signed(const Reader& registry, const RulesNotice& notice,
                          const NoticePlace& at);
// Writes what the notice changes. Requires: the result of judge_rules on this state.
void put_rules(Overlay& registry, const RulesState& rules);

// Returns the newest rules version that this program knows. A rule that a later version changes
// must ask for the version in force at the leaf, never for this.
uint64_t rules_known();
// Checks that this program knows the version. Errors: STORE_TOO_NEW.
Result<Done> check_rules_known(uint64_t version);

}  // namespace suyuan
