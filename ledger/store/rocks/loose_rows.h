// Rows outside the ledger, in a RocksDB of their own: what may be lost without harm. Writes are not
// synced one by one: a power cut may cost the last of them, no more.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ledger/store/store.h"

namespace suyuan {

class LooseRows {
 public:
  // Made where there is none. IO: also when another process has it open; CORRUPT.
  static Result<std::unique_ptr<LooseRows>> open(const std::string& path);
  virtual ~LooseRows() = default;

  // Rows with from <= key < to, ascending, of one state. IO, CORRUPT.
  virtual Result<Done> scan(BytesView from, BytesView to, const RowVisitor& visit) const = 0;
  // All or nothing; nullopt removes the row. IO.
  using Writes = std::vector<std::pair<Bytes, std::optional<Bytes>>>;
  virtual Result<Done> write(const Writes& writes) = 0;
};

}  // namespace suyuan
