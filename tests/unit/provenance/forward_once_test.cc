// A unit that comes out of what is walked and stands below a walked lot too (bulk that is packed
// under its own lot number) is downstream once: on one page, in the total, in a recall's count.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "tests/unit/provenance/fact_builder.h"

namespace suyuan {
namespace {

using namespace testing;
using When = std::pair<int64_t, uint64_t>;  // event time, leaf

bool is_lot_code(const std::string& code) { return code.starts_with(lot("")); }

// A ledger with a list of what went into what beside it.
class TwiceToldLedger {
 public:
  void make(int64_t time_ms, const Codes& codes, const std::string& from_lot) {
    facts.at(time_ms).makes(codes, from_lot);
    note(time_ms, {from_lot}, codes);
  }
  void transform(int64_t time_ms, const Codes& inputs, const Codes& outputs,
                 const std::string& lot_of_outputs = {}) {
    facts.at(time_ms).transforms(inputs, outputs, lot_of_outputs);
    note(time_ms, inputs, outputs);
    if (!lot_of_outputs.empty()) note(time_ms, {lot_of_outputs}, outputs);
  }
  // Each code that it went into, by going through the whole list until nothing new is found.
  std::set<std::string> downstream(const std::string& code) const {
    std::map<std::string, When> since = {{code, {-1, 0}}};
    for (bool grown = true; grown;) {
      grown = false;
      for (const auto& use : uses_) {
        const auto input = since.find(use.input);
        if (input == since.end() || use.when < input->second || use.output == code) continue;
        const auto [output, is_new] = since.emplace(use.output, use.when);
        grown = grown || is_new || use.when < output->second;
        output->second = std::min(output->second, use.when);
      }
    }
    std::set<std::string> all;
    for (const auto& [made, first] : since) {
      if (made != code) all.insert(made);
    }
    return all;
  }
  FactBuilder facts;

 private:
  struct Use {
    When when;
    std::string input, output;
  };
  void note(int64_t time_ms, const Codes& inputs, const Codes& outputs) {
    for (const auto& input : inputs) {
      for (const auto& output : outputs) uses_.push_back({{time_ms, facts.leaf()}, input, output});
    }
  }
  std::vector<Use> uses_;
};

void check_pages(const Reader& reader, const std::string& code, size_t limit,
                 const Codes& all_lots, const Codes& all_units) {
  Codes lots, units;
  std::string after;
  size_t pages = 0;
  do {
    const auto page = trace_forward(reader, code, {}, after, limit);
    ASSERT_TRUE(page) << to_text(page.error());
    for (const auto& unit : page->units) units.push_back(unit.code);
    lots.insert(lots.end(), page->lots.begin(), page->lots.end());
    EXPECT_LE(page->units.size(), limit);
    EXPECT_EQ(page->units_total, units.size());
    EXPECT_LE(page->next.size(), 2817u);
    after = page->next;
  } while (!after.empty() && ++pages < 1000);
  std::sort(units.begin(), units.end());
  std::sort(lots.begin(), lots.end());
  EXPECT_EQ(units, all_units);
  EXPECT_EQ(lots, all_lots);
  EXPECT_EQ(pages, all_units.empty() ? 0 : (all_units.size() - 1) / limit);
}

void check(TwiceToldLedger& ledger, const std::string& code) {
  SCOPED_TRACE(code);
  Codes lots, units;
  for (const auto& made : ledger.downstream(code)) {
    (is_lot_code(made) ? lots : units).push_back(made);
  }
  const Reader& reader = ledger.facts.reader();
  for (size_t limit = 1; limit <= units.size() + 1; ++limit) {
    SCOPED_TRACE("page of " + std::to_string(limit));
    check_pages(reader, code, limit, lots, units);
    if (::testing::Test::HasFailure()) return;
  }
  const auto recall = recall_list(reader, code, {});
  ASSERT_TRUE(recall) << to_text(recall.error());
  const uint64_t itself = is_lot_code(code) ? 0 : 1;
  uint64_t grouped = 0;
  for (const auto& group : recall->groups) grouped += group.units;
  EXPECT_EQ(recall->units_total, units.size() + itself);
  EXPECT_EQ(grouped, recall->units_total);
  EXPECT_EQ(recall->lots, lots);
}

TEST(ForwardOnce, BulkPackedUnderItsOwnLotNumber) {
  for (const int cans : {5, 120}) {  // 120: more than a page token holds
    TwiceToldLedger ledger;
    ledger.transform(10, {lot("milk")}, {lot("bulk")});
    Codes outputs = {box("keg")};
    for (int i = 0; i < cans; ++i) outputs.push_back(can(std::to_string(i)));
    ledger.transform(20, {lot("bulk")}, outputs, lot("bulk"));
    ledger.transform(30, {can("1"), can("3")}, {can("of-two")});
    ledger.make(40, {can("late")}, lot("bulk"));
    check(ledger, lot("milk"));
    check(ledger, lot("bulk"));
    check(ledger, can("1"));
  }
}

// The lot of the outputs is reached on another way than the input, before it or after it.
TEST(ForwardOnce, ALotThatIsNotTheInput) {
  for (const int64_t other : {5, 15, 20}) {
    TwiceToldLedger ledger;
    ledger.transform(10, {lot("milk")}, {lot("bulk")});
    ledger.transform(other, {lot("milk")}, {lot("packed")});
    ledger.transform(20, {lot("bulk")}, {can("1"), can("2"), can("3"), box("keg")}, lot("packed"));
    ledger.transform(30, {can("2"), box("keg")}, {can("4")});
    check(ledger, lot("milk"));
    check(ledger, lot("bulk"));
    check(ledger, lot("packed"));
  }
}

// Below two lots, and the later of the two is read first: what it was used for between counts.
TEST(ForwardOnce, AKegIsFollowedFromItsFirstFilling) {
  TwiceToldLedger ledger;
  ledger.transform(5, {lot("x")}, {lot("a")});
  ledger.transform(6, {lot("x")}, {lot("b")});
  ledger.make(100, {box("keg")}, lot("a"));
  ledger.make(30, {box("keg")}, lot("b"));
  ledger.transform(50, {box("keg")}, {can("1")});
  check(ledger, lot("x"));
}

TEST(ForwardOnce, AKegThatCameOutBeforeItWasFilledAndOneAfter) {
  TwiceToldLedger ledger;
  ledger.transform(10, {lot("milk")}, {box("before")});
  ledger.transform(15, {lot("milk")}, {lot("bulk")});
  ledger.make(40, {box("before"), box("after")}, lot("bulk"));
  ledger.transform(30, {lot("bulk")}, {box("after")});
  ledger.transform(35, {box("after")}, {can("1")});  // before it was filled, and downstream
  check(ledger, lot("milk"));
  check(ledger, lot("bulk"));
}

TEST(ForwardOnce, OnRandomLedgers) {
  for (uint64_t seed = 1; seed <= 150; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937_64 random(seed);
    auto below = [&](uint64_t bound) { return random() % bound; };
    int cans = 0;  // a can comes into being once, a keg as often as it is filled
    auto a_lot = [&] { return lot(std::to_string(below(4))); };
    auto a_keg = [&] { return box(std::to_string(below(2))); };
    TwiceToldLedger ledger;
    for (int step = 0; step < 14; ++step) {
      const auto time_ms = static_cast<int64_t>(below(8));
      Codes made;
      for (uint64_t i = below(3); i > 0; --i) made.push_back(can(std::to_string(cans++)));
      if (made.empty() || below(3) == 0) made.push_back(a_keg());
      const std::string in = a_lot();
      if (below(3) == 0) {
        ledger.make(time_ms, made, in);
        continue;
      }
      const std::string of = below(3) == 0 ? "" : below(2) == 0 ? in : a_lot();
      if (const auto out = a_lot(); out != in && out != of) made.push_back(out);
      Codes inputs = {in};
      if (cans > 0) inputs.push_back(can(std::to_string(below(static_cast<uint64_t>(cans)))));
      if (below(2) == 0) inputs.push_back(a_keg());
      std::erase_if(inputs, [&](const std::string& code) {
        return std::find(made.begin(), made.end(), code) != made.end();
      });
      ledger.transform(time_ms, inputs, made, of);
    }
    for (int i = 0; i < 4; ++i) {
      const auto asked = lot(std::to_string(i));
      if (state_of(ledger.facts.reader(), asked, {})) check(ledger, asked);
    }
    if (cans > 0) check(ledger, can("0"));
    if (HasFailure()) return;
  }
}

}  // namespace
}  // namespace suyuan
