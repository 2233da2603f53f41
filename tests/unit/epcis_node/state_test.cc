#include "node/epcis/state.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>

#include "ledger/os/files.h"
#include "node/epcis/gateway.h"
#include "node/epcis/state_rows.h"

namespace suyuan::epcis {
namespace {

class StateTest : public ::testing::Test {
 protected:
  StateTest() {
    std::string pattern = std::filesystem::temp_directory_path() / "suyuan-state-XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
  }
  ~StateTest() override { std::filesystem::remove_all(folder_); }
  std::string folder_;
};

TEST_F(StateTest, KeepsJobsAcrossARestart) {
  std::string id;
  {
    const auto state = State::open(folder_ + "/state").value();
    EXPECT_TRUE(state->add_job({.id = {}, .party = "farm", .events = 1}));
    Job job = state->add_job({.id = {}, .party = "farm", .events = 2}).value();
    id = job.id;
    job.finished_ms = 5;
    job.errors.push_back({.type = "ValidationException", .title = "t", .detail = "d"});
    EXPECT_TRUE(state->put_job(job));
  }
  const auto state = State::open(folder_ + "/state").value();
  EXPECT_EQ(state->job(id, "farm").value().errors.size(), 1U);
  EXPECT_FALSE(state->job(id, "maker"));
  EXPECT_FALSE(state->job("2-0000000000000000", "farm"));
  EXPECT_EQ(state->unfinished_jobs().value().size(), 1U);
  EXPECT_EQ(state->jobs("farm", "", 10).value().jobs.front().id, id);
  EXPECT_EQ(state->jobs("farm", id, 10).value().jobs.size(), 1U);
  EXPECT_TRUE(state->add_job({.id = {}, .party = "farm"}).value().id.starts_with("3-"));
}

// Anybody may send a signed batch, so its jobs must not push those of parties out.
TEST_F(StateTest, JobsOfNobodyAreKeptApart) {
  std::string owned, unowned;
  {
    const auto state = State::open(folder_ + "/state").value();
    owned = state->add_job({.id = {}, .party = "farm"}).value().id;
    unowned = state->add_job({.id = {}, .party = {}}).value().id;
    EXPECT_TRUE(owned.starts_with("1-"));
    EXPECT_TRUE(unowned.starts_with("n1-"));
    EXPECT_EQ(state->unfinished_jobs().value().size(), 2U);
  }
  const auto state = State::open(folder_ + "/state").value();
  EXPECT_TRUE(state->job(unowned, "").has_value());
  EXPECT_TRUE(state->job(unowned, "maker").has_value());
  EXPECT_FALSE(state->job(owned, ""));
  EXPECT_TRUE(state->add_job({.id = {}, .party = {}}).value().id.starts_with("n2-"));
  EXPECT_TRUE(state->add_job({.id = {}, .party = "farm"}).value().id.starts_with("2-"));
  EXPECT_EQ(state->jobs("farm", "", 10).value().jobs.size(), 2U);
}

TEST_F(StateTest, ANameIsGivenOnceAndItsSubscriptionsGoWithIt) {
  const auto state = State::open(folder_ + "/state").value();
  const NamedQuery query{.name = "q", .party = "farm", .query = "{}"};
  EXPECT_TRUE(state->add_query(query));
  EXPECT_EQ(state->add_query(query).error().code, Code::DUPLICATE_ID);
  EXPECT_TRUE(state->add_subscription({.id = "1", .query = "q", .party = "farm", .dest = "d"}));
  EXPECT_FALSE(state->add_subscription({.id = "1", .query = "r", .party = "farm", .dest = "d"}));
  EXPECT_EQ(state->query("q", "maker").error().code, Code::NOT_FOUND);
  EXPECT_FALSE(state->remove_query("q", "maker"));
  EXPECT_TRUE(state->remove_query("q", "farm"));
  EXPECT_TRUE(state->all_subscriptions().value().empty());
}

// Neither a refusal nor a list tells a party what names another has given.
TEST_F(StateTest, EachPartyHasNamesOfItsOwn) {
  const auto state = State::open(folder_ + "/state").value();
  const NamedQuery of_farm{.name = "q", .party = "farm", .query = "{}"};
  const NamedQuery of_maker{.name = "q", .party = "maker", .query = R"({"eventType":"x"})"};
  EXPECT_TRUE(state->add_query(of_farm));
  EXPECT_TRUE(state->add_query(of_maker));
  EXPECT_EQ(state->query("q", "maker").value().query, of_maker.query);
  EXPECT_TRUE(state->add_subscription({.id = "1", .query = "q", .party = "farm", .dest = "d"}));
  EXPECT_EQ(state->subscriptions(of_maker).value().size(), 0U);
  EXPECT_FALSE(state->subscription(of_maker, "1"));
  EXPECT_FALSE(state->remove_subscription(of_maker, "1"));
  EXPECT_TRUE(state->remove_query("q", "maker"));
  EXPECT_EQ(state->subscriptions(of_farm).value().size(), 1U);
  EXPECT_EQ(state->queries("farm", "", 10).value().size(), 1U);
  EXPECT_EQ(state->queries("farm", "q", 10).value().size(), 0U);
  for (size_t i = 1; i < kQueriesMax; ++i)
    EXPECT_TRUE(state->add_query({.name = std::to_string(i), .party = "farm", .query = "{}"}));
  EXPECT_EQ(state->add_query({.name = "x", .party = "farm", .query = "{}"}).error().code,
            Code::TOO_MANY);
  EXPECT_TRUE(state->add_query({.name = "x", .party = "maker", .query = "{}"}));
}

// A report that is under way when its subscription is removed must not bring it back.
TEST_F(StateTest, WhatWasRemovedStaysSo) {
  const auto state = State::open(folder_ + "/state").value();
  const NamedQuery query{.name = "q", .party = "farm", .query = "{}"};
  Subscription one{.id = "1", .query = "q", .party = "farm", .dest = "d"};
  EXPECT_TRUE(state->add_query(query));
  EXPECT_TRUE(state->add_subscription(one));
  one.next_leaf = 7;
  EXPECT_TRUE(state->put_subscription(one));
  EXPECT_EQ(state->subscription(query, "1").value().next_leaf, 7U);
  EXPECT_TRUE(state->remove_subscription(query, "1"));
  EXPECT_EQ(state->put_subscription(one).error().code, Code::NOT_FOUND);
  EXPECT_TRUE(state->all_subscriptions().value().empty());
}

TEST_F(StateTest, ADamagedRowIsSaidToBe) {
  Bytes row = encode_row(Job{.id = "1-a", .party = "farm", .events = 3});
  EXPECT_TRUE(decode_row<Job>(row));
  EXPECT_FALSE(decode_row<Job>(row + "x"));
  row.pop_back();
  EXPECT_FALSE(decode_row<Job>(row));
  EXPECT_FALSE(decode_row<Job>(""));
}

TEST_F(StateTest, ATokenIsKnownAtOnceAndItsTextIsNowhere) {
  const GatewayFolder folder{folder_ + "/gateway"};
  const auto gateway = Gateway::open(folder).value();
  EXPECT_EQ(gateway->key(), nullptr);
  const auto token = add_token(folder, {.party = "farm", .is_public = true}).value();
  ASSERT_TRUE(gateway->find(token));
  EXPECT_EQ(gateway->find(token)->party, "farm");
  EXPECT_FALSE(gateway->find(token + "0"));
  EXPECT_EQ(read_tokens(folder).value().size(), 1U);
  EXPECT_TRUE(make_gateway_key(folder, "gateway"));
  EXPECT_FALSE(make_gateway_key(folder, "gateway"));
  ASSERT_NE(gateway->key(), nullptr);
  EXPECT_EQ(gateway->key()->name, "gateway");
  EXPECT_EQ(remove_tokens(folder, "farm").value(), 1U);
  EXPECT_FALSE(gateway->find(token));
}

// Whoever starts the node opens it; afterwards nobody has the passphrase.
TEST_F(StateTest, ASealedGatewayKeySignsWhereItWasOpenedAtTheStart) {
  const GatewayFolder folder{folder_ + "/gateway"};
  const auto public_key = make_gateway_key(folder, "gateway", "open sesame").value();
  const auto text = read_file(folder.key(), 4096).value();
  EXPECT_TRUE(is_sealed_key_file(text));
  EXPECT_EQ(Gateway::open(folder).error().field, "gateway key");
  const auto gateway = Gateway::open(folder, read_key_file(text, "open sesame").value()).value();
  ASSERT_NE(gateway->key(), nullptr);
  EXPECT_EQ(gateway->key()->pair.key, public_key);
}

TEST_F(StateTest, ASealedGatewayKeyThatIsMadeLaterWaitsForTheNextStart) {
  const GatewayFolder folder{folder_ + "/gateway"};
  const auto gateway = Gateway::open(folder).value();
  ASSERT_TRUE(make_gateway_key(folder, "gateway", "open sesame"));
  EXPECT_EQ(gateway->key(), nullptr);
}

}  // namespace
}  // namespace suyuan::epcis
