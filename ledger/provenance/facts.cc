// Reading the facts of one answer: one code's rows in one piece, windows cut at instants.
#include "ledger/provenance/facts.h"

#include <algorithm>

#include "ledger/base/text.h"

namespace suyuan {
namespace {

// Reading a code in one piece is given up after this many rows: few enough to cost less than the
// seeks that it saves.
constexpr size_t kRowsInOnePiece = 128;

}  // namespace

Instant end_of(const AsOf& as_of) { return {as_of.at_ms.value_or(kTimeMax), kPlaceMax}; }

Window window_of(const Inside& stay, const Window& within) {
  return {std::max(stay.from, within.from), stay.to ? std::min(*stay.to, within.to) : within.to};
}

Result<Done> OneCode::turn_to(const Hash& code_key) {
  if (code_key_ == code_key) return Done{};
  code_key_.reset();
  whole_ = true;
  bytes_.clear();
  rows_.clear();
  auto collect = [&](BytesView key, BytesView value) {
    if (rows_.size() == kRowsInOnePiece) {
      whole_ = false;
      return false;
    }
    rows_.push_back({bytes_.size(), key.size(), value.size()});
    bytes_.append(key).append(value);
    return true;
  };
  SUYUAN_TRY_DONE(beneath_.scan(Table::fact, code_key.view(), after_prefix(code_key.view()),
                                Direction::ascending, collect));
  code_key_ = code_key;
  return Done{};
}

Result<std::optional<Bytes>> OneCode::get(Table table, BytesView key) const {
  return beneath_.get(table, key);
}

bool OneCode::visit_row(const Row& row, const RowVisitor& visit) const {
  return visit(key_of(row), BytesView(bytes_).substr(row.start + row.key_size, row.value_size));
}

Result<Done> OneCode::scan(Table table, BytesView from, BytesView to, Direction direction,
                           const RowVisitor& visit) const {
  const bool here = table == Table::fact && whole_ && code_key_ &&
                    from.starts_with(code_key_->view()) && to.starts_with(code_key_->view());
  if (!here) return beneath_.scan(table, from, to, direction, visit);
  const auto first_at = [&](BytesView bound) {
    return std::partition_point(rows_.begin(), rows_.end(),
                                [&](const Row& row) { return key_of(row) < bound; });
  };
  const auto begin = first_at(from);
  const auto end = first_at(to);
  if (direction == Direction::ascending) {
    for (auto row = begin; row < end && visit_row(*row, visit);) ++row;
  } else {
    for (auto row = end; row > begin && visit_row(*(row - 1), visit);) --row;
  }
  return Done{};
}

Result<Done> Facts::each(const Hash& code_key, Aspect aspect, const Window& window,
                         const FactReader::Visitor& visit, Withdrawn withdrawn) const {
  auto visit_within = [&](const Fact& fact) {
    return !window.holds(fact.when()) || visit(fact);
  };
  return reader_.each(code_key, aspect, window.from.time_ms, window.to.time_ms,
                      Direction::ascending, visit_within, withdrawn);
}

Result<std::optional<Fact>> Facts::latest(const Hash& code_key, Aspect aspect,
                                          const Window& window) const {
  std::optional<Fact> found;
  auto visit = [&](const Fact& fact) {
    if (fact.when() > window.to) return true;
    if (fact.when() >= window.from) found = fact;
    return false;
  };
  SUYUAN_TRY_DONE(reader_.each(code_key, aspect, window.from.time_ms, window.to.time_ms,
                               Direction::descending, visit));
  return found;
}

Result<Done> check_named(const Facts& facts, std::string_view code, const Hash& code_key) {
  bool named = false;
  auto visit = [&](const Fact&) {
    named = true;
    return false;
  };
  SUYUAN_TRY_DONE(
      facts.each(code_key, Aspect::mention, {.to = facts.end()}, visit, Withdrawn::show));
  // A lot may be known by its units alone: their commissioning states it, without naming it.
  if (!named) SUYUAN_TRY_DONE(facts.each(code_key, Aspect::unit, {.to = facts.end()}, visit));
  // That somebody states something of it is no secret (formats.md 8).
  if (!named) {
    SUYUAN_TRY(hidden, facts.reader().hidden(code_key));
    named = !hidden.empty();
  }
  if (!named) return fail(Code::NOT_FOUND, "no event names " + quoted(code), "code");
  return Done{};
}

}  // namespace suyuan
