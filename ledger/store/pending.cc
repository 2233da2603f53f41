#include "ledger/store/pending.h"

#include <algorithm>

#include "ledger/store/merge_rows.h"

namespace suyuan {
namespace {

struct ChangedRow {
  static BytesView key(const Change& row) { return row.key; }
  static const std::optional<Bytes>& value(const Change& row) { return row.value; }
};

// The first row of a table at or after the key.
auto row_from(std::span<const Change> rows, BytesView key) {
  return std::ranges::lower_bound(rows, key, {}, &ChangedRow::key);
}

}  // namespace

Pending::Pending(std::span<const Change> changes, const Reader& base) : base_(base) {
  for (size_t i = 0; i < kTableCount; ++i) {
    // Not equal_range: clang 14, which fuzzes, cannot read the subrange of libstdc++ 12.
    const auto table = static_cast<Table>(i);
    tables_[i] = Rows(std::ranges::lower_bound(changes, table, {}, &Change::table),
                      std::ranges::upper_bound(changes, table, {}, &Change::table));
  }
}

Result<std::optional<Bytes>> Pending::get(Table table, BytesView key) const {
  const Rows changed = rows(table);
  const auto row = row_from(changed, key);
  if (row != changed.end() && row->key == key) return row->value;
  return base_.get(table, key);
}

Result<Done> Pending::scan(Table table, BytesView from, BytesView to, Direction direction,
                           const RowVisitor& visit) const {
  if (!to.empty() && to <= from) return Done{};
  const Rows changed = rows(table);
  const auto last = to.empty() ? changed.end() : row_from(changed, to);
  return MergeRows<Rows::iterator, ChangedRow>(row_from(changed, from), last, direction, visit)
      .over(base_, table, from, to);
}

}  // namespace suyuan
