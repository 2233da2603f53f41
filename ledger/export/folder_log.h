// A log as a folder of files, as export_log writes it and any web server can serve it.
#pragma once

#include "ledger/merkle/nodes.h"
#include "ledger/proof/log_source.h"

namespace suyuan {

// Thread-safe.
class FolderLog final : public LogSource, public StoredHashes {
 public:
  // `size`: that of the folder's checkpoint. It determines which partial tiles are read.
  explicit FolderLog(std::string folder, uint64_t size = 0)
      : folder_(std::move(folder)), size_(size) {}

  Result<Bytes> read(const std::string& path) override { return read_path(path); }
  // Reads from the folder's tiles, unchecked.
  Result<std::vector<Hash>> range(unsigned level, uint64_t first, size_t count) const override;

 private:
  Result<Bytes> read_path(const std::string& path) const;

  const std::string folder_;
  const uint64_t size_;
};

}  // namespace suyuan
