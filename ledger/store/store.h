// What the core requires of a store: tables of sorted rows, consistent reads, atomic synced
// commits. Implementations: memory_store.h (tests, simulation), rocks/ (RocksDB).
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "ledger/base/bytes.h"
#include "ledger/base/error.h"

namespace suyuan {

// For the rows of each table see schema.h.
enum class Table : uint8_t {
  meta, leaf, record, payload, section, tree, chain, head, batch, receipt, event_id,
  registry, code, below, fact, finding, attachment, checkpoint,
};
inline constexpr size_t kTableCount = 18;
std::string_view word(Table);

enum class Direction : uint8_t { ascending, descending };
// Called for each row. The views are valid during the call only. Returns whether to continue.
using RowVisitor = std::function<bool(BytesView key, BytesView value)>;

// Reads one state. Errors: IO, CORRUPT.
class Reader {
 public:
  virtual ~Reader() = default;
  virtual Result<std::optional<Bytes>> get(Table table, BytesView key) const = 0;
  // Rows with from <= key < to; an empty `to` means to the table's end.
  virtual Result<Done> scan(Table table, BytesView from, BytesView to, Direction direction,
                            const RowVisitor& visit) const = 0;
};

// The writes of one commit, in order. A later write to the same row wins.
struct Change {
  Table table;
  Bytes key;
  std::optional<Bytes> value;  // nullopt: the row is removed
  friend bool operator==(const Change&, const Change&) = default;
};
using Changes = std::vector<Change>;

class Store {
 public:
  virtual ~Store() = default;
  // Returns the committed state at the time of the call. Thread-safe. The reader must be destroyed
  // before the store.
  virtual std::unique_ptr<Reader> snapshot() const = 0;
  // Reads the committed state as it changes. For the single writer only, which knows that no commit
  // happens during the read.
  virtual const Reader& latest() const = 0;
  // Commits atomically; the rows are on disk when it returns. After an error the store refuses
  // commits (READ_ONLY) until it is opened again: it is unknown what reached the disk, and a sync
  // that failed once is never trusted again.
  virtual Result<Done> commit(const Changes& changes) = 0;
};

// Uncommitted changes over a state. Not a copy: `base` must outlive the object. The visitor of a
// scan must not write to the overlay.
class Overlay final : public Reader {
 public:
  explicit Overlay(const Reader& base);
  ~Overlay() override;
  void put(Table table, Bytes key, Bytes value);
  void erase(Table table, Bytes key);
  // Marks and undo, so that a refused batch leaves no trace in its group. Marks nest; an undo to a
  // mark ends every later one.
  size_t mark() const;
  void undo_to(size_t mark);
  // Returns the last change of each row, by table and key: the cheapest order for a store.
  Changes take_changes() &&;

  Result<std::optional<Bytes>> get(Table table, BytesView key) const override;
  Result<Done> scan(Table table, BytesView from, BytesView to, Direction direction,
                    const RowVisitor& visit) const override;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace suyuan
