// RocksDB's Status to Error: CORRUPT or IO, with what was tried and what to do.
#include "ledger/store/rocks/status.h"

namespace suyuan {

Unexpected<Error> fail(const rocksdb::Status& status, std::string_view doing, bool has_backup) {
  SUYUAN_CHECK(!status.ok());
  std::string message = "could not " + std::string(doing) + ": " + status.ToString();
  if (status.IsCorruption()) {
    if (has_backup) message += ". Restore the store from a backup";
    return fail(Code::CORRUPT, std::move(message));
  }
  if (status.IsNoSpace()) message += ". Free space on the disk, then restart the node";
  return fail(Code::IO, std::move(message));
}

Unexpected<Error> fail_open(const rocksdb::Status& status, const std::string& path) {
  const std::string text = status.ToString();
  // RocksDB has no status code of its own for the lock.
  if (status.IsIOError() && text.find("LOCK") != std::string::npos &&
      text.find("lock") != std::string::npos) {
    return fail(Code::IO, "the store at " + path +
                              " is in use by another process (its LOCK file is held): stop that "
                              "node, or name another folder. " + text);
  }
  if (status.IsCorruption()) {
    return fail(Code::CORRUPT,
                "the store at " + path + " is damaged: " + text +
                    ". Acknowledged data may be in the damaged part, so the store is not "
                    "opened without it. Keep the folder as it is and restore a backup next to it");
  }
  return fail(status, "open the store at " + path);
}

}  // namespace suyuan
