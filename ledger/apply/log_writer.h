// The log rows of a group: leaves, records, payloads, sections, tree, chains (formats.md 2 to 5).
#pragma once

#include <span>

#include "ledger/batch/batch.h"
#include "ledger/merkle/frontier.h"
#include "ledger/store/notice_rows.h"

namespace suyuan {

// Returns H(0x02 ‖ u64 n ‖ link(n-1) ‖ u64 leaf ‖ u32 event ‖ linked). `linked` is the RFC 6962
// leaf hash of the record, or of a notice's leaf, whose place is {leaf, kNoticeEvent}.
Hash chain_link(uint64_t n, const Hash& previous, Place place, const Hash& linked);

// The size of the log.
struct LogCounts {
  uint64_t leaves = 0;
  uint64_t events = 0;
  uint64_t chains = 0;
};

class LogWriter {
 public:
  LogWriter(Overlay& state, LogCounts counts, Frontier frontier)
      : state_(state), counts_(counts), frontier_(std::move(frontier)) {}

  const LogCounts& counts() const { return counts_; }
  const Frontier& frontier() const { return frontier_; }
  // Restores the counts as before a refused batch. The overlay undoes its rows.
  void undo_events(const LogCounts& counts) { counts_ = counts; }

  // `heads`: the event's chains before it, in the order of its code keys.
  void append_event(const VerifiedEvent& event, PayloadType type, Place place,
                    std::span<const ChainHead> heads);
  // Appends the leaf of a batch after its events, because a refused batch makes no leaf.
  void append_leaf(LeafKind kind, int64_t time_ms, std::string_view text);
  // Appends a notice's leaf, and a link in each of these chains. `heads`: the chains before it, in
  // the same order.
  void append_notice(int64_t time_ms, std::string_view text, std::span<const Hash> code_keys,
                     std::span<const ChainHead> heads);

 private:
  void append_links(std::span<const Hash> code_keys, const Hash& linked, Place place,
                    std::span<const ChainHead> heads);

  Overlay& state_;
  LogCounts counts_;
  Frontier frontier_;
};

}  // namespace suyuan
