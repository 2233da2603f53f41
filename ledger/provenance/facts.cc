// Reads the facts of one answer: all rows of a code at once, windows cut at instants.
#include "ledger/provenance/facts.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "ledger/base/text.h"

namespace suyuan {
namespace {

// After this many rows, reading a code at once is given up: few enough to cost less than the seeks
// that it saves.
constexpr size_t kRowsInOnePiece = 128;
constexpr size_t kCodesKept = 16;
// Most codes have no more rows.
constexpr size_t kUsualRows = 8;
constexpr size_t kUsualRowsBytes = 1024;
// For rows that are read ahead.
constexpr size_t kAheadBytesMax = 32 << 20;

Unexpected<Error> too_many_rows() {
  return fail(Code::TOO_COMPLEX,
              "more rows than one answer may read: ask for an earlier time or a smaller part");
}

uint32_t aspect_bit(char aspect) { return uint32_t{1} << (static_cast<uint8_t>(aspect) % 32); }
static_assert(static_cast<uint8_t>(kLastAspect) < 32);

}  // namespace

Instant end_of(const AsOf& as_of) { return {as_of.at_ms.value_or(kTimeMax), kPlaceMax}; }

Window window_of(const Inside& stay, const Window& within) {
  return {std::max(stay.from, within.from), stay.to ? std::min(*stay.to, within.to) : within.to};
}

Result<Done> FactCache::turn_to(const Hash& code_key) const {
  if (kept(code_key)) return Done{};
  const auto begin = ahead_.begin() + static_cast<ptrdiff_t>(turned_);
  const auto next = std::find_if(begin, ahead_.end(), [&](const Announced& announced) {
    return announced.code_key == code_key;
  });
  if (next == ahead_.end() || next->code == nullptr) {
    SUYUAN_TRY_DONE(code_of(code_key));
  } else {
    keep(std::exchange(next->code, {}));
  }
  if (next != ahead_.end()) turned_ = static_cast<size_t>(next - ahead_.begin()) + 1;
  return Done{};
}

Result<Done> FactCache::read_ahead(const std::vector<Hash>& code_keys) const {
  ahead_.clear();
  turned_ = 0;
  for (const Hash& code_key : code_keys) ahead_.push_back({.code_key = code_key});
  std::vector<size_t> order(ahead_.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::ranges::sort(order, {}, [&](size_t i) -> const Hash& { return ahead_[i].code_key; });
  size_t bytes = 0;
  for (const size_t i : order) {
    if (bytes > kAheadBytesMax) break;
    SUYUAN_TRY(code, read(ahead_[i].code_key));
    bytes += code->memory();
    ahead_[i].code = std::move(code);
  }
  return Done{};
}

FactCache::Kept FactCache::kept(const Hash& code_key) const {
  for (auto one = lately_.rbegin(); one != lately_.rend(); ++one) {
    if ((*one)->code_key != code_key) continue;
    std::rotate(one.base() - 1, one.base(), lately_.end());
    return lately_.back();
  }
  return nullptr;
}

FactCache::Kept FactCache::keep(Kept code) const {
  if (lately_.size() == kCodesKept) lately_.erase(lately_.begin());
  lately_.push_back(std::move(code));
  return lately_.back();
}

Result<FactCache::Kept> FactCache::read(const Hash& code_key) const {
  auto code = std::make_shared<OneCode>(OneCode{.code_key = code_key});
  code->bytes.reserve(kUsualRowsBytes);
  code->rows.reserve(kUsualRows);
  auto collect = [&](BytesView key, BytesView value) {
    code->whole = code->rows.size() < kRowsInOnePiece;
    if (!code->whole) return false;
    code->rows.push_back({static_cast<uint32_t>(code->bytes.size()),
                          static_cast<uint32_t>(key.size()), static_cast<uint32_t>(value.size())});
    code->bytes.append(key).append(value);
    if (key.size() > Hash::kSize) code->aspects |= aspect_bit(key[Hash::kSize]);
    return true;
  };
  SUYUAN_TRY_DONE(facts_->scan(code_key.view(), after_prefix(code_key.view()), collect));
  if (!code->whole) *code = OneCode{.code_key = code_key, .whole = false};
  return Kept(std::move(code));
}

Result<FactCache::Kept> FactCache::code_of(const Hash& code_key) const {
  if (auto known = kept(code_key)) return known;
  SUYUAN_TRY(code, read(code_key));
  return keep(std::move(code));
}

bool FactCache::lacks(const Hash& code_key, Aspect aspect) const {
  if (lately_.empty() || lately_.back()->code_key != code_key) return false;
  const OneCode& code = *lately_.back();
  return code.whole && (code.aspects & aspect_bit(static_cast<char>(aspect))) == 0;
}

Result<std::optional<Bytes>> FactCache::get(Table table, BytesView key) const {
  return beneath_.get(table, key);
}

bool FactCache::OneCode::visit_row(const Row& row, const RowVisitor& visit) const {
  return visit(key_of(row), BytesView(bytes).substr(row.start + row.key_size, row.value_size));
}

void FactCache::OneCode::scan(BytesView from, BytesView to, Direction direction,
                               const RowVisitor& visit) const {
  const auto first_at = [&](BytesView bound) {
    return std::partition_point(rows.begin(), rows.end(),
                                [&](const Row& row) { return key_of(row) < bound; });
  };
  const auto begin = first_at(from);
  const auto end = first_at(to);
  if (direction == Direction::ascending) {
    for (auto row = begin; row < end && visit_row(*row, visit);) ++row;
  } else {
    for (auto row = end; row > begin && visit_row(*(row - 1), visit);) --row;
  }
}

Result<Done> FactCache::scan(Table table, BytesView from, BytesView to, Direction direction,
                              const RowVisitor& visit) const {
  const bool of_one = table == Table::fact && from.size() >= Hash::kSize &&
                      to.starts_with(from.substr(0, Hash::kSize));
  if (!of_one) return beneath_.scan(table, from, to, direction, visit);
  SUYUAN_TRY(code, code_of(Hash::from(from.substr(0, Hash::kSize))));
  if (!code->whole) return beneath_.scan(table, from, to, direction, visit);
  code->scan(from, to, direction, visit);
  return Done{};
}

Result<Done> Facts::each(const Hash& code_key, Aspect aspect, const Window& window,
                         const FactReader::Visitor& visit, Withdrawn withdrawn) const {
  if (rows_.lacks(code_key, aspect)) return Done{};
  auto visit_within = [&](const Fact& fact) {
    return !window.holds(fact.when()) || visit(fact);
  };
  return reader_.each(code_key, aspect, window.from.time_ms, window.to.time_ms,
                      Direction::ascending, visit_within, withdrawn);
}

Result<Done> Facts::each_after(const FactKey& after, const FactReader::Visitor& visit) const {
  std::optional<Error> error;
  auto visit_row = [&](BytesView key, BytesView value) {
    auto fact_key = decode_fact_key(key);
    auto fact = decode<StoredFact>(value);
    if (!fact_key || !fact || !budget_.take()) {
      error = !fact_key ? fact_key.error() : !fact ? fact.error() : too_many_rows().error();
      return false;
    }
    const Fact found{*std::move(fact_key), *std::move(fact)};
    if (found.when() > end_) return false;
    const bool counts = reader_.is_known(found.key.place) && reader_.sees(found) &&
                        !reader_.is_withdrawn(found.fact);
    return !counts || visit(found);
  };
  Bytes from = fact_key(after);
  from += '\0';  // the next possible key
  const Bytes to = after_prefix(after.code.bytes() + static_cast<char>(after.aspect));
  SUYUAN_TRY_DONE(rows_.scan(Table::fact, from, to, Direction::ascending, visit_row));
  if (error) return Unexpected(*std::move(error));
  return Done{};
}

Result<std::optional<Fact>> Facts::latest(const Hash& code_key, Aspect aspect,
                                          const Window& window) const {
  std::optional<Fact> found;
  if (rows_.lacks(code_key, aspect)) return found;
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
  // A lot may be known only by its units: their commissioning states it without naming it.
  if (!named) SUYUAN_TRY_DONE(facts.each(code_key, Aspect::unit, {.to = facts.end()}, visit));
  // It is no secret that somebody states something about it (formats.md 8).
  if (!named) {
    SUYUAN_TRY(hidden, facts.reader().hidden(code_key));
    named = !hidden.empty();
  }
  if (!named) return fail(Code::NOT_FOUND, "no event names " + quoted(code), "code");
  return Done{};
}

}  // namespace suyuan
