// The keys of a log in etcd, and a group as the bytes under its key.
//
//   <log>/<position, 20 digits>   a group
//   <log>/identity                which ledger, and the place that the log begins behind
//   <log>/tail                    the place of the last group; written with it
//   <log>/leader                  the node that seals, while its lease lasts
//   <log>/node/<name>             what the node told the others last
//   <log>/shown/<name>            its signatures of its newest trees (node/peers/node_cosigners.h)
//
//   group    = words ‖ signature (64)
//   words    = u8 4 ‖ u16 judging ‖ mark before (32) ‖ i64 time ms ‖ node ‖ u32 n ‖ n * proposal
//              ‖ u8 k ‖ k * (node ‖ u64 position ‖ clock)
//   clock    = i64 time ms ‖ signature (64)     what another node last said of its clock, when
//              the group at that position was the last that had reached it
//   mark     = H("suyuan/order/group/v2\n" ‖ group)
//   signed   = tag ‖ H(tag ‖ ledger (32) ‖ log ‖ words)     tag: "suyuan/order/signed/group/v2\n"
//   said     = tag ‖ H(tag ‖ ledger (32) ‖ log ‖ node ‖ u64 position ‖ i64 time ms)
//              signed by that node; tag: "suyuan/order/signed/clock/v2\n"
//   identity = u8 4 ‖ ledger (32) ‖ u64 position ‖ mark (32)
//   tail     = u64 position ‖ mark (32)
//   told     = u8 4 ‖ place (40) ‖ generation (40) ‖ clock ‖ note ‖ signature (64)
//              under node/<name>; places as tail, the clock's position is that of the first;
//              signed like a group, of all bytes before the signature, with the tag
//              "suyuan/order/signed/told/v2\n"
//
// log (its name), node and proposals are u32 length ‖ bytes; integers as in ledger/base/coding.h. A
// group holds the mark before it, so the mark of a place covers the whole log up to it. The node
// that it names signs it. A group without that signature, or with more than kGroupBatchesMax
// proposals, is in the log without effect: all nodes leave it out. `judging` is the version of the
// rules that decide over batches: a node of another version stops before the group.
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
  // All groups from a position on, and up to one.
  KvRange groups_from(uint64_t position, int64_t limit = 0) const;
  KvDelete groups_to(uint64_t position) const;
  // nullopt: the key is not a group's.
  std::optional<uint64_t> position_of(std::string_view key) const;
};
// Returns what follows `prefix` in a key. nullopt: the key does not begin with it, so etcd answered
// with a key that was not asked for.
std::optional<std::string> name_under(std::string_view prefix, std::string_view key);

// A node's word about its clock, for groups after the last one that had reached it.
struct ClockWord {
  std::string node = {};
  uint64_t position = 0;
  int64_t time_ms = 0;
  Signature signature = {};
  friend bool operator==(const ClockWord&, const ClockWord&) = default;
};
Bytes signed_clock(const Hash& ledger, std::string_view log, const ClockWord& word);
inline constexpr size_t kClocksMax = 15;  // in a group: a ledger has at most 16 nodes
// A word counts for this many groups. So a word from a time when a node's clock was wrong is soon
// of no use to a liar; under load this is more groups than any log takes in a few pulses.
inline constexpr uint64_t kClockGroupsMax = 1024;
// Whether the word's place is before a group's, and not too far before it. Otherwise it does not
// count there; all nodes see both positions.
bool is_of_place(const ClockWord& word, uint64_t group_position);
// Whether a leaf can have this time. Otherwise the word does not count.
bool is_clock_time(int64_t time_ms);
// The time of a group: its proposer's clock, but at most this far ahead of what a majority of the
// nodes' clocks say, the proposer's own among them. 0 if there are too few clocks: then log time
// stops. So no node alone can set log time ahead, or hold up the others by trying.
inline constexpr int64_t kClockSlackMs = 10'000;
int64_t agreed_time(int64_t proposed, std::vector<int64_t> others, size_t majority);

struct GroupEntry {
  uint16_t judging = 1;
  Hash before = {};  // mark of the place before it
  int64_t time_ms = 0;
  std::string node = {};  // the proposer
  std::vector<Bytes> proposals = {};
  // The number of proposals if there are more than kGroupBatchesMax; then none is kept.
  uint32_t too_many = 0;
  std::vector<ClockWord> clocks = {};  // of other nodes
  Signature signature = {};
  friend bool operator==(const GroupEntry&, const GroupEntry&) = default;
};
Bytes encode_group(const GroupEntry& group);
// What nodes sign. The bytes name the mark before them, and so their place.
enum class Signed : uint8_t { group, told };
// The text that is signed for bytes that end in a signature, in a log of a ledger. REQUIRES: the
// bytes are that long.
Bytes signed_text(Signed what, const Hash& ledger, std::string_view log, BytesView bytes);
// Replaces the signature at the end of the bytes. REQUIRES: as above.
void set_signature(Bytes& bytes, const Signature& signature);
// Total on hostile bytes, and keeps no more than a small multiple of them.
// Errors: STORE_TOO_NEW (of a later version), CORRUPT.
Result<GroupEntry> decode_group(BytesView bytes);
// Bytes that a proposal of `bytes` bytes adds, and those of a group without proposals.
inline constexpr size_t kGroupBytesOfProposal = 4;
inline constexpr size_t kGroupBytesAround =
    1 + 2 + Hash::kSize + 8 + 4 + 255 + 4 + 1 + kClocksMax * (4 + 255 + 8 + 8 + Signature::kSize) +
    Signature::kSize;
Hash mark_of(BytesView group);

struct LogIdentity {
  Hash ledger;
  OrderPlace base;  // the first group comes after it
  friend bool operator==(const LogIdentity&, const LogIdentity&) = default;
};
Bytes encode_identity(const LogIdentity& identity);
Result<LogIdentity> decode_identity(BytesView bytes);
Bytes encode_place(const OrderPlace& place);
// Errors: CORRUPT (also: a place that nothing can come after).
Result<OrderPlace> decode_place(BytesView bytes);

// What a node tells the others: the place of the last group that arrived there, where the
// generation of its log began (node/peers/generation.h; zeros: as founded), and a note that the log
// does not read.
struct Told {
  OrderPlace at;
  OrderPlace generation = {};
  int64_t time_ms = 0;          // of its clock
  Signature clock = {};         // over that and at.position only, for the groups of others
  Bytes note;
  Signature signature = {};
  friend bool operator==(const Told&, const Told&) = default;
};
Bytes encode_told(const Told& told);
Result<Told> decode_told(BytesView bytes);

// Makes the log, for a ledger that is at identity.base. If the log exists, it must be this very
// log. Errors: INVALID_FIELD (it is another log, or continues from another place), UNAVAILABLE.
Result<Done> found_log(Kv& kv, const std::string& log, const LogIdentity& identity);

}  // namespace suyuan
