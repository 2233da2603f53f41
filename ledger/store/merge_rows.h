// One scan over two layers: the base's rows as they come, changed rows put where they belong.
#pragma once

#include <iterator>

#include "ledger/store/store.h"

namespace suyuan {

// Of a range of changed rows, ascending by key. `Rows` says how one is read: key(row), value(row);
// no value: the row is removed.
template <class Iterator, class Rows>
class MergeRows {
 public:
  MergeRows(Iterator first, Iterator last, Direction direction, const RowVisitor& visit)
      : ascending_(direction == Direction::ascending), first_(first), last_(last), visit_(visit) {}

  bool empty() const { return first_ == last_; }

  // A row of the base; returns whether to go on.
  bool base_row(BytesView key, BytesView value) {
    while (!empty() && before(Rows::key(next()), key)) {
      if (!emit_next()) return false;
    }
    if (!empty() && Rows::key(next()) == key) return emit_next();
    return going_ = visit_(key, value);
  }

  // What lies behind the base's last row.
  void finish() {
    while (going_ && !empty()) emit_next();
  }

  // The whole scan.
  Result<Done> over(const Reader& base, Table table, BytesView from, BytesView to) {
    const Direction direction = ascending_ ? Direction::ascending : Direction::descending;
    if (empty()) return base.scan(table, from, to, direction, visit_);
    SUYUAN_TRY_DONE(base.scan(table, from, to, direction, [this](BytesView key, BytesView value) {
      return base_row(key, value);
    }));
    finish();
    return Done{};
  }

 private:
  bool before(BytesView a, BytesView b) const { return ascending_ ? a < b : b < a; }
  const auto& next() const { return ascending_ ? *first_ : *std::prev(last_); }
  bool emit_next() {
    const auto& row = next();
    if (ascending_) {
      ++first_;
    } else {
      --last_;
    }
    const std::optional<Bytes>& value = Rows::value(row);
    if (value) going_ = visit_(Rows::key(row), *value);
    return going_;
  }

  bool ascending_;
  bool going_ = true;
  Iterator first_;
  Iterator last_;
  const RowVisitor& visit_;
};

}  // namespace suyuan
