// Generations of a shared log. If etcd lost it (emptied, or restored to an older state), the nodes
// agree where it continues: each signs its place on disk, and the log begins again after the
// highest place among more than half of them. What any of those acknowledged stays.
//
//   head       = a node's words (node/peers/node_words.h), and then:
//   suyuan/log-head/v2                       their header
//   generation <position> <base64 of mark>   that its store comes from; zeros: as founded
//   until <ms since 1970>                    ten minutes after it was signed
//   position <group>
//   mark <base64>
//   leaves <n>
//   root <base64>
//
//   generation = words ‖ signature (64)
//   words      = u8 2 ‖ u64 position ‖ u8 n ‖ n * (head ‖ u8 p ‖ p * hash (32))
//   signed     = tag ‖ H(tag ‖ words)        tag: "suyuan/order/signed/generation/v2\n"
//   its mark   = H("suyuan/order/generation/v1\n" ‖ generation)
//
// A head is u32 length ‖ note; each is from a different node. The hashes prove that its tree is a
// prefix of the highest head's tree (RFC 9162 2.1.4). The node with the highest head is the
// founder: it signs. `position` is that of its head, or a higher one if the nodes gave up an
// earlier base (node/startup/recover.h), so positions of bases only rise.
//
// Heads stay in etcd, where anyone with write access may put an old one back. So a head is a vote
// only for its time, and in the generation that it names. Without the founder's signature, anyone
// who writes in etcd could choose which majority counts, and leave out the highest head.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "ledger/crypto/key_file.h"
#include "node/peers/log_sync.h"
#include "node/peers/node_words.h"

namespace suyuan {

struct LogHead {
  LedgerId ledger;
  std::string log;
  std::string node;
  OrderPlace generation;
  int64_t until_ms = 0;
  OrderPlace place;
  TreeHead tree;
  friend bool operator==(const LogHead&, const LogHead&) = default;
};
std::string sign_log_head(const LogHead& head, const NamedKeyPair& node);

inline constexpr int64_t kLogHeadHoldsMs = 10 * 60'000;
// Errors: NOTE_SYNTAX, LEDGER_MISMATCH, KEY_UNKNOWN, SIGNATURE_INVALID.
Result<LogHead> open_log_head(std::string_view note, const LogNodes& nodes);

// A head as its node signed it, and the path from its tree to that of the highest head.
struct ProvenHead {
  std::string note;
  std::vector<Hash> path = {};
  friend bool operator==(const ProvenHead&, const ProvenHead&) = default;
};
// REQUIRES: at most 16 heads, each path of at most 64 hashes.
Bytes encode_generation(uint64_t position, const std::vector<ProvenHead>& heads,
                        const NamedKeyPair& founder);

struct Generation {
  SyncTarget base;      // the highest head; its place as in the new log
  OrderPlace before;    // the same place as in the old log
  std::string founder;  // the node of that head
  std::vector<LogHead> heads;
};
// Total on hostile bytes.
// Errors: CORRUPT (not a generation, one of version 1, or heads that do not fit together: all must
// be of one generation, within the same 20 minutes, and of prefixes of one tree), SIGNATURE_INVALID
// (also: not signed by its founder), other errors of open_log_head, KEY_UNKNOWN (half of the nodes
// or fewer signed).
Result<Generation> judge_generation(BytesView evidence, const LogNodes& nodes);
// For a generation that has begun: nodes may have been exchanged since. So it is also valid under
// the list that was in force at its base, as far as the store knows; the error is the one for
// `nodes`.
Result<Generation> judge_begun(BytesView evidence, const LogNodes& nodes, const Genesis& genesis,
                               const Reader& state);

// Whether nodes agreed on it just now, for a node that waits with this head: it is not the
// generation that its store comes from, nor an earlier one, and its heads are in force now.
// Evidence of an earlier one may be put back by anyone who writes in etcd.
bool is_new_for(const Generation& generation, const LogHead& own, int64_t now_ms);

// Errors: ROLLED_BACK, for a store with leaves other than those that the log continues after.
Error other_history(const SyncTarget& base);

// The heads that count now, by name: of `own`'s generation, and in force.
struct ShownHead {
  LogHead head;
  std::string note;
};
std::vector<ShownHead> heads_in_force(const std::map<std::string, Bytes>& shown,
                                      const LogHead& own, const LogNodes& nodes, int64_t now_ms);
// Returns the heads to begin with, from this node's view: those whose trees are its own tree or a
// prefix of it. Empty: another node is higher and must begin, or `own` is not among them.
Result<std::vector<ProvenHead>> heads_below(const std::vector<ShownHead>& heads,
                                             const LogHead& own, const Reader& state);

}  // namespace suyuan
