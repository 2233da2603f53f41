#include "node/ops/purge_rows.h"

#include "ledger/store/notice_rows.h"

namespace suyuan {

Result<std::vector<Bytes>> rows_to_purge(const Reader& reader, size_t most,
                                         BytesView after) {
  std::vector<Bytes> keys;
  Bytes from(kPurgeRows);
  if (!after.empty()) from.append(after).push_back('\0');
  SUYUAN_TRY_DONE(reader.scan(Table::meta, from, after_prefix(kPurgeRows),
                              Direction::ascending, [&](BytesView key, BytesView) {
                                keys.emplace_back(key.substr(kPurgeRows.size()));
                                return keys.size() < most;
                              }));
  return keys;
}

}  // namespace suyuan
