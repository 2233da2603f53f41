// Overlay: uncommitted rows in one ordered map for each table, with a journal for undo.
#include <array>
#include <map>

#include "ledger/base/check.h"
#include "ledger/store/store.h"

namespace suyuan {
namespace {

using Rows = std::map<Bytes, std::optional<Bytes>, std::less<>>;  // nullopt: removed

struct Write {
  Table table;
  bool fresh;                   // the overlay did not have the row before
  Rows::iterator row;
  std::optional<Bytes> before;  // its value before this write, unless fresh
};

// Most tables are written in key order, so a row usually goes to the end.
Rows::iterator place_of(Rows& rows, BytesView key) {
  if (rows.empty() || BytesView(rows.rbegin()->first) < key) return rows.end();
  return rows.lower_bound(key);
}

// One scan: the base's rows as they come, the overlay's put where they belong.
class Merge {
 public:
  Merge(const Rows& rows, Direction direction, BytesView from, BytesView to,
        const RowVisitor& visit)
      : ascending_(direction == Direction::ascending),
        first_(rows.lower_bound(from)),
        last_(to.empty() ? rows.end() : rows.lower_bound(to)),
        visit_(visit) {}

  bool empty() const { return first_ == last_; }

  // A row of the base; returns whether to go on.
  bool base_row(BytesView key, BytesView value) {
    while (!empty() && before(next().first, key)) {
      if (!emit_next()) return false;
    }
    if (!empty() && BytesView(next().first) == key) return emit_next();
    return going_ = visit_(key, value);
  }

  // What lies behind the base's last row.
  void finish() {
    while (going_ && !empty()) emit_next();
  }

 private:
  bool before(BytesView a, BytesView b) const { return ascending_ ? a < b : b < a; }
  const Rows::value_type& next() const { return ascending_ ? *first_ : *std::prev(last_); }
  bool emit_next() {
    const auto& [key, value] = next();
    if (ascending_) {
      ++first_;
    } else {
      --last_;
    }
    if (value) going_ = visit_(key, *value);
    return going_;
  }

  bool ascending_;
  bool going_ = true;
  Rows::const_iterator first_;
  Rows::const_iterator last_;
  const RowVisitor& visit_;
};

}  // namespace

struct Overlay::State {
  explicit State(const Reader& b) : base(b) {}
  Rows& rows(Table table) { return tables.at(static_cast<size_t>(table)); }

  void write(Table table, Bytes key, std::optional<Bytes> value) {
    Rows& all = rows(table);
    auto row = place_of(all, key);
    if (row != all.end() && row->first == key) {
      journal.push_back({table, false, row, std::exchange(row->second, std::move(value))});
      return;
    }
    row = all.emplace_hint(row, std::move(key), std::move(value));
    journal.push_back({table, true, row, std::nullopt});
  }

  const Reader& base;
  std::array<Rows, kTableCount> tables;
  std::vector<Write> journal;
};

Overlay::Overlay(const Reader& base) : state_(std::make_unique<State>(base)) {}
Overlay::~Overlay() = default;

void Overlay::put(Table table, Bytes key, Bytes value) {
  state_->write(table, std::move(key), std::move(value));
}

void Overlay::erase(Table table, Bytes key) {
  state_->write(table, std::move(key), std::nullopt);
}

size_t Overlay::mark() const { return state_->journal.size(); }

void Overlay::undo_to(size_t mark) {
  auto& journal = state_->journal;
  SUYUAN_CHECK(mark <= journal.size());
  for (; journal.size() > mark; journal.pop_back()) {
    Write& last = journal.back();
    if (last.fresh) {
      state_->rows(last.table).erase(last.row);
    } else {
      last.row->second = std::move(last.before);
    }
  }
}

Changes Overlay::take_changes() && {
  Changes changes;
  changes.reserve(state_->journal.size());
  for (const Write& write : state_->journal) {
    if (!write.fresh) continue;
    auto node = state_->rows(write.table).extract(write.row);
    changes.push_back({write.table, std::move(node.key()), std::move(node.mapped())});
  }
  state_->journal.clear();
  return changes;
}

Result<std::optional<Bytes>> Overlay::get(Table table, BytesView key) const {
  const Rows& rows = state_->rows(table);
  if (!rows.empty()) {
    if (const auto row = rows.find(key); row != rows.end()) return row->second;
  }
  return state_->base.get(table, key);
}

Result<Done> Overlay::scan(Table table, BytesView from, BytesView to, Direction direction,
                           const RowVisitor& visit) const {
  if (!to.empty() && to <= from) return Done{};
  Merge merge(state_->rows(table), direction, from, to, visit);
  if (merge.empty()) return state_->base.scan(table, from, to, direction, visit);
  SUYUAN_TRY_DONE(state_->base.scan(
      table, from, to, direction,
      [&merge](BytesView key, BytesView value) { return merge.base_row(key, value); }));
  merge.finish();
  return Done{};
}

}  // namespace suyuan
