// Quantities: what an event adds to accounts and takes from them, and the rule that no more leaves
// an account than came in.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ledger/apply/fact_reader.h"
#include "ledger/apply/statement.h"

namespace suyuan {

// One entry in one account. Masses are kept in KGM.
struct AccountLine {
  Hash lot;
  std::string_view code;
  Decimal amount;  // negative: goods left
  std::string uom;
  const Subject* subject = nullptr;  // null: units made from a lot that is data only
};

// Returns every line that the event could write. judge_account says which ones hold.
std::vector<AccountLine> account_lines(const Statement& statement);

enum class LineVerdict : uint8_t {
  fine,
  other_unit,  // units from a lot that is not counted in pieces: no line is written
  unbalanced,  // nothing is known to have come in: MISSING_STEP
  late_short,  // less was made, recorded late, than was used: MASS_BALANCE as a flag
};
// Judges one line at the event's time.
// Errors: MASS_BALANCE (below zero at the event's time or at a later known one, or another unit).
Result<LineVerdict> judge_account(const FactReader& facts, const AccountLine& line, int64_t at_ms);

// Update the stored sum of a lot: add_to_account after the line's own balance row is written,
// recount after rows were withdrawn.
Result<Done> add_to_account(Overlay& state, const AccountLine& line, int64_t at_ms);
Result<Done> recount(Overlay& state, const Hash& lot);
struct StoredAccount {
  Account account;
  int64_t latest_ms = kTimeMin;  // no line has a later date
};
Result<std::optional<StoredAccount>> stored_account(const Reader& state, const Hash& lot);

// Checks inputs = outputs + losses, if every part is a mass or states its net mass. Returns a text
// if less is stated than went in (decision 22). Errors: MASS_BALANCE (more is stated).
Result<std::optional<std::string>> judge_transformation(const TraceEvent& event);

}  // namespace suyuan
