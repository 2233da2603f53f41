// The mark of what was acknowledged: it follows the store, never goes back, and a store that is
// behind it is refused, or awaited where other nodes have what it lost.
#include "node/ops/acknowledged.h"

#include <sys/resource.h>

#include <csignal>

#include "ledger/apply/log_reader.h"
#include "ledger/crypto/hash.h"
#include "ledger/os/files.h"
#include "tests/unit/node/sealed_ledger.h"

namespace suyuan::testing {
namespace {

class AcknowledgedTest : public SealedLedger {
 protected:
  Result<Acknowledged> opened(Acknowledged::Behind behind = Acknowledged::Behind::refused) {
    return Acknowledged::open(path, ledger.state(), behind);
  }
  TreeHead tree(uint64_t size) const {
    const TreeRows rows(ledger.state());
    return {.size = size, .root = root_of(TiledNodes(rows), size).value()};
  }
  TreeHead newest() const { return tree(ledger.head().leaves); }
  Mark on_disk() const { return newest_mark(read_file(path, kMarkFileBytes).value())->mark; }
  void mark_on_disk(const TreeHead& marked) const {
    Bytes file = encode_mark({.epoch = 9, .tree = marked});
    file.resize(kMarkFileBytes, '\0');
    ASSERT_TRUE(write_file(path, file, FileMode::secret));
  }
  static void expect_rolled_back(const Error& error, std::string_view words) {
    EXPECT_EQ(info(error.code).name, "ROLLED_BACK") << to_text(error);
    EXPECT_NE(error.message.find(words), std::string::npos) << to_text(error);
  }

  const std::string path = folder / "acknowledged";
};

TEST_F(AcknowledgedTest, IsMadeOfTheStoreAndFollowsIt) {
  auto mark = opened();
  ASSERT_TRUE(mark) << to_text(mark.error());
  EXPECT_EQ(on_disk().tree, newest());
  for (int i = 0; i < 5; ++i) {
    grow();
    ASSERT_TRUE(mark->raise(newest(), ledger.state()));
    EXPECT_EQ(on_disk().tree, newest());
  }
  const uint64_t epoch = on_disk().epoch;
  ASSERT_TRUE(mark->raise(newest(), ledger.state()));
  ASSERT_TRUE(mark->raise(tree(2), ledger.state()));
  EXPECT_EQ(on_disk().epoch, epoch) << "no more leaves: nothing is written";
}

// As after a power cut that took the mark back.
TEST_F(AcknowledgedTest, ThatFellBehindIsAtTheStoresEndOnceItIsOpened) {
  ASSERT_TRUE(opened());
  grow();
  grow();
  ASSERT_TRUE(opened());
  EXPECT_EQ(on_disk().tree, newest());
}

TEST_F(AcknowledgedTest, OfMoreThanTheStoreHoldsIsRefused) {
  mark_on_disk({.size = ledger.head().leaves + 1, .root = sha256("newer")});
  const auto mark = opened();
  ASSERT_FALSE(mark);
  expect_rolled_back(mark.error(), "has acknowledged");
  EXPECT_EQ(on_disk().epoch, 9U) << "the mark stays";
}

TEST_F(AcknowledgedTest, OfAnotherTreeIsRefused) {
  mark_on_disk({.size = ledger.head().leaves, .root = sha256("other")});
  for (const auto behind : {Acknowledged::Behind::refused, Acknowledged::Behind::awaited}) {
    const auto mark = opened(behind);
    ASSERT_FALSE(mark);
    expect_rolled_back(mark.error(), "are not those");
  }
}

TEST_F(AcknowledgedTest, AwaitsWhatOtherNodesHaveAndGoesOnFromThere) {
  const uint64_t before = ledger.head().leaves;
  grow();
  grow();
  const TreeHead marked = newest();
  grow();
  const TreeHead last = newest();
  mark_on_disk(marked);
  const MemoryStore lost;
  auto mark = Acknowledged::open(path, lost.latest(), Acknowledged::Behind::awaited);
  ASSERT_TRUE(mark) << to_text(mark.error());
  EXPECT_TRUE(mark->is_awaited());
  ASSERT_TRUE(mark->raise(tree(before), ledger.state()));
  EXPECT_TRUE(mark->is_awaited());
  EXPECT_EQ(on_disk().tree, marked) << "not taken back meanwhile";
  ASSERT_TRUE(mark->raise(last, ledger.state()));
  EXPECT_FALSE(mark->is_awaited());
  EXPECT_EQ(on_disk().tree, last);
}

TEST_F(AcknowledgedTest, RefusesWhatCameWhereItIsAnotherTree) {
  grow();
  mark_on_disk({.size = ledger.head().leaves, .root = sha256("what this node acknowledged")});
  grow();
  const MemoryStore lost;
  auto mark = Acknowledged::open(path, lost.latest(), Acknowledged::Behind::awaited);
  ASSERT_TRUE(mark);
  for (int i = 0; i < 2; ++i) {
    const auto raised = mark->raise(newest(), ledger.state());
    ASSERT_FALSE(raised);
    expect_rolled_back(raised.error(), "are not those");
  }
  EXPECT_EQ(on_disk().epoch, 9U);
}

TEST_F(AcknowledgedTest, WithoutAReadableSlotIsMadeAnew) {
  for (const Bytes& damaged : {Bytes(), Bytes("short"), Bytes(kMarkFileBytes, 'x'),
                               Bytes(2 * kMarkFileBytes, 'x')}) {
    ASSERT_TRUE(write_file(path, damaged, FileMode::secret));
    ASSERT_TRUE(opened());
    EXPECT_EQ(on_disk().tree, newest());
  }
}

TEST_F(AcknowledgedTest, IsNotMadeForAFolderWithoutALedger) {
  const MemoryStore empty;
  const auto mark = Acknowledged::open(path, empty.latest(), Acknowledged::Behind::refused);
  ASSERT_FALSE(mark);
  EXPECT_EQ(info(mark.error().code).name, "NOT_FOUND");
  EXPECT_FALSE(file_exists(path));
}

// A write that the system refuses, as a disk does that is full or fails.
TEST_F(AcknowledgedTest, SaysWhyItCannotBeWrittenAndStaysWhereItIs) {
  auto mark = opened();
  ASSERT_TRUE(mark);
  const TreeHead marked = newest();
  grow();
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  rlimit none = before;
  none.rlim_cur = 0;
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &none), 0);
  const auto raised = mark->raise(newest(), ledger.state());
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  std::signal(SIGXFSZ, handler);
  ASSERT_FALSE(raised);
  EXPECT_EQ(info(raised.error().code).name, "IO");
  EXPECT_NE(raised.error().message.find(path), std::string::npos);
  EXPECT_EQ(on_disk().tree, marked);
  ASSERT_TRUE(mark->raise(newest(), ledger.state()));
  EXPECT_EQ(on_disk().tree, newest());
}

TEST_F(AcknowledgedTest, ThatTheLogsEndDoesNotReachIsRefused) {
  mark_on_disk({.size = ledger.head().leaves + 1, .root = sha256("newer")});
  const auto mark = opened(Acknowledged::Behind::awaited);
  ASSERT_TRUE(mark);
  const auto reached = mark->check_reached(ledger.head().leaves);
  ASSERT_FALSE(reached);
  expect_rolled_back(reached.error(), "the shared log ends at");
  EXPECT_TRUE(mark->check_reached(ledger.head().leaves + 1));
}

}  // namespace
}  // namespace suyuan::testing
