// A code's own chain, an event's findings.
#include <gtest/gtest.h>

#include "tests/unit/provenance/fact_builder.h"

namespace suyuan {
namespace {

using namespace testing;

MemoryStore chain_of_three() {
  MemoryStore store;
  const Hash key = code_key(can("1"));
  Changes changes;
  for (uint64_t n = 1; n <= 3; ++n) {
    changes.push_back({Table::chain, chain_key(key, n), encode(StoredLink{{n * 10, 0}, {}})});
  }
  EXPECT_TRUE(store.commit(changes));
  return store;
}

TEST(Chain, RefusesACodeThatHasNone) {
  MemoryStore store;
  EXPECT_EQ(chain_of(store.latest(), can("1"), 1, 9, {}).error().code, Code::NOT_FOUND);
}

TEST(Chain, GivesOnePageInLogOrder) {
  const auto store = chain_of_three();
  const auto page = chain_of(store.latest(), can("1"), 2, 1, {});
  ASSERT_EQ(page->size(), 1u);
  EXPECT_EQ(page->at(0).n, 2u);
  EXPECT_EQ(page->at(0).link.place, (Place{20, 0}));
  EXPECT_EQ(chain_of(store.latest(), can("1"), 1, 9, {})->size(), 3u);
  EXPECT_TRUE(chain_of(store.latest(), can("1"), 4, 9, {})->empty());
}

TEST(Chain, EndsWhereTheLogDidThen) {
  const auto store = chain_of_three();
  EXPECT_EQ(chain_of(store.latest(), can("1"), 1, 9, {.known_at = 20})->size(), 1u);
  EXPECT_EQ(chain_of(store.latest(), can("1"), 1, 9, {.known_at = 21})->size(), 2u);
  EXPECT_EQ(chain_of(store.latest(), can("1"), 1, 9, {.known_at = 5}).error().code,
            Code::NOT_FOUND);
}

TEST(Chain, SaysThatAStoredLinkIsCorrupt) {
  MemoryStore store;
  const Hash key = code_key(can("1"));
  EXPECT_TRUE(store.commit({{Table::chain, chain_key(key, 1), "x"}}));
  EXPECT_EQ(chain_of(store.latest(), can("1"), 1, 9, {}).error().code, Code::CORRUPT);
}

TEST(Findings, AreThoseOfTheEventAlone) {
  MemoryStore store;
  Changes changes;
  for (uint32_t event = 0; event < 3; ++event) {
    const Finding finding{.flag = Flag::BACKDATED, .event = {5, event}, .reason = "late"};
    changes.push_back({Table::finding, finding_key({5, event}, 0), encode(finding)});
  }
  EXPECT_TRUE(store.commit(changes));
  const auto found = findings_at(store.latest(), {5, 1});
  ASSERT_EQ(found->size(), 1u);
  EXPECT_EQ(found->at(0).event, (Place{5, 1}));
  EXPECT_TRUE(findings_at(store.latest(), {6, 0})->empty());
}

}  // namespace
}  // namespace suyuan
