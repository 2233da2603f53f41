// A small world: a maker with a product, a carrier, a shop, customs, a laboratory.
#pragma once

#include <gtest/gtest.h>

#include <map>

#include "ledger/apply/fact_reader.h"
#include "ledger/base/limits.h"
#include "tests/support/ledger_builder.h"

namespace suyuan::testing {

inline constexpr const char* kCan = "09521104301011";
inline constexpr const char* kPowder = "09521104300014";
inline constexpr const char* kLot = "lot:09521104301011:L1";
inline constexpr const char* kPowderLot = "lot:09521104300014:P1";
inline constexpr const char* kPallet = "sscc:395211040000010013";
inline constexpr const char* kPallet2 = "sscc:395211040000010020";
inline constexpr const char* kBox = "cont:ZZZU2606178";

inline std::string can(int number) {
  return "sgtin:" + std::string(kCan) + ":S" + std::to_string(number);
}

class World : public ::testing::Test {
 protected:
  World() {
    ledger.party("maker", {Role::manufacturer});
    ledger.party("carrier", {Role::logistics});
    ledger.party("shop", {Role::logistics, Role::seller});
    ledger.party("customs", {Role::customs});
    ledger.party("lab", {Role::lab});
    ledger.party("platform", {Role::platform});
    ledger.product(kCan, "maker");
    ledger.product(kPowder, "maker");
  }

  // What holds of a thing at a time; empty: nothing is known.
  std::string effective(std::string_view thing, Aspect aspect, std::string_view time) const {
    StepBudget budget(limits::kTraceStepsMax);
    const FactReader facts(ledger.state(), std::nullopt, budget);
    const auto fact = facts.effective(key_of(thing), aspect, at(time).ms);
    EXPECT_TRUE(fact) << (fact ? "" : to_text(fact.error()));
    return fact && *fact ? (*fact)->fact.text : std::string();
  }
  std::string custody(std::string_view thing, std::string_view time = "23:59") const {
    return effective(thing, Aspect::custody, time);
  }
  std::string disposition(std::string_view thing, std::string_view time = "23:59") const {
    return effective(thing, Aspect::disposition, time);
  }
  std::string inside(std::string_view thing, std::string_view time = "23:59") const {
    StepBudget budget(limits::kTraceStepsMax);
    const auto parent = FactReader(ledger.state(), std::nullopt, budget)
                            .container_of(key_of(thing), at(time).ms);
    EXPECT_TRUE(parent);
    return parent && *parent ? **parent : std::string();
  }
  std::optional<Account> account(std::string_view lot, std::string_view time = "23:59") const {
    StepBudget budget(limits::kTraceStepsMax);
    const auto left =
        FactReader(ledger.state(), std::nullopt, budget).account(key_of(lot), at(time).ms);
    EXPECT_TRUE(left);
    return left ? *left : std::nullopt;
  }
  std::string left(std::string_view lot, std::string_view time = "23:59") const {
    const auto of = account(lot, time);
    return of ? of->left.to_text() + " " + of->uom : "unknown";
  }

  // Every row, for comparing whole states.
  static std::map<std::pair<Table, Bytes>, Bytes> rows(const Reader& state) {
    std::map<std::pair<Table, Bytes>, Bytes> all;
    for (size_t i = 0; i < kTableCount; ++i) {
      const auto table = static_cast<Table>(i);
      EXPECT_TRUE(state.scan(table, "", "", Direction::ascending,
                             [&](BytesView key, BytesView value) {
                               all[{table, Bytes(key)}] = value;
                               return true;
                             }));
    }
    return all;
  }

  LedgerBuilder ledger;
};

}  // namespace suyuan::testing
