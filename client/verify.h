// Checks of an answer's events, made here from the pinned genesis alone: who signed them, that not
// a byte was changed, and that their batches are in the log.
//
// What the node could still do: leave an event out, or hide that a key was revoked. Against that
// helps a provenance bundle (docs/bundle.md), whose chain map and witnesses prove both.
#pragma once

#include <map>
#include <set>
#include <string>

#include "client/connection.h"
#include "client/trust.h"

namespace suyuan {

class Verifier {
 public:
  // Both outlive the verifier.
  Verifier(Connection& connection, const PinnedLedger& ledger)
      : connection_(connection), ledger_(ledger) {}

  // As shown by an answer: the note's ledger and signatures, by keys that a registrar of genesis
  // certified, in force at the event's entry; the record in the note's tree; payload and codes as
  // the record says; the batch in the log, by a receipt of a node of genesis.
  // Refusals: verification failed. Faults: the node could not be asked.
  Result<Done> check(const EventView& shown);

  struct Counts {
    size_t events = 0;
    size_t withheld = 0;  // of them: their content was not shown
    size_t batches = 0;
    size_t keys = 0;
  };
  Counts counts() const;

 private:
  struct Key {
    PublicKey key;
    uint64_t registered = 0;
    std::optional<uint64_t> revoked;
  };
  Result<SignedBatchNote> check_member(const EventView& view) const;
  Result<Done> check_signatures(const SignedBatchNote& note, uint64_t leaf, size_t depth);
  Result<Done> check_delegation(const SignedBatchNote& note, const EventView& view, size_t depth);
  Result<Done> check_logged(const SignedBatchNote& note, const EventView& view);
  Result<Key> key_of(const std::string& party, uint32_t key_id, size_t depth);
  Result<PartyState> party_of(const std::string& id);
  // An act that the predicate accepts, in the batch at this entry, signed by a registrar.
  template <class Accept>
  Result<Done> find_act(uint64_t leaf, size_t depth, Accept accept);

  Connection& connection_;
  const PinnedLedger& ledger_;
  std::map<std::pair<std::string, uint32_t>, Key> keys_;
  std::set<Hash> signed_;  // batch ids
  std::set<Hash> logged_;
  Counts counts_;
};

}  // namespace suyuan
