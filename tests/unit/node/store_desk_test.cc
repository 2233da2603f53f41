// Who is given this node's store, and how long the links to its files stay.
#include "node/peers/store_desk.h"

#include <gtest/gtest.h>

#include <future>

#include "ledger/os/files.h"
#include "tests/support/log_lines.h"
#include "tests/unit/node/sealed_ledger.h"

namespace suyuan {
namespace {

class StoreDeskTest : public ::testing::Test {
 protected:
  StoreDeskTest() { start(); }
  StoreDesk::Parts parts() {
    return {.link =
                [this](const std::string& to) -> Result<Done> {
                  if (while_linking_) while_linking_();
                  if (!link_error_.empty()) return fail(Code::READ_ONLY, link_error_);
                  SUYUAN_TRY_DONE(make_folder(to));
                  SUYUAN_TRY_DONE(write_file(to + "/000007.sst", file_, FileMode::shared));
                  SUYUAN_TRY_DONE(write_file(to + "/LOG", "of this process", FileMode::shared));
                  return write_file(to + "/CURRENT", "MANIFEST-000001\n", FileMode::shared);
                },
            .folder = view_,
            .clock = [this] { return now_ms_; }};
  }
  PeerQuestions::Parts asked() {
    return {.workers = workers_,
            .ledger = ledger_,
            .self = "node-a",
            .nodes =
                [this] {
                  return std::vector<NamedKey>{{.name = "node-b", .key = b_.pair.key},
                                               {.name = "node-c", .key = c_.pair.key}};
                },
            .clock = [this] { return now_ms_; }};
  }
  void start() { desk_.emplace(parts(), asked()); }
  http::Response ask(const StoreRequest& request, const NamedKeyPair& by) {
    return post(signed_by(request, by));
  }
  std::string signed_by(StoreRequest request, const NamedKeyPair& by) const {
    request.envelope = {.ledger = ledger_,
                        .node = by.name,
                        .to = "node-a",
                        .until_ms = now_ms_ + 60'000};
    return sign_store_request(request, by);
  }
  http::Response post(const std::string& body) { return begin_post(body).get(); }
  std::future<http::Response> begin_post(const std::string& body) {
    auto made = std::make_shared<std::promise<http::Response>>();
    http::Request request;
    request.method = http::Method::post;
    request.path = "/node/store";
    request.body = body;
    desk_->handle(request, [made](http::Response answer) { made->set_value(std::move(answer)); });
    return made->get_future();
  }
  StoreList begin(const NamedKeyPair& by) {
    const auto answer = ask({}, by);
    EXPECT_EQ(answer.status, 200) << answer.body;
    const auto list = decode_store_list(answer.body);
    EXPECT_TRUE(list);
    return list ? *list : StoreList{};
  }

  testing::TempFolder folder_;
  const std::string view_ = folder_ / "peer.view";
  const LedgerId ledger_{.origin = "test.example/log", .genesis = {}};
  const NamedKeyPair b_{.name = "node-b", .pair = key_from_seed(Bytes(kSeedBytes, 'b'))};
  const NamedKeyPair c_{.name = "node-c", .pair = key_from_seed(Bytes(kSeedBytes, 'c'))};
  const Bytes file_ = Bytes(kStorePieceBytesMax, 'p') + "end";
  int64_t now_ms_ = 1'780'000'000'000;
  std::string link_error_;
  std::function<void()> while_linking_;
  Workers workers_{2, 64};
  std::optional<StoreDesk> desk_;
};

TEST_F(StoreDeskTest, ANodeIsGivenTheFilesPieceByPiece) {
  const StoreList list = begin(b_);
  ASSERT_EQ(list.files.size(), 2U) << "without those of a process";
  EXPECT_EQ(list.files[0], (StoreFile{.name = "000007.sst", .bytes = file_.size()}));
  const auto first = ask({.view = list.view, .file = 0}, b_);
  ASSERT_EQ(first.status, 200) << first.body;
  EXPECT_EQ(first.body.size(), kStorePieceBytesMax);
  const auto rest = ask({.view = list.view, .file = 0, .from = first.body.size()}, b_);
  EXPECT_EQ(first.body + rest.body, file_);
  EXPECT_EQ(ask({.view = list.view, .file = 1}, b_).body, "MANIFEST-000001\n");
}

// Sealed sections go with the store.
TEST_F(StoreDeskTest, SaysWhoTakesTheStoreOnceForAView) {
  const testing::LogLines lines;
  const StoreList list = begin(b_);
  ASSERT_EQ(ask({.view = list.view, .file = 0}, b_).status, 200);
  ASSERT_EQ(ask({.view = list.view, .file = 1}, b_).status, 200);
  EXPECT_EQ(lines.text(), "node node-b takes this node's store: 2 files\n");
}

TEST_F(StoreDeskTest, WhatIsNotInTheViewIsNotFound) {
  const StoreList list = begin(b_);
  EXPECT_EQ(ask({.view = list.view, .file = 2}, b_).status, 404);
  EXPECT_EQ(ask({.view = list.view, .file = 0, .from = file_.size() + 1}, b_).status, 404);
  EXPECT_EQ(ask({.view = list.view + 1, .file = 0}, b_).status, 404);
  EXPECT_EQ(ask({.view = list.view, .file = 0}, c_).status, 404) << "made for another node";
}

TEST_F(StoreDeskTest, StrangersAndNoiseGetNothing) {
  EXPECT_EQ(post("noise").status, 400);
  const NamedKeyPair renamed{.name = "node-b", .pair = key_from_seed(Bytes(kSeedBytes, 'x'))};
  EXPECT_NE(ask({}, renamed).status, 200);
  EXPECT_FALSE(file_exists(view_));
}

TEST_F(StoreDeskTest, OneNodeAtATimeUntilItAsksNoMore) {
  const StoreList list = begin(b_);
  EXPECT_EQ(ask({}, c_).status, 503);
  now_ms_ += kStoreViewIdleMs - 1;
  desk_->sweep();
  EXPECT_TRUE(file_exists(view_));
  EXPECT_EQ(ask({.view = list.view, .file = 1}, b_).status, 200) << "it still asks";
  now_ms_ += kStoreViewIdleMs - 1;
  EXPECT_EQ(ask({}, c_).status, 503);
  now_ms_ += 1;
  EXPECT_NE(begin(c_).view, list.view);
  EXPECT_EQ(ask({.view = list.view, .file = 1}, b_).status, 404);
  now_ms_ += kStoreViewIdleMs;
  desk_->sweep();
  EXPECT_FALSE(file_exists(view_));
}

TEST_F(StoreDeskTest, OneQuestionIsAnsweredAtATime) {
  std::promise<void> begun, go;
  while_linking_ = [&] {
    begun.set_value();
    go.get_future().wait();
  };
  auto first = begin_post(signed_by({}, b_));
  begun.get_future().wait();
  EXPECT_EQ(ask({}, b_).status, 503);
  EXPECT_EQ(ask({.view = 7}, c_).status, 503);
  desk_->sweep();  // does not wait, and leaves what is being made
  go.set_value();
  EXPECT_EQ(first.get().status, 200);
  EXPECT_TRUE(file_exists(view_));
  EXPECT_EQ(ask({.view = 7}, c_).status, 404);
}

TEST_F(StoreDeskTest, TheSameNodeMayBeginAgainButNotAtOnce) {
  const StoreList list = begin(b_);
  EXPECT_EQ(begin(b_).view, list.view) << "it did not wait for the first answer";
  EXPECT_EQ(ask({.view = list.view, .file = 1}, b_).status, 200);
  EXPECT_EQ(ask({}, b_).status, 503) << "each view writes out what is in memory";
  now_ms_ += 5'000;
  EXPECT_NE(begin(b_).view, list.view);
}

TEST_F(StoreDeskTest, AViewIsOverAfterADayHoweverOftenItIsAskedAbout) {
  const StoreList list = begin(b_);
  for (const int64_t until = now_ms_ + kStoreViewMs - 1; now_ms_ < until;) {
    now_ms_ = std::min(until, now_ms_ + kStoreViewIdleMs - 1);
    ASSERT_EQ(ask({.view = list.view, .file = 1}, b_).status, 200);
  }
  now_ms_ += 1;
  EXPECT_EQ(ask({.view = list.view, .file = 1}, b_).status, 404);
  begin(c_);
}

TEST_F(StoreDeskTest, AViewIsOverIfTheClockIsSetBack) {
  const StoreList list = begin(b_);
  now_ms_ -= 5'000;
  EXPECT_EQ(ask({.view = list.view, .file = 1}, b_).status, 200) << "a step of seconds";
  now_ms_ -= 3'600'000;
  EXPECT_EQ(ask({.view = list.view, .file = 1}, b_).status, 404);
  const StoreList other = begin(c_);
  EXPECT_NE(other.view, list.view);
  now_ms_ -= 3'600'000;
  EXPECT_NE(begin(c_).view, other.view) << "nor does the pause between two views last an hour";
  now_ms_ -= 3'600'000;
  desk_->sweep();
  EXPECT_FALSE(file_exists(view_));
}

TEST_F(StoreDeskTest, AViewGoesWithItsNodeAndThatOfADeadOneWithTheNext) {
  begin(b_);
  desk_.reset();
  EXPECT_FALSE(file_exists(view_));
  ASSERT_TRUE(make_folder(view_));
  start();
  EXPECT_FALSE(file_exists(view_));
}

TEST_F(StoreDeskTest, AStoreThatCannotBeLinkedIsNotGiven) {
  link_error_ = "this node's store has a fault";
  const auto answer = ask({}, b_);
  EXPECT_NE(answer.status, 200);
  EXPECT_NE(answer.body.find(link_error_), std::string::npos) << answer.body;
}

TEST(StoreListTest, IsReadBackAndNothingElseIs) {
  const StoreList list{.view = 7, .files = {{.name = "000007.sst", .bytes = 12}}};
  const Bytes encoded = encode_store_list(list);
  EXPECT_EQ(decode_store_list(encoded).value(), list);
  for (size_t cut = 0; cut < encoded.size(); ++cut) {
    EXPECT_FALSE(decode_store_list(BytesView(encoded).substr(0, cut))) << cut;
  }
  EXPECT_FALSE(decode_store_list(encoded + "x"));
  for (const std::string& name :
       std::vector<std::string>{"", ".", "..", "../x", "a/b", ".hidden", std::string("a\0b", 3)}) {
    EXPECT_FALSE(decode_store_list(
        encode_store_list({.view = 7, .files = {{.name = name, .bytes = 1}}})))
        << name;
  }
  EXPECT_FALSE(decode_store_list(encode_store_list(
      {.view = 7, .files = {{.name = "a", .bytes = 1}, {.name = "a", .bytes = 1}}})))
      << "one name twice";
  EXPECT_FALSE(decode_store_list(encode_store_list({.view = 0})));
}

}  // namespace
}  // namespace suyuan
