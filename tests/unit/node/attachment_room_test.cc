// How much attachments may take: of one party, in all, and counted over a restart.
#include "node/attachment_room.h"

#include <gtest/gtest.h>

#include "ledger/crypto/hash.h"
#include "ledger/store/memory_store.h"

namespace suyuan {
namespace {

constexpr size_t kMib = 1 << 20;

class AttachmentRoomTest : public ::testing::Test {
 protected:
  AttachmentRoom room(AttachmentOptions options, uint64_t found = 0) {
    options.leave_mib = 0;
    return AttachmentRoom({.store = store_,
                           .folder = "/",
                           .options = options,
                           .found = found,
                           .on_fault = [](const Error& fault) { FAIL() << fault.message; }});
  }
  static bool keeps(AttachmentRoom& room, const std::string& name, size_t bytes,
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
  AttachmentRoom room({.store = store_,
                       .folder = "/",
                       .options = {.party_mib = 0, .all_mib = 0, .leave_mib = uint64_t{1} << 40},
                       .on_fault = {}});
  EXPECT_FALSE(keeps(room, "a", 1, "farm"));
}

}  // namespace
}  // namespace suyuan
