// Accounts of lots: lines, judgement on all known future lines, and the stored sum.
#include "ledger/apply/balance.h"

#include <algorithm>

#include "ledger/base/coding.h"

namespace suyuan {
namespace {

constexpr std::string_view kKilogram = "KGM", kPiece = "H87";
// Enough to add up any account once; only late making and corrections need that.
constexpr uint64_t kRecountStepsMax = 5'000'000;

struct Amount {
  Decimal value;
  std::string uom;
};

// Converted to kilograms if the unit is a metric mass and the result is exact.
Amount normal(const Decimal& value, const std::string& uom) {
  static constexpr std::pair<std::string_view, int> kMasses[] = {
      {"TNE", -3}, {"DTN", -2}, {"GRM", 3}, {"MGM", 6}};
  for (const auto& [name, shift] : kMasses) {
    if (name != uom) continue;
    int64_t units = value.units();
    int scale = value.scale() + shift;
    for (; scale < 0; ++scale) {
      if (__builtin_mul_overflow(units, int64_t{10}, &units)) return {value, uom};
    }
    if (scale > 9) return {value, uom};
    const auto kilograms = Decimal::make(units, static_cast<uint8_t>(scale));
    if (kilograms) return {*kilograms, std::string(kKilogram)};
  }
  return {value, uom};
}

Decimal negative(const Decimal& value) { return *Decimal::make(-value.units(), value.scale()); }

std::optional<Decimal> mass_of(const Item& item) {
  if (!item.quantity) return std::nullopt;
  if (item.net_kg) return item.net_kg;
  const Amount amount = normal(*item.quantity, item.uom);
  if (amount.uom != kKilogram) return std::nullopt;
  return amount.value;
}

Unexpected<Error> out_of_bounds() {
  return fail(Code::MASS_BALANCE,
              "the sum exceeds the bounds of a quantity (18 digits): use a larger unit");
}

FactKey account_key(const Hash& lot) { return {.code = lot, .aspect = Aspect::account}; }

// Units commissioned from the statement's lot; each counts as one piece.
std::optional<AccountLine> units_line(const Statement& statement) {
  if (!statement.lot || statement.event.type != EventType::object) return std::nullopt;
  int64_t units = 0;
  for (const Subject& subject : statement.subjects) {
    if (!statement.brings(subject) || !subject.is_thing() || subject.is_counted()) continue;
    if (statement.lot->gtin() == subject.code.gtin()) ++units;
  }
  if (units == 0) return std::nullopt;
  return AccountLine{.lot = statement.lot_key,
                     .code = statement.lot->text(),
                     .amount = *Decimal::make(-units, 0),
                     .uom = std::string(kPiece)};
}

void put_account(Overlay& state, const Hash& lot, const StoredAccount& stored) {
  Bytes latest;
  put_i64(latest, stored.latest_ms);
  state.put(Table::fact, fact_key(account_key(lot)),
            encode(StoredFact{.text = std::move(latest),
                              .amount = stored.account.left,
                              .uom = stored.account.uom}));
}

// The account's lowest value from `at_ms` on.
Result<std::optional<Decimal>> lowest_from(const FactReader& facts, const Hash& lot,
                                           const StoredAccount& stored, int64_t at_ms) {
  const Account& account = stored.account;
  std::optional<Decimal> left = account.left;
  if (stored.latest_ms <= at_ms) return left;
  std::optional<Decimal> lowest = left;
  auto back = [&](const Fact& fact) {
    if (fact.key.time_ms <= at_ms) return false;
    if (!fact.fact.amount || fact.fact.uom != account.uom) return true;
    left = left->minus(*fact.fact.amount);
    if (!left) return false;
    lowest = std::min(*lowest, *left);
    return true;
  };
  SUYUAN_TRY_DONE(
      facts.each(lot, Aspect::balance, kTimeMin, kTimeMax, Direction::descending, back));
  if (!left) return std::optional<Decimal>{};
  return lowest;
}

std::string amount_text(const Decimal& amount, const std::string& uom) {
  return amount.to_text() + ' ' + uom;
}

Result<LineVerdict> judge_use(const FactReader& facts, const AccountLine& line, int64_t at_ms) {
  SUYUAN_TRY(stored, stored_account(facts.reader(), line.lot));
  if (!stored) return LineVerdict::unbalanced;
  if (stored->account.uom != line.uom) {
    if (!line.subject) return LineVerdict::other_unit;
    return fail(Code::MASS_BALANCE, "the account of " + std::string(line.code) + " is kept in " +
                                        stored->account.uom +
                                        ": state the quantity in it, not in " + line.uom);
  }
  SUYUAN_TRY(lowest, lowest_from(facts, line.lot, *stored, at_ms));
  const auto after = lowest ? lowest->plus(line.amount) : std::nullopt;
  if (!after) return out_of_bounds();
  if (!after->is_negative()) return LineVerdict::fine;
  return fail(Code::MASS_BALANCE, amount_text(negative(line.amount), line.uom) + " of " +
                                      std::string(line.code) + ", of which " +
                                      amount_text(*lowest, line.uom) +
                                      " is left: the rest was used, as stated");
}

// The first input: what was used before it was recorded counts now.
Result<LineVerdict> judge_making(const FactReader& facts, const AccountLine& line, int64_t at_ms) {
  std::optional<Decimal> sum = Decimal{};
  bool added = false, short_once = false;
  auto add = [&](const Decimal& amount) {
    sum = sum->plus(amount);
    short_once = short_once || (sum && sum->is_negative());
    return sum.has_value();
  };
  auto visit = [&](const Fact& fact) {
    if (!added && fact.key.time_ms > at_ms) {
      added = true;
      if (!add(line.amount)) return false;
    }
    return !fact.fact.amount || fact.fact.uom != line.uom || add(*fact.fact.amount);
  };
  SUYUAN_TRY_DONE(
      facts.each(line.lot, Aspect::balance, kTimeMin, kTimeMax, Direction::ascending, visit));
  if (sum && !added) add(line.amount);
  if (!sum) return out_of_bounds();
  return short_once ? LineVerdict::late_short : LineVerdict::fine;
}

}  // namespace

std::vector<AccountLine> account_lines(const Statement& statement) {
  std::vector<AccountLine> lines;
  for (const Subject& subject : statement.subjects) {
    if (!subject.is_counted()) continue;
    const bool goes = subject.is(kMentionInput) || statement.ends(subject);
    if (!goes && !statement.brings(subject)) continue;
    if (goes && subject.item->quantity->is_zero()) continue;
    const Amount amount = normal(*subject.item->quantity, subject.item->uom);
    lines.push_back({.lot = subject.key,
                     .code = subject.text(),
                     .amount = goes ? negative(amount.value) : amount.value,
                     .uom = amount.uom,
                     .subject = &subject});
  }
  if (auto line = units_line(statement)) {
    const bool named = std::any_of(lines.begin(), lines.end(), [&](const AccountLine& other) {
      return other.lot == line->lot;
    });
    if (!named) lines.push_back(*std::move(line));
  }
  return lines;
}

Result<LineVerdict> judge_account(const FactReader& facts, const AccountLine& line, int64_t at_ms) {
  return line.amount.is_negative() ? judge_use(facts, line, at_ms)
                                   : judge_making(facts, line, at_ms);
}

Result<std::optional<StoredAccount>> stored_account(const Reader& state, const Hash& lot) {
  SUYUAN_TRY(row, get<StoredFact>(state, Table::fact, fact_key(account_key(lot))));
  if (!row) return std::optional<StoredAccount>{};
  StoredAccount stored{{row->amount.value_or(Decimal{}), std::move(row->uom)}};
  Decoder text(row->text);
  if (!text.get_i64(stored.latest_ms) || !text.done() || !row->amount) {
    return fail(Code::CORRUPT, "the account of a lot does not decode");
  }
  return std::optional<StoredAccount>(std::move(stored));
}

Result<Done> add_to_account(Overlay& state, const AccountLine& line, int64_t at_ms) {
  SUYUAN_TRY(stored, stored_account(state, line.lot));
  if (!stored) return line.amount.is_negative() ? Result<Done>(Done{}) : recount(state, line.lot);
  if (stored->account.uom != line.uom) return Done{};
  const auto left = stored->account.left.plus(line.amount);
  if (!left) return out_of_bounds();
  stored->account.left = *left;
  stored->latest_ms = std::max(stored->latest_ms, at_ms);
  put_account(state, line.lot, *stored);
  return Done{};
}

Result<Done> recount(Overlay& state, const Hash& lot) {
  StepBudget budget(kRecountStepsMax);
  const FactReader facts(state, std::nullopt, budget);
  SUYUAN_TRY(account, facts.account(lot, kTimeMax));
  if (!account) {
    state.erase(Table::fact, fact_key(account_key(lot)));
    return Done{};
  }
  SUYUAN_TRY(last, facts.latest(lot, Aspect::balance, kTimeMax));
  put_account(state, lot, {*std::move(account), last ? last->key.time_ms : kTimeMin});
  return Done{};
}

Result<std::optional<std::string>> judge_transformation(const TraceEvent& event) {
  const std::optional<std::string> equal;
  if (event.inputs.empty() || event.outputs.empty()) return equal;
  std::optional<Decimal> in = Decimal{}, out = Decimal{};
  auto add = [](std::optional<Decimal>& sum, const Decimal& part) {
    if (sum) sum = sum->plus(part);
  };
  for (const Item& item : event.inputs) {
    const auto mass = mass_of(item);
    if (!mass) return equal;
    add(in, *mass);
  }
  for (const Item& item : event.outputs) {
    const auto mass = mass_of(item);
    if (!mass) return equal;
    add(out, *mass);
  }
  for (const Loss& loss : event.losses) {
    const Amount amount = normal(loss.quantity, loss.uom);
    if (amount.uom != kKilogram) return equal;
    add(out, amount.value);
  }
  if (!in || !out) return out_of_bounds();
  if (*in == *out) return equal;
  const std::string both = in->to_text() + " kg went in, outputs and losses are " +
                           out->to_text() + " kg";
  if (*out < *in) return std::optional(both + ": a loss is not stated");
  return fail(Code::MASS_BALANCE,
              both + ": output cannot exceed input; state every input, and its weight",
              event.losses.empty() ? "outputs" : "losses");
}

}  // namespace suyuan
