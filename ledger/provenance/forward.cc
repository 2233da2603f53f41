// Trace forward: every lot and unit downstream, the earliest first, so that each is met with the
// first moment at which the asked thing was in it.
#include "ledger/provenance/forward.h"

#include <algorithm>
#include <map>
#include <queue>
#include <set>
#include <tuple>

#include "ledger/base/limits.h"
#include "ledger/base/text.h"
#include "ledger/code/code.h"
#include "ledger/provenance/thing_state.h"

namespace suyuan {
namespace {

// Comes back after years under the same number, so that it may stand below a lot more than once.
bool comes_back(std::string_view code) {
  const auto parsed = parse_code(code);
  return !parsed || parsed->type() != CodeType::serial;
}

class ForwardWalk {
 public:
  ForwardWalk(Facts& walk, Facts& units, std::string_view code, const DownstreamVisitor& visit)
      : walk_(walk), units_(units), visit_(visit), code_(code), asked_(code_key(code)) {}
  Result<Done> run();

 private:
  struct Node {
    Downstream made;
    bool visited = false;
    bool operator<(const Node& other) const {  // the earliest on top of the queue
      return std::tie(made.from, made.key) > std::tie(other.made.from, other.made.key);
    }
  };

  Result<Done> read_outputs(const Downstream& used);
  Result<Done> read_units(const Downstream& lot);
  Result<Done> meet(const Fact& unit, const Downstream& lot);
  Result<Done> visit_unit(const Downstream& unit);
  Result<bool> has_uses(const Downstream& unit) const;

  Facts& walk_;
  Facts& units_;
  const DownstreamVisitor& visit_;
  const std::string code_;
  const Hash asked_;
  std::priority_queue<Node> todo_;
  std::set<Hash> seen_;        // lots, outputs, units used further: not the many that end here
  std::set<Hash> seen_units_;  // those that may stand below a lot more than once
  uint64_t units_met_ = 0;
};

Result<Done> ForwardWalk::visit_unit(const Downstream& unit) {
  if (++units_met_ > limits::kRecallUnitsMax) {
    return fail(Code::TOO_COMPLEX, "more than " + std::to_string(limits::kRecallUnitsMax) +
                                       " units: ask about the lots downstream one by one");
  }
  SUYUAN_TRY_DONE(units_.turn_to(unit.key));
  return visit_.unit(unit);
}

Result<Done> ForwardWalk::read_outputs(const Downstream& used) {
  auto add = [&](const Fact& output) {
    todo_.push({{.code = output.fact.text,
                 .key = output.key.other.value_or(Hash{}),
                 .lot = {},
                 .from = output.when()}});
    return true;
  };
  return walk_.each(used.key, Aspect::made_into, {.from = used.from, .to = walk_.end()}, add);
}

Result<bool> ForwardWalk::has_uses(const Downstream& unit) const {
  bool found = false;
  auto look = [&](const Fact&) {
    found = true;
    return false;
  };
  const Window since = {.from = unit.from, .to = units_.end()};
  SUYUAN_TRY_DONE(units_.each(unit.key, Aspect::made_into, since, look));
  if (!found) SUYUAN_TRY_DONE(units_.each(unit.key, Aspect::unit, since, look));
  return found;
}

// A unit that ends here is visited and forgotten, so that memory does not grow with the lot.
Result<Done> ForwardWalk::meet(const Fact& unit, const Downstream& lot) {
  Downstream made{.code = unit.fact.text,
                  .key = unit.key.other.value_or(Hash{}),
                  .lot = lot.code,
                  .from = unit.when()};
  if (made.key == asked_) return Done{};
  SUYUAN_TRY_DONE(units_.turn_to(made.key));
  SUYUAN_TRY(counted, is_lot(units_, made.code, made.key));
  if (counted) {
    todo_.push({std::move(made)});
    return Done{};
  }
  if (comes_back(made.code) && !seen_units_.insert(made.key).second) return Done{};
  SUYUAN_TRY_DONE(visit_unit(made));
  SUYUAN_TRY(used, has_uses(made));
  if (used) todo_.push({std::move(made), true});
  return Done{};
}

Result<Done> ForwardWalk::read_units(const Downstream& lot) {
  std::optional<Error> error;
  auto add = [&](const Fact& unit) {
    const auto met = meet(unit, lot);
    if (!met) error = met.error();
    return met.has_value();
  };
  SUYUAN_TRY_DONE(
      walk_.each(lot.key, Aspect::unit, {.from = lot.from, .to = walk_.end()}, add));
  if (error) return Unexpected(*std::move(error));
  return Done{};
}

Result<Done> ForwardWalk::run() {
  todo_.push({{.code = code_, .key = asked_, .lot = {}, .from = {kTimeMin, {}}}, true});
  while (!todo_.empty()) {
    const Node node = todo_.top();
    todo_.pop();
    const Downstream& made = node.made;
    if (!seen_.insert(made.key).second) continue;
    SUYUAN_TRY_DONE(walk_.turn_to(made.key));
    if (!node.visited) {
      SUYUAN_TRY(counted, is_lot(walk_, made.code, made.key));
      SUYUAN_TRY_DONE(counted ? visit_.lot(made) : visit_unit(made));
    }
    SUYUAN_TRY_DONE(read_outputs(made));
    SUYUAN_TRY_DONE(read_units(made));
  }
  return Done{};
}

}  // namespace

Result<bool> is_lot(const Facts& facts, std::string_view code, const Hash& key) {
  const auto parsed = parse_code(code);
  if (!parsed) return false;
  switch (parsed->type()) {
    case CodeType::gtin_class:
    case CodeType::variant:
    case CodeType::lot:
      return true;
    case CodeType::uri:
    case CodeType::other_gs1: {
      SUYUAN_TRY(came, facts.latest(key, Aspect::balance, {.to = facts.end()}));
      return came.has_value();
    }
    default:
      return false;
  }
}

Result<Done> walk_forward(Facts& walk, Facts& units, std::string_view code,
                          const DownstreamVisitor& visit) {
  return ForwardWalk(walk, units, code, visit).run();
}

// Every page walks the whole way again and keeps only its own units: memory is one page, and no
// page depends on what a node remembers.
Result<Forward> trace_forward(const Reader& reader, std::string_view code, const AsOf& as_of,
                              std::string_view after, size_t limit) {
  Facts walk(reader, as_of, limits::kRecallStepsMax);
  Facts units(reader, as_of, limits::kRecallStepsMax);
  SUYUAN_TRY_DONE(check_named(walk, code, code_key(code)));
  Forward forward;
  std::map<std::string, std::string, std::less<>> page;  // code, lot
  bool more = false;
  auto keep_lot = [&](const Downstream& lot) -> Result<Done> {
    forward.lots.push_back(lot.code);
    return Done{};
  };
  auto keep_unit = [&](const Downstream& unit) -> Result<Done> {
    ++forward.units_total;
    if (unit.code <= after) return Done{};
    page.emplace(unit.code, unit.lot);
    if (page.size() > limit) {
      page.erase(std::prev(page.end()));
      more = true;
    }
    return Done{};
  };
  SUYUAN_TRY_DONE(walk_forward(walk, units, code, {keep_lot, keep_unit}));
  std::sort(forward.lots.begin(), forward.lots.end());
  for (const auto& [unit, lot] : page) {
    SUYUAN_TRY(state, read_state(units, unit));
    std::string made_from = lot.empty() ? state.lot : lot;
    forward.units.push_back({unit, std::move(made_from), std::move(state)});
  }
  if (more && !forward.units.empty()) forward.next = forward.units.back().code;
  return forward;
}

}  // namespace suyuan
