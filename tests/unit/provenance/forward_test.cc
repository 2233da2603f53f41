// Trace forward and recall: every unit downstream, once, with who holds it and who must be told.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "ledger/batch/note.h"
#include "ledger/registry/genesis.h"
#include "tests/unit/provenance/fact_builder.h"

namespace suyuan {
namespace {

using namespace testing;

Forward forward(FactBuilder& ledger, const std::string& code, const AsOf& as_of = {}) {
  auto found = trace_forward(ledger.reader(), code, as_of, {}, 1000);
  EXPECT_TRUE(found) << to_text(found.error());
  return found ? *std::move(found) : Forward{};
}
Codes units(const Forward& forward) {
  Codes codes;
  for (const auto& unit : forward.units) codes.push_back(unit.code);
  return codes;
}
Recall recall(FactBuilder& ledger, const std::string& code, const AsOf& as_of = {}) {
  auto found = recall_list(ledger.reader(), code, as_of);
  EXPECT_TRUE(found) << to_text(found.error());
  return found ? *std::move(found) : Recall{};
}
uint64_t units_of(const Recall& recall, std::string_view custodian, std::string_view disposition) {
  for (const auto& group : recall.groups) {
    if (group.custodian == custodian && group.disposition == disposition) return group.units;
  }
  return 0;
}

TEST(TraceForward, RefusesACodeThatNoEventNames) {
  FactBuilder ledger;
  EXPECT_EQ(trace_forward(ledger.reader(), lot("L"), {}, {}, 9).error().code, Code::NOT_FOUND);
  EXPECT_EQ(recall_list(ledger.reader(), lot("L"), {}).error().code, Code::NOT_FOUND);
}

TEST(TraceForward, FollowsLotsToTheirUnits) {
  FactBuilder ledger;
  ledger.at(10).makes({lot("milk")});
  ledger.at(20).transforms({lot("milk")}, {lot("powder")});
  ledger.at(30).transforms({lot("powder")}, {lot("L"), can("out")});
  ledger.at(40).makes({can("1"), can("2")}, lot("L"));
  const auto found = forward(ledger, lot("milk"));
  EXPECT_EQ(found.lots, (Codes{lot("L"), lot("powder")}));
  EXPECT_EQ(units(found), (Codes{can("1"), can("2"), can("out")}));
  EXPECT_EQ(found.units_total, 3u);
  EXPECT_EQ(found.units[0].lot, lot("L"));
  EXPECT_EQ(found.units[2].lot, "");
  EXPECT_TRUE(found.units[0].state.exists);
}

TEST(TraceForward, LeavesOutWhatWasMadeBeforeTheThingWentIn) {
  FactBuilder ledger;
  ledger.at(10).transforms({lot("old")}, {lot("L")});
  ledger.at(20).makes({can("1")}, lot("L"));
  ledger.at(30).transforms({lot("new")}, {lot("L")});
  ledger.at(40).makes({can("2")}, lot("L"));
  EXPECT_EQ(units(forward(ledger, lot("new"))), Codes{can("2")});
  EXPECT_EQ(units(forward(ledger, lot("old"))), (Codes{can("1"), can("2")}));
  EXPECT_EQ(units(forward(ledger, lot("old"), {.at_ms = 35})), Codes{can("1")});
}

TEST(TraceForward, FollowsUnitsThatWereUsedFurther) {
  FactBuilder ledger;
  ledger.at(10).makes({can("cell")}, lot("cells"));
  ledger.at(20).transforms({can("cell")}, {can("pack")});
  ledger.at(30).transforms({can("pack")}, {lot("scrap")});
  const auto found = forward(ledger, lot("cells"));
  EXPECT_EQ(units(found), (Codes{can("cell"), can("pack")}));
  EXPECT_EQ(found.lots, Codes{lot("scrap")});
  EXPECT_EQ(units(forward(ledger, can("cell"))), Codes{can("pack")});
}

TEST(TraceForward, CountsAThingReachedOnManyWaysOnce) {
  FactBuilder ledger;
  ledger.at(10).transforms({lot("x")}, {lot("a"), lot("b")});
  ledger.at(20).transforms({lot("a"), lot("b")}, {lot("c"), can("1")});
  ledger.at(30).makes({box("keg")}, lot("c"));
  ledger.at(40).makes({box("keg")}, lot("c"));  // filled again
  const auto found = forward(ledger, lot("x"));
  EXPECT_EQ(found.lots, (Codes{lot("a"), lot("b"), lot("c")}));
  EXPECT_EQ(found.units_total, 2u);
}

struct Paged {
  Codes units;
  Codes lots;
  size_t pages = 0;
  size_t longest_token = 0;
};
Paged paged(const Reader& reader, const std::string& code, size_t limit) {
  Paged all;
  std::string after;
  do {
    const auto page = trace_forward(reader, code, {}, after, limit);
    if (!page) {
      ADD_FAILURE() << to_text(page.error());
      return all;
    }
    EXPECT_LE(page->units.size(), limit);
    for (const auto& unit : page->units) all.units.push_back(unit.code);
    all.lots.insert(all.lots.end(), page->lots.begin(), page->lots.end());
    EXPECT_EQ(page->units_total, all.units.size());
    after = page->next;
    all.longest_token = std::max(all.longest_token, after.size());
    ++all.pages;
  } while (!after.empty());
  std::sort(all.units.begin(), all.units.end());
  std::sort(all.lots.begin(), all.lots.end());
  return all;
}

TEST(TraceForward, PagesWithoutAGapOrARepeat) {
  FactBuilder ledger;
  ledger.at(10);
  for (int i = 0; i < 23; ++i) ledger.makes({can(std::to_string(i * 7 % 23))}, lot("L"));
  const auto all = units(forward(ledger, lot("L")));
  EXPECT_EQ(all.size(), 23u);
  for (size_t limit = 1; limit < 25; ++limit) {
    const auto found = paged(ledger.reader(), lot("L"), limit);
    EXPECT_EQ(found.units, all) << limit;
    EXPECT_EQ(found.pages, (23 + limit - 1) / limit) << limit;
  }
}

// Lots, units that are used further, kegs that come back: whatever a walk remembers.
TEST(TraceForward, GoesOnFromPageToPageOnEveryWay) {
  FactBuilder ledger;
  ledger.at(10).transforms({lot("x")}, {lot("a"), lot("b"), can("direct")});
  ledger.at(20).transforms({lot("a"), lot("b")}, {lot("c"), can("1")});
  ledger.at(30).makes({box("keg")}, lot("c"));
  ledger.at(35).makes({can("2"), can("3"), can("4")}, lot("c"));
  ledger.at(40).makes({box("keg")}, lot("c"));  // filled again
  ledger.at(50).transforms({can("2"), can("4")}, {lot("d")});
  ledger.at(60).makes({can("5"), can("6")}, lot("d"));
  ledger.at(70).transforms({can("6")}, {can("7")});
  const auto all = forward(ledger, lot("x"));
  EXPECT_EQ(all.lots, (Codes{lot("a"), lot("b"), lot("c"), lot("d")}));
  EXPECT_EQ(all.units_total, 9u);
  for (size_t limit = 1; limit < 10; ++limit) {
    const auto found = paged(ledger.reader(), lot("x"), limit);
    EXPECT_EQ(found.units, units(all)) << limit;
    EXPECT_EQ(found.lots, all.lots) << limit;
  }
}

// More than a token holds: the way is walked again, and its answers are the same.
TEST(TraceForward, PagesOnWaysTooWideForAToken) {
  constexpr int kLots = 150;
  FactBuilder ledger;
  for (int i = 0; i < kLots; ++i) {
    const std::string number = std::to_string(i);
    ledger.at(10).transforms({lot("x")}, {lot("l" + number)});
    ledger.at(1000 + i).makes({can(number)}, lot("l" + number));
  }
  const auto all = forward(ledger, lot("x"));
  EXPECT_EQ(all.units_total, uint64_t{kLots});
  for (const size_t limit : {size_t{1}, size_t{7}, size_t{100}, size_t{149}}) {
    const auto found = paged(ledger.reader(), lot("x"), limit);
    EXPECT_EQ(found.units, units(all)) << limit;
    EXPECT_EQ(found.lots, all.lots) << limit;
    EXPECT_LE(found.longest_token, 2817u);
  }
}

TEST(TraceForward, RefusesWhatIsNoPageToken) {
  FactBuilder ledger;
  ledger.at(10);
  for (int i = 0; i < 5; ++i) ledger.makes({can(std::to_string(i))}, lot("L"));
  const auto first = trace_forward(ledger.reader(), lot("L"), {}, {}, 2);
  ASSERT_TRUE(first);
  ASSERT_FALSE(first->next.empty());
  for (size_t size = 1; size < first->next.size(); ++size) {
    const auto cut = first->next.substr(0, size);
    const auto page = trace_forward(ledger.reader(), lot("L"), {}, cut, 2);
    ASSERT_FALSE(page) << size;
    EXPECT_EQ(page.error().code, Code::PAGE_TOKEN_INVALID) << size;
  }
  for (const std::string& after : {can("1"), first->next + "0", std::string("\x03")}) {
    EXPECT_EQ(trace_forward(ledger.reader(), lot("L"), {}, after, 2).error().code,
              Code::PAGE_TOKEN_INVALID);
  }
}

// Counts the rows that are read.
class CountingReader final : public Reader {
 public:
  explicit CountingReader(const Reader& beneath) : beneath_(beneath) {}
  Result<std::optional<Bytes>> get(Table table, BytesView key) const override {
    ++rows;
    return beneath_.get(table, key);
  }
  Result<Done> scan(Table table, BytesView from, BytesView to, Direction direction,
                    const RowVisitor& visit) const override {
    return beneath_.scan(table, from, to, direction, [&](BytesView key, BytesView value) {
      ++rows;
      return visit(key, value);
    });
  }
  mutable size_t rows = 0;

 private:
  const Reader& beneath_;
};

TEST(TraceForward, APageCostsWhatItHoldsWhereverItIs) {
  constexpr int kUnits = 5'000;
  FactBuilder ledger;
  ledger.at(10);  // all at one time, as where only days are written
  for (int i = 0; i < kUnits; ++i) ledger.makes({can(std::to_string(i))}, lot("L"));
  std::string after;
  size_t pages = 0;
  do {
    const CountingReader reader(ledger.reader());
    const auto page = trace_forward(reader, lot("L"), {}, after, 100);
    ASSERT_TRUE(page) << to_text(page.error());
    EXPECT_LT(reader.rows, 2000u) << pages;
    after = page->next;
  } while (!after.empty() && ++pages < 1000);
  EXPECT_EQ(pages, size_t{kUnits / 100 - 1});
}

// Notes the codes whose facts are read, each time that another one's are.
class ReadOrder final : public Reader {
 public:
  explicit ReadOrder(const Reader& beneath) : beneath_(beneath) {}
  Result<std::optional<Bytes>> get(Table table, BytesView key) const override {
    return beneath_.get(table, key);
  }
  Result<Done> scan(Table table, BytesView from, BytesView to, Direction direction,
                    const RowVisitor& visit) const override {
    if (table == Table::fact) codes.push_back(Hash::from(from.substr(0, Hash::kSize)));
    return beneath_.scan(table, from, to, direction, visit);
  }
  mutable std::vector<Hash> codes;

 private:
  const Reader& beneath_;
};

// In a store that is larger than its cache neighbours are read once, together.
TEST(Recall, ReadsUnitsInTheOrderInWhichTheyLie) {
  constexpr int kUnits = 1000;
  FactBuilder ledger;
  std::set<Hash> keys;
  for (int i = 0; i < kUnits; ++i) {
    const auto unit = can(std::to_string(i));
    ledger.at(10 + i).makes({unit}, lot("L"));
    keys.insert(code_key(unit));
  }
  ReadOrder reader(ledger.reader());
  ASSERT_TRUE(recall_list(reader, lot("L"), {}));
  std::vector<Hash> read;
  for (const Hash& code : reader.codes) {
    if (keys.contains(code)) read.push_back(code);
  }
  EXPECT_EQ(read, std::vector<Hash>(keys.begin(), keys.end())) << "each once, ascending";
}

TEST(TraceForward, EndsOnACycle) {
  FactBuilder ledger;
  ledger.at(10).transforms({lot("a")}, {lot("b")});
  ledger.at(20).transforms({lot("b")}, {lot("a")});
  ledger.at(30).transforms({lot("a")}, {lot("b")});
  EXPECT_EQ(forward(ledger, lot("a")).lots, Codes{lot("b")});
}

TEST(TraceForward, DoesNotFollowAWithdrawnUse) {
  FactBuilder ledger;
  ledger.at(10).transforms({lot("a")}, {lot("b")});
  ledger.withdraws(1);
  EXPECT_TRUE(forward(ledger, lot("a")).lots.empty());
}

TEST(Recall, GroupsByHolderAndDisposition) {
  FactBuilder ledger;
  ledger.at(10).makes({can("1"), can("2"), can("3"), can("4")}, lot("L"));
  ledger.at(11).hands_to("bond", {can("1"), can("2"), can("3")});
  ledger.at(20).packs(box("case"), {can("1"), can("2")});
  ledger.at(21).packs(box("pallet"), {box("case")}).sets("available", {box("pallet")});
  ledger.at(22).ends(can("3"));
  ledger.at(30).transforms({can("4")}, {lot("mix")}).ends(can("4"), "consumed");
  const auto found = recall(ledger, lot("L"));
  EXPECT_EQ(found.units_total, 4u);
  EXPECT_EQ(units_of(found, "bond", "available"), 2u);
  EXPECT_EQ(units_of(found, "bond", "destroying"), 1u);
  EXPECT_EQ(units_of(found, "", "consumed"), 1u);
  EXPECT_EQ(found.groups[1].examples, (Codes{can("1"), can("2")}));
  EXPECT_EQ(found.lots, Codes{lot("mix")});
  EXPECT_EQ(found.unit_lots, Codes{lot("L")});
}

TEST(Recall, KeepsTheFirstSixteenExamples) {
  FactBuilder ledger;
  ledger.at(10);
  for (int i = 40; i > 0; --i) ledger.makes({can(std::to_string(1000 + i))}, lot("L"));
  const auto found = recall(ledger, lot("L"));
  ASSERT_EQ(found.groups.size(), 1u);
  EXPECT_EQ(found.groups[0].examples.size(), 16u);
  EXPECT_EQ(found.groups[0].examples.back(), can("1016"));
}

TEST(Recall, ASingleThingIsOnItsOwnList) {
  FactBuilder ledger;
  ledger.at(10).makes({can("1")}, lot("L")).hands_to("bond", {can("1")});
  const auto found = recall(ledger, can("1"));
  EXPECT_EQ(found.units_total, 1u);
  EXPECT_EQ(found.unit_lots, Codes{lot("L")});
  EXPECT_EQ(units_of(found, "bond", ""), 1u);
}

// The groups must say of each unit what state_of says of it.
TEST(Recall, AgreesWithTheStateOfEachUnit) {
  FactBuilder ledger;
  ledger.at(10).makes({can("1"), can("2")}, lot("L")).hands_to("mfr", {can("1"), can("2")});
  ledger.at(20).packs(box("a"), {can("1"), can("2")}).hands_to("carrier", {box("a")});
  ledger.at(30).unpacks(box("a"), {can("1")});
  ledger.at(40).hands_to("bond", {box("a")}).sets("available", {box("a")});
  ledger.at(50).packs(box("b"), {can("1")}).sets("reserved", {box("b")});
  const auto found = recall(ledger, lot("L"));
  for (const char* serial : {"1", "2"}) {
    const auto state = state_of(ledger.reader(), can(serial), {});
    EXPECT_EQ(units_of(found, state->custodian, state->disposition), 1u) << serial;
  }
  EXPECT_EQ(units_of(found, "carrier", "reserved"), 1u);
  EXPECT_EQ(units_of(found, "bond", "available"), 1u);
}

// More than is kept of what is read ahead: the rest is read one by one.
TEST(Recall, OfUnitsWithLongStories) {
  constexpr int kUnits = 3000, kMentions = 110;
  FactBuilder ledger;
  Codes units;
  for (int i = 0; i < kUnits; ++i) units.push_back(can(std::to_string(i)));
  ledger.at(10).makes(units, lot("L"));
  for (int i = 0; i < kMentions; ++i) ledger.at(20 + i).names(units);
  ledger.at(500).hands_to("bond", Codes(units.begin(), units.begin() + 1000));
  ledger.at(501).hands_to("shop", Codes(units.begin() + 1000, units.end()));
  const auto found = recall(ledger, lot("L"));
  EXPECT_EQ(units_of(found, "bond", ""), 1000u);
  EXPECT_EQ(units_of(found, "shop", ""), 2000u);
}

// A hundred thousand cans in 1,000 cases on 10 pallets.
TEST(Recall, OfAHundredThousandUnits) {
  constexpr int kCases = 1000, kCans = 100;
  FactBuilder ledger;
  ledger.at(5).transforms({lot("milk")}, {lot("L")});
  Codes last;
  for (int i = 0; i < kCases; ++i) {
    Codes cans;
    for (int k = 0; k < kCans; ++k) cans.push_back(can(std::to_string(i * kCans + k)));
    ledger.at(10 + i).makes(cans, lot("L")).also().packs(box("c" + std::to_string(i)), cans);
    ledger.at(5000 + i).packs(box("p" + std::to_string(i / 100)), {box("c" + std::to_string(i))});
    last = std::move(cans);
  }
  ledger.at(8000).hands_to("bond", {box("p0"), box("p1")}).sets("available", {box("p0")});
  const auto found = recall(ledger, lot("milk"));
  EXPECT_EQ(found.units_total, 100'000u);
  EXPECT_EQ(units_of(found, "bond", "available"), 10'000u);
  EXPECT_EQ(units_of(found, "bond", ""), 10'000u);
  EXPECT_EQ(units_of(found, "", ""), 80'000u);
  const auto page = trace_forward(ledger.reader(), lot("milk"), {}, {}, 10);
  EXPECT_EQ(page->units_total, 10u);
  EXPECT_EQ(page->units.size(), 10u);
  EXPECT_FALSE(page->next.empty());
}

}  // namespace
}  // namespace suyuan
