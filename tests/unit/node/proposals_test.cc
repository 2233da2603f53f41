// Proposals as bytes that another node may have written: what a later version knows stops whoever
// does not, what nobody can mean is left out.
#include "node/pipeline/proposals.h"

#include <gtest/gtest.h>

#include "ledger/store/memory_store.h"
#include "proto/event_codec.h"
#include "proto/registry_codec.h"
#include "tests/support/ledger_builder.h"

namespace suyuan {
namespace {

Code refused_proposal(const Bytes& bytes) {
  const MemoryStore store;
  const auto proposal = decode_proposal(bytes, {}, store.latest());
  EXPECT_FALSE(proposal);
  return proposal ? Code::BAD_REQUEST : proposal.error().code;
}

TEST(Proposals, OfALaterVersionStopWhoDoesNotKnowThem) {
  EXPECT_EQ(refused_proposal("\x04" "anything"), Code::STORE_TOO_NEW);
  EXPECT_EQ(refused_proposal("\x03" "suyuan/later/v1\nparty farm\n"), Code::STORE_TOO_NEW);
  EXPECT_EQ(refused_proposal("\x03" "suyuan/erase/v2\nparty farm\n"), Code::STORE_TOO_NEW);
}

TEST(Proposals, ThatAreNoneAreRefused) {
  EXPECT_EQ(refused_proposal(""), Code::MALFORMED_SUBMISSION);
  EXPECT_EQ(refused_proposal("\x02" "short"), Code::MALFORMED_SUBMISSION);
  EXPECT_EQ(refused_proposal("\x03" "noise"), Code::NOTE_SYNTAX);
  EXPECT_EQ(refused_proposal("\x03" "suyuan/erase/v1\n"), Code::NOTE_SYNTAX);
}

// Nodes leave out what is too heavy: no weight may depend on who asks, or when it was verified.
TEST(Proposals, OfABatchWeighTheSameAtEveryNode) {
  testing::LedgerBuilder ledger;
  ledger.encode_with([](const EventValue& value) {
    const auto* act = std::get_if<RegistryEvent>(&value);
    return act != nullptr ? encode_registry(*act) : encode_event(std::get<TraceEvent>(value));
  });
  ledger.party("maker", {Role::manufacturer});
  ledger.product("09521104301011", "maker");
  const std::string lot = "lot:09521104301011:";
  const auto batch = ledger.batch("maker", {testing::transform("08:00", {lot + "A", lot + "B"},
                                                               {lot + "C", lot + "D"})});
  const BatchProposal waited_for(batch, [](auto) {});
  EXPECT_GT(waited_for.weight(), waited_for.bytes());
  const Bytes encoded = waited_for.encode();
  const auto early = decode_proposal(encoded, ledger.id(), ledger.state());
  ASSERT_TRUE(early);
  EXPECT_EQ((*early)->weight(), waited_for.weight());
  const MemoryStore nothing;  // the party is in a group to come
  const auto late = decode_proposal(encoded, ledger.id(), nothing.latest());
  ASSERT_TRUE(late);
  ASSERT_TRUE(as<BatchProposal>(**late).verify(ledger.id(), ledger.state()));
  EXPECT_EQ((*late)->weight(), waited_for.weight());
}

}  // namespace
}  // namespace suyuan
