// Overlay: uncommitted rows in one ordered map per table, with a journal for undo.
#include <algorithm>
#include <deque>
#include <map>
#include <memory_resource>

#include "ledger/base/check.h"
#include "ledger/store/merge_rows.h"
#include "ledger/store/store.h"

namespace suyuan {
namespace {

// A key's first bytes as a number, padded with zeros. If two numbers differ, the keys are in their
// order.
uint64_t first_bytes(BytesView key) {
  uint64_t number = 0;
  const size_t size = std::min(key.size(), sizeof number);
  for (size_t i = 0; i < size; ++i) number = number << 8 | static_cast<uint8_t>(key[i]);
  return size == 0 ? 0 : number << 8 * (sizeof number - size);
}

// Most keys begin with a hash. The map keeps its first bytes next to its links, so a search need
// not fetch the whole key of each row that it passes.
struct RowKey {
  uint64_t first;
  mutable Bytes bytes;  // taken out when the map ends; see take_changes
  explicit RowKey(Bytes key) : first(first_bytes(key)), bytes(std::move(key)) {}
  BytesView view() const { return bytes; }
};
struct SoughtKey {
  uint64_t first;
  BytesView bytes;
  explicit SoughtKey(BytesView key) : first(first_bytes(key)), bytes(key) {}
  BytesView view() const { return bytes; }
};
struct Ascending {
  using is_transparent = void;
  template <class A, class B>
  bool operator()(const A& a, const B& b) const {
    return a.first != b.first ? a.first < b.first : a.view() < b.view();
  }
};
// Rows that a node adds to a group's: its receipt, its place in a shared log.
constexpr size_t kRowsOfTheCommit = 2;

using Rows = std::pmr::map<RowKey, std::optional<Bytes>, Ascending>;  // nullopt: removed

struct Write {
  Table table;
  bool fresh;                   // the overlay did not have the row before
  Rows::iterator row;
  std::optional<Bytes> before;  // its value before this write, unless fresh
};

// Some tables are written in key order; in others an event's rows are neighbours. So most rows go
// to the end, or right after `last`, the one written before.
Rows::iterator place_of(Rows& rows, Rows::iterator last, BytesView key) {
  const SoughtKey sought(key);
  const Ascending before{};
  if (rows.empty() || before(rows.rbegin()->first, sought)) return rows.end();
  if (last != rows.end() && before(last->first, sought)) {
    const auto next = std::next(last);
    if (next != rows.end() && !before(next->first, sought)) return next;
  }
  return rows.lower_bound(sought);
}

struct RowOfMap {
  static BytesView key(const Rows::value_type& row) { return row.first.view(); }
  static const std::optional<Bytes>& value(const Rows::value_type& row) { return row.second; }
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
  // For all tables: tens of thousands of small allocations per group, released together.
  std::pmr::monotonic_buffer_resource nodes;
  std::vector<Rows> tables;
  std::vector<Rows::iterator> last;  // last row written in each table; end: unknown
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
  changes.reserve(state_->journal.size() + kRowsOfTheCommit);
  for (size_t i = 0; i < kTableCount; ++i) {
    Rows& rows = state_->tables.at(i);
    // Only clear() follows, which needs no order.
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
    if (const auto row = rows.find(SoughtKey(key)); row != rows.end()) return row->second;
  }
  return state_->base.get(table, key);
}

Result<Done> Overlay::scan(Table table, BytesView from, BytesView to, Direction direction,
                           const RowVisitor& visit) const {
  if (!to.empty() && to <= from) return Done{};
  const Rows& rows = state_->rows(table);
  const auto last = to.empty() ? rows.end() : rows.lower_bound(SoughtKey(to));
  return MergeRows<Rows::const_iterator, RowOfMap>(rows.lower_bound(SoughtKey(from)), last,
                                                   direction, visit)
      .over(state_->base, table, from, to);
}

}  // namespace suyuan
