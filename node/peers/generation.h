// Generations of a shared log. Where etcd lost it (emptied, put back from an older copy), the nodes
// agree where it goes on: each signs where it stands on disk, and the log begins anew behind the
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
//   generation = u8 1 ‖ u8 n ‖ n * (u32 length ‖ head)       of different nodes
//   its mark   = H("suyuan/order/generation/v1\n" ‖ generation)
//
// Heads stay in etcd, where anybody may put an old one back who can write there. So a head is a
// vote for its time alone, and in the generation that it names.
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
// NOTE_SYNTAX, LEDGER_MISMATCH, KEY_UNKNOWN, SIGNATURE_INVALID.
Result<LogHead> open_log_head(std::string_view note, const LogNodes& nodes);

// REQUIRES: at most 16 heads.
Bytes encode_generation(const std::vector<std::string>& heads);

struct Generation {
  SyncTarget base;      // the highest of the heads; its place as the new log has it
  OrderPlace before;    // the same place as the old log had it
  std::string founder;  // whose head that is
  std::vector<LogHead> heads;
};
// CORRUPT: no generation, or heads that cannot stand together: of one generation and of the same
// minutes all are; SIGNATURE_INVALID and other errors of open_log_head; KEY_UNKNOWN: half of the
// nodes or fewer signed.
Result<Generation> judge_generation(BytesView evidence, const LogNodes& nodes);
// Of one that has begun already: nodes may have been exchanged since. So it also holds by the list
// that was in force at its base, as far as the store tells; the error is that of `nodes`.
Result<Generation> judge_begun(BytesView evidence, const LogNodes& nodes, const Genesis& genesis,
                               const Reader& state);

// The heads that count at this time, by name: of `own`'s generation, and in force.
struct ShownHead {
  LogHead head;
  std::string note;
};
std::vector<ShownHead> heads_in_force(const std::map<std::string, Bytes>& shown,
                                      const LogHead& own, const LogNodes& nodes, int64_t now_ms);
// Which of them to begin with, as this node sees it: those that are the beginning of its own tree
// or its whole. Empty: another node stands higher, and is to begin.
Result<std::vector<std::string>> heads_below(const std::vector<ShownHead>& heads,
                                             const LogHead& own, const Reader& state);

}  // namespace suyuan
