// Proposals as bytes that another node may have written: what a later version knows stops whoever
// does not, what nobody can mean is left out.
#include "node/pipeline/proposals.h"

#include <gtest/gtest.h>

#include "ledger/store/memory_store.h"

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

}  // namespace
}  // namespace suyuan
