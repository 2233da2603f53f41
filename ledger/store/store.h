// What the core needs of a store: tables of sorted rows, consistent reads, one atomic synced write.
// Implementations: memory_store.h (tests, simulation), rocks/ (RocksDB).
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "ledger/base/bytes.h"
#include "ledger/base/error.h"

namespace suyuan {

// What each table holds stands in schema.h.
enum class Table : uint8_t {
  meta, leaf, record, payload, section, tree, chain, head, batch, receipt, event_id,
  registry, code, below, fact, finding, attachment, checkpoint,
};
inline constexpr size_t kTableCount = 18;
std::string_view word(Table);

enum class Direction : uint8_t { ascending, descending };
// Called for each row; the views die with the call. Returns whether to go on.
using RowVisitor = std::function<bool(BytesView key, BytesView value)>;

// Reads of one state. Errors: IO, CORRUPT.
class Reader {
 public:
  virtual ~Reader() = default;
  virtual Result<std::optional<Bytes>> get(Table table, BytesView key) const = 0;
  // Rows with from <= key < to; an empty `to` means to the table's end.
  virtual Result<Done> scan(Table table, BytesView from, BytesView to, Direction direction,
                            const RowVisitor& visit) const = 0;
};

// The writes of one commit, in order; a later one for the same row wins.
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
  // The committed state, fixed at the time of the call; any thread. It goes before the store goes.
  virtual std::unique_ptr<Reader> snapshot() const = 0;
  // Reads of the committed state as it moves; for the one writer, which knows that it stands still
  // meanwhile.
  virtual const Reader& latest() const = 0;
  // All or nothing, on disk when it returns. After an error the store takes no more commits
  // (READ_ONLY) until it is opened again: what reached the disk is not known, and a sync that
  // failed once is never trusted again.
  virtual Result<Done> commit(const Changes& changes) = 0;
};

// A state with uncommitted changes over it. Not a copy: `base` outlives it. A visitor of a scan
// must not write to the overlay that it scans.
class Overlay final : public Reader {
 public:
  explicit Overlay(const Reader& base);
  ~Overlay() override;
  void put(Table table, Bytes key, Bytes value);
  void erase(Table table, Bytes key);
  // Marks and undo: a refused batch leaves no trace in the group that it came with. Marks nest; an
  // undo to a mark ends every later one.
  size_t mark() const;
  void undo_to(size_t mark);
  // The last change of every row, by table and key: in this order a store takes them cheapest.
  Changes take_changes() &&;

  Result<std::optional<Bytes>> get(Table table, BytesView key) const override;
  Result<Done> scan(Table table, BytesView from, BytesView to, Direction direction,
                    const RowVisitor& visit) const override;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace suyuan
