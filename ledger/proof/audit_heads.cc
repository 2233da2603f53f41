#include "ledger/proof/audit_heads.h"

#include "ledger/apply/log_writer.h"

namespace suyuan {
namespace {

void make_distinct(std::vector<Hash>& keys) {
  std::ranges::sort(keys);
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
    SUYUAN_TRY(built, ChainMap::build(*this));
    map_ = std::move(built);
    restored_ = false;
    changed_.clear();
  }
  make_distinct(changed_);
  std::vector<MapEntry> rows;
  rows.reserve(changed_.size());
  for (const Hash& code : changed_) rows.push_back(*rows_.find(code));
  changed_.clear();
  changed_enough_ = 1 << 20;
  SUYUAN_TRY(folded, map_.fold(*this, rows));
  map_ = std::move(folded);
  return map_.root();
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
