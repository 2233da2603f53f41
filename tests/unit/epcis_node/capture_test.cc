// What a capture answers before it begins a job.
#include "node/epcis/capture.h"

#include <gtest/gtest.h>

#include "proto/event_codec.h"
#include "proto/registry_codec.h"
#include "tests/support/ledger_builder.h"

namespace suyuan::epcis {
namespace {

Code refusal_of(const Results<Done>& checked) {
  EXPECT_FALSE(checked);
  return checked ? Code::BAD_REQUEST : checked.error().front().code;
}

TEST(Capture, OfASignedBatchIsNotRefusedForGoodByANodeThatIsBehind) {
  const testing::LedgerBuilder here;
  testing::LedgerBuilder further;
  further.encode_with([](const EventValue& value) {
    const auto* act = std::get_if<RegistryEvent>(&value);
    return act != nullptr ? encode_registry(*act) : encode_event(std::get<TraceEvent>(value));
  });
  further.party("stranger", {Role::manufacturer});
  const auto batch =
      further.batch("stranger", {testing::commission("08:00", {"sgtin:09521104301011:A1"})});
  Submission submission{.note = batch.note_text(), .events = {}};
  for (const auto& event : batch.events()) submission.events.push_back(event.body);
  const auto check = [&](bool was_behind) {
    return check_signed(submission, here.id(), here.state(), was_behind);
  };
  EXPECT_EQ(refusal_of(check(false)), Code::PARTY_UNKNOWN);
  EXPECT_EQ(refusal_of(check(true)), Code::BUSY);
  submission.events.clear();
  EXPECT_NE(refusal_of(check(true)), Code::BUSY) << "no group to come can undo it";
}

}  // namespace
}  // namespace suyuan::epcis
