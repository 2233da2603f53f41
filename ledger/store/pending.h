// Pending: a state as it will be when a commit has come about that is on its way.
#pragma once

#include <array>
#include <span>

#include "ledger/store/store.h"

namespace suyuan {

// Changes over the state that they are written to. Reads are the same before the commit comes
// about, in the middle of one, and after it: what it changes is answered from here. Not a copy:
// `changes` and `base` outlive it. A commit that fails takes all with it that was read from here.
class Pending final : public Reader {
 public:
  // `changes`: by table and key, each row once (Overlay::take_changes).
  Pending(std::span<const Change> changes, const Reader& base);

  Result<std::optional<Bytes>> get(Table table, BytesView key) const override;
  Result<Done> scan(Table table, BytesView from, BytesView to, Direction direction,
                    const RowVisitor& visit) const override;

 private:
  using Rows = std::span<const Change>;
  Rows rows(Table table) const { return tables_.at(static_cast<size_t>(table)); }

  std::array<Rows, kTableCount> tables_;
  const Reader& base_;
};

}  // namespace suyuan
