// The registry of an audit: newer rows in memory, older ones sorted on a shelf. As ShelvedRows, but
// with rows of any length. It implements Store, so that registry/ can read it.
#pragma once

#include <map>
#include <memory>

#include "ledger/proof/audit_rows.h"
#include "ledger/store/store.h"

namespace suyuan {

// Not thread-safe. One table. Rows are read in ascending order only.
class ShelvedStore final : public Store {
 public:
  explicit ShelvedStore(Table table);

  // Reads memory and shelf as they change: do not commit while a snapshot is in use.
  std::unique_ptr<Reader> snapshot() const override;
  const Reader& latest() const override { return *latest_; }
  Result<Done> commit(const Changes& changes) override;

  size_t memory_bytes() const { return bytes_; }  // an upper bound if rows were written again
  bool on_shelf() const { return !rows_.empty(); }
  // Moves all rows to the shelf, in one pass. After an error they are where they were.
  Result<Done> shelve(RowShelf& shelf, const std::string& name);

 private:
  friend class ShelvedReader;
  using Recent = std::map<Bytes, std::optional<Bytes>, std::less<>>;  // nullopt: it was removed
  struct Row {
    BytesView key;
    BytesView value;
  };
  size_t shelved() const { return ends_.size() / sizeof(uint64_t); }
  Row shelved_row(size_t index) const;
  size_t place_of(BytesView key) const;
  std::optional<Bytes> find(BytesView key) const;
  // Visits rows with from <= key < to (empty: to the end), ascending, until `visit` returns false.
  void visit(BytesView from, BytesView to, const RowVisitor& visit) const;

  const Table table_;
  Recent recent_;
  size_t bytes_ = 0;
  BytesView rows_;  // one after the other: u32 length of the key ‖ key ‖ value
  BytesView ends_;  // where each of them ends in rows_, u64 in this machine's order
  std::unique_ptr<Reader> latest_;
};

}  // namespace suyuan
