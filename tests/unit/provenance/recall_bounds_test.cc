// What a walk forward may remember and what a list may name: bounded, and whole below the bound.
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>

#include "ledger/base/limits.h"
#include "ledger/provenance/recall_memory.h"
#include "ledger/provenance/walk_place.h"
#include "tests/unit/provenance/fact_builder.h"

namespace suyuan {
namespace {

using namespace testing;

constexpr size_t kMiB = size_t{1} << 20;

template <class T>
std::optional<Code> refusal(const Result<T>& result) {
  if (result) return std::nullopt;
  return result.error().code;
}

std::string number(const char* stem, int i) { return stem + std::to_string(100'000 + i); }

// One lot, "from", divided into so many.
Codes divide(FactBuilder& ledger, const std::string& from, int lots) {
  Codes all;
  for (int i = 0; i < lots; ++i) all.push_back(lot(number(from.c_str(), i)));
  ledger.at(10).transforms({lot(from)}, all);
  return all;
}

TEST(RecallBounds, HaveRoomForAMillionUnitsThatAreAllUsedFurther) {
  const std::string code = can("ABCDEFGHIJKLMNOPQRST");  // no serial is longer
  WalkPlace place;
  place.add({.made = {.code = code, .key = code_key(code), .lot = {}, .from = {}},
             .visited = true});
  place.seen_units.insert(WalkPlace::mark_of(code_key(code)));
  RecallMemory memory;
  const size_t together = RecallShare(memory).for_units();
  EXPECT_LT(limits::kRecallUnitsMax * place.bytes() + together, limits::kRecallBytesMax);
}

TEST(RecallBounds, RefusesAWayThatIsTooWide) {
  FactBuilder ledger;
  const auto lots = divide(ledger, "x", 5000);
  RecallMemory small(kMiB);
  const auto page = trace_forward(ledger.reader(), lot("x"), {}, {}, 10, &small);
  EXPECT_EQ(refusal(page), Code::TOO_COMPLEX);
  EXPECT_EQ(refusal(recall_list(ledger.reader(), lot("x"), {}, &small)), Code::TOO_COMPLEX);
  EXPECT_EQ(small.bytes(), 0u) << "what is refused holds nothing";

  RecallMemory enough(4 * kMiB);
  const auto whole = recall_list(ledger.reader(), lot("x"), {}, &enough);
  ASSERT_TRUE(whole) << to_text(whole.error());
  EXPECT_EQ(whole->lots, lots);
  EXPECT_EQ(enough.bytes(), 0u);
}

// Units that are used further are remembered too.
TEST(RecallBounds, RefusesTooManyUsedUnits) {
  constexpr int kCells = 5000;
  FactBuilder ledger;
  Codes cells;
  for (int i = 0; i < kCells; ++i) cells.push_back(can(number("c", i)));
  ledger.at(10).makes(cells, lot("cells"));
  for (int i = 0; i < kCells; i += 10) {
    ledger.at(20 + i).transforms(Codes(cells.begin() + i, cells.begin() + i + 10),
                                 {can(number("p", i))});
  }
  RecallMemory small(kMiB);
  EXPECT_EQ(refusal(recall_list(ledger.reader(), lot("cells"), {}, &small)), Code::TOO_COMPLEX);
  RecallMemory enough(2 * kMiB);
  const auto whole = recall_list(ledger.reader(), lot("cells"), {}, &enough);
  ASSERT_TRUE(whole) << to_text(whole.error());
  EXPECT_EQ(whole->units_total, uint64_t{kCells + kCells / 10});
}

// 200 lots into 200: 40,000 ways to 400 things.
TEST(RecallBounds, RemembersAThingOnceHoweverManyWaysLeadToIt) {
  FactBuilder ledger;
  const auto first = divide(ledger, "a", 200);
  Codes second;
  for (int i = 0; i < 200; ++i) second.push_back(lot(number("b", i)));
  ledger.at(20).transforms(first, second);
  RecallMemory memory(kMiB);
  const auto whole = recall_list(ledger.reader(), lot("a"), {}, &memory);
  ASSERT_TRUE(whole) << to_text(whole.error());
  EXPECT_EQ(whole->lots.size(), 400u);
}

TEST(RecallBounds, LargeRecallsShareOneMemoryAndSmallOnesNeedNone) {
  FactBuilder ledger;
  divide(ledger, "large", 2000);
  divide(ledger, "small", 20);
  RecallMemory memory(kMiB);
  ASSERT_TRUE(memory.take(0, kMiB)) << "another recall";
  EXPECT_EQ(refusal(recall_list(ledger.reader(), lot("large"), {}, &memory)), Code::BUSY);
  EXPECT_EQ(refusal(trace_forward(ledger.reader(), lot("large"), {}, {}, 10, &memory)), Code::BUSY);
  EXPECT_TRUE(recall_list(ledger.reader(), lot("small"), {}, &memory));
  memory.give_back(kMiB);
  EXPECT_TRUE(recall_list(ledger.reader(), lot("large"), {}, &memory));
  EXPECT_EQ(memory.bytes(), 0u);
}

TEST(RecallBounds, UnitsReadTogetherLeaveOtherWalksWhatTheyRemember) {
  RecallMemory memory(64 * kMiB);
  std::vector<std::unique_ptr<RecallShare>> lists;
  const auto start = [&] { lists.push_back(std::make_unique<RecallShare>(memory)); };
  start();
  EXPECT_FALSE(lists[0]->hold_with_units(13 * kMiB, 13 * kMiB)) << "a fifth is for units";
  EXPECT_EQ(memory.bytes(), 0u);
  for (size_t i = 0; i < 3; ++i) {
    EXPECT_TRUE(lists[i]->hold_with_units(12 * kMiB, 12 * kMiB)) << i;
    start();
  }
  EXPECT_FALSE(lists[3]->hold_with_units(12 * kMiB, 12 * kMiB)) << "others hold half";
  EXPECT_TRUE(lists[3]->hold_with_units(kMiB, kMiB)) << "a few are not counted";
  EXPECT_TRUE(lists[0]->hold_with_units(12 * kMiB, kMiB)) << "it has this already";
  EXPECT_EQ(memory.bytes(), 36 * kMiB);
  EXPECT_TRUE(lists[3]->hold(28 * kMiB)) << "what it remembers";
  EXPECT_EQ(memory.bytes(), 64 * kMiB);
  lists.erase(lists.begin(), lists.begin() + 3);
  EXPECT_TRUE(lists[0]->hold_with_units(50 * kMiB, 12 * kMiB)) << "what it holds itself";
  lists.clear();
  EXPECT_EQ(memory.bytes(), 0u);
}

TEST(RecallBounds, AListIsWholeAlsoWhereItsUnitsFindNoMemory) {
  constexpr int kUnits = 2000;
  FactBuilder ledger;
  Codes units;
  for (int i = 0; i < kUnits; ++i) units.push_back(can(number("u", i)));
  ledger.at(10).makes(units, lot("L"));
  RecallMemory memory(kMiB);
  ASSERT_TRUE(memory.take(0, kMiB / 2)) << "another recall";
  const auto whole = recall_list(ledger.reader(), lot("L"), {}, &memory);
  ASSERT_TRUE(whole) << to_text(whole.error());
  EXPECT_EQ(whole->units_total, uint64_t{kUnits});
  EXPECT_EQ(memory.bytes(), kMiB / 2);
}

// However many lots there are, a page of forward has a bound, and all pages have all of them.
TEST(RecallBounds, APageOfForwardNamesAThousandLots) {
  FactBuilder ledger;
  const auto lots = divide(ledger, "x", 2500);
  for (int i = 0; i < 2500; i += 100) {
    ledger.at(1000 + i).makes({can(number("u", i))}, lots[static_cast<size_t>(i)]);
  }
  for (const size_t limit : {size_t{1}, size_t{4}, size_t{1000}}) {
    Codes found, units;
    std::string after;
    size_t pages = 0;
    do {
      const auto page = trace_forward(ledger.reader(), lot("x"), {}, after, limit);
      ASSERT_TRUE(page) << to_text(page.error());
      EXPECT_LE(page->lots.size(), limits::kPageMax);
      found.insert(found.end(), page->lots.begin(), page->lots.end());
      for (const auto& unit : page->units) units.push_back(unit.code);
      EXPECT_EQ(page->units_total, units.size());
      after = page->next;
    } while (!after.empty() && ++pages < 100);
    std::sort(found.begin(), found.end());
    EXPECT_EQ(found, lots) << limit;
    EXPECT_EQ(units.size(), 25u) << limit;
  }
}

TEST(RecallBounds, RefusesAListWhoseTextsAreNoAnswer) {
  constexpr int kUnits = 4000;
  const std::string long_word(4000, 'w');
  FactBuilder ledger;
  for (int i = 0; i < kUnits; ++i) {
    const std::string unit = can(std::to_string(i));
    ledger.at(10 + i).makes({unit}, lot("L"));
    ledger.also().sets(long_word + std::to_string(i), {unit});
  }
  EXPECT_EQ(refusal(recall_list(ledger.reader(), lot("L"), {})), Code::TOO_COMPLEX);
}

TEST(RecallBounds, ManyGroupsHaveFewerExamplesAndNoneIsLeftOut) {
  constexpr int kGroups = 2048, kOfGroup = 9;
  constexpr int kShown = int{limits::kRecallExamplesMax} / kGroups;
  static_assert(kShown < kOfGroup);
  FactBuilder ledger;
  for (int group = 0; group < kGroups; ++group) {
    Codes units;
    for (int i = 0; i < kOfGroup; ++i) units.push_back(can(number("u", group * kOfGroup + i)));
    std::reverse(units.begin(), units.end());
    ledger.at(10 + group).makes(units, lot("L")).hands_to(number("shop", group), units);
  }
  const auto found = recall_list(ledger.reader(), lot("L"), {});
  ASSERT_TRUE(found) << to_text(found.error());
  EXPECT_EQ(found->units_total, uint64_t{kGroups * kOfGroup});
  ASSERT_EQ(found->groups.size(), size_t{kGroups});
  for (size_t group = 0; group < found->groups.size(); ++group) {
    const auto& one = found->groups[group];
    EXPECT_EQ(one.units, uint64_t{kOfGroup});
    ASSERT_EQ(one.examples.size(), size_t{kShown});
    EXPECT_EQ(one.examples.front(), can(number("u", static_cast<int>(group) * kOfGroup)));
  }
}

}  // namespace
}  // namespace suyuan
