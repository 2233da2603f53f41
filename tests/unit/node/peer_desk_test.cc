// Who asks a node for its log: a node's own word takes one of the few places, noise takes none.
#include "node/peers/peer_desk.h"

#include <gtest/gtest.h>

#include <future>

#include "tests/support/ledger_builder.h"
#include "tests/support/log_lines.h"

namespace suyuan {
namespace {

constexpr int64_t kDeskNow = 1'780'000'000'000;

class PeerDeskTest : public ::testing::Test {
 protected:
  PeerDeskTest()
      : key_{.name = "node-b", .pair = key_from_seed(Bytes(kSeedBytes, 'b'))},
        desk_({.store = ledger_rows_.store(), .published = published_},
              {.workers = workers_,
               .ledger = ledger_,
               .self = "node-a",
               .nodes = [this] {
                 return std::vector<NamedKey>{{.name = key_.name, .key = key_.pair.key}};
               },
               .clock = [this] { return now_ms_; }}) {}
  // While nothing is worked on: the status of each answer, in any order.
  std::vector<int> answers_of(const std::vector<std::string>& bodies) {
    std::promise<void> go;
    EXPECT_TRUE(workers_.post([waits = go.get_future().share()] { waits.wait(); }));
    std::vector<std::future<int>> answers;
    for (const auto& body : bodies) {
      auto answer = std::make_shared<std::promise<int>>();
      answers.push_back(answer->get_future());
      http::Request request;
      request.method = http::Method::post;
      request.path = "/node/log";
      request.body = body;
      desk_.handle(request, [answer](const http::Response& made) {
        answer->set_value(made.status);
      });
    }
    go.set_value();
    std::vector<int> all;
    for (auto& answer : answers) all.push_back(answer.get());
    return all;
  }
  // `size` 0: the newest published.
  std::string request(uint64_t from = 0, uint64_t size = 0) const {
    return sign_peer_request({.envelope = {.ledger = ledger_,
                                           .node = key_.name,
                                           .to = "node-a",
                                           .until_ms = now_ms_ + 60'000},
                              .from = from,
                              .size = size},
                             key_);
  }

  const LedgerId ledger_{.origin = "test.example/log", .genesis = {}};
  const NamedKeyPair key_;
  int64_t now_ms_ = kDeskNow;
  testing::LedgerBuilder ledger_rows_;
  PublishedState published_;
  Workers workers_{1, 64};
  PeerDesk desk_;
};

TEST_F(PeerDeskTest, NoiseTakesNoPlaceOfANode) {
  std::vector<std::string> bodies(20, "noise");
  bodies.push_back(request());
  const auto statuses = answers_of(bodies);
  for (size_t i = 0; i < 20; ++i) EXPECT_EQ(statuses[i], 400) << i;
  EXPECT_EQ(statuses[20], 409) << "nothing is published yet";
}

// Sealed sections go with the log: who takes it is in the node's log, however many parts there are.
TEST_F(PeerDeskTest, SaysWhoTakesTheLogOnceAMinute) {
  const uint64_t size = ledger_rows_.head().leaves;
  ASSERT_GE(size, 1U);
  const testing::LogLines lines;
  EXPECT_EQ(answers_of({request()}), (std::vector<int>{409}));
  EXPECT_EQ(answers_of({request(size, size)}), (std::vector<int>{200}));
  EXPECT_EQ(lines.text(), "") << "nothing was taken";
  const std::string line = "node node-b takes this node's log, from leaf 0\n";
  EXPECT_EQ(answers_of({request(0, size)}), (std::vector<int>{200}));
  EXPECT_EQ(answers_of({request(0, size)}), (std::vector<int>{200}));
  EXPECT_EQ(lines.text(), line);
  now_ms_ += 60'000;
  EXPECT_EQ(answers_of({request(0, size)}), (std::vector<int>{200}));
  EXPECT_EQ(lines.text(), line + line);
}

}  // namespace
}  // namespace suyuan
