// One node asks another that is busy, lost on the way, or says what it should not: how often it is
// asked again, and what the operator is told.
#include "node/peers/peer_link.h"

#include <gtest/gtest.h>

#include <deque>

#include "ledger/crypto/hash.h"
#include "node/peers/peer_wire.h"
#include "proto/json/submission_json.h"

namespace suyuan {
namespace {

class PeerLinkTest : public ::testing::Test {
 protected:
  PeerLink link(const std::string& url = "http://127.0.0.1:7480/node") const {
    return {.url = url,
            .ca_file = {},
            .ledger = ledger_,
            .to = "node-a",
            .node = key_,
            .clock = [this] { return now_ms_; }};
  }
  // The next replies in turn; once none is left, the last of them.
  PeerWire wire() {
    return {.exchange =
                [this](LinkExchange exchange) {
                  asked_.push_back(std::move(exchange));
                  const LinkReply reply = replies_.front();
                  if (replies_.size() > 1) replies_.pop_front();
                  return reply;
                },
            .pause = [this](std::chrono::milliseconds time) { now_ms_ += time.count(); }};
  }
  Result<PeerAnswer> ask_log() {
    const auto ask = ask_over(link(), wire());
    if (!ask) return Unexpected(ask.error());
    return (*ask)(7, 9);
  }
  std::unique_ptr<StoreSource> store() {
    auto made = store_over(link(), wire());
    EXPECT_TRUE(made);
    return *std::move(made);
  }
  static LinkReply answer(Bytes body) { return {.status = 200, .body = std::move(body)}; }
  static LinkReply refusal(int status, std::string words) {
    return {.status = status, .body = std::move(words)};
  }
  static LinkReply lost() {
    return {.status = 0, .body = {}, .failure = "Connection reset by peer"};
  }
  template <class T>
  static void expect_unavailable(const Result<T>& got, std::string_view words) {
    ASSERT_FALSE(got);
    EXPECT_EQ(got.error().code, Code::UNAVAILABLE);
    EXPECT_NE(got.error().message.find(words), std::string::npos) << got.error().message;
    EXPECT_NE(got.error().message.find("http://127.0.0.1:7480"), std::string::npos);
  }

  const LedgerId ledger_{.origin = "test.example/log", .genesis = {}};
  const NamedKeyPair key_{.name = "node-b", .pair = key_from_seed(Bytes(kSeedBytes, 'b'))};
  const std::vector<NamedKey> nodes_{{.name = "node-b", .key = key_.pair.key}};
  const PeerAnswer part_{.size = 9, .path = {sha256("x")}, .leaves = {{.data = "leaf"}}};
  int64_t now_ms_ = 1'780'000'000'000;
  std::deque<LinkReply> replies_;
  std::vector<LinkExchange> asked_;
};

TEST_F(PeerLinkTest, AQuestionIsSignedForThatNodeAndBounded) {
  replies_ = {answer(encode_peer_answer(part_))};
  const auto got = ask_log();
  ASSERT_TRUE(got) << to_text(got.error());
  EXPECT_EQ(*got, part_);
  ASSERT_EQ(asked_.size(), 1U);
  EXPECT_EQ(asked_[0].path, "/node/log");
  EXPECT_EQ(asked_[0].to.prefix, "/node");
  EXPECT_EQ(asked_[0].answer_bytes_max, kPeerAnswerBytesMax);
  EXPECT_GT(asked_[0].time_max.count(), 0);
  const auto opened = open_peer_request(
      asked_[0].body,
      {.ledger = ledger_, .self = "node-a", .nodes = nodes_, .now_ms = now_ms_});
  ASSERT_TRUE(opened) << to_text(opened.error());
  EXPECT_EQ(opened->from, 7U);
  EXPECT_EQ(opened->size, 9U);
}

TEST_F(PeerLinkTest, ABusyNodeIsAskedAgainEachTimeByANewNote) {
  replies_ = {refusal(503, "busy"), refusal(503, "busy"), answer(encode_peer_answer(part_))};
  EXPECT_TRUE(ask_log());
  ASSERT_EQ(asked_.size(), 3U);
  EXPECT_NE(asked_[0].body, asked_[1].body) << "the first is no longer valid after a minute";
  EXPECT_NE(asked_[1].body, asked_[2].body);
}

// Nodes behind one address share its limit.
TEST_F(PeerLinkTest, ANodeThatIsAskedTooMuchIsAskedAgain) {
  replies_ = {refusal(429, "too many questions"), answer(encode_peer_answer(part_))};
  EXPECT_TRUE(ask_log());
  EXPECT_EQ(asked_.size(), 2U);
}

TEST_F(PeerLinkTest, ANodeThatStaysBusyIsGivenUp) {
  replies_ = {refusal(503, "other questions are being answered")};
  expect_unavailable(ask_log(), "it answered 503: ");
  EXPECT_EQ(asked_.size(), 40U);
  asked_.clear();
  expect_unavailable(store()->list(), "other questions are being answered");
  EXPECT_EQ(asked_.size(), 40U);
}

TEST_F(PeerLinkTest, ALostConnectionIsMadeAgainForAStoreAndNotForALog) {
  replies_ = {lost(), answer(encode_peer_answer(part_))};
  expect_unavailable(ask_log(), "Connection reset by peer");
  EXPECT_EQ(asked_.size(), 1U) << "another node is asked instead";
  asked_.clear();
  replies_ = {lost(), refusal(503, "busy"), lost(), answer("a piece")};
  const int64_t before = now_ms_;
  EXPECT_EQ(store()->piece(7, 1, 2).value(), "a piece");
  ASSERT_EQ(asked_.size(), 4U);
  EXPECT_EQ(asked_[3].path, "/node/store");
  EXPECT_LT(now_ms_ - before, kStoreViewIdleMs) << "the view is still there";
  const auto opened = open_store_request(
      asked_[3].body,
      {.ledger = ledger_, .self = "node-a", .nodes = nodes_, .now_ms = now_ms_});
  ASSERT_TRUE(opened) << to_text(opened.error());
  EXPECT_EQ(opened->view, 7U);
  EXPECT_EQ(opened->file, 1U);
  EXPECT_EQ(opened->from, 2U);
}

TEST_F(PeerLinkTest, ANodeThatIsLostForGoodIsGivenUp) {
  replies_ = {lost()};
  expect_unavailable(store()->list(), "Connection reset by peer");
  EXPECT_EQ(asked_.size(), 4U);
  asked_.clear();
  expect_unavailable(store()->piece(7, 1, 2), "Connection reset by peer");
  EXPECT_EQ(asked_.size(), 21U);
  replies_ = {{.status = 0, .body = {}, .failure = "a.example cannot be resolved: not found"}};
  expect_unavailable(ask_log(), "a.example cannot be resolved");
}

TEST_F(PeerLinkTest, ACertificateThatIsNotTrustedNamesTheOptionForIt) {
  replies_ = {{.status = 0, .body = {}, .failure = "certificate verify failed (SSL routines)"}};
  expect_unavailable(ask_log(), "certificate verify failed");
  expect_unavailable(ask_log(), "--peer-ca");
}

TEST_F(PeerLinkTest, AViewThatIsGoneIsNotAskedForAgain) {
  replies_ = {refusal(404, "this view of the store is gone: begin again")};
  expect_unavailable(store()->piece(7, 1, 2), "this view of the store is gone");
  EXPECT_EQ(asked_.size(), 1U);
}

TEST_F(PeerLinkTest, ARefusalsWordsReachTheOperatorAsTextAndNoMore) {
  replies_ = {refusal(410, write_problem_json({{.code = Code::BATCH_EXPIRED,
                                                .message = "do the clocks differ?",
                                                .field = "until"}}))};
  expect_unavailable(ask_log(), "it answered 410: BATCH_EXPIRED at field until: do the clocks "
                                "differ?");
  for (const auto& words :
       {std::string("\x1b[2J\n"), std::string("{\"errors\":["),
        write_problem_json({{.code = Code::BUSY, .message = "\x1b[2J\n"}})}) {
    replies_ = {refusal(502, words)};
    expect_unavailable(ask_log(), "it answered 502: ");
    EXPECT_EQ(ask_log().error().message.find_first_of("\x1b\n"), std::string::npos);
  }
}

TEST_F(PeerLinkTest, WhatIsNoAnswerIsRefusedAndARefusalsWordsAreBounded) {
  replies_ = {answer("noise")};
  EXPECT_EQ(ask_log().error().code, Code::CORRUPT);
  EXPECT_EQ(store()->list().error().code, Code::CORRUPT);
  replies_ = {refusal(500, std::string(1 << 20, 'x') + "end")};
  const auto got = ask_log();
  expect_unavailable(got, "it answered 500: ");
  EXPECT_LT(got.error().message.size(), 1'000U);
}

TEST_F(PeerLinkTest, NodesAreAskedOverTlsBeyondLoopback) {
  EXPECT_EQ(ask_over(link("http://a.example:7480"), wire()).error().code, Code::INVALID_FIELD);
  PeerLink with_ca = link("https://a.example");
  with_ca.ca_file = "/nowhere/ca.pem";
  EXPECT_EQ(store_over(with_ca, wire()).error().code, Code::NOT_FOUND);
  EXPECT_TRUE(asked_.empty());
}

}  // namespace
}  // namespace suyuan
