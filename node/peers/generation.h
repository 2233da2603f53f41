// Generations of a shared log. If etcd lost it (emptied, or restored to an older state), the nodes
// agree where it continues: each signs its place on disk, and the log begins again after the
// highest place among more than half of them. What any of those acknowledged stays.
//
//   head       = a node's words (node/peers/node_words.h), and then:
//   suyuan/log-head/v2                       their header
//   generation <position> <base64 of mark>   that its store comes from, or agreed to (zeros: as
//                                            founded); or as_given_up() of that
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
// A head is u32 length ‖ note; each is of another node. The hashes prove that its tree is the
// beginning of the tree of the highest head (RFC 9162 2.1.4). The node of the highest head is the
// founder: it signs. `position` is that of its head, or one past the base of the generation that
// the heads name, whichever is larger (base_position). So positions of bases rise, and a founder
// chooses nothing.
//
// Heads stay in etcd, where anybody who can write there may put an old one back. So a head is a
// vote for its time only, and in the generation that it names. Once a store comes from a later
// generation, or has agreed to one, no evidence of earlier heads counts for it. Without the
// founder's signature, whoever writes in etcd could choose which majority counts, and leave out the
// highest head.
//
// Not prevented: the holder of one node's key can found a generation together with the head of a
// lower node, and leave out a higher one. Heads of a `recover` that came to nothing stay usable to
// that holder until the next generation, and against a store that missed a generation for as long.
#pragma once

#include <map>
#include <optional>
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
// The position that a log begins behind whose highest head this is: above the base before it.
uint64_t base_position(const LogHead& highest);
// What heads name as their generation where nodes give up its base, which is lost (--base-is-lost):
// so the head of a node that only waits is no vote for that.
OrderPlace as_given_up(const OrderPlace& base);
// No two nodes are further apart. A head that is was invented, and does not count.
inline constexpr uint64_t kGroupsApartMax = uint64_t{1} << 40;

struct Generation {
  SyncTarget base;      // the highest of the heads; its place as the new log has it
  OrderPlace before;    // the same place as the old log had it
  OrderPlace from;      // the generation that its heads name, or what stands for it, given up
  std::string founder;  // whose head that is
  std::vector<LogHead> heads;
};
// Total on hostile bytes.
// Errors: CORRUPT (no generation, one of version 1, a position other than base_position, or heads
// that do not fit together: all are of one generation, of the same 20 minutes, at most
// kGroupsApartMax groups apart, and of beginnings of one tree), SIGNATURE_INVALID (also: not signed
// by its founder), KEY_UNKNOWN (half of the nodes or fewer signed), other errors of open_log_head.
Result<Generation> judge_generation(BytesView evidence, const LogNodes& nodes);
// For a generation that has begun: nodes may have been exchanged since. So it is also valid under
// the list that was in force at its base, as far as the store knows; the error is the one for
// `nodes`.
Result<Generation> judge_begun(BytesView evidence, const LogNodes& nodes, const Genesis& genesis,
                               const Reader& state);

// Whether it comes after the generation that a store comes from, or has agreed to. Heads of earlier
// ones are votes no more: they stay readable in etcd, and with any node's key they make new
// evidence.
bool is_after(const Generation& generation, const OrderPlace& own);

// Whether nodes agreed on it just now, for a node that waits: it comes after the generation that
// the node agreed to last, kept or given up, and its heads hold at this time. Whoever writes in
// etcd may put evidence of an earlier one back.
bool is_new_for(const Generation& generation, const OrderPlace& own, int64_t now_ms);

// Errors: ROLLED_BACK, for a store with leaves other than those that the log continues after.
Error other_history(const SyncTarget& base);

// The heads that count now, by name: of `own`'s generation, and in force.
struct ShownHead {
  LogHead head;
  std::string note;
};
std::vector<ShownHead> heads_in_force(const std::map<std::string, Bytes>& shown,
                                      const LogHead& own, const LogNodes& nodes, int64_t now_ms);
// The first head, in force, that names a later generation than `own` does, by its position. The
// store of `own` does not know that generation: its node was missing when it began, or was killed
// between its head and the moment when it keeps what came of it. Nodes that do not know it must not
// begin again without those that do, which may have acknowledged behind it.
std::optional<LogHead> later_head(const std::map<std::string, Bytes>& shown, const LogHead& own,
                                  const LogNodes& nodes, int64_t now_ms);
// Returns the heads to begin with, from this node's view: those whose trees are its own tree or a
// prefix of it. Empty: another node is higher and must begin, or `own` is not among them.
Result<std::vector<ProvenHead>> heads_below(const std::vector<ShownHead>& heads,
                                             const LogHead& own, const Reader& state);

// Nodes, or keys of nodes, that this store does not know: a notice that it lacks may name them.
// Nothing proves it. `ever`: the nodes now and before, with the keys that they had then.
// Returns names of nodes that say at this time where they are.
std::vector<std::string> unknown_heads(const std::map<std::string, Bytes>& shown,
                                       const LogNodes& ever, int64_t now_ms);
// Returns the first in the evidence of a generation. Total on hostile bytes.
std::optional<std::string> unknown_node_in(BytesView evidence, const LogNodes& ever);

}  // namespace suyuan
