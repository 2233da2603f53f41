// How much attachments may take: of one party, in all, and counted over a restart.
#include "node/access/attachment_quota.h"

#include <gtest/gtest.h>

#include <future>
#include <latch>
#include <utility>

#include "ledger/crypto/hash.h"
#include "ledger/store/memory_store.h"

namespace suyuan {
namespace {

constexpr size_t kMib = 1 << 20;

class AttachmentRoomTest : public ::testing::Test {
 protected:
  AttachmentQuota room(AttachmentOptions options, uint64_t found = 0) {
    options.leave_mib = 0;
    return AttachmentQuota({.store = store_,
                           .folder = "/",
                           .options = options,
                           .found = found,
                           .on_fault = [](const Error& fault) { FAIL() << fault.message; }});
  }
  static bool keeps(AttachmentQuota& room, const std::string& name, size_t bytes,
                    const std::string& party) {
    const auto kept = room.keep(sha256(name), Bytes(bytes, 'x'), party);
    if (!kept) {
      EXPECT_EQ(kept.error().code, Code::QUOTA_EXCEEDED) << kept.error().message;
    }
    return kept.has_value();
  }
  MemoryStore store_;
};

TEST_F(AttachmentRoomTest, BoundsEachPartyAndNobodyByAnother) {
  auto room = this->room({.party_mib = 2, .all_mib = 0});
  EXPECT_TRUE(keeps(room, "a", kMib, "farm"));
  EXPECT_TRUE(keeps(room, "b", kMib, "farm"));
  EXPECT_FALSE(keeps(room, "c", 1, "farm"));
  EXPECT_TRUE(keeps(room, "c", kMib, "farm2")) << "a longer id is another party";
  EXPECT_TRUE(keeps(room, "c", kMib, "farm")) << "it is there: nothing more is taken";
}

TEST_F(AttachmentRoomTest, BoundsAllTogetherAlsoWhatWasThereBeforeItCounted) {
  auto room = this->room({.party_mib = 0, .all_mib = 3}, kMib);
  EXPECT_TRUE(keeps(room, "a", kMib, "farm"));
  EXPECT_TRUE(keeps(room, "b", kMib, "maker"));
  EXPECT_FALSE(keeps(room, "c", 1, "lab"));
}

TEST_F(AttachmentRoomTest, CountsOnAfterARestart) {
  {
    auto room = this->room({.party_mib = 2, .all_mib = 3});
    EXPECT_TRUE(keeps(room, "a", 2 * kMib, "farm"));
  }
  auto room = this->room({.party_mib = 2, .all_mib = 3});
  EXPECT_FALSE(keeps(room, "b", 1, "farm"));
  EXPECT_TRUE(keeps(room, "b", kMib, "maker"));
  EXPECT_FALSE(keeps(room, "c", 1, "lab"));
}

TEST_F(AttachmentRoomTest, LeavesTheRestOfTheDiskToTheLog) {
  AttachmentQuota room({.store = store_,
                       .folder = "/",
                       .options = {.party_mib = 0, .all_mib = 0, .leave_mib = uint64_t{1} << 40},
                       .on_fault = {}});
  EXPECT_FALSE(keeps(room, "a", 1, "farm"));
}

TEST_F(AttachmentRoomTest, NeverBringsTheDiskBelowTheReserveThatStopsTheLog) {
  EXPECT_EQ(left_by_attachments(1024, 256), 1024U);
  EXPECT_EQ(left_by_attachments(100, 256), 320U);
  EXPECT_EQ(left_by_attachments(0, 256), 0U) << "not looked at";
}

// A disk that takes as long as the test wants.
class SlowStore final : public Store {
 public:
  std::unique_ptr<Reader> snapshot() const override { return store_.snapshot(); }
  const Reader& latest() const override { return store_.latest(); }
  Result<Done> commit(const Changes& changes) override {
    if (!std::exchange(is_asked_, true)) {
      writes.count_down();
      may_end.wait();
    }
    return store_.commit(changes);
  }
  MemoryStore& base() { return store_; }
  std::latch writes{1};
  std::latch may_end{1};

 private:
  MemoryStore store_;
  bool is_asked_ = false;  // under the room's lock
};

TEST(AttachmentQuota, KeepsFewWaitingForOneWriteAndNobodyForWhatIsThere) {
  SlowStore store;
  ASSERT_TRUE(store.base().commit(
      {{.table = Table::attachment, .key = sha256("there").bytes(), .value = Bytes("x")}}));
  AttachmentQuota room({.store = store,
                       .folder = "/",
                       .options = {.party_mib = 0, .all_mib = 0, .leave_mib = 0},
                       .on_fault = {}});
  auto writes = std::async(std::launch::async, [&room] {
    return room.keep(sha256("a"), Bytes("bytes"), "farm");
  });
  store.writes.wait();
  EXPECT_TRUE(room.keep(sha256("there"), Bytes("bytes"), "farm")) << "it waits for no disk";
  // Of two more one waits, and the other is told to come again.
  std::latch one_answered{1};
  const auto told = [&](const std::string& name) {
    return std::async(std::launch::async, [&room, &one_answered, name] {
      auto kept = room.keep(sha256(name), Bytes("bytes"), "farm");
      if (!kept) one_answered.count_down();
      return kept;
    });
  };
  auto b = told("b");
  auto c = told("c");
  one_answered.wait();
  store.may_end.count_down();
  EXPECT_TRUE(writes.get());
  const auto kept_b = b.get();
  const auto kept_c = c.get();
  EXPECT_NE(kept_b.has_value(), kept_c.has_value());
  EXPECT_EQ((kept_b ? kept_c : kept_b).error().code, Code::BUSY);
}

}  // namespace
}  // namespace suyuan
