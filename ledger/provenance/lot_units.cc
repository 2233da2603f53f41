#include "ledger/provenance/lot_units.h"

#include <algorithm>
#include <tuple>

#include "ledger/base/coding.h"

namespace suyuan {
namespace {

// Doubling would take twice what is needed.
constexpr size_t kGrowthMax = size_t{1} << 20;

}  // namespace

void LotUnits::add(const Fact& unit) {
  const std::string& code = unit.fact.text;
  if (entries_.empty()) first_ = code;
  const auto differs = std::ranges::mismatch(code, first_).in1;
  const auto alike = static_cast<size_t>(differs - code.begin());
  entries_.push_back({.key = unit.key.other.value_or(Hash{}),
                      .time_ms = unit.key.time_ms,
                      .leaf = unit.key.place.leaf,
                      .event = unit.key.place.event,
                      .text = static_cast<uint32_t>(texts_.size())});
  const size_t rest = code.size() - alike;
  Bytes counts;
  put_u16(counts, static_cast<uint16_t>(alike));
  put_u16(counts, static_cast<uint16_t>(rest));
  const size_t needed = texts_.size() + counts.size() + rest;
  if (texts_.capacity() < needed) texts_.reserve(needed + std::min(needed, kGrowthMax));
  texts_.insert(texts_.end(), counts.begin(), counts.end());
  texts_.insert(texts_.end(), differs, code.end());
}

void LotUnits::order_by_key() {
  std::ranges::sort(entries_, {}, [](const Entry& entry) {
    return std::tie(entry.key, entry.time_ms, entry.leaf, entry.event);
  });
}

void LotUnits::order_by_making(size_t from) {
  const auto first = entries_.begin() + static_cast<ptrdiff_t>(from);
  std::ranges::sort(first, entries_.end(), {}, [](const Entry& entry) {
    return std::tie(entry.time_ms, entry.leaf, entry.event, entry.key);
  });
}

LotUnits::Unit LotUnits::unit(size_t i) const {
  const Entry& entry = entries_[i];
  uint16_t alike = 0, rest = 0;
  Decoder from(BytesView(texts_.data(), texts_.size()).substr(entry.text));
  SUYUAN_CHECK(from.get_u16(alike) && from.get_u16(rest));
  Unit unit{.code = {}, .key = entry.key, .made = {entry.time_ms, {entry.leaf, entry.event}}};
  unit.code.reserve(size_t{alike} + rest);
  unit.code.append(first_, 0, alike).append(from.rest().substr(0, rest));
  return unit;
}

}  // namespace suyuan
