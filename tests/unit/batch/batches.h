// A ledger with a few parties, and batches that break one rule each.
#pragma once

#include <gtest/gtest.h>

#include <map>

#include "ledger/batch/receipt.h"
#include "ledger/batch/sign.h"
#include "ledger/event/codes_of.h"
#include "ledger/registry/rows.h"
#include "ledger/store/memory_store.h"
#include "tests/support/vectors.h"

namespace suyuan::testing {

inline const std::string kUnit = "https://id.gs1.org/01/09521104301011/21/3BGEJEE2QM52";
inline const std::string kCase = "https://id.gs1.org/01/19521104301018/21/DRX6GA8LD8MX";

// A good event that concerns these codes.
inline TraceEvent event_of(const std::vector<std::string>& codes) {
  TraceEvent event{.type = EventType::object,
                   .kind = Kind::logistics,
                   .action = Action::observe,
                   .event_time = {.ms = 1'780'000'000'000, .offset_minutes = 720},
                   .step = "receiving"};
  for (const auto& code : codes) event.objects.push_back({.code = code});
  return event;
}

// Stands for what decode does; the payload is any bytes.
inline DecodedBatch decoded(Submission submission, std::vector<EventValue> values) {
  SignedBatchNote note = parse_batch_note(submission.note).value();
  return {.submission = std::move(submission),
          .note = std::move(note),
          .values = std::move(values)};
}

inline PartyState party_with(const std::string& id, const std::vector<PublicKey>& keys) {
  PartyState party{.data = {.id = id, .name = id, .roles = {Role::logistics}}};
  for (const auto& key : keys) party.keys.push_back({.key = key, .key_id = key_id(id, key)});
  return party;
}

// The codes of all faults, with their events: "ROOT_MISMATCH", "MISSING_FIELD@2 step".
inline std::string outcome(const Results<VerifiedBatch>& result) {
  if (result) return "OK";
  std::string text;
  for (const auto& error : result.error()) {
    if (!text.empty()) text += ", ";
    text += info(error.code).name;
    if (error.event >= 0) text += "@" + std::to_string(error.event);
    if (!error.field.empty()) text += " " + error.field;
  }
  return text;
}

class Ledger {
 public:
  Ledger() : state_(store_.latest()) {
    add("farm", {farm.key});
    add("buyer", {buyer.key});
    add("gate", {gate.key});
  }
  void add(const std::string& party, const std::vector<PublicKey>& keys) {
    state_.put(Table::registry, party_row_key(party), encode(party_with(party, keys)));
  }
  Signer as_farm() const { return {.party = "farm", .secret = farm.secret, .key = farm.key}; }
  Signer as_buyer() const { return {.party = "buyer", .secret = buyer.secret, .key = buyer.key}; }
  Signer as_gate() const { return {.party = "gate", .secret = gate.secret, .key = gate.key}; }

  // A batch of the farm, one event for each list of codes, before it is signed.
  BatchDraft draft(const std::vector<std::vector<std::string>>& events) const {
    BatchDraft made{.ledger = id, .type = PayloadType::event_capnp, .events = {}, .until_ms = 9};
    for (const auto& codes : events) {
      made.events.push_back({.body = {.salt = {}, .payload = "payload"}, .codes = codes});
    }
    return made;
  }
  DecodedBatch batch(const std::vector<std::vector<std::string>>& events) const {
    std::vector<EventValue> values;
    for (const auto& codes : events) values.push_back(event_of(codes));
    return decoded(sign_batch(draft(events), as_farm()).value(), std::move(values));
  }
  std::string verified(DecodedBatch sent) const {
    return outcome(verify(std::move(sent), id, state_));
  }
  const Overlay& state() const { return state_; }

  LedgerId id{.origin = "test.example/log", .genesis = {}};
  KeyPair farm = key_from_seed(Bytes(kSeedBytes, 'f'));
  KeyPair buyer = key_from_seed(Bytes(kSeedBytes, 'b'));
  KeyPair gate = key_from_seed(Bytes(kSeedBytes, 'g'));

 private:
  MemoryStore store_;
  Overlay state_;
};

}  // namespace suyuan::testing
