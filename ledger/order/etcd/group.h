// The keys of a log in etcd, and a group as the bytes under its key.
//
//   <log>/<position, 20 digits>   a group
//   <log>/identity                which ledger, and the place that the log begins behind
//   <log>/tail                    the place of the last group; written with it
//   <log>/leader                  the node that seals, while its lease lasts
//   <log>/node/<name>             what the node told the others last
//   <log>/shown/<name>            its signatures of its newest trees (node/node_cosigners.h)
//
//   group    = u8 1 ‖ mark before (32) ‖ i64 time ms ‖ node ‖ u32 n ‖ n * proposal
//   mark     = H("suyuan/order/group/v1\n" ‖ group)
//   identity = u8 1 ‖ ledger (32) ‖ u64 position ‖ mark (32)
//   tail     = u64 position ‖ mark (32)
//
// node and proposals are u32 length ‖ bytes; integers as in ledger/base/coding.h. A group holds the
// mark before it, so the mark of a place covers the whole log up to it.
#pragma once

#include <string>
#include <vector>

#include "ledger/order/etcd/kv.h"
#include "ledger/order/order.h"

namespace suyuan {

struct LogKeys {
  std::string log;
  std::string group(uint64_t position) const;
  std::string identity() const { return log + "/identity"; }
  std::string tail() const { return log + "/tail"; }
  std::string leader() const { return log + "/leader"; }
  std::string node(std::string_view name) const { return log + "/node/" + std::string(name); }
  KvRange nodes() const { return {.key = log + "/node/", .end = log + "/node0"}; }
  std::string shown(std::string_view name) const { return log + "/shown/" + std::string(name); }
  KvRange all_shown() const { return {.key = log + "/shown/", .end = log + "/shown0"}; }
  // All groups from a position on; up to one.
  KvRange groups_from(uint64_t position, int64_t limit = 0) const;
  KvDelete groups_to(uint64_t position) const;
  // nullopt: the key is not a group's.
  std::optional<uint64_t> position_of(std::string_view key) const;
};

struct GroupEntry {
  Hash before;  // mark of the place before it
  int64_t time_ms = 0;
  std::string node;  // that proposed it
  std::vector<Bytes> proposals;
  friend bool operator==(const GroupEntry&, const GroupEntry&) = default;
};
Bytes encode_group(const GroupEntry& group);
// Total on hostile bytes. STORE_TOO_NEW: of a later version; CORRUPT.
Result<GroupEntry> decode_group(BytesView bytes);
// What a proposal of `bytes` bytes takes, and a group without any.
inline constexpr size_t kGroupBytesOfProposal = 4;
inline constexpr size_t kGroupBytesAround = 1 + Hash::kSize + 8 + 4 + 255 + 4;
Hash mark_of(BytesView group);

struct LogIdentity {
  Hash ledger;
  OrderPlace base;  // the first group comes after it
  friend bool operator==(const LogIdentity&, const LogIdentity&) = default;
};
Bytes encode_identity(const LogIdentity& identity);
Result<LogIdentity> decode_identity(BytesView bytes);
Bytes encode_place(const OrderPlace& place);
Result<OrderPlace> decode_place(BytesView bytes);

// Makes the log, for a ledger that stands at identity.base. Once: where there is one already it
// must be this very log. INVALID_FIELD: it is another, or goes on from another place; UNAVAILABLE.
Result<Done> found_log(Kv& kv, const std::string& log, const LogIdentity& identity);

}  // namespace suyuan
