// Reads facts: bounded scans over the fact table, and conclusions from containment intervals.
#include "ledger/apply/fact_reader.h"

#include <algorithm>

#include "ledger/base/limits.h"

namespace suyuan {
namespace {

// The first key after all facts of this aspect up to and including `to_ms`.
Bytes bound_after(const Hash& code_key, Aspect aspect, int64_t to_ms) {
  if (to_ms == kTimeMax) {
    return after_prefix(code_key.bytes() + static_cast<char>(aspect));
  }
  return fact_bound(code_key, aspect, to_ms + 1);
}

Unexpected<Error> too_complex() {
  return fail(Code::TOO_COMPLEX,
              "more rows than one answer may read: ask for an earlier time or a smaller part");
}

bool is_entry(const Fact& fact) { return !fact.fact.text.empty(); }

}  // namespace

Result<Done> FactReader::each_known(const Hash& code_key, Aspect aspect, int64_t from_ms,
                                    int64_t to_ms, Direction direction,
                                    const Visitor& visit) const {
  if (from_ms > to_ms) return Done{};
  std::optional<Error> error;
  auto visit_row = [&](BytesView key, BytesView value) {
    if (!budget_.take()) {
      error = too_complex().error();
      return false;
    }
    auto fact_key = decode_fact_key(key);
    auto fact = decode<StoredFact>(value);
    if (!fact_key || !fact) {
      error = fact_key ? fact.error() : fact_key.error();
      return false;
    }
    if (!is_known(fact_key->place)) return true;
    return visit(Fact{*std::move(fact_key), *std::move(fact)});
  };
  SUYUAN_TRY_DONE(reader_.scan(Table::fact, fact_bound(code_key, aspect, from_ms),
                               bound_after(code_key, aspect, to_ms), direction, visit_row));
  if (error) return Unexpected(*std::move(error));
  return Done{};
}

Result<Done> FactReader::each(const Hash& code_key, Aspect aspect, int64_t from_ms, int64_t to_ms,
                              Direction direction, const Visitor& visit,
                              Withdrawn withdrawn) const {
  return each_known(code_key, aspect, from_ms, to_ms, direction, [&](const Fact& fact) {
    if (withdrawn == Withdrawn::skip && is_withdrawn(fact.fact)) return true;
    return !sees(fact) || visit(fact);
  });
}

Result<std::vector<Place>> FactReader::hidden(const Hash& code_key) const {
  std::vector<Place> places;
  if (!filter_) return places;
  auto collect = [&](const Fact& mention) {
    if (!sees(mention)) places.push_back(mention.key.place);
    return true;
  };
  SUYUAN_TRY_DONE(each_known(code_key, Aspect::mention, kTimeMin, kTimeMax, Direction::ascending,
                             collect));
  return places;
}

Result<std::optional<Fact>> FactReader::latest(const Hash& code_key, Aspect aspect, int64_t at_ms,
                                               int64_t from_ms) const {
  return latest_within(code_key, aspect, {{from_ms, {}}, {at_ms, kPlaceMax}});
}

Result<std::optional<Fact>> FactReader::latest_within(const Hash& code_key, Aspect aspect,
                                                      Window window) const {
  std::optional<Fact> found;
  auto visit = [&](const Fact& fact) {
    if (fact.when() > window.to) return true;
    if (fact.when() >= window.from) found = fact;
    return false;
  };
  SUYUAN_TRY_DONE(each(code_key, aspect, window.from.time_ms, window.to.time_ms,
                       Direction::descending, visit));
  return found;
}

Result<std::optional<Instant>> FactReader::first_after(const Hash& code_key, Aspect aspect,
                                                       Instant after, Instant to) const {
  std::optional<Instant> found;
  auto visit = [&](const Fact& fact) {
    if (fact.when() <= after) return true;
    if (fact.when() <= to) found = fact.when();
    return false;
  };
  SUYUAN_TRY_DONE(
      each(code_key, aspect, after.time_ms, to.time_ms, Direction::ascending, visit));
  return found;
}

Result<std::optional<Fact>> FactReader::effective(const Hash& code_key, Aspect aspect,
                                                  int64_t at_ms) const {
  std::vector<Hash> path;
  return effective_within(code_key, aspect, {{kTimeMin, {}}, {at_ms, kPlaceMax}}, path);
}

Result<std::optional<Fact>> FactReader::effective_before(const Hash& code_key, Aspect aspect,
                                                         Instant event) const {
  Place& place = event.place;
  if (place.event != 0) {
    --place.event;
  } else if (place.leaf != 0) {
    place = {place.leaf - 1, kPlaceMax.event};
  }
  std::vector<Hash> path;
  return effective_within(code_key, aspect, {{kTimeMin, {}}, event}, path);
}

// Recursion is as deep as containers are nested: at most limits::kContainmentDepthMax. `path` cuts
// cycles that late statements may close.
Result<std::optional<Fact>> FactReader::effective_within(const Hash& code_key, Aspect aspect,
                                                         Window window,
                                                         std::vector<Hash>& path) const {
  SUYUAN_TRY(best, latest_within(code_key, aspect, window));
  if (path.size() >= limits::kContainmentDepthMax) return best;
  const int64_t from_ms = best ? best->key.time_ms : window.from.time_ms;
  SUYUAN_TRY(stays, intervals(code_key, window.to.time_ms, from_ms));
  path.push_back(code_key);
  for (auto stay = stays.rbegin(); stay != stays.rend(); ++stay) {
    const Window within = {std::max(window.from, stay->from),
                           stay->to ? std::min(window.to, *stay->to) : window.to};
    if (within.to < window.from || (best && within.to <= best->when())) break;
    if (within.from > within.to) continue;
    if (std::find(path.begin(), path.end(), stay->parent_key) != path.end()) continue;
    SUYUAN_TRY(through, effective_within(stay->parent_key, aspect, within, path));
    if (through && (!best || through->when() > best->when())) best = std::move(through);
  }
  path.pop_back();
  return best;
}

// The last entry decides, unless the thing has left that container since, the container was
// emptied, or the thing ended.
Result<std::optional<Inside>> FactReader::inside_at(const Hash& code_key, int64_t at_ms) const {
  std::vector<Hash> left;
  std::optional<Inside> stay;
  auto visit = [&](const Fact& fact) {
    const Hash parent = fact.key.other.value_or(Hash{});
    if (!is_entry(fact)) {
      left.push_back(parent);
      return true;
    }
    if (std::find(left.begin(), left.end(), parent) == left.end()) {
      stay = Inside{fact.fact.text, parent, fact.when()};
    }
    return false;
  };
  SUYUAN_TRY_DONE(each(code_key, Aspect::inside, kTimeMin, at_ms, Direction::descending, visit));
  if (!stay) return std::optional<Inside>{};
  const Instant until = {at_ms, kPlaceMax};
  SUYUAN_TRY(emptied, first_after(stay->parent_key, Aspect::emptied, stay->from, until));
  if (emptied) return std::optional<Inside>{};
  SUYUAN_TRY(ended, first_after(code_key, Aspect::ended, stay->from, until));
  if (ended) return std::optional<Inside>{};
  return stay;
}

Result<std::optional<std::string>> FactReader::container_of(const Hash& code_key,
                                                            int64_t at_ms) const {
  SUYUAN_TRY(stay, inside_at(code_key, at_ms));
  if (!stay) return std::optional<std::string>{};
  return std::optional<std::string>(std::move(stay->parent));
}

Result<std::vector<std::string>> FactReader::containers_of(const Hash& code_key,
                                                           int64_t at_ms) const {
  std::vector<std::string> outwards;
  std::vector<Hash> seen = {code_key};
  while (outwards.size() < limits::kContainmentDepthMax) {
    SUYUAN_TRY(stay, inside_at(seen.back(), at_ms));
    if (!stay || std::find(seen.begin(), seen.end(), stay->parent_key) != seen.end()) break;
    seen.push_back(stay->parent_key);
    outwards.push_back(std::move(stay->parent));
  }
  return outwards;
}

Result<std::vector<Inside>> FactReader::intervals(const Hash& code_key, int64_t until_ms,
                                                  int64_t from_ms) const {
  return intervals(code_key, until_ms, from_ms, [&](const Inside& stay, Instant to) {
    return first_after(stay.parent_key, Aspect::emptied, stay.from, to);
  });
}

Result<std::vector<Inside>> FactReader::intervals(const Hash& code_key, int64_t until_ms,
                                                  int64_t from_ms,
                                                  const Emptied& emptied_of) const {
  std::vector<Fact> moves;  // back to the entry that is in force at from_ms
  auto collect = [&](const Fact& fact) {
    moves.push_back(fact);
    return fact.key.time_ms > from_ms || !is_entry(fact);
  };
  SUYUAN_TRY_DONE(
      each(code_key, Aspect::inside, kTimeMin, until_ms, Direction::descending, collect));
  std::reverse(moves.begin(), moves.end());

  std::vector<Inside> stays;
  bool open = false;  // whether the last of `stays` is still open
  auto close = [&](Instant at, bool really) -> Result<Done> {
    if (!open) return Done{};
    Inside& stay = stays.back();
    SUYUAN_TRY(emptied, emptied_of(stay, at));
    if (emptied) {
      stay.to = emptied;
    } else if (really) {
      stay.to = at;
    }
    open = !stay.to;
    return Done{};
  };
  for (const Fact& move : moves) {
    const Hash parent = move.key.other.value_or(Hash{});
    const bool same = open && stays.back().parent_key == parent;
    if (!is_entry(move) && !same) continue;  // it left a container that it was not in
    SUYUAN_TRY_DONE(close(move.when(), !is_entry(move) || !same));
    if (is_entry(move) && !open) {
      stays.push_back({move.fact.text, parent, move.when()});
      open = true;
    }
  }
  SUYUAN_TRY_DONE(close({until_ms, kPlaceMax}, false));
  SUYUAN_TRY_DONE(close_at_end(code_key, {until_ms, kPlaceMax}, stays));
  return stays;
}

Result<Done> FactReader::close_at_end(const Hash& code_key, Instant until,
                                      std::vector<Inside>& stays) const {
  if (stays.empty()) return Done{};
  std::vector<Instant> ends;
  auto collect = [&](const Fact& fact) {
    ends.push_back(fact.when());
    return true;
  };
  SUYUAN_TRY_DONE(each(code_key, Aspect::ended, stays.front().from.time_ms, until.time_ms,
                       Direction::ascending, collect));
  for (Inside& stay : stays) {
    const auto end = std::upper_bound(ends.begin(), ends.end(), stay.from);
    if (end != ends.end() && (!stay.to || *end < *stay.to)) stay.to = *end;
  }
  return Done{};
}

Result<std::optional<Account>> FactReader::account(const Hash& lot_key, int64_t at_ms) const {
  std::vector<StoredFact> lines;
  std::optional<Account> account;
  auto visit = [&](const Fact& fact) {
    if (!fact.fact.amount) return true;
    if (!account && !fact.fact.amount->is_negative()) account = Account{{}, fact.fact.uom};
    lines.push_back(fact.fact);
    return true;
  };
  SUYUAN_TRY_DONE(each(lot_key, Aspect::balance, kTimeMin, at_ms, Direction::ascending, visit));
  if (!account) return account;
  for (const StoredFact& line : lines) {
    if (line.uom != account->uom) continue;
    const auto sum = account->left.plus(*line.amount);
    if (!sum) return fail(Code::TOO_COMPLEX, "the account exceeds the bounds of a quantity");
    account->left = *sum;
  }
  return account;
}

}  // namespace suyuan
