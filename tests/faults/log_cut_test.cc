// RocksDB's log cut where each of its records begins, and inside each: a node serves none of them.
#include "ledger/apply/apply.h"
#include "ledger/store/rocks/read_only.h"
#include "tests/faults/marks.h"
#include "tests/faults/wal.h"

namespace suyuan::test {
namespace {

constexpr int kBatchesBefore = 40;  // the checkpoint
constexpr int kBatchesAfter = 56;

class CutLog : public Marks {
 protected:
  CutLog() : Marks(kBatchesBefore, kBatchesAfter) {}
  // Control: what RocksDB finds, the marks ignored. It writes nothing, so the log stays as it was
  // cut. Nullopt: it refuses.
  std::optional<uint64_t> leaves_left() const {
    const auto store = open_rocks_read_only((at("damaged") / "store").string());
    if (!store) return std::nullopt;
    const auto head = read_head((*store)->reader());
    return head ? std::optional(head->leaves) : std::nullopt;
  }
};

TEST_F(CutLog, AtAnyRecordOrInsideOneIsNotServed) {
  const auto ends = record_ends(read_file(log_of("newest").string(), kFileMax).value());
  ASSERT_GE(ends.size(), 100U);
  size_t by_watermark = 0;
  size_t by_acknowledged = 0;
  size_t lost_without_marks = 0;
  size_t before = 0;
  for (const size_t end : ends) {
    for (const size_t cut : {before, (before + end) / 2}) {
      SCOPED_TRACE("cut at byte " + std::to_string(cut));
      begin();
      fs::resize_file(log_of("damaged"), cut);
      const auto left = leaves_left();
      if (left && *left < leaves_) ++lost_without_marks;
      const Outcome found = outcome("damaged");
      ASSERT_EQ(found.word, "ROLLED_BACK") << found.message;
      const bool signed_ = found.message.find("has signed") != std::string::npos;
      ++(signed_ ? by_watermark : by_acknowledged);
    }
    before = end;
  }
  std::printf("%zu records: %zu cuts found by the watermark, %zu by what was acknowledged; without "
              "the marks %zu are served with acknowledged batches missing\n",
              ends.size(), by_watermark, by_acknowledged, lost_without_marks);
  EXPECT_GE(by_watermark, size_t{2 * kBatchesBefore});
  EXPECT_GE(by_acknowledged, size_t{2 * kBatchesAfter});
  EXPECT_EQ(lost_without_marks, by_watermark + by_acknowledged);
  documented("log of RocksDB cut at any record boundary before the checkpoint", "ROLLED_BACK");
  documented("log of RocksDB cut at any record boundary after the checkpoint", "ROLLED_BACK");
  documented("log of RocksDB cut inside any record", "ROLLED_BACK");
}

}  // namespace
}  // namespace suyuan::test
