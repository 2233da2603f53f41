// Quantities: what an event adds to and takes from accounts, and that no more comes out than went
// in.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ledger/apply/fact_reader.h"
#include "ledger/apply/statement.h"

namespace suyuan {

// One line of one account. Masses are kept in KGM.
struct AccountLine {
  Hash lot;
  std::string_view code;
  Decimal amount;  // negative: it went
  std::string uom;
  const Subject* subject = nullptr;  // null: units commissioned from the lot, which is mere data
};

// Every line that the event could write; judge_account says which hold.
std::vector<AccountLine> account_lines(const Statement& statement);

enum class LineVerdict : uint8_t {
  fine,
  other_unit,  // units from a lot that is not counted in pieces: no line
  unbalanced,  // nothing is known to have come: MISSING_STEP
  late_short,  // a late making of less than was used: MASS_BALANCE as a flag
};
// MASS_BALANCE: below zero at the event's time or at a later known one, or in another unit.
Result<LineVerdict> judge_account(const FactReader& facts, const AccountLine& line, int64_t at_ms);

// Brings the stored sum up to date: add_to_account once the line's own balance row is written,
// recount after rows were withdrawn.
Result<Done> add_to_account(Overlay& state, const AccountLine& line, int64_t at_ms);
Result<Done> recount(Overlay& state, const Hash& lot);
struct StoredAccount {
  Account account;
  int64_t latest_ms = kTimeMin;  // no line is dated after it
};
Result<std::optional<StoredAccount>> stored_account(const Reader& state, const Hash& lot);

// Inputs = outputs + losses, where every part is a mass or states its net mass. A text: less is
// stated than went in (decision 22), in words. MASS_BALANCE: more.
Result<std::optional<std::string>> judge_transformation(const TraceEvent& event);

}  // namespace suyuan
