// Events with sealed sections, and the notices that erase them.
#pragma once

#include <gtest/gtest.h>

#include "client/seal.h"
#include "ledger/batch/notice.h"
#include "ledger/os/files.h"
#include "tests/e2e/small_ledger.h"

namespace suyuan::test {

struct SealedEvent {
  Place place;
  TraceEvent event;  // its sections' digests
};

// The maker commissions a unit; what it seals is for its owner alone.
inline SealedEvent post_sealed(SmallLedger& ledger, const std::string& serial,
                               const std::vector<Bytes>& secrets) {
  TraceEvent event = testing::commission("09:30", {"sgtin:" + kFormula + ":" + serial});
  UnsignedEvent unsigned_event;
  for (const Bytes& secret : secrets) {
    const SectionBody body{.salt = random_fixed<Salt>(), .bytes = secret};
    event.sections.push_back(
        {.digest = section_digest("maker", Audience::owner, body.salt, body.bytes),
         .audience = Audience::owner,
         .label = "section " + std::to_string(event.sections.size())});
    unsigned_event.body.sections.push_back(body);
  }
  auto sections = std::move(unsigned_event.body.sections);
  unsigned_event = SmallLedger::payload_of(event);
  unsigned_event.body.sections = std::move(sections);
  BatchDraft draft = ledger.draft({});
  draft.events.push_back(std::move(unsigned_event));
  const auto receipt =
      ledger.accept(sign_batch(std::move(draft), ledger.signer("maker")).value());
  return {.place = {.leaf = receipt.leaf, .event = 0}, .event = std::move(event)};
}

inline EraseNotice erasure_of(SmallLedger& ledger, const SealedEvent& sealed, size_t section,
                              const std::string& party = "maker") {
  return {.ledger = ledger.id(),
          .party = party,
          .leaf = sealed.place.leaf,
          .event = sealed.place.event,
          .section = sealed.event.sections.at(section).digest,
          .ground = EraseGround::consent_withdrawn,
          .nonce = random_fixed<Nonce>()};
}

inline std::string signed_notice(SmallLedger& ledger, const EraseNotice& notice) {
  return ledger.sign_text(write_erase_text(notice), {notice.party});
}

inline HttpAnswer post_notice(SmallLedger& ledger, const std::string& note) {
  return ledger.http().send({.method = "POST",
                             .target = "/v1/notices",
                             .body = note,
                             .headers = {{"Content-Type", "text/plain"}}});
}

}  // namespace suyuan::test
