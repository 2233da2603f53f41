// The steps of verify_bundle.cc, internal to it. Each relies on the earlier ones: only
// verify_bundle() calls them, in order.
#pragma once

#include "ledger/apply/notice.h"
#include "ledger/apply/seal.h"
#include "ledger/merkle/proof.h"
#include "ledger/proof/open_note.h"
#include "ledger/proof/reach.h"
#include "ledger/proof/verify_bundle.h"

namespace suyuan::bundle {

struct Failure {
  BundleFault fault;
  std::string place;
  std::string message;
};
using Step = Expected<Done, Failure>;

inline Unexpected<Failure> refuse(BundleFault fault, std::string place, std::string message) {
  return Unexpected(Failure{fault, std::move(place), std::move(message)});
}
inline Unexpected<Failure> refuse(BundleFault fault, std::string place, const Error& error) {
  return refuse(fault, std::move(place), to_text(error));
}

struct CheckedLeaf {
  size_t at = 0;  // index in bundle.leaves
  uint64_t index = 0;
  int64_t time_ms = 0;
  SignedBatchNote note;
};

// A notice among the leaves. Its links count in the chains of the event that it is about.
struct CheckedNotice {
  size_t at = 0;  // index in bundle.leaves
  uint64_t index = 0;
  Hash leaf_hash;
  SignedNotice notice;
  size_t event = 0;  // index in Checked::events, from step 7 on
  const EraseNotice& erase() const { return std::get<EraseNotice>(notice.text); }
};

struct CheckedEvent {
  size_t leaf = 0;  // index in Checked::leaves
  Place place;
  Record record;
  Hash record_hash;                 // RFC 6962 leaf hash
  std::optional<EventValue> value;  // nullopt: withheld
};

// What the steps so far have established.
struct Checked {
  const Bundle& bundle;
  const Policy& policy;
  const PayloadDecoder& decode;

  LineNote note;
  TreeHead head;
  std::string origin;
  PublicKey log_key;  // the key that signed the checkpoint
  Genesis genesis;
  LedgerId ledger;
  int64_t genesis_ms = 0;
  SealText seal;
  int64_t sealed_ms = 0;
  std::vector<VerifiedLine> cosignatures;
  std::optional<int64_t> quorum_ms;  // nullopt: the policy requires no cosignature
  std::vector<CheckedLeaf> leaves;      // batches
  std::vector<CheckedNotice> notices;   // ascending by index
  std::vector<CheckedEvent> events;
  struct Suspect {
    std::string party;
    uint64_t leaf = 0;
  };
  std::vector<Suspect> suspects;                // signed with a key that was suspect at that leaf
  std::vector<std::pair<Hash, size_t>> chains;  // code key -> index in bundle.chains; ascending

  // Returns the index in bundle.chains, if any.
  std::optional<size_t> chain_of(const Hash& code_key) const;
};

std::string leaf_place(const Checked& checked, size_t at);  // at: index in bundle.leaves
std::string event_place(const Checked& checked, size_t event);
std::string chain_place(const Checked& checked, size_t chain);

Step check_order(const Bundle& bundle);      // 1, the lists' order
Step check_checkpoint(Checked& checked);     // 2
Step check_genesis(Checked& checked);        // 3
Step check_seal(Checked& checked);           // 4
Step check_cosignatures(Checked& checked);   // 5, and the seal's time against theirs
Step check_leaves(Checked& checked);         // 6
Step check_events(Checked& checked);         // 7
Step check_notices(Checked& checked);        // 7, the events they are about
Step check_registry(Checked& checked);       // 8
Step check_chains(Checked& checked);         // 9
Step check_reach(const Checked& checked);    // 10

}  // namespace suyuan::bundle
