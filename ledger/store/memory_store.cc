// MemoryStore: sorted maps; a snapshot shares them until the next write.
#include "ledger/store/memory_store.h"

namespace suyuan {
namespace {

class MemoryReader final : public Reader {
 public:
  explicit MemoryReader(std::shared_ptr<const MemoryStore::Tables> tables)
      : tables_(std::move(tables)) {}

  Result<std::optional<Bytes>> get(Table table, BytesView key) const override {
    const auto& all = rows(table);
    const auto row = all.find(key);
    if (row == all.end()) return std::optional<Bytes>{};
    return std::optional(row->second);
  }

  Result<Done> scan(Table table, BytesView from, BytesView to, Direction direction,
                    const RowVisitor& visit) const override {
    if (!to.empty() && to <= from) return Done{};
    const auto& all = rows(table);
    auto first = all.lower_bound(from);
    auto last = to.empty() ? all.end() : all.lower_bound(to);
    while (first != last) {
      const auto row = direction == Direction::ascending ? first++ : --last;
      if (!visit(row->first, row->second)) break;
    }
    return Done{};
  }

 private:
  const MemoryStore::Rows& rows(Table table) const {
    return *tables_->at(static_cast<size_t>(table));
  }
  std::shared_ptr<const MemoryStore::Tables> tables_;
};

}  // namespace

MemoryStore::MemoryStore()
    : tables_(std::make_shared<Tables>()), latest_(std::make_unique<MemoryReader>(tables_)) {
  for (auto& rows : *tables_) rows = std::make_shared<Rows>();
}

std::unique_ptr<Reader> MemoryStore::snapshot() const {
  return std::make_unique<MemoryReader>(std::make_shared<const Tables>(*tables_));
}

Result<Done> MemoryStore::commit(const Changes& changes) {
  if (read_only_) {
    return fail(Code::READ_ONLY, "an earlier commit failed: open the store again");
  }
  if (const auto fault = std::exchange(fault_, std::nullopt)) {
    read_only_ = true;
    if (*fault == Outcome::stored) write(changes);
    return fail(Code::IO, "the commit failed, as the test asked");
  }
  write(changes);
  return Done{};
}

void MemoryStore::write(const Changes& changes) {
  for (const auto& change : changes) {
    auto& rows = tables_->at(static_cast<size_t>(change.table));
    if (rows.use_count() > 1) rows = std::make_shared<Rows>(*rows);
    if (change.value) {
      rows->insert_or_assign(change.key, *change.value);
    } else {
      rows->erase(change.key);
    }
  }
}

}  // namespace suyuan
