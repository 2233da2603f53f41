// One scan over two layers: changed rows merged into the rows of the base.
#pragma once

#include <iterator>

#include "ledger/store/store.h"

namespace suyuan {

// Merges a range of changed rows, ascending by key. `Rows` reads one: key(row), value(row); no
// value means that the row is removed.
template <class Iterator, class Rows>
class MergeRows {
 public:
  MergeRows(Iterator first, Iterator last, Direction direction, const RowVisitor& visit)
      : ascending_(direction == Direction::ascending), first_(first), last_(last), visit_(visit) {}

  bool empty() const { return first_ == last_; }

  // Takes the next row of the base. Returns whether to continue.
  bool base_row(BytesView key, BytesView value) {
    while (!empty() && before(Rows::key(next()), key)) {
      if (!emit_next()) return false;
    }
    if (!empty() && Rows::key(next()) == key) return emit_next();
    return going_ = visit_(key, value);
  }

  // Emits the changed rows after the base's last row.
  void finish() {
    while (going_ && !empty()) emit_next();
  }

  // Runs the whole scan.
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
