// Pending: the state as it will be when a commit in progress is done.
#pragma once

#include <array>
#include <span>

#include "ledger/store/store.h"

namespace suyuan {

// Changes over the state to which they are being written. Changed rows are answered from the
// changes, so reads are the same before, during and after the commit. Not a copy: `changes` and
// `base` must outlive the object. If the commit fails, everything read from here is void.
class Pending final : public Reader {
 public:
  // `changes`: ascending by table and key, each row once (Overlay::take_changes).
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
