// The scrub finds what RocksDB's checksums cannot, and reads no faster than its pace.
#include "node/upkeep/scrub.h"

#include <gtest/gtest.h>

#include <chrono>
#include <future>

#include "ledger/store/schema.h"
#include "tests/unit/node/sealed_ledger.h"

namespace suyuan {
namespace {

using testing::SealedLedger;

struct FirstPass {
  std::chrono::duration<double> took{0};
  double bytes = 0;
  double faults = 0;
  std::vector<std::string> damages;
};

double value_of(const std::vector<prometheus::MetricFamily>& families, const std::string& name) {
  for (const auto& one : families) {
    if (one.name == name) return one.metric.at(0).counter.value;
  }
  ADD_FAILURE() << "no metric " << name;
  return 0;
}

class ScrubTest : public SealedLedger {
 protected:
  ScrubTest() {
    for (int i = 0; i < 5; ++i) grow();
    seal();
    store_ = open_rocks({.path = folder / "store", .create = true}).value();
    Changes rows;
    for (size_t i = 0; i < kTableCount; ++i) {
      const auto table = static_cast<Table>(i);
      EXPECT_TRUE(ledger.state().scan(table, {}, {}, Direction::ascending,
                                      [&](BytesView key, BytesView value) {
                                        rows.push_back({table, Bytes(key), Bytes(value)});
                                        return true;
                                      }));
    }
    EXPECT_TRUE(store_->commit(rows));
  }

  // Writes another payload in the place of an event, as an attacker or a faulty program would.
  // Every checksum of the store is right.
  void rewrite_payload(Place place) {
    const auto row = store_->latest().get(Table::payload, place_key(place));
    ASSERT_TRUE(row && *row);
    auto stored = decode<StoredPayload>(**row);
    ASSERT_TRUE(stored);
    stored->bytes.back() = static_cast<char>(stored->bytes.back() ^ 1);
    ASSERT_TRUE(store_->commit({{Table::payload, place_key(place), encode(*stored)}}));
    ASSERT_TRUE(store_->flush());
    ASSERT_TRUE(store_->verify_checksums());
  }

  // Runs a scrub to the end of its first pass, when it asks for the time; the pass after that does
  // not begin before all is read here.
  FirstPass first_pass(uint64_t bytes_per_second) const {
    using Steady = std::chrono::steady_clock;
    FirstPass pass;
    std::promise<Steady::time_point> ended;
    std::promise<void> is_read;
    bool first = true;
    const auto begun = Steady::now();
    const Scrub scrub(
        {.store = *store_,
         .clock = [&]() -> int64_t {
           if (first) {
             first = false;
             ended.set_value(Steady::now());
             is_read.get_future().wait();
           }
           return 1;
         },
         .on_damage = [&](const Error& error) {
           if (first) pass.damages.push_back(error.message);
         }},
        {.bytes_per_second = bytes_per_second, .pause = std::chrono::seconds(0)});
    pass.took = ended.get_future().get() - begun;
    pass.bytes = value_of(scrub.families(), "suyuan_scrub_bytes_total");
    pass.faults = value_of(scrub.families(), "suyuan_scrub_faults_total");
    is_read.set_value();
    return pass;
  }

  std::unique_ptr<RocksStore> store_;
};

constexpr uint64_t kFast = uint64_t{1} << 40;

TEST_F(ScrubTest, FindsAPayloadThatIsNotTheRecordsAtItsLeaf) {
  const FirstPass whole = first_pass(kFast);
  EXPECT_EQ(whole.faults, 0) << whole.damages.at(0);
  const uint64_t leaf = ledger.head().leaves - 2;  // the last before the seal
  rewrite_payload({.leaf = leaf, .event = 0});
  const FirstPass damaged = first_pass(kFast);
  EXPECT_EQ(damaged.faults, 1);
  ASSERT_EQ(damaged.damages.size(), 1U);
  EXPECT_TRUE(damaged.damages[0].starts_with("the events of leaf " + std::to_string(leaf) + ":"))
      << damaged.damages[0];
}

TEST_F(ScrubTest, CountsWhatItReadsAndKeepsToItsPace) {
  const FirstPass fast = first_pass(kFast);
  ASSERT_GT(fast.bytes, 0);
  const auto rate = static_cast<uint64_t>(fast.bytes * 5);
  const FirstPass slow = first_pass(rate);
  EXPECT_EQ(slow.bytes, fast.bytes);
  // A fifth of a second. Only the least time is promised.
  EXPECT_GE(slow.took.count(), slow.bytes / static_cast<double>(rate));
  ASSERT_TRUE(store_->flush());  // until now there were no table files
  EXPECT_GT(first_pass(kFast).bytes, fast.bytes);
}

}  // namespace
}  // namespace suyuan
