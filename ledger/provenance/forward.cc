// Traces forward: every lot and unit downstream, earliest first, so that each is met at the first
// moment at which the asked thing was in it.
#include "ledger/provenance/forward.h"

#include <algorithm>

#include "ledger/base/coding.h"
#include "ledger/base/limits.h"
#include "ledger/code/code.h"
#include "ledger/provenance/lot_units.h"
#include "ledger/provenance/thing_state.h"
#include "ledger/provenance/walk_place.h"

namespace suyuan {
namespace {

// Units of a lot that are taken together: at least, and of a page at most.
constexpr size_t kUnitsMin = 32;
constexpr size_t kPageUnitsMax = 1 << 15;

// Such a thing returns after years under the same number, so it may be below a lot more than once.
bool comes_back(const Result<ProductCode>& parsed) {
  return !parsed || parsed->type() != CodeType::serial;
}

Result<bool> is_counted(const Facts& facts, const Result<ProductCode>& parsed, const Hash& key) {
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

class ForwardWalk {
 public:
  ForwardWalk(Facts& walk, Facts& units, std::string_view code, const DownstreamVisitor& visit,
              WalkPlace& place, RecallShare& share)
      : walk_(walk),
        units_(units),
        visit_(visit),
        code_(code),
        asked_(code_key(code)),
        place_(place),
        share_(share) {}
  // False: there was no room for a further unit or lot.
  Result<bool> run();

 private:
  Result<bool> go_on();
  Result<bool> visit_node(const WalkNode& node);
  Result<bool> was_met(const Downstream& made) const;
  Result<Done> read_outputs(const Downstream& used);
  Result<bool> read_units();
  struct Stretch {
    LotUnits units;
    size_t held = 0;  // of their bytes, counted in share_: all but a few units'
    bool is_last = true;
  };
  Result<Stretch> next_units();
  bool has_room_after(Stretch& stretch);
  bool by_making() const { return visit_.by_making && visit_.by_making(); }
  Result<Done> read_ahead(const LotUnits& units);
  Result<bool> meet(const Downstream& made);
  // Most units of a lot are. The others are parsed.
  bool is_serial_of_last(std::string_view code) const {
    return !last_serials_.empty() && code.starts_with(last_serials_);
  }
  bool is_followed(const Hash& key) const {
    return key == asked_ || place_.seen.contains(WalkPlace::mark_of(key));
  }
  Result<Done> visit_unit(const Downstream& unit);
  // To be followed in its turn.
  void await(const Downstream& made, bool visited) {
    place_.add({.made = {.code = made.code, .key = made.key, .lot = {}, .from = made.from},
                .visited = visited});
  }
  Result<bool> has_uses(const Downstream& unit) const;
  bool is_full() const { return visit_.room && visit_.room() == 0; }

  Facts& walk_;
  Facts& units_;
  const DownstreamVisitor& visit_;
  const std::string code_;
  const Hash asked_;
  WalkPlace& place_;
  RecallShare& share_;
  std::string last_serials_;  // how the serial numbers of a class begin that was met
};

Result<Done> ForwardWalk::visit_unit(const Downstream& unit) {
  if (++place_.units_met > limits::kRecallUnitsMax) {
    return fail(Code::TOO_COMPLEX, "more than " + std::to_string(limits::kRecallUnitsMax) +
                                       " units: ask about the lots downstream one by one");
  }
  SUYUAN_TRY_DONE(units_.turn_to(unit.key));
  return visit_.unit(unit);
}

Result<Done> ForwardWalk::read_outputs(const Downstream& used) {
  Result<Done> held;
  auto add = [&](const Fact& output) {
    place_.add({.made = {.code = output.fact.text,
                         .key = output.key.other.value_or(Hash{}),
                         .lot = {},
                         .from = output.when()}});
    held = share_.hold(place_.bytes());
    return held.has_value();
  };
  SUYUAN_TRY_DONE(
      walk_.each(used.key, Aspect::made_into, {.from = used.from, .to = walk_.end()}, add));
  return held;
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

// A unit without further uses is visited and forgotten, so that memory does not grow with the lot.
Result<bool> ForwardWalk::meet(const Downstream& made) {
  // What was already followed was followed from this moment on or an earlier one.
  if (is_followed(made.key)) return true;
  const auto mark = WalkPlace::mark_of(made.key);
  SUYUAN_TRY_DONE(units_.turn_to(made.key));
  bool may_come_back = false;
  if (!is_serial_of_last(made.code)) {
    const auto parsed = parse_code(made.code);
    SUYUAN_TRY(counted, is_counted(units_, parsed, made.key));
    if (counted) {
      await(made, false);
      return true;
    }
    may_come_back = comes_back(parsed);
    if (!may_come_back) last_serials_ = parsed->class_of().value_or("") + "/21/";
  }
  const bool is_new = !place_.seen_units.contains(mark);
  if (is_new && is_full()) return false;
  if (may_come_back) place_.seen_units.insert(mark);
  // Also for a unit that is not new: it may have gone into this lot earlier than into the other
  // one.
  SUYUAN_TRY(used, has_uses(made));
  if (is_new) SUYUAN_TRY_DONE(visit_unit(made));
  if (used) await(made, true);
  return true;
}

bool ForwardWalk::has_room_after(Stretch& stretch) {
  const LotUnits& units = stretch.units;
  // A unit that was already met takes no room, so even a nearly full page reads several.
  if (units.size() < kUnitsMin) return true;
  if (visit_.room) return units.size() < std::min(visit_.room(), kPageUnitsMax);
  const size_t bytes = units.bytes();
  // If others hold the memory, fewer are read together.
  if (!share_.hold_with_units(place_.bytes() + bytes, bytes)) return false;
  stretch.held = bytes;
  return true;
}

// The next units of place_.lot, after place_.last.
Result<ForwardWalk::Stretch> ForwardWalk::next_units() {
  const Downstream& lot = place_.lot->made;
  Stretch next;
  auto add = [&](const Fact& unit) {
    next.units.add(unit);
    next.is_last = has_room_after(next);
    return next.is_last;
  };
  if (place_.last) {
    SUYUAN_TRY_DONE(walk_.each_after(FactKey(*place_.last), add));
  } else {
    SUYUAN_TRY_DONE(
        walk_.each(lot.key, Aspect::unit, {.from = lot.from, .to = walk_.end()}, add));
  }
  return next;
}

Result<Done> ForwardWalk::read_ahead(const LotUnits& units) {
  std::vector<Hash> keys;
  for (size_t i = 0; i < units.size(); ++i) {
    if (!is_followed(units.key(i))) keys.push_back(units.key(i));
  }
  return units_.read_ahead(keys);
}

// Units are stored by the hash of their codes. A walk that visits all takes them in that order, as
// many as it may hold, so that those in one block of the store are read together. A page, which
// stops where it is full, takes them in the order of their making.
Result<bool> ForwardWalk::read_units() {
  const Downstream lot = place_.lot->made;
  for (bool more = true; more;) {
    SUYUAN_TRY(next, next_units());
    LotUnits& units = next.units;
    const auto row_of = [&](const LotUnits::Unit& unit) {
      return FactKey{.code = lot.key,
                     .aspect = Aspect::unit,
                     .time_ms = unit.made.time_ms,
                     .place = unit.made.place,
                     .other = unit.key};
    };
    auto last = place_.last;
    if (units.size() != 0) last = row_of(units.unit(units.size() - 1));
    bool by_key = !visit_.room && !by_making();
    if (by_key) units.order_by_key();
    if (visit_.room) SUYUAN_TRY_DONE(read_ahead(units));
    for (size_t i = 0; i < units.size(); ++i) {
      if (by_key && by_making()) {
        units.order_by_making(i);
        by_key = false;
      }
      const LotUnits::Unit unit = units.unit(i);
      SUYUAN_TRY(met, meet({unit.code, unit.key, lot.code, unit.made}));
      if (!met) return false;
      SUYUAN_TRY_DONE(share_.hold(place_.bytes() + next.held));
      if (visit_.room) place_.last = row_of(unit);
    }
    place_.last = last;
    more = !next.is_last;
  }
  place_.lot.reset();
  place_.last.reset();
  return true;
}

// Whether an output was visited as a unit of a walked lot. A unit that does not come back was made
// once, by the event that has it as an output. So if its lot was walked, it was walked from no
// later moment on, and the unit was among those read.
// REQUIRES: walk_ is turned to the output.
Result<bool> ForwardWalk::was_met(const Downstream& made) const {
  if (comes_back(parse_code(made.code))) {
    return place_.seen_units.contains(WalkPlace::mark_of(made.key));
  }
  bool met = false;
  auto look = [&](const Fact& making) {
    const std::string& lot = making.fact.text;
    met = !lot.empty() && place_.seen.contains(WalkPlace::mark_of(code_key(lot)));
    return !met;
  };
  const Window since = {.from = made.from, .to = walk_.end()};
  SUYUAN_TRY_DONE(walk_.each(made.key, Aspect::made, since, look));
  return met;
}

Result<bool> ForwardWalk::visit_node(const WalkNode& node) {
  const Downstream& made = node.made;
  if (node.visited) return true;
  SUYUAN_TRY(counted, is_lot(walk_, made.code, made.key));
  if (counted) {
    if (visit_.has_room_for_lot && !visit_.has_room_for_lot()) return false;
    ++place_.lots_met;
    SUYUAN_TRY_DONE(visit_.lot(made));
    return true;
  }
  SUYUAN_TRY(met, was_met(made));
  if (met) return true;
  if (is_full()) return false;
  SUYUAN_TRY_DONE(visit_unit(made));
  return true;
}

Result<bool> ForwardWalk::go_on() {
  if (place_.lot) {
    SUYUAN_TRY_DONE(walk_.turn_to(place_.lot->made.key));
    return read_units();
  }
  await({.code = code_, .key = asked_, .lot = {}, .from = {kTimeMin, {}}}, true);
  return true;
}

Result<bool> ForwardWalk::run() {
  const bool is_begun = !place_.seen.empty();
  if (!is_begun || place_.lot) {
    SUYUAN_TRY(whole, go_on());
    if (!whole) return false;
  }
  while (!place_.todo.empty()) {
    const WalkNode node = *place_.todo.begin();
    if (!place_.seen.contains(WalkPlace::mark_of(node.made.key))) {
      SUYUAN_TRY_DONE(walk_.turn_to(node.made.key));
      SUYUAN_TRY(visited, visit_node(node));
      if (!visited) return false;  // it remains the next one
    }
    place_.drop_first();
    if (!place_.seen.insert(WalkPlace::mark_of(node.made.key)).second) continue;
    SUYUAN_TRY_DONE(read_outputs(node.made));
    place_.lot = node;
    SUYUAN_TRY(whole, read_units());
    if (!whole) return false;
  }
  return true;
}

}  // namespace

Result<bool> is_lot(const Facts& facts, std::string_view code, const Hash& key) {
  return is_counted(facts, parse_code(code), key);
}

Result<bool> walk_forward(Facts& walk, Facts& units, std::string_view code,
                          const DownstreamVisitor& visit, WalkPlace& place, RecallShare& share) {
  return ForwardWalk(walk, units, code, visit, place, share).run();
}

namespace {

// What a page token says: a place to go on from, or how many units and lots came before where the
// place has too much to remember. 1 and 2 did not count the lots.
constexpr uint8_t kPlace = 3;
constexpr uint8_t kSkip = 4;

struct PageCursor {
  WalkPlace place;
  uint64_t skip = 0;  // units
  uint64_t skip_lots = 0;
};

Result<PageCursor> read_cursor(std::string_view after) {
  PageCursor cursor;
  if (after.empty()) return cursor;
  Decoder from(after.substr(1));
  const auto kind = static_cast<uint8_t>(after[0]);
  if (kind == kSkip && from.get_u64(cursor.skip) && from.get_u64(cursor.skip_lots) && from.done())
    return cursor;
  if (kind != kPlace) {
    return fail(Code::PAGE_TOKEN_INVALID, "use `next` of the previous page, with the same question",
                "page");
  }
  SUYUAN_TRY(place, decode_walk_place(after.substr(1)));
  cursor.place = std::move(place);
  return cursor;
}

std::string write_cursor(const WalkPlace& place) {
  Bytes cursor;
  if (const auto encoded = encode_walk_place(place)) {
    put_u8(cursor, kPlace);
    return cursor + *encoded;
  }
  put_u8(cursor, kSkip);
  put_u64(cursor, place.units_met);
  put_u64(cursor, place.lots_met);
  return cursor;
}

}  // namespace

// A page continues where the previous one ended, as its token says, and ends when it is full. No
// page depends on anything that a node remembers.
Result<Forward> trace_forward(const Reader& reader, std::string_view code, const AsOf& as_of,
                              std::string_view after, size_t limit, RecallMemory* memory) {
  Facts walk(reader, as_of, limits::kRecallStepsMax);
  Facts units(reader, as_of, limits::kRecallStepsMax);
  SUYUAN_TRY_DONE(check_named(walk, code, code_key(code)));
  SUYUAN_TRY(cursor, read_cursor(after));
  WalkPlace& place = cursor.place;
  RecallMemory own;
  RecallShare share(memory != nullptr ? *memory : own);
  Forward forward;
  auto keep_lot = [&](const Downstream& lot) -> Result<Done> {
    if (place.lots_met > cursor.skip_lots) forward.lots.push_back(lot.code);
    return Done{};
  };
  auto keep_unit = [&](const Downstream& unit) -> Result<Done> {
    if (place.units_met <= cursor.skip) return Done{};
    SUYUAN_TRY(state, read_state(units, unit.code));
    std::string made_from = unit.lot.empty() ? state.lot : unit.lot;
    forward.units.push_back({unit.code, std::move(made_from), std::move(state)});
    return Done{};
  };
  auto room = [&] {
    const uint64_t passed_over = cursor.skip - std::min(cursor.skip, place.units_met);
    return limit - forward.units.size() + passed_over;
  };
  auto has_room_for_lot = [&] { return forward.lots.size() < limits::kPageMax; };
  const DownstreamVisitor visit = {keep_lot, keep_unit, room, has_room_for_lot};
  SUYUAN_TRY(whole, walk_forward(walk, units, code, visit, place, share));
  if (!whole) forward.next = write_cursor(place);
  forward.units_total = place.units_met;
  std::sort(forward.lots.begin(), forward.lots.end());
  std::sort(forward.units.begin(), forward.units.end(),
            [](const ForwardUnit& a, const ForwardUnit& b) { return a.code < b.code; });
  return forward;
}

}  // namespace suyuan
