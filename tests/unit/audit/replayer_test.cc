// A replayer cosigns only what it has read to the last leaf and made again.
#include "client/audit/replayer.h"

#include <cstdio>

#include "ledger/os/files.h"
#include "tests/unit/audit/audited.h"

namespace suyuan {
namespace {

using testing::AuditLog;
using testing::box;
using testing::Files;
using testing::FilesLog;
using testing::receiving;

class ReplayerTest : public AuditLog {
 protected:
  ReplayerTest()
      : state_(::testing::TempDir() + "replay-" + to_hex(random_fixed<Nonce>().view())),
        replayer_(fresh()) {
    show();
  }
  ~ReplayerTest() override { std::remove(state_.c_str()); }
  std::unique_ptr<Replayer> fresh() {
    return std::make_unique<Replayer>(Replayer::Plan{
        .open = [this]() -> Result<std::unique_ptr<LogSource>> {
          if (unreadable_) return fail(Code::UNAVAILABLE, "no answer");
          return std::unique_ptr<LogSource>(std::make_unique<FilesLog>(files_));
        },
        .decode = testing::decode_payload_of,
        .policy = policy_of_log(log.id.origin, log.keys("log").key),
        .jobs = 2,
        .state_file = state_});
  }
  // What the log would ask to be cosigned; its files are there.
  std::string show() {
    log.seal();
    files_ = log.files();
    return log.checkpoint();
  }
  std::string grown() {
    log.post("store", {receiving({box(log.leaves.size())})});
    return show();
  }
  Files files_;
  bool unreadable_ = false;
  const std::string state_;
  std::unique_ptr<Replayer> replayer_;
};

TEST_F(ReplayerTest, GoesAlongWithALogThatGrows) {
  ASSERT_TRUE(replayer_->catch_up());
  for (int i = 0; i < 40; ++i) {
    const auto checkpoint = grown();
    EXPECT_TRUE(replayer_->judge(checkpoint)) << i;
    EXPECT_TRUE(replayer_->judge(checkpoint)) << "asked again";
    EXPECT_EQ(replayer_->leaves(), log.leaves.size());
  }
}

TEST_F(ReplayerTest, RefusesAFalseMapForEver) {
  ASSERT_TRUE(replayer_->catch_up());
  log.change_seal([](SealText& seal) { seal.map.data[0] ^= 1; });
  const auto wrong = grown();
  const auto refused = replayer_->judge(wrong);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::CORRUPT);
  EXPECT_NE(refused.error().message.find("MAP_MISMATCH"), std::string::npos);
  ASSERT_TRUE(replayer_->fault());
  log.change_seal({});
  EXPECT_FALSE(replayer_->judge(grown()));
  // Nor does one that begins anew.
  const auto other = fresh();
  EXPECT_FALSE(other->catch_up());
  EXPECT_TRUE(other->fault());
}

TEST_F(ReplayerTest, RefusesAnotherHistoryOfWhatItHasReplayed) {
  const auto leaves = log.leaves;
  grown();
  ASSERT_TRUE(replayer_->catch_up());
  const auto replayed = log.leaves.size();
  log.leaves = leaves;
  while (log.leaves.size() <= replayed) log.post("farm", {receiving({box(99)})});
  const auto refused = replayer_->judge(show());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::CORRUPT);
}

// Anybody may show a witness an older checkpoint that the log did sign.
TEST_F(ReplayerTest, IsNotMadeDumbByAnOlderTree) {
  const auto older = grown();
  grown();
  ASSERT_TRUE(replayer_->catch_up());
  const auto answer = replayer_->judge(older);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, Code::UNAVAILABLE);
  EXPECT_FALSE(replayer_->fault());
  EXPECT_TRUE(replayer_->judge(grown()));
}

TEST_F(ReplayerTest, SaysLaterWhatItCannotReadNow) {
  ASSERT_TRUE(replayer_->catch_up());
  for (size_t i = 0; i < 70; ++i) log.post("store", {receiving({box(i)})});
  const auto checkpoint = show();
  unreadable_ = true;
  const auto now = replayer_->judge(checkpoint);
  ASSERT_FALSE(now);
  EXPECT_EQ(now.error().code, Code::UNAVAILABLE);
  EXPECT_FALSE(replayer_->fault());
  unreadable_ = false;
  EXPECT_TRUE(replayer_->judge(checkpoint));
}

TEST_F(ReplayerTest, GoesOnFromWhatItSaved) {
  const auto before = grown();
  ASSERT_TRUE(replayer_->catch_up());
  ASSERT_TRUE(replayer_->save());
  replayer_ = fresh();
  // The leaves of before are not read again.
  const auto checkpoint = grown();
  for (auto& [path, bytes] : files_) {
    if (path == "events/004") bytes.clear();
  }
  EXPECT_TRUE(replayer_->judge(checkpoint));
}

}  // namespace
}  // namespace suyuan
