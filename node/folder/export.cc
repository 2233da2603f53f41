#include "node/folder/export.h"

#include "ledger/base/limits.h"
#include "ledger/os/files.h"
#include "ledger/proof/log_files.h"
#include "ledger/store/rocks/read_only.h"
#include "ledger/store/schema.h"

namespace suyuan {
namespace {

struct KeptCheckpoint {
  uint64_t size = 0;
  std::string note;
};

Result<KeptCheckpoint> newest_checkpoint(const Reader& reader) {
  KeptCheckpoint newest;
  SUYUAN_TRY_DONE(reader.scan(Table::checkpoint, "", "", Direction::descending,
                              [&](BytesView key, BytesView note) {
                                Decoder decoder(key);
                                if (decoder.get_u64(newest.size)) newest.note = std::string(note);
                                return false;
                              }));
  if (newest.note.empty())
    return fail(Code::NOT_FOUND, "nothing is published yet; let the node serve first, then export");
  return newest;
}

}  // namespace

Result<Exported> export_data(const DataFolder& data, ExportOptions options, LogReadBy by) {
  SUYUAN_TRY(leaf, read_file(data.genesis(), limits::kLeafBytesMax));
  options.genesis_leaf = std::move(leaf);
  SUYUAN_TRY(store, open_rocks_read_only(data.store()));
  SUYUAN_TRY(newest, newest_checkpoint(store->reader()));
  StoreLog log(store->reader(), newest.size, std::move(newest.note), by);
  return export_log(log, options);
}

}  // namespace suyuan
