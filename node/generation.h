// Generations of a shared log. Where etcd lost it (emptied, put back from an older copy), the nodes
// agree where it goes on: each signs where it stands on disk, and the log begins anew behind the
// highest place among more than half of them. What any of those acknowledged stays.
//
//   head       = a signed note, by the node (formats.md 10):
//   suyuan/log-head/v1
//   ledger <origin> <base64 of genesis hash>
//   log <name in etcd>
//   node <name>
//   position <group>
//   mark <base64>
//   leaves <n>
//   root <base64>
//
//   generation = u8 1 ‖ u8 n ‖ n * (u32 length ‖ head)       of different nodes
//   its mark   = H("suyuan/order/generation/v1\n" ‖ generation)
#pragma once

#include <map>
#include <string>
#include <vector>

#include "ledger/crypto/key_file.h"
#include "node/log_sync.h"

namespace suyuan {

struct LogHead {
  LedgerId ledger;
  std::string log;
  std::string node;
  OrderPlace place;
  TreeHead tree;
  friend bool operator==(const LogHead&, const LogHead&) = default;
};
std::string sign_log_head(const LogHead& head, const NamedKeyPair& node);

// What heads are judged by.
struct LogNodes {
  LedgerId ledger;
  std::string log;
  std::vector<NamedKey> nodes;  // of genesis
  size_t majority() const { return nodes.size() / 2 + 1; }
};
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
// CORRUPT: no generation, or heads that cannot stand together; SIGNATURE_INVALID and other errors
// of open_log_head; KEY_UNKNOWN: half of the nodes or fewer signed.
Result<Generation> judge_generation(BytesView evidence, const LogNodes& nodes);

// Which heads to begin with, as this node sees it: those that are the beginning of its own tree or
// its whole. Empty: another node stands higher, and is to begin.
Result<std::vector<std::string>> heads_below(const std::map<std::string, Bytes>& shown,
                                             const LogHead& own, const LogNodes& nodes,
                                             const Reader& state);

}  // namespace suyuan
