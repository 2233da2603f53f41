// Overlay: uncommitted rows in one ordered map for each table, with a journal for undo.
#include <deque>
#include <map>
#include <memory_resource>

#include "ledger/base/check.h"
#include "ledger/store/store.h"

namespace suyuan {
namespace {

struct RowKey {
  mutable Bytes bytes;  // taken out when the map is at its end; see take_changes
  explicit RowKey(Bytes key) : bytes(std::move(key)) {}
  BytesView view() const { return bytes; }
};
struct Ascending {
  using is_transparent = void;
  bool operator()(const RowKey& a, const RowKey& b) const { return a.view() < b.view(); }
  bool operator()(const RowKey& a, BytesView b) const { return a.view() < b; }
  bool operator()(BytesView a, const RowKey& b) const { return a < b.view(); }
};
using Rows = std::pmr::map<RowKey, std::optional<Bytes>, Ascending>;  // nullopt: removed

struct Write {
  Table table;
  bool fresh;                   // the overlay did not have the row before
  Rows::iterator row;
  std::optional<Bytes> before;  // its value before this write, unless fresh
};

// Some tables are written in key order; in others an event's rows lie side by side. So most rows
// go to the end, or right behind `last`, the one that was written before.
Rows::iterator place_of(Rows& rows, Rows::iterator last, BytesView key) {
  if (rows.empty() || rows.rbegin()->first.view() < key) return rows.end();
  if (last != rows.end() && last->first.view() < key) {
    const auto next = std::next(last);
    if (next != rows.end() && key <= next->first.view()) return next;
  }
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
    while (!empty() && before(next().first.view(), key)) {
      if (!emit_next()) return false;
    }
    if (!empty() && next().first.view() == key) return emit_next();
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
    if (value) going_ = visit_(key.view(), *value);
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
  explicit State(const Reader& b) : base(b) {
    tables.reserve(kTableCount);
    for (size_t i = 0; i < kTableCount; ++i) {
      tables.emplace_back(&nodes);
      last.push_back(tables.back().end());
    }
  }
  Rows& rows(Table table) { return tables.at(static_cast<size_t>(table)); }

  void write(Table table, Bytes key, std::optional<Bytes> value) {
    Rows& all = rows(table);
    auto& before = last.at(static_cast<size_t>(table));
    auto row = place_of(all, before, key);
    if (row != all.end() && row->first.view() == key) {
      journal.push_back({table, false, row, std::exchange(row->second, std::move(value))});
    } else {
      row = all.emplace_hint(row, RowKey(std::move(key)), std::move(value));
      journal.push_back({table, true, row, std::nullopt});
    }
    before = row;
  }

  void undo(Write& write) {
    if (!write.fresh) {
      write.row->second = std::move(write.before);
      return;
    }
    Rows& all = rows(write.table);
    last.at(static_cast<size_t>(write.table)) = all.end();
    all.erase(write.row);
  }

  const Reader& base;
  // Of all tables: tens of thousands of small ones in a group, which come and go together.
  std::pmr::monotonic_buffer_resource nodes;
  std::vector<Rows> tables;
  std::vector<Rows::iterator> last;  // written of each table; end: none is known
  std::deque<Write> journal;
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
  for (; journal.size() > mark; journal.pop_back()) state_->undo(journal.back());
}

Changes Overlay::take_changes() && {
  Changes changes;
  changes.reserve(state_->journal.size());
  for (size_t i = 0; i < kTableCount; ++i) {
    Rows& rows = state_->tables.at(i);
    // Only clear() comes after this, and it asks for no order.
    for (auto& [key, value] : rows) {
      changes.push_back({static_cast<Table>(i), std::move(key.bytes), std::move(value)});
    }
    rows.clear();
    state_->last.at(i) = rows.end();
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
