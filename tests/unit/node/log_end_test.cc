// A node of a shared log that comes back: what it must have by the log's end is asked at that end,
// of what was there by then, and before its mark goes on.
#include "node/startup/log_end.h"

#include "ledger/apply/log_reader.h"
#include "ledger/crypto/hash.h"
#include "ledger/os/files.h"
#include "tests/unit/node/sealed_ledger.h"

namespace suyuan::testing {
namespace {

class LogEndTest : public SealedLedger {
 protected:
  void open(uint64_t marked) {
    Bytes file = encode_mark({.epoch = 9, .tree = {.size = marked, .root = sha256("marked")}});
    file.resize(kMarkFileBytes, '\0');
    ASSERT_TRUE(write_file(folder / "acknowledged", file, FileMode::secret));
    open();
  }
  void open() {
    auto opened = Acknowledged::open(folder / "acknowledged", ledger.state(),
                                     Acknowledged::Behind::awaited);
    ASSERT_TRUE(opened) << to_text(opened.error());
    mark.emplace(*std::move(opened));
  }
  // `count` batches as one commit.
  Result<Done> commit(size_t count = 1) {
    const uint64_t before = ledger.head().leaves;
    for (size_t i = 0; i < count; ++i) grow();
    const TreeRows rows(ledger.state());
    const uint64_t leaves = ledger.head().leaves;
    return mark_committed(end, *mark, DataFolder{folder / ""}, ledger.state(),
                          {.size = leaves, .root = root_of(TiledNodes(rows), leaves).value()},
                          before);
  }
  uint64_t leaves() { return ledger.head().leaves; }
  uint64_t position() { return ledger.head().position; }

  std::optional<Acknowledged> mark;
  std::optional<LogEnd> end;
};

// The last group of the log changed nothing, so that nothing was committed there. The control: a
// mark that rose before would be held against what was there before it.
TEST_F(LogEndTest, ThatChangedNothingIsPassedByTheNextCommit) {
  open();
  end = LogEnd{.position = position() + 1, .witnessed = {}};
  const uint64_t before = leaves();
  const auto done = commit(2);
  ASSERT_TRUE(done) << to_text(done.error());
  EXPECT_FALSE(end);
  EXPECT_EQ(mark->mark().tree.size, leaves());
  EXPECT_FALSE(mark->check_reached(before)) << "the control";
}

TEST_F(LogEndTest, WithoutWhatWasAcknowledgedIsRolledBackAlsoWhereMoreCameBehindIt) {
  const uint64_t had = leaves();
  open(had + 2);
  end = LogEnd{.position = position(), .witnessed = {}};
  const auto done = commit(5);  // more leaves than are marked
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, Code::ROLLED_BACK);
  EXPECT_EQ(mark->mark().tree.size, had + 2) << "the mark stays";
  EXPECT_TRUE(end) << "and the next commit is refused as well";
}

TEST_F(LogEndTest, WithoutWhatWitnessesCosignedIsRolledBack) {
  open();
  end = LogEnd{.position = position() + 1, .witnessed = {.leaves = leaves() + 2}};
  const auto done = commit(3);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, Code::ROLLED_BACK);
}

TEST_F(LogEndTest, IsNotAskedForBeforeItIsThere) {
  open(leaves() + 3);
  end = LogEnd{.position = position() + 2, .witnessed = {}};
  EXPECT_TRUE(commit());
  EXPECT_TRUE(end);
  const auto short_of_it = commit();  // there now, and a leaf short
  ASSERT_FALSE(short_of_it);
  EXPECT_EQ(short_of_it.error().code, Code::ROLLED_BACK);
}

}  // namespace
}  // namespace suyuan::testing
