// A client that posts without pause and records every acknowledgement, in a process that survives
// the node's death.
#pragma once

#include <map>
#include <string>

#include "client/connection.h"
#include "client/keys.h"
#include "client/trust.h"

namespace suyuan::test {

class Load {
 public:
  // Registers the party and product that it posts for.
  Load(const std::string& data_folder, const std::string& rpc_address,
       std::string party = "maker", std::string gtin = "09521104301011");

  // Keeps `in_flight` single-event batches unanswered until the connection breaks. Returns how many
  // were acknowledged; none if nobody listens any more.
  size_t run(const std::string& rpc_address, size_t in_flight);
  // One batch, answered.
  BatchReceipt post_one(Connection& connection);
  // Returns a batch that was never sent.
  Submission next();

  // Later events are dated this far ahead of our clock, as from a sender with a fast clock.
  void date_ahead(int64_t ms) { ahead_ms_ = ms; }

  // Returns another event of one of a few codes that next() made first: its position in their
  // chains matters.
  Submission more_of_the_same();
  // Records an acknowledgement. Aborts if the receipt proves nothing, or differs from an earlier
  // one.
  void acknowledge(const Submission& sent, BatchReceipt receipt);

  // Maps batch id to receipt, for every batch ever acknowledged.
  const std::map<Hash, BatchReceipt>& acknowledged() const { return acknowledged_; }
  const PinnedLedger& ledger() const { return ledger_; }
  const NamedKeyPair& key() const { return key_; }  // the party's

 private:
  void register_all(Connection& connection, const std::string& data_folder);
  int64_t now_ms() const;
  Submission sign_event(const TraceEvent& event) const;

  const std::string party_;
  const std::string gtin_;
  PinnedLedger ledger_;
  NamedKeyPair key_;
  uint64_t serial_ = 0;
  uint64_t more_ = 0;
  int64_t ahead_ms_ = 0;
  std::map<Hash, BatchReceipt> acknowledged_;
};

// Returns SUYUAN_SEED, or another seed each time. Prints it.
uint32_t damage_seed();

// Opens a connection or ends the test program.
std::unique_ptr<Connection> connect(const std::string& rpc_address);
// Submits again, for a minute at most, while the log is too busy to take it: one that is shared may
// take nothing for seconds while its members elect or sync.
SubmitAnswer submit_until_taken(Connection& connection, const Submission& batch);

}  // namespace suyuan::test
