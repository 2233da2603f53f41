// A batch's weight bounds the rows that it makes, however few bytes state them.
#include "ledger/apply/weight.h"

#include "tests/unit/apply/world.h"

namespace suyuan {
namespace {

using namespace testing;

class Weight : public World {
 protected:
  // "lot:...:<letter>0 1 H87", "...1 1 H87", and so on.
  static Words lots(char letter, int count) {
    Words all;
    for (int i = 0; i < count; ++i) {
      all.push_back("lot:" + std::string(kCan) + ":" + letter + std::to_string(i) + " 1 H87 1");
    }
    return all;
  }
  // Rows that one commit of the batch writes. It must be accepted.
  size_t rows_of(const VerifiedBatch& batch) const {
    const Applied applied = ledger.try_group({batch});
    EXPECT_TRUE(is_accepted(applied.verdicts.at(0))) << words(applied.verdicts.at(0));
    return applied.changes.size();
  }
};

TEST_F(Weight, OfOneCodeIsWhatIsSent) {
  const auto batch = ledger.batch("maker", {commission("08:00", {can(1)})});
  EXPECT_EQ(weight_of(batch), sent_bytes(batch));
}

TEST_F(Weight, OfAllPairsThatABatchMayHaveFillsAGroup) {
  const auto batch = ledger.batch("maker", {transform("08:00", lots('I', 256), lots('O', 256))});
  EXPECT_GT(weight_of(batch), limits::kGroupBytesMax);
  EXPECT_LE(weight_of(batch), sent_bytes(batch) + limits::kGroupBytesMax);
}

TEST_F(Weight, BoundsTheRowsOfACommit) {
  Words papers;
  for (int i = 0; i < 40; ++i) papers.push_back("order:N" + std::to_string(i));
  const std::vector<std::pair<std::string, TraceEvent>> events = {
      {"maker", commission("08:00", {can(1)})},
      {"maker", transform("08:00", lots('I', 1), lots('O', 1))},
      {"maker", transform("08:00", lots('I', 100), lots('O', 100))},
      {"platform", paper("08:00", "ordering", papers)},
  };
  for (const auto& [party, event] : events) {
    const auto batch = ledger.batch(party, {event});
    // Two rows for a pair, and a few for each code and for the batch.
    const size_t codes = batch.events()[0].codes.size();
    EXPECT_LE(rows_of(batch), 64 + 8 * codes + weight_of(batch) * 2 / limits::kPairWeight)
        << event.step;
  }
}

}  // namespace
}  // namespace suyuan
