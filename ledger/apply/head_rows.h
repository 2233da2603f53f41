// The chain map's rows: the table of chain heads.
#pragma once

#include "ledger/merkle/chain_map.h"
#include "ledger/store/scanner.h"
#include "ledger/store/schema.h"

namespace suyuan {

// The rows as they are when it is made. `reader` outlives it. One thread.
class HeadRows final : public MapRows {
 public:
  explicit HeadRows(const Reader& reader) : scanner_(scanner_of(reader, Table::head)) {}
  // CORRUPT for a row that is no chain head.
  Result<Done> scan(const Hash& first, const Hash& last, const Visitor& visit) const override;

 private:
  const std::unique_ptr<Scanner> scanner_;
};

}  // namespace suyuan
