// A ledger with sealed sections, and notices that erase them as a node takes them.
#pragma once

#include "ledger/apply/notice.h"
#include "tests/unit/proof/bundle_world.h"

namespace suyuan::testing {

inline constexpr const char* kSealedCan = "sgtin:09521104301011:S9";

class NoticeLedger : public ProvenLedger {
 public:
  using ProvenLedger::ProvenLedger;

  struct Stated {
    Place place;
    TraceEvent event;
  };
  EraseNotice of(const Stated& stated, size_t section, const std::string& party) const {
    EraseNotice notice{.ledger = id(),
                       .party = party,
                       .leaf = stated.place.leaf,
                       .event = stated.place.event,
                       .section = stated.event.sections[section].digest,
                       .ground = EraseGround::retention_ended};
    notice.nonce.data[0] = static_cast<uint8_t>(section + party.size());
    return notice;
  }
  // As a node takes it.
  void erase(const EraseNotice& notice, uint32_t key) {
    SignedNote note{.text = write_erase_text(notice), .signatures = {}};
    const KeyPair& pair = keys(notice.party, key);
    note.signatures.push_back(sign_note(note.text, notice.party, pair.secret, pair.key));
    const auto verified = verify_notice(write_note(note), id(), ProvenLedger::state());
    ASSERT_TRUE(verified) << to_text(verified.error());
    const auto applied = apply_notice(ProvenLedger::state(), head().position + 1, clock_now(),
                                      *verified, decode_any_payload);
    ASSERT_TRUE(applied) << to_text(applied.error());
    ASSERT_TRUE(is_accepted(applied->verdicts[0])) << words(applied->verdicts[0]);
    ASSERT_TRUE(store().commit(applied->changes));
  }

 protected:
  // The event with one section for each secret.
  Stated state(const std::string& party, TraceEvent event, uint32_t key, const Words& secrets) {
    BatchOptions options{.key = key};
    options.sections.resize(1);
    for (const auto& secret : secrets) {
      SectionBody body{.salt = {}, .bytes = secret};
      event.sections.push_back(
          {.digest = section_digest(party, Audience::partner, body.salt, body.bytes),
           .audience = Audience::partner,
           .label = secret});
      options.sections[0].push_back(body);
    }
    const auto verdict = apply_one(batch(party, {event}, options));
    EXPECT_TRUE(is_accepted(verdict)) << words(verdict);
    return {{.leaf = std::get<Accepted>(verdict).leaf, .event = 0}, event};
  }
};

// The small ledger, and an event of the maker with two sealed sections, one of the laboratory.
class SealingLedger : public NoticeLedger {
 public:
  SealingLedger() {
    fill(*this);
    party("lab", {Role::lab});
    party("other", {Role::logistics});
    made = state("maker", commission("10:00", {kSealedCan}, kCanLot), 1, {"price", "buyer"});
    tested = state("lab", inspect("11:00", "inspecting", {kSealedCan}), 0, {"finding"});
  }

  Stated made, tested;
};

}  // namespace suyuan::testing
