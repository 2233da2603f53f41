// Rules that change while the ledger runs: which nodes it has, and the version of what decides over
// its leaves. An authority quorum signs them, whole, and they hold from the next leaf on
// (formats.md 4; docs/registry.md, Rules). Before the first such notice genesis says both.
//
//   suyuan/rules/v1
//   ledger <origin> <base64 of H(data of leaf 0)>
//   number <n>                      of the ledger's rules notices, from 1
//   rules <version>                 the one in force, or the next
//   node <name> <base64 of public key>   1 to 16, ascending by name: all nodes from then on
//   until <ms since 1970>           refused at a later log time
//
//   — <authority> <base64>          as many as rules_quorum() at least, ascending by name
//
// All nodes stand there, not what changes: who signs sees what he signs for, and the newest notice
// alone says who the nodes are. The number makes it one of a kind: a notice is never taken twice,
// and of two that were made at a time the second is refused.
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
// INVALID_FIELD, TOO_MANY, KEY_WEAK; parse: NOTE_SYNTAX and TOO_LARGE too.
Result<std::string> write_rules(const RulesText& rules);
Result<RulesText> parse_rules(std::string_view text);

struct RulesNotice {
  SignedNote note;
  RulesText rules;
};
// Of the form alone: the text, and lines of different names, ascending. SIGNATURE_LINES and what
// parse_note and parse_rules refuse.
Result<RulesNotice> parse_rules_notice(std::string_view note);
// Signs besides those who did, in their place. INVALID_FIELD: this one did already.
Result<std::string> add_signature(const RulesNotice& notice, std::string_view authority,
                                  const SecretKey& secret, const PublicKey& key);

// What holds for a leaf.
struct RulesState {
  uint64_t number = 0;  // of the notice that says so; 0: genesis
  uint64_t version = 1;
  std::vector<NamedKey> nodes;
  uint64_t leaf = 0;    // where it stands
  friend bool operator==(const RulesState&, const RulesState&) = default;
};
RulesState rules_of(const Genesis& genesis);
Result<RulesState> rules_at(const Reader& registry, const Genesis& genesis, uint64_t leaf);
// All that notices set, by place.
Result<std::vector<RulesState>> list_rules(const Reader& registry);

// How many authorities must sign: genesis' quorum, and more than half of them in any case. Genesis
// with a quorum of 1 lets one authority register; whom the ledger's nodes are it does not decide.
uint64_t rules_quorum(const Genesis& genesis);

// Judged at its own place, on the state of before: who signed, with keys in force there, enough of
// them; the next number; the version in force or the next; at least half of the nodes in force
// stay, with their keys, so that somebody is left who can order the next notice; no node's key that
// was ever registered otherwise. LEDGER_MISMATCH, BATCH_EXPIRED, INVALID_FIELD, SIGNATURE_LINES,
// NOT_AUTHORITY, KEY_UNKNOWN, KEY_NOT_IN_FORCE, SIGNATURE_INVALID, KEY_EXISTS. A notice that holds
// but names a version that this program does not know is STORE_TOO_NEW, a fault: who took or
// refused what comes behind it would have another ledger.
struct NoticePlace {
  const LedgerId& ledger;
  const Genesis& genesis;
  uint64_t leaf = UINT64_MAX;
  int64_t time_ms = 0;
};
Result<RulesState> judge_rules(const Reader& registry, const RulesNotice& notice,
                               const NoticePlace& at);
// Before its place is known: it is this ledger's, and enough authorities signed it with keys that
// are in force as far as is known here. Other lines count nothing: keys may be newer than we know.
Result<Done> check_signed(const Reader& registry, const RulesNotice& notice,
                          const NoticePlace& at);
// Writes what it changes. REQUIRES: what judge_rules gave, on this state.
void put_rules(Overlay& registry, const RulesState& rules);

// The newest version of the rules that this program knows. Every rule that a later version changes
// asks for the version in force at the leaf, never for this.
uint64_t rules_known();
// Whether that is enough. STORE_TOO_NEW.
Result<Done> check_rules_known(uint64_t version);

}  // namespace suyuan
