// The chain map's rows: the table of chain heads.
#pragma once

#include "ledger/merkle/chain_map.h"
#include "ledger/store/schema.h"

namespace suyuan {

// `reader` outlives it.
class HeadRows final : public MapRows {
 public:
  explicit HeadRows(const Reader& reader) : reader_(reader) {}
  // CORRUPT for a row that is no chain head.
  Result<Done> scan(const Hash& first, const Hash& last, const Visitor& visit) const override;

 private:
  const Reader& reader_;
};

}  // namespace suyuan
