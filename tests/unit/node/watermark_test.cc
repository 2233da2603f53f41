// The watermark: what was signed is never unsigned, a torn slot costs nothing, and a store that is
// behind or another one is not gone on from.
#include "node/ops/watermark.h"

#include "ledger/crypto/hash.h"
#include "ledger/os/files.h"
#include "tests/unit/node/sealed_ledger.h"

namespace suyuan::testing {
namespace {

constexpr size_t kSecondSlot = 4096;

class WatermarkTest : public SealedLedger {
 protected:
  Watermark made() {
    auto watermark = Watermark::create(path);
    EXPECT_TRUE(watermark) << to_text(watermark.error());
    return *std::move(watermark);
  }
  Result<Watermark> opened(bool published = true) {
    return open_watermark(path, ledger.state(), published);
  }
  void expect_refused(const Result<Watermark>& result, Code code, std::string_view words) {
    ASSERT_FALSE(result);
    EXPECT_EQ(info(result.error().code).name, info(code).name) << to_text(result.error());
    EXPECT_NE(result.error().message.find(words), std::string::npos) << to_text(result.error());
  }
  static TreeHead tree(uint64_t size) {
    return {.size = size, .root = sha256(std::to_string(size))};
  }
  static TreeHead tree_of(const Sealed& sealed) {
    return {.size = sealed.head.leaves, .root = sealed.root};
  }
  // As a power cut does in the middle of a write.
  void tear(size_t slot_offset) {
    ASSERT_TRUE(overwrite_synced(path, slot_offset + 20, "torn"));
  }

  const std::string path = folder / "watermark";
};

TEST_F(WatermarkTest, ComesBackAsItWasRaised) {
  Watermark watermark = made();
  for (uint64_t size = 1; size <= 5; ++size) {
    ASSERT_TRUE(watermark.raise(tree(size)));
    const auto read = Watermark::read(path);
    ASSERT_TRUE(read) << to_text(read.error());
    EXPECT_EQ(read->mark(), (Mark{.epoch = size, .tree = tree(size)}));
  }
}

TEST_F(WatermarkTest, OfTheSameTreeAgainIsTakenOfAnyOtherRefused) {
  Watermark watermark = made();
  ASSERT_TRUE(watermark.raise(tree(7)));
  EXPECT_TRUE(watermark.raise(tree(7)));
  EXPECT_EQ(watermark.mark()->epoch, 1U);
  const auto split = watermark.raise({.size = 7, .root = sha256("another root")});
  ASSERT_FALSE(split);
  EXPECT_EQ(info(split.error().code).name, "CORRUPT");
  EXPECT_FALSE(watermark.raise(tree(6)));
}

TEST_F(WatermarkTest, WithATornSlotFallsBackToTheOtherAndWritesTheTornOneNext) {
  Watermark watermark = made();
  ASSERT_TRUE(watermark.raise(tree(1)));  // in the second slot
  ASSERT_TRUE(watermark.raise(tree(2)));  // in the first
  tear(0);
  auto read = Watermark::read(path);
  ASSERT_TRUE(read) << to_text(read.error());
  EXPECT_EQ(read->mark()->tree, tree(1));
  ASSERT_TRUE(read->raise(tree(3)));
  tear(kSecondSlot);
  read = Watermark::read(path);
  ASSERT_TRUE(read) << to_text(read.error());
  EXPECT_EQ(read->mark()->tree, tree(3));
}

TEST_F(WatermarkTest, WithoutAReadableSlotIsRefused) {
  ASSERT_TRUE(made().raise(tree(1)));
  tear(0);
  tear(kSecondSlot);
  expect_refused(opened(), Code::CORRUPT, "neither slot");
  expect_refused(opened(false), Code::CORRUPT, "neither slot");
}

TEST_F(WatermarkTest, CutShortIsRefused) {
  made();
  ASSERT_TRUE(write_file(path, "", FileMode::secret));
  expect_refused(opened(), Code::CORRUPT, "neither slot");
}

TEST_F(WatermarkTest, IsMadeWhereNothingWasPublishedAndMissedWhereSomethingWas) {
  expect_refused(opened(true), Code::CORRUPT, "is missing");
  EXPECT_TRUE(opened(false));
  EXPECT_TRUE(opened(true)) << "it is there now";
}

TEST_F(WatermarkTest, IsNotMadeForAFolderWithoutALedger) {
  const MemoryStore empty;
  expect_refused(open_watermark(path, empty.latest(), false), Code::NOT_FOUND, "init");
  EXPECT_FALSE(file_exists(path));
}

TEST_F(WatermarkTest, LetsAStoreThatHasGrownGoOn) {
  const Sealed sealed = seal();
  Watermark watermark = made();
  ASSERT_TRUE(watermark.raise(tree_of(sealed)));
  EXPECT_TRUE(opened());
  grow();
  EXPECT_TRUE(opened());
}

TEST_F(WatermarkTest, RefusesAStoreThatEndsBeforeIt) {
  grow();
  Watermark watermark = made();
  ASSERT_TRUE(watermark.raise({.size = ledger.head().leaves + 1, .root = sha256("newer")}));
  expect_refused(opened(), Code::ROLLED_BACK, "an older copy was restored");
  const MemoryStore empty;
  expect_refused(open_watermark(path, empty.latest(), true), Code::ROLLED_BACK, "ends at 0");
}

TEST_F(WatermarkTest, RefusesAnotherStoreOfTheSameSize) {
  const Sealed sealed = seal();
  Watermark watermark = made();
  ASSERT_TRUE(watermark.raise({.size = sealed.head.leaves, .root = sha256("other")}));
  expect_refused(opened(), Code::ROLLED_BACK, "are not those");
}

}  // namespace
}  // namespace suyuan::testing
