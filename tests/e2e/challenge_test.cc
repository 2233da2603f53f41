// The challenge that a session begins with, over both interfaces.
#include <gtest/gtest.h>

#include "ledger/base/text.h"
#include "tests/e2e/session_fixture.h"

namespace suyuan::test {
namespace {

// Like every answer, it says of which state of the ledger it is.
TEST(Challenges, NameTheLedgersSizeAndTime) {
  SmallLedger ledger;
  const auto status = ledger.rpc().status();
  const auto by_rpc = ledger.rpc().challenge();
  ASSERT_TRUE(by_rpc.value);
  EXPECT_EQ(by_rpc.head, status.head);
  EXPECT_GT(by_rpc.head.time_ms, 0);
  const auto by_http = ledger.http().send({.method = "POST", .target = "/v1/challenges"});
  ASSERT_EQ(by_http.status, 201) << by_http.body;
  const auto head = boost::json::parse(by_http.body).at("head");
  EXPECT_EQ(head.at("size").to_number<uint64_t>(), status.head.size);
  EXPECT_EQ(std::string(head.at("logTime").as_string()),
            to_rfc3339({.ms = status.head.time_ms, .offset_minutes = 0}));
}

}  // namespace
}  // namespace suyuan::test
