// Gets and scans. A scan within one code key uses the prefix filters; every other scan must not, or
// it would miss rows.
#include "ledger/store/rocks/rocks_reader.h"

#include <functional>

#include "ledger/store/rocks/options.h"
#include "ledger/store/rocks/status.h"
#include "ledger/store/schema.h"

namespace suyuan {
namespace {

// RocksDB accepts no null pointer, which an empty view may have.
rocksdb::Slice slice(BytesView bytes) {
  return bytes.empty() ? rocksdb::Slice() : rocksdb::Slice(bytes.data(), bytes.size());
}
BytesView view(const rocksdb::Slice& bytes) { return {bytes.data(), bytes.size()}; }

// Whether all keys with from <= key < to have the prefix of `from`.
bool stays_under_prefix(Table table, BytesView from, BytesView to) {
  if (!has_prefix(table) || from.size() < kPrefixBytes) return false;
  const BytesView prefix = from.substr(0, kPrefixBytes);
  return to.starts_with(prefix) || (!to.empty() && to == after_prefix(prefix));
}

// One iterator for all scans: creating one costs several times a short scan. A table with prefixes
// has two, since one that uses the filters sees nothing beyond a prefix.
class RocksScanner final : public Scanner {
 public:
  using Iterator = std::unique_ptr<rocksdb::Iterator>;
  RocksScanner(std::function<Iterator(bool filtered)> make, Table table)
      : make_(std::move(make)), table_(table) {}

  Result<Done> scan(BytesView from, BytesView to, const RowVisitor& visit) override {
    if (!to.empty() && to <= from) return Done{};
    const bool filtered = stays_under_prefix(table_, from, to);
    Iterator& row = filtered ? filtered_ : unfiltered_;
    if (row == nullptr) row = make_(filtered);
    row->Seek(slice(from));
    while (row->Valid() && (to.empty() || view(row->key()) < to) &&
           visit(view(row->key()), view(row->value()))) {
      row->Next();
    }
    if (row->status().ok()) return Done{};
    return fail(row->status(), "scan table " + std::string(word(table_)));
  }

 private:
  const std::function<Iterator(bool)> make_;
  const Table table_;
  Iterator filtered_;
  Iterator unfiltered_;
};

}  // namespace

RocksReader::RocksReader(rocksdb::DB& db, const Families& families,
                         const rocksdb::Snapshot* snapshot, std::atomic<uint64_t>& live)
    : db_(db), families_(families), snapshot_(snapshot), live_(live) {
  if (snapshot_ != nullptr) ++live_;
}

RocksReader::~RocksReader() {
  if (snapshot_ == nullptr) return;
  db_.ReleaseSnapshot(snapshot_);
  --live_;
}

rocksdb::ReadOptions RocksReader::read_options() const {
  rocksdb::ReadOptions options;
  options.snapshot = snapshot_;
  return options;
}

Result<std::optional<Bytes>> RocksReader::get(Table table, BytesView key) const {
  rocksdb::PinnableSlice value;
  auto* family = families_.at(static_cast<size_t>(table));
  const auto status = db_.Get(read_options(), family, slice(key), &value);
  if (status.IsNotFound()) return std::optional<Bytes>{};
  if (!status.ok()) return fail(status, "read table " + std::string(word(table)));
  return std::optional(Bytes(view(value)));
}

std::unique_ptr<Scanner> RocksReader::scanner(Table table, Rereads rereads) const {
  const auto make = [this, table, rereads](bool filtered) {
    rocksdb::ReadOptions options = read_options();
    options.total_order_seek = !filtered;
    options.prefix_same_as_start = filtered;
    options.fill_cache = rereads == Rereads::likely;
    auto* family = families_.at(static_cast<size_t>(table));
    return std::unique_ptr<rocksdb::Iterator>(db_.NewIterator(options, family));
  };
  return std::make_unique<RocksScanner>(make, table);
}

Result<Done> RocksReader::scan(Table table, BytesView from, BytesView to, Direction direction,
                               const RowVisitor& visit) const {
  if (!to.empty() && to <= from) return Done{};
  const bool ascending = direction == Direction::ascending;
  const bool prefixed = stays_under_prefix(table, from, to);
  // Going down, the filters are checked with the sought key, which is `to`.
  const bool filtered = prefixed && (ascending || to.starts_with(from.substr(0, kPrefixBytes)));

  const rocksdb::Slice lower = slice(from);
  const rocksdb::Slice upper = slice(to);
  rocksdb::ReadOptions options = read_options();
  options.total_order_seek = !filtered;
  options.prefix_same_as_start = filtered;
  options.iterate_lower_bound = &lower;
  // With an upper bound RocksDB never checks the filters on the way down.
  if (!to.empty() && (ascending || !filtered)) options.iterate_upper_bound = &upper;

  // The iterator is destroyed here, before anything can close the database.
  const std::unique_ptr<rocksdb::Iterator> row(
      db_.NewIterator(options, families_.at(static_cast<size_t>(table))));
  if (ascending) {
    row->Seek(lower);
  } else if (filtered) {
    row->SeekForPrev(upper);
    if (row->Valid() && view(row->key()) == to) row->Prev();
  } else {
    row->SeekToLast();
  }
  while (row->Valid() && visit(view(row->key()), view(row->value()))) {
    if (ascending) {
      row->Next();
    } else {
      row->Prev();
    }
  }
  if (!row->status().ok()) return fail(row->status(), "scan table " + std::string(word(table)));
  return Done{};
}

}  // namespace suyuan
