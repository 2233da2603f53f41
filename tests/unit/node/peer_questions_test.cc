// What a question of another node has to pass before it is answered, and how many are at once.
#include "node/peers/peer_questions.h"

#include <gtest/gtest.h>

#include <future>

#include "node/peers/peer_log.h"

namespace suyuan {
namespace {

constexpr int64_t kAskedMs = 1'780'000'000'000;

class PeerQuestionsTest : public ::testing::Test {
 protected:
  using Make = std::function<Result<Bytes>(const PeerRequest&)>;

  PeerQuestions::Parts parts(Workers& workers) {
    return {.workers = workers,
            .ledger = ledger_,
            .self = "node-a",
            .nodes =
                [this] {
                  return std::vector<NamedKey>{{.name = key_.name, .key = key_.pair.key}};
                },
            .clock = [] { return kAskedMs; }};
  }
  PeerEnvelope envelope() const {
    return {.ledger = ledger_, .node = "node-b", .to = "node-a", .until_ms = kAskedMs + 60'000};
  }
  std::string note(PeerEnvelope envelope) const {
    return sign_peer_request({.envelope = std::move(envelope), .from = 7}, key_);
  }
  static std::future<http::Response> post(PeerQuestions& questions, const std::string& body,
                                          Make make,
                                          http::Method method = http::Method::post) {
    http::Request request;
    request.method = method;
    request.body = body;
    auto answer = std::make_shared<std::promise<http::Response>>();
    questions.take(
        request, [answer](http::Response made) { answer->set_value(std::move(made)); },
        open_peer_request, std::move(make));
    return answer->get_future();
  }
  // The code of a question that is refused before anything is made.
  std::string refused(const std::string& body, http::Method method = http::Method::post) {
    const auto answer =
        post(questions_, body, [](const auto&) -> Result<Bytes> { return Bytes("made"); }, method)
            .get();
    EXPECT_NE(answer.body, "made");
    for (const char* code : {"BAD_REQUEST", "LEDGER_MISMATCH", "KEY_UNKNOWN", "SIGNATURE_INVALID",
                             "BATCH_EXPIRED", "NOTE_SYNTAX"}) {
      if (answer.body.find(code) != std::string::npos) return code;
    }
    return answer.body;
  }

  const LedgerId ledger_{.origin = "test.example/log", .genesis = {}};
  const NamedKeyPair key_{.name = "node-b", .pair = key_from_seed(Bytes(kSeedBytes, 'b'))};
  Workers workers_{4, 64};
  PeerQuestions questions_{parts(workers_), 2};
};

TEST_F(PeerQuestionsTest, AnAnswerIsBytesOfWhatWasAsked) {
  const auto answer = post(questions_, note(envelope()), [](const PeerRequest& asked) {
                        return Result<Bytes>("from " + std::to_string(asked.from) + " for " +
                                             asked.envelope.node);
                      }).get();
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.content_type, "application/octet-stream");
  EXPECT_EQ(answer.body, "from 7 for node-b");
}

TEST_F(PeerQuestionsTest, WhatIsNotANodesOwnFreshWordToThisNodeIsRefused) {
  EXPECT_EQ(refused("noise"), "NOTE_SYNTAX");
  EXPECT_EQ(refused(note(envelope()), http::Method::get), "BAD_REQUEST");
  EXPECT_EQ(refused(std::string(kPeerRequestBytesMax + 1, 'x')), "BAD_REQUEST");
  PeerEnvelope wrong = envelope();
  wrong.ledger.origin = "another.example/log";
  EXPECT_EQ(refused(note(wrong)), "LEDGER_MISMATCH");
  wrong = envelope();
  wrong.to = "node-c";
  EXPECT_EQ(refused(note(wrong)), "LEDGER_MISMATCH");
  wrong = envelope();
  wrong.until_ms = kAskedMs - 1;
  EXPECT_EQ(refused(note(wrong)), "BATCH_EXPIRED");
  wrong.until_ms = kAskedMs + 120'001;
  EXPECT_EQ(refused(note(wrong)), "BATCH_EXPIRED");
  const NamedKeyPair stranger{.name = "node-x", .pair = key_from_seed(Bytes(kSeedBytes, 'x'))};
  wrong = envelope();
  wrong.node = stranger.name;
  EXPECT_EQ(refused(sign_peer_request({.envelope = wrong}, stranger)), "KEY_UNKNOWN");
  const NamedKeyPair renamed{.name = "node-b", .pair = key_from_seed(Bytes(kSeedBytes, 'x'))};
  EXPECT_EQ(refused(sign_peer_request({.envelope = envelope()}, renamed)), "SIGNATURE_INVALID");
}

TEST_F(PeerQuestionsTest, MoreThanTheMostAreBusyUntilOneIsAnswered) {
  const auto at_once = [](const auto&) -> Result<Bytes> { return Bytes("at once"); };
  std::promise<void> go;
  const auto goes = go.get_future().share();
  std::vector<std::future<http::Response>> held;
  for (int i = 0; i < 2; ++i) {
    auto begun = std::make_shared<std::promise<void>>();
    held.push_back(
        post(questions_, note(envelope()), [begun, goes](const auto&) -> Result<Bytes> {
          begun->set_value();
          goes.wait();
          return Bytes("held");
        }));
    begun->get_future().wait();
  }
  const auto third = post(questions_, note(envelope()), at_once).get();
  EXPECT_EQ(third.status, 503);
  EXPECT_TRUE(third.headers.contains("Retry-After"));
  EXPECT_FALSE(PeerQuestions::Place(questions_));
  EXPECT_EQ(refused("noise"), "NOTE_SYNTAX") << "it is told so, and takes no place";
  go.set_value();
  for (auto& one : held) EXPECT_EQ(one.get().body, "held");
  EXPECT_EQ(post(questions_, note(envelope()), at_once).get().body, "at once");
}

TEST_F(PeerQuestionsTest, AnErrorFreesItsPlaceAndOnlyBusyIsWorthAnotherTry) {
  for (int i = 0; i < 3; ++i) {
    const auto gone = post(questions_, note(envelope()), [](const auto&) -> Result<Bytes> {
                        return fail(Code::NOT_FOUND, "it is gone");
                      }).get();
    EXPECT_EQ(gone.status, 404);
    EXPECT_FALSE(gone.headers.contains("Retry-After"));
  }
  const auto busy = post(questions_, note(envelope()), [](const auto&) -> Result<Bytes> {
                      return fail(Code::BUSY, "not now");
                    }).get();
  EXPECT_EQ(busy.status, 503);
  EXPECT_TRUE(busy.headers.contains("Retry-After"));
}

TEST_F(PeerQuestionsTest, WhereNoThreadIsFreeAQuestionIsBusyAtOnce) {
  Workers one{1, 1};
  PeerQuestions questions(parts(one), 2);
  std::promise<void> go;
  ASSERT_TRUE(one.post([waits = go.get_future().share()] { waits.wait(); }));
  const auto answer = post(questions, note(envelope()), [](const auto&) -> Result<Bytes> {
                        return Bytes("made");
                      }).get();
  EXPECT_EQ(answer.status, 503);
  EXPECT_TRUE(answer.headers.contains("Retry-After"));
  go.set_value();
}

}  // namespace
}  // namespace suyuan
