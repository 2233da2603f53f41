// What a filter remembers has a bound, however much one answer looks at.
#include "node/access/viewer.h"

#include <gtest/gtest.h>

#include "proto/event_codec.h"
#include "proto/registry_codec.h"
#include "tests/support/ledger_builder.h"

namespace suyuan {
namespace {

// Counts how often a leaf is read, which each look-up begins with.
class CountingReader final : public Reader {
 public:
  explicit CountingReader(const Reader& inner) : inner_(inner) {}
  Result<std::optional<Bytes>> get(Table table, BytesView key) const override {
    if (table == Table::leaf) ++leaves;
    return inner_.get(table, key);
  }
  Result<Done> scan(Table table, BytesView from, BytesView to, Direction direction,
                    const RowVisitor& visit) const override {
    return inner_.scan(table, from, to, direction, visit);
  }

  mutable size_t leaves = 0;

 private:
  const Reader& inner_;
};

class ViewerFilterTest : public ::testing::Test {
 protected:
  ViewerFilterTest() {
    builder_.encode_with([](const EventValue& value) {
      const auto* act = std::get_if<RegistryEvent>(&value);
      return act != nullptr ? encode_registry(*act) : encode_event(std::get<TraceEvent>(value));
    });
    builder_.party("maker", {Role::manufacturer});
    builder_.party("shop", {Role::seller});
    builder_.product("09521104301011", "maker");
    auto event = testing::commission("08:00", {"sgtin:09521104301011:A1"});
    event.audience = EventAudience::partner;
    place_ = {.leaf = builder_.accept("maker", event).leaf, .event = 0};
  }

  testing::LedgerBuilder builder_;
  CountingReader reader_{builder_.state()};
  Place place_;  // of an event that is for the maker's partners
};

TEST_F(ViewerFilterTest, ForgetsAllAtItsBoundAndAnswersTheSameAgain) {
  Opened opened;
  const Viewer own{.party = "maker", .opened = &opened};
  const Viewer other{.party = "shop"};
  for (const auto& [viewer, sees] : {std::pair{own, true}, std::pair{other, false}}) {
    const ViewerFilter filter(reader_, viewer);
    reader_.leaves = 0;
    EXPECT_EQ(filter.sees(place_), sees);
    const auto ask_others = [&](uint64_t from, size_t count) {
      for (uint64_t i = from; i < from + count; ++i) {
        EXPECT_FALSE(filter.sees({.leaf = 1'000'000 + i, .event = 0}));
      }
    };
    ask_others(0, ViewerFilter::kSeenMax - 1);
    EXPECT_EQ(filter.sees(place_), sees);
    EXPECT_EQ(reader_.leaves, ViewerFilter::kSeenMax) << "each once";
    ask_others(ViewerFilter::kSeenMax, 1);
    EXPECT_EQ(filter.sees(place_), sees);
    EXPECT_EQ(reader_.leaves, ViewerFilter::kSeenMax + 2) << "forgotten, and looked up again";
  }
  EXPECT_EQ(opened.places, std::set<Place>{place_}) << "recorded once";
  EXPECT_FALSE(opened.more);
}

}  // namespace
}  // namespace suyuan
