#include "ledger/proof/shelved_store.h"

#include <cstring>

#include "ledger/base/coding.h"

namespace suyuan {
namespace {

constexpr size_t kRowBytes = 128;  // of a row in memory, next to its key and value

}  // namespace

class ShelvedReader final : public Reader {
 public:
  explicit ShelvedReader(const ShelvedStore& store) : store_(store) {}

  Result<std::optional<Bytes>> get(Table table, BytesView key) const override {
    // It has no other table. The quorum's reader, for example, looks for leaf 0 if no row names
    // one.
    if (table != store_.table_) return std::optional<Bytes>{};
    return store_.find(key);
  }
  Result<Done> scan(Table table, BytesView from, BytesView to, Direction direction,
                    const RowVisitor& visit) const override {
    SUYUAN_CHECK(table == store_.table_ && direction == Direction::ascending);
    store_.visit(from, to, visit);
    return Done{};
  }

 private:
  const ShelvedStore& store_;
};

ShelvedStore::ShelvedStore(Table table)
    : table_(table), latest_(std::make_unique<ShelvedReader>(*this)) {}

std::unique_ptr<Reader> ShelvedStore::snapshot() const {
  return std::make_unique<ShelvedReader>(*this);
}

Result<Done> ShelvedStore::commit(const Changes& changes) {
  for (const Change& change : changes) {
    SUYUAN_CHECK(change.table == table_);
    bytes_ += kRowBytes + change.key.size() + (change.value ? change.value->size() : 0);
    recent_.insert_or_assign(change.key, change.value);
  }
  return Done{};
}

ShelvedStore::Row ShelvedStore::shelved_row(size_t index) const {
  uint64_t begin = 0;
  uint64_t end = 0;
  if (index > 0) std::memcpy(&begin, ends_.data() + (index - 1) * sizeof(begin), sizeof(begin));
  std::memcpy(&end, ends_.data() + index * sizeof(end), sizeof(end));
  const BytesView row = rows_.substr(begin, end - begin);
  Decoder decoder(row);
  Row found;
  SUYUAN_CHECK(decoder.get_view(found.key));
  found.value = decoder.rest();
  return found;
}

// The first row on the shelf whose key is not smaller.
size_t ShelvedStore::place_of(BytesView key) const {
  size_t from = 0;
  size_t to = shelved();
  while (from < to) {
    const size_t middle = from + (to - from) / 2;
    if (shelved_row(middle).key < key) {
      from = middle + 1;
    } else {
      to = middle;
    }
  }
  return from;
}

std::optional<Bytes> ShelvedStore::find(BytesView key) const {
  if (const auto row = recent_.find(key); row != recent_.end()) return row->second;
  const size_t place = place_of(key);
  if (place == shelved()) return std::nullopt;
  const Row row = shelved_row(place);
  return row.key == key ? std::optional(Bytes(row.value)) : std::nullopt;
}

void ShelvedStore::visit(BytesView from, BytesView to, const RowVisitor& visit) const {
  const auto ends = [to](BytesView key) { return !to.empty() && key >= to; };
  auto recent = recent_.lower_bound(from);
  for (size_t next = place_of(from);;) {
    const bool more = recent != recent_.end() && !ends(recent->first);
    std::optional<Row> older;
    if (next < shelved()) older = shelved_row(next);
    if (older && ends(older->key)) older.reset();
    if (!more && !older) return;
    if (older && (!more || older->key < recent->first)) {
      ++next;
      if (!visit(older->key, older->value)) return;
      continue;
    }
    if (older && older->key == recent->first) ++next;
    if (recent->second && !visit(recent->first, *recent->second)) return;
    ++recent;
  }
}

Result<Done> ShelvedStore::shelve(RowShelf& shelf, const std::string& name) {
  uint64_t count = 0;
  uint64_t size = 0;
  SUYUAN_TRY(file, shelf.keep(name, [&](const RowShelf::Sink& sink) -> Result<Done> {
    Result<Done> written = Done{};
    const auto each = [&](const std::function<Result<Done>(const Bytes& row)>& write) {
      visit({}, {}, [&](BytesView key, BytesView value) {
        Bytes row;
        put_string(row, key);
        row += value;
        written = write(row);
        return written.has_value();
      });
      return written;
    };
    SUYUAN_TRY_DONE(each([&](const Bytes& row) {
      ++count;
      return sink(row);
    }));
    return each([&](const Bytes& row) {
      size += row.size();
      char raw[sizeof(size)];
      std::memcpy(raw, &size, sizeof(size));
      return sink(BytesView(raw, sizeof(raw)));
    });
  }));
  SUYUAN_CHECK(file.size() == size + count * sizeof(uint64_t));
  rows_ = file.substr(0, size);
  ends_ = file.substr(size);
  recent_.clear();
  bytes_ = 0;
  return Done{};
}

}  // namespace suyuan
