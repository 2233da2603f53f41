// What a recall list reads, and in which order: in a store that is larger than its cache this is
// what it costs.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "ledger/base/limits.h"
#include "ledger/provenance/forward.h"
#include "ledger/provenance/recall_memory.h"
#include "ledger/provenance/walk_place.h"
#include "ledger/store/scanner.h"
#include "tests/unit/provenance/fact_builder.h"

namespace suyuan {
namespace {

using namespace testing;

// Notes whose facts are read, scan by scan, and whether they are to be kept in the store's cache.
class NotingReader final : public Reader, public ScannerSource {
 public:
  explicit NotingReader(const Reader& beneath) : beneath_(beneath) {}
  Result<std::optional<Bytes>> get(Table table, BytesView key) const override {
    return beneath_.get(table, key);
  }
  Result<Done> scan(Table table, BytesView from, BytesView to, Direction direction,
                    const RowVisitor& visit) const override {
    return noted_scan(Rereads::likely, table, from, to, direction, visit);
  }
  std::unique_ptr<Scanner> scanner(Table table, Rereads rereads) const override {
    return std::make_unique<Noting>(*this, table, rereads);
  }

  struct Read {
    Hash code;
    Rereads rereads;
  };
  mutable std::vector<Read> reads;

 private:
  class Noting final : public Scanner {
   public:
    Noting(const NotingReader& reader, Table table, Rereads rereads)
        : reader_(reader), table_(table), rereads_(rereads) {}
    Result<Done> scan(BytesView from, BytesView to, const RowVisitor& visit) override {
      return reader_.noted_scan(rereads_, table_, from, to, Direction::ascending, visit);
    }

   private:
    const NotingReader& reader_;
    const Table table_;
    const Rereads rereads_;
  };
  Result<Done> noted_scan(Rereads rereads, Table table, BytesView from, BytesView to,
                          Direction direction, const RowVisitor& visit) const {
    if (table == Table::fact) reads.push_back({Hash::from(from.substr(0, Hash::kSize)), rereads});
    return beneath_.scan(table, from, to, direction, visit);
  }

  const Reader& beneath_;
};

// A lot in cases that were handed on and partly unpacked: each case's units are made one after the
// other.
struct PackedLot {
  static constexpr int kUnitsInCase = 20;
  explicit PackedLot(int cases) {
    for (int i = 0; i < cases; ++i) {
      Codes units;
      for (int k = 0; k < kUnitsInCase; ++k) {
        const auto unit = can(std::to_string(i * kUnitsInCase + k));
        facts.at(10 * i + 1).makes({unit}, lot("L"));
        all_units.insert(code_key(unit));
        units.push_back(unit);
      }
      const auto name = box("case" + std::to_string(i));
      all_cases.insert(code_key(name));
      facts.at(10 * i + 2).packs(name, units);
      facts.at(10 * i + 3).hands_to("shop" + std::to_string(i % 3), {name});
      if (i % 4 != 0) continue;
      facts.at(10 * i + 4).empties(name);
      facts.at(10 * i + 5).hands_to("collector", {name});
    }
  }
  FactBuilder facts;
  std::set<Hash> all_units;
  std::set<Hash> all_cases;
};

Recall list_of(const Reader& reader, RecallMemory* memory = nullptr) {
  auto found = recall_list(reader, lot("L"), {}, memory);
  EXPECT_TRUE(found) << to_text(found.error());
  return found ? *std::move(found) : Recall{};
}

// How often the next unit read lies before the one read last.
size_t turns_back(const PackedLot& packed, const NotingReader& reader) {
  size_t back = 0;
  Hash last;
  for (const auto& read : reader.reads) {
    if (!packed.all_units.contains(read.code)) continue;
    if (read.code < last) ++back;
    last = read.code;
  }
  return back;
}

size_t reads_of(const std::set<Hash>& codes, const NotingReader& reader) {
  return static_cast<size_t>(std::ranges::count_if(
      reader.reads, [&](const auto& read) { return codes.contains(read.code); }));
}

// Some 40,000 units. They come in the order of their keys, so those of one case come far apart.
TEST(RecallReads, EachUnitAndEachCaseOnceAndUnitsAsTheyLie) {
  PackedLot packed(2000);
  const NotingReader reader(packed.facts.reader());
  const auto list = list_of(reader);
  EXPECT_EQ(list.units_total, packed.all_units.size());
  EXPECT_EQ(reads_of(packed.all_units, reader), packed.all_units.size());
  EXPECT_EQ(reads_of(packed.all_cases, reader), packed.all_cases.size());
  EXPECT_EQ(turns_back(packed, reader), 0u);
  std::map<std::string, uint64_t> units;
  for (const auto& group : list.groups) units[group.custodian] += group.units;
  EXPECT_EQ(units.size(), 3u) << "what was taken out before is not the collector's";
}

TEST(RecallReads, LeavesTheCacheToOthers) {
  PackedLot packed(10);
  const NotingReader reader(packed.facts.reader());
  list_of(reader);
  for (const auto& read : reader.reads) {
    const auto expected =
        packed.all_units.contains(read.code) ? Rereads::unlikely : Rereads::likely;
    EXPECT_EQ(read.rereads, expected);
  }
}

// What the units of one case share is kept for so many cases. From then on they come case by case.
TEST(RecallReads, UnitsComeInTheOrderOfTheirMakingOnceThatIsAskedFor) {
  PackedLot packed(50);
  const Reader& rows = packed.facts.reader();
  Facts walk(rows, {}, limits::kRecallStepsMax);
  Facts units(rows, {}, limits::kRecallStepsMax);
  std::vector<Downstream> met;
  constexpr size_t kByKey = 300;
  DownstreamVisitor visit{.lot = [](const Downstream&) -> Result<Done> { return Done{}; },
                          .unit = [&](const Downstream& unit) -> Result<Done> {
                            met.push_back(unit);
                            return Done{};
                          }};
  visit.by_making = [&] { return met.size() >= kByKey; };
  RecallMemory memory;
  RecallShare share(memory);
  WalkPlace place;
  ASSERT_TRUE(walk_forward(walk, units, lot("L"), visit, place, share));
  std::set<Hash> all;
  for (const Downstream& unit : met) all.insert(unit.key);
  EXPECT_EQ(all, packed.all_units);
  EXPECT_EQ(met.size(), all.size()) << "each once";
  const auto middle = met.begin() + kByKey;
  EXPECT_TRUE(std::ranges::is_sorted(met.begin(), middle, {}, &Downstream::key));
  EXPECT_TRUE(std::ranges::is_sorted(middle, met.end(), {}, &Downstream::from));
}

// What a lot's units take in memory is bounded, and others may hold the rest of it: then fewer are
// taken together, and the answer is the same.
TEST(RecallReads, FewerUnitsTogetherWhereMemoryIsShort) {
  constexpr size_t kSmall = size_t{1} << 20;
  PackedLot packed(500);
  const auto whole = list_of(packed.facts.reader());
  const auto expect_same = [&](const Reader& reader, RecallMemory& memory) {
    const size_t before = memory.bytes();
    const auto list = list_of(reader, &memory);
    EXPECT_EQ(memory.bytes(), before);
    EXPECT_EQ(list.units_total, whole.units_total);
    ASSERT_EQ(list.groups.size(), whole.groups.size());
    for (size_t i = 0; i < list.groups.size(); ++i) {
      EXPECT_EQ(list.groups[i].units, whole.groups[i].units);
      EXPECT_EQ(list.groups[i].examples, whole.groups[i].examples);
    }
  };
  RecallMemory small(kSmall);
  const NotingReader reader(packed.facts.reader());
  expect_same(reader, small);
  EXPECT_GE(turns_back(packed, reader), 1u);
  EXPECT_LE(turns_back(packed, reader), 8u);

  RecallMemory taken(kSmall);
  ASSERT_TRUE(taken.take(0, kSmall)) << "another recall";
  expect_same(packed.facts.reader(), taken);
}

}  // namespace
}  // namespace suyuan
