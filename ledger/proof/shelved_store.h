// The registry of an audit: newer rows in memory, older ones sorted on a shelf, as ShelvedRows has
// them, but of any length. A store by its interface, so that registry/ reads it as any other.
#pragma once

#include <map>
#include <memory>

#include "ledger/proof/audit_rows.h"
#include "ledger/store/store.h"

namespace suyuan {

// One thread; one table. Rows are read in ascending order only.
class ShelvedStore final : public Store {
 public:
  explicit ShelvedStore(Table table);

  // Of what is in memory and on the shelf, as it moves: nobody commits while a snapshot is read.
  std::unique_ptr<Reader> snapshot() const override;
  const Reader& latest() const override { return *latest_; }
  Result<Done> commit(const Changes& changes) override;

  size_t memory_bytes() const { return bytes_; }  // some more, where rows were written again
  bool on_shelf() const { return !rows_.empty(); }
  // All rows go to the shelf, in one pass. After an error they are where they were.
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
  // Rows with from <= key < to (empty: to the end), ascending, until `visit` says false.
  void visit(BytesView from, BytesView to, const RowVisitor& visit) const;

  const Table table_;
  Recent recent_;
  size_t bytes_ = 0;
  BytesView rows_;  // one after the other: u32 length of the key ‖ key ‖ value
  BytesView ends_;  // where each of them ends in rows_, u64 in this machine's order
  std::unique_ptr<Reader> latest_;
};

}  // namespace suyuan
