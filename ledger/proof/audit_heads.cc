#include "ledger/proof/audit_heads.h"

#include <algorithm>

#include "ledger/apply/log_writer.h"

namespace suyuan {
namespace {

// A change opens one closed page, with closed pages below: at most about 4 KiB.
constexpr size_t kOpenedBytes = 4096;
constexpr size_t kMapBytesOfCode = 16;  // more than it needs
constexpr size_t kFoldRows = 1 << 16;

void make_distinct(std::vector<Hash>& keys) {
  std::ranges::sort(keys, key_below);
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
}

}  // namespace

void AuditHeads::link(const Hash& code, Place place, const Hash& record) {
  MapEntry& head = rows_.at(code);
  const Hash& previous = head.count == 0 ? code : head.link;
  head.link = chain_link(head.count + 1, previous, place, record);
  ++head.count;
  changed_.push_back(code);
  if (changed_.size() < changed_enough_) return;
  make_distinct(changed_);
  changed_enough_ = std::max<size_t>(1 << 20, changed_.size() * 2);
}

Result<Hash> AuditHeads::root() {
  if (restored_) {
    const bool roomy = map_bytes_max_ / 2 / kMapBytesOfCode > rows_.size();
    SUYUAN_TRY(built, ChainMap::build(*this, roomy ? Pages::open : Pages::closed));
    map_ = std::move(built);
    restored_ = false;
    changed_.clear();
  }
  make_distinct(changed_);
  // Folds slices of neighbours: a slice opens few pages, and its codes share them.
  const size_t slice = std::clamp<size_t>(map_bytes_max_ / 4 / kOpenedBytes, 1, kFoldRows);
  for (auto left = std::span<const Hash>(changed_); !left.empty();) {
    const auto taken = left.first(std::min(slice, left.size()));
    SUYUAN_TRY_DONE(fold(taken));
    left = left.subspan(taken.size());
  }
  changed_.clear();
  changed_enough_ = 1 << 20;
  return map_.root();
}

Result<Done> AuditHeads::fold(std::span<const Hash> changed) {
  std::vector<MapEntry> rows;
  rows.reserve(changed.size());
  for (const Hash& code : changed) rows.push_back(*rows_.find(code));
  SUYUAN_TRY(folded, map_.fold(*this, rows));
  map_ = std::move(folded);
  // Half is for pages that a slice opens, and for copies while pages are closed.
  if (map_.memory_bytes() > map_bytes_max_ / 2) map_ = map_.closed_to(map_bytes_max_ / 4);
  return Done{};
}

Result<Done> AuditHeads::scan(const Hash& first, const Hash& last, const Visitor& visit) const {
  rows_.visit(first, last, visit);
  return Done{};
}

void AuditHeads::restore(const MapEntry& row) {
  rows_.at(row.key) = row;
  restored_ = true;
}

}  // namespace suyuan
