// The rows of the chain map, read from the table of chain heads.
#pragma once

#include "ledger/merkle/chain_map.h"
#include "ledger/store/scanner.h"
#include "ledger/store/schema.h"

namespace suyuan {

// The rows as of construction. `reader` must outlive the object. Not thread-safe.
class HeadRows final : public MapRows {
 public:
  explicit HeadRows(const Reader& reader) : scanner_(scanner_of(reader, Table::head)) {}
  // Errors: CORRUPT (a row is not a valid chain head).
  Result<Done> scan(const Hash& first, const Hash& last, const Visitor& visit) const override;

 private:
  const std::unique_ptr<Scanner> scanner_;
};

}  // namespace suyuan
